//! The test client with the AWS SDK for Rust, `target/clients/rust/debug/credentials`.
//!
//! Its package has a separate lock file, so that its dependencies do not affect the product's.

use super::InstallState;
use super::stamp::InstallStamp;
use crate::process::{cargo_program, command, output, output_with_retry};
use crate::workspace::Workspace;
use std::path::Path;

const SOURCES: [&str; 3] = ["Cargo.toml", "Cargo.lock", "src/main.rs"];

pub(super) fn install(workspace: &Workspace) -> Result<InstallState, String> {
    let stamp = stamp(workspace)?;
    if stamp.is_current() && version(workspace).is_ok() {
        return Ok(InstallState::Present);
    }
    // In the workspace, `.cargo/config.toml` would make this a static program for an explicit
    // target.
    let mut build = command(cargo_program(), Path::new("/"));
    build
        .args(["build", "--quiet", "--locked", "--manifest-path"])
        .arg(workspace.client_sources_dir().join("rust/Cargo.toml"))
        .arg("--target-dir")
        .arg(workspace.clients_dir().join("rust"))
        .env_remove("CARGO_BUILD_TARGET");
    output_with_retry(&mut build)?;
    version(workspace)?;
    stamp.write()?;
    Ok(InstallState::Installed)
}

pub(super) fn is_ready(workspace: &Workspace) -> bool {
    stamp(workspace).is_ok_and(|stamp| stamp.is_current()) && version(workspace).is_ok()
}

fn stamp(workspace: &Workspace) -> Result<InstallStamp, String> {
    InstallStamp::for_sources(workspace, "rust", "1", &SOURCES)
}

fn version(workspace: &Workspace) -> Result<String, String> {
    let program = workspace.clients_dir().join("rust/debug/credentials");
    output(command(program, &workspace.root).arg("--version"))
}
