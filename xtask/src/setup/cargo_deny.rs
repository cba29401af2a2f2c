//! cargo-deny, in `target/tools`.
//!
//! Built from source, which works on every computer with Rust. Without optimisation the build
//! takes half the time, and a check still takes only two seconds.

use super::InstallState;
use crate::process::{cargo_program, command, output, run};
use crate::workspace::Workspace;
use std::path::{Path, PathBuf};

const VERSION: &str = "0.20.2";

pub(super) fn install(workspace: &Workspace) -> Result<InstallState, String> {
    if installed(workspace).is_ok() {
        return Ok(InstallState::Present);
    }
    // In the workspace, `.cargo/config.toml` would make this a static program for an explicit
    // target.
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
        .arg(workspace.tools_dir())
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .env_remove("CARGO_TARGET_DIR")
        .env_remove("CARGO_BUILD_TARGET");
    run(&mut install)?;
    installed(workspace).map(|_| InstallState::Installed)
}

/// Returns the path of the program.
///
/// # Errors
///
/// If it is missing or has another version.
pub(crate) fn installed(workspace: &Workspace) -> Result<PathBuf, String> {
    let program = workspace.tools_dir().join("bin/cargo-deny");
    let version = output(command(&program, &workspace.root).arg("--version"));
    match version {
        Ok(line) if line.trim() == format!("cargo-deny {VERSION}") => Ok(program),
        _ => Err(format!(
            "needs cargo-deny {VERSION}; `cargo xtask setup` builds it"
        )),
    }
}
