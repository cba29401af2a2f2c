//! A Python environment with boto3, in `target/clients/venv`, started by
//! `target/clients/bin/python`.
//!
//! It also holds the modules that Debian's package of the AWS CLI imports, because that
//! package is unpacked beside the environment and not installed (see `awscli`).

use super::State;
use super::stamp::Stamp;
use crate::files::launcher;
use crate::run::{command, fetch, find, output};
use crate::workspace::Workspace;
use std::path::{Path, PathBuf};

const BOTO3: &str = "boto3==1.44.5";

/// From the AWS CLI's own list of requirements; the bounds are what its code needs.
const FOR_THE_CLI: [&str; 13] = [
    "awscrt>=0.36",
    "colorama",
    "cryptography",
    "distro",
    "docutils",
    "jmespath",
    "prompt-toolkit",
    "pyasn1",
    "python-dateutil",
    "ruamel.yaml",
    "urllib3<2.7",
    "wcwidth",
    "zipp",
];

pub(super) fn install(workspace: &Workspace) -> Result<State, String> {
    if is_ready(workspace) {
        return Ok(State::Present);
    }
    let clients = workspace.clients();
    let base = base()?;
    let stamp = stamp(workspace);
    let venv = clients.join("venv");
    stamp.start_over(&venv)?;
    output(command(base, &clients).args(["-m", "venv"]).arg(&venv))?;
    fetch(pip(&venv).args(FOR_THE_CLI))?;
    if let Err(refused) = fetch(pip(&venv).arg(BOTO3)) {
        // An index may not carry exactly this version; any boto3 is an independent judge.
        println!("{BOTO3} was refused, taking the newest boto3 instead\n{refused}");
        fetch(pip(&venv).arg("boto3"))?;
    }
    // Without -I the variables of whoever runs the tests would reach this Python.
    launcher(&clients, "python", "\"$home/venv/bin/python\" -I")?;
    imports(&clients)?;
    stamp.write()?;
    Ok(State::Installed)
}

pub(super) fn is_ready(workspace: &Workspace) -> bool {
    stamp(workspace).is_current() && imports(&workspace.clients()).is_ok()
}

/// The system's Python, preferred over one that a version manager puts first in PATH,
/// since the Debian packages belong to it.
pub(super) fn base() -> Result<PathBuf, String> {
    let system = PathBuf::from("/usr/bin/python3");
    let candidates = [Some(system), find("python3")].into_iter().flatten();
    candidates
        .filter(|python| python.is_file())
        .find(|python| {
            let mut check = command(python, Path::new("/"));
            output(check.args(["-c", "import venv, ensurepip"])).is_ok()
        })
        .ok_or_else(|| "needs python3 with its venv and ensurepip modules".to_string())
}

fn stamp(workspace: &Workspace) -> Stamp {
    let recipe = format!("1 {BOTO3} {}", FOR_THE_CLI.join(" "));
    Stamp::new(&workspace.clients(), "python", recipe)
}

/// An installation into an environment.
pub(super) fn pip(venv: &Path) -> std::process::Command {
    let mut pip = command(venv.join("bin/python"), venv);
    pip.args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
    ]);
    pip
}

/// Whether it really starts: an upgrade of the system's Python breaks an environment
/// whose stamp is still right.
fn imports(clients: &Path) -> Result<String, String> {
    let mut python = command(clients.join("bin/python"), clients);
    output(python.args(["-c", "import boto3; print(boto3.__version__)"]))
}
