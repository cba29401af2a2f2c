//! moto, a mock AWS that verifies signatures, and aws-sso-util, which shares the cache with the
//! product. Both are in the Python environment `target/clients/moto`.
//!
//! `target/clients/bin/moto-python` starts its Python, and `target/clients/bin/aws-sso-util` that
//! program. The environment is separate from the AWS CLI's, which needs an older urllib3.

use super::InstallState;
use super::python::{base, pip};
use super::stamp::InstallStamp;
use crate::process::{command, output, output_with_retry};
use crate::workspace::Workspace;
use crate::write_files::write_launcher;
use std::path::Path;

/// flask and flask-cors are enough for moto's server. Its `server` extra brings 100 MB more for
/// services that the tests do not use.
const PACKAGES: [&str; 5] = [
    "moto[s3]==5.2.5",
    "aws-sso-util==4.33.0",
    "boto3==1.44.5",
    "flask",
    "flask-cors",
];

pub(super) fn install(workspace: &Workspace) -> Result<InstallState, String> {
    if is_ready(workspace) {
        return Ok(InstallState::Present);
    }
    let clients = workspace.clients_dir();
    let stamp = stamp(workspace);
    let venv = clients.join("moto");
    stamp.clear(&venv)?;
    output(command(base()?, &clients).args(["-m", "venv"]).arg(&venv))?;
    output_with_retry(pip(&venv).args(PACKAGES))?;
    let python = "\"$home/moto/bin/python\" -I";
    write_launcher(&clients, "moto-python", python)?;
    write_launcher(
        &clients,
        "aws-sso-util",
        &format!("{python} \"$home/moto/bin/aws-sso-util\""),
    )?;
    require_start(&clients)?;
    stamp.write()?;
    Ok(InstallState::Installed)
}

pub(super) fn is_ready(workspace: &Workspace) -> bool {
    stamp(workspace).is_current() && require_start(&workspace.clients_dir()).is_ok()
}

fn stamp(workspace: &Workspace) -> InstallStamp {
    let recipe = format!("1 {}", PACKAGES.join(" "));
    InstallStamp::new(&workspace.clients_dir(), "moto", recipe)
}

/// Starts both programs.
fn require_start(clients: &Path) -> Result<(), String> {
    let mut moto = command(clients.join("bin/moto-python"), clients);
    output(moto.args(["-c", "import moto.server"]))?;
    output(command(clients.join("bin/aws-sso-util"), clients).arg("--version")).map(drop)
}
