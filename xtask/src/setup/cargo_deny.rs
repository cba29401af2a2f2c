//! cargo-deny, in `target/tools`.
//!
//! Built from source because that is what every computer with Rust can do. The build is
//! not optimised: it then takes half the time, and a check still takes two seconds.

use super::State;
use crate::run::{cargo_program, command, output, run};
use crate::workspace::Workspace;
use std::path::{Path, PathBuf};

const VERSION: &str = "0.20.2";

pub(super) fn install(workspace: &Workspace) -> Result<State, String> {
    if present(workspace).is_ok() {
        return Ok(State::Present);
    }
    // From a folder outside the workspace, whose cargo configuration would otherwise make
    // this a static program for an explicit target.
    let mut install = command(cargo_program(), Path::new("/"));
    install
        .args([
            "install",
            "cargo-deny",
            "--locked",
            "--debug",
            "--force",
            "--quiet",
        ])
        .args(["--version", VERSION, "--root"])
        .arg(workspace.tools())
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .env_remove("CARGO_TARGET_DIR")
        .env_remove("CARGO_BUILD_TARGET");
    run(&mut install)?;
    present(workspace).map(|_| State::Installed)
}

/// Where it is, if it is there at the right version.
pub(crate) fn present(workspace: &Workspace) -> Result<PathBuf, String> {
    let program = workspace.tools().join("bin/cargo-deny");
    let version = output(command(&program, &workspace.root).arg("--version"));
    match version {
        Ok(line) if line.trim() == format!("cargo-deny {VERSION}") => Ok(program),
        _ => Err(format!(
            "needs cargo-deny {VERSION}; `cargo xtask setup` builds it"
        )),
    }
}
