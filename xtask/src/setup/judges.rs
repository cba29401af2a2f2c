//! Software that checks what the product hands out, in `target/clients/judges`: moto, an
//! AWS of its own that verifies signatures, and aws-sso-util, a neighbour in the cache.
//!
//! `target/clients/bin/judge` starts this environment's Python, and
//! `target/clients/bin/aws-sso-util` that program. It is an environment apart from the AWS
//! CLI's, because what that one's package needs would decide here about urllib3.

use super::State;
use super::python::{base, pip};
use super::stamp::Stamp;
use crate::files::launcher;
use crate::run::{command, fetch, output};
use crate::workspace::Workspace;
use std::path::Path;

/// The server of moto needs only the last two; its own extra brings a hundred megabytes for
/// services that nobody asks here.
const PACKAGES: [&str; 5] = [
    "moto[s3]==5.2.5",
    "aws-sso-util==4.33.0",
    "boto3==1.44.5",
    "flask",
    "flask-cors",
];

pub(super) fn install(workspace: &Workspace) -> Result<State, String> {
    if is_ready(workspace) {
        return Ok(State::Present);
    }
    let clients = workspace.clients();
    let stamp = stamp(workspace);
    let venv = clients.join("judges");
    stamp.start_over(&venv)?;
    output(command(base()?, &clients).args(["-m", "venv"]).arg(&venv))?;
    fetch(pip(&venv).args(PACKAGES))?;
    let python = "\"$home/judges/bin/python\" -I";
    launcher(&clients, "judge", python)?;
    launcher(
        &clients,
        "aws-sso-util",
        &format!("{python} \"$home/judges/bin/aws-sso-util\""),
    )?;
    start(&clients)?;
    stamp.write()?;
    Ok(State::Installed)
}

pub(super) fn is_ready(workspace: &Workspace) -> bool {
    stamp(workspace).is_current() && start(&workspace.clients()).is_ok()
}

fn stamp(workspace: &Workspace) -> Stamp {
    let recipe = format!("1 {}", PACKAGES.join(" "));
    Stamp::new(&workspace.clients(), "judges", recipe)
}

/// Whether both really start.
fn start(clients: &Path) -> Result<(), String> {
    let mut moto = command(clients.join("bin/judge"), clients);
    output(moto.args(["-c", "import moto.server"]))?;
    output(command(clients.join("bin/aws-sso-util"), clients).arg("--version")).map(drop)
}
