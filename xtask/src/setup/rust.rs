//! The program with the AWS SDK for Rust, `target/clients/rust/debug/credentials`.
//!
//! It is a package of its own with a lock file of its own, because what it uses must not
//! decide what the product is built with.

use super::State;
use super::stamp::Stamp;
use crate::run::{cargo_program, command, fetch, output};
use crate::workspace::Workspace;
use std::path::Path;

const SOURCES: [&str; 3] = ["Cargo.toml", "Cargo.lock", "src/main.rs"];

pub(super) fn install(workspace: &Workspace) -> Result<State, String> {
    let stamp = stamp(workspace)?;
    if stamp.is_current() && version(workspace).is_ok() {
        return Ok(State::Present);
    }
    // From a folder outside the workspace, whose cargo configuration would otherwise make
    // this a static program for an explicit target.
    let mut build = command(cargo_program(), Path::new("/"));
    build
        .args(["build", "--quiet", "--locked", "--manifest-path"])
        .arg(workspace.programs().join("rust/Cargo.toml"))
        .arg("--target-dir")
        .arg(workspace.clients().join("rust"))
        .env_remove("CARGO_BUILD_TARGET");
    fetch(&mut build)?;
    version(workspace)?;
    stamp.write()?;
    Ok(State::Installed)
}

pub(super) fn is_ready(workspace: &Workspace) -> bool {
    stamp(workspace).is_ok_and(|stamp| stamp.is_current()) && version(workspace).is_ok()
}

fn stamp(workspace: &Workspace) -> Result<Stamp, String> {
    Stamp::of_sources(workspace, "rust", "1", &SOURCES)
}

fn version(workspace: &Workspace) -> Result<String, String> {
    let program = workspace.clients().join("rust/debug/credentials");
    output(command(program, &workspace.root).arg("--version"))
}
