//! A Python environment with boto3, in `target/clients/venv`, launched by
//! `target/clients/bin/python`.
//!
//! It also contains the modules that Debian's AWS CLI imports, because that package is unpacked
//! and not installed (see `awscli`).

use super::InstallState;
use super::stamp::InstallStamp;
use crate::process::{command, find_in_path, output, output_with_retry};
use crate::workspace::Workspace;
use crate::write_files::write_launcher;
use std::path::{Path, PathBuf};

const BOTO3: &str = "boto3==1.44.5";

/// Requirements of the AWS CLI with its version bounds.
const CLI_REQUIREMENTS: [&str; 13] = [
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

pub(super) fn install(workspace: &Workspace) -> Result<InstallState, String> {
    if is_ready(workspace) {
        return Ok(InstallState::Present);
    }
    let clients = workspace.clients_dir();
    let base = base()?;
    let stamp = stamp(workspace);
    let venv = clients.join("venv");
    stamp.clear(&venv)?;
    output(command(base, &clients).args(["-m", "venv"]).arg(&venv))?;
    output_with_retry(pip(&venv).args(CLI_REQUIREMENTS))?;
    if let Err(why) = output_with_retry(pip(&venv).arg(BOTO3)) {
        // The index may lack this version. The tests work with any boto3.
        println!("{BOTO3} not installed, using the newest boto3\n{why}");
        output_with_retry(pip(&venv).arg("boto3"))?;
    }
    // -I ignores the user's PYTHON* variables.
    write_launcher(&clients, "python", "\"$home/venv/bin/python\" -I")?;
    import_boto3(&clients)?;
    stamp.write()?;
    Ok(InstallState::Installed)
}

pub(super) fn is_ready(workspace: &Workspace) -> bool {
    stamp(workspace).is_current() && import_boto3(&workspace.clients_dir()).is_ok()
}

/// Returns the system's Python, or else the one in PATH.
///
/// The Debian packages belong to the system's Python; a version manager may put another first in
/// PATH.
pub(super) fn base() -> Result<PathBuf, String> {
    let system = PathBuf::from("/usr/bin/python3");
    let candidates = [Some(system), find_in_path("python3")]
        .into_iter()
        .flatten();
    candidates
        .filter(|python| python.is_file())
        .find(|python| {
            let mut check = command(python, Path::new("/"));
            output(check.args(["-c", "import venv, ensurepip"])).is_ok()
        })
        .ok_or_else(|| "needs python3 with its venv and ensurepip modules".to_string())
}

fn stamp(workspace: &Workspace) -> InstallStamp {
    let recipe = format!("1 {BOTO3} {}", CLI_REQUIREMENTS.join(" "));
    InstallStamp::new(&workspace.clients_dir(), "python", recipe)
}

/// Creates a `pip install` command for an environment.
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

/// Imports boto3. An upgrade of the system's Python breaks the environment although its stamp is
/// current.
fn import_boto3(clients: &Path) -> Result<String, String> {
    let mut python = command(clients.join("bin/python"), clients);
    output(python.args(["-c", "import boto3; print(boto3.__version__)"]))
}
