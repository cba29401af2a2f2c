//! The AWS CLI v2, started by `target/clients/bin/aws`.
//!
//! PyPI has only version 1, so Debian's package is unpacked beside the Python environment
//! that `python` made; nothing is installed into the system. The suite that moves is tried
//! first, because the CLI of a stable release is old. Where that cannot be done, an AWS CLI
//! v2 that is already in PATH serves.

use super::stamp::Stamp;
use super::{State, archive, packages, python};
use crate::files::{launcher, quoted, write};
use crate::run::{command, fetch, find, output};
use crate::workspace::Workspace;
use std::path::{Path, PathBuf};

const SUITES: [&str; 2] = ["sid", "trixie"];

/// The package's script expects its modules where Debian installs them. A variable such as
/// PYTHONPATH would also reach the programs that the CLI starts, hence this.
const START: &str = "\
import pathlib, runpy, sys
here = pathlib.Path(__file__).resolve().parent / 'root'
sys.path.insert(0, str(here / 'usr/lib/python3/dist-packages'))
sys.argv[0] = 'aws'
runpy.run_path(str(here / 'usr/bin/aws'), run_name='__main__')
";

pub(super) fn install(workspace: &Workspace) -> Result<State, String> {
    if is_ready(workspace) {
        return Ok(State::Present);
    }
    let clients = workspace.clients();
    let folder = clients.join("aws");
    let stamp = stamp(workspace);
    stamp.start_over(&folder)?;
    let unpacked = if packages::is_debian() {
        unpack_any(workspace, &folder)
    } else {
        Err("needs the AWS CLI v2 as `aws` in PATH".to_string())
    };
    if let Err(why) = unpacked {
        let found = found_in_path().ok_or(why)?;
        launcher(&clients, "aws", &quoted(&found.display().to_string()))?;
    }
    version(&clients.join("bin/aws"), &clients)?;
    stamp.write()?;
    Ok(State::Installed)
}

pub(super) fn is_ready(workspace: &Workspace) -> bool {
    let clients = workspace.clients();
    stamp(workspace).is_current() && version(&clients.join("bin/aws"), &clients).is_ok()
}

fn stamp(workspace: &Workspace) -> Stamp {
    Stamp::new(
        &workspace.clients(),
        "aws",
        format!("1 {}", SUITES.join(" ")),
    )
}

fn unpack_any(workspace: &Workspace, folder: &Path) -> Result<(), String> {
    if !python::is_ready(workspace) {
        return Err("needs the Python environment (see python)".to_string());
    }
    let clients = &workspace.clients();
    let archive = archive::of_this_system()?;
    write(&folder.join("start.py"), START)?;
    launcher(
        clients,
        "aws",
        "\"$home/venv/bin/python\" -I \"$home/aws/start.py\"",
    )?;
    let mut complaints = Vec::new();
    for suite in SUITES {
        let done = unpack(&archive, suite, folder)
            .and_then(|()| version(&clients.join("bin/aws"), clients));
        match done {
            Ok(version) => {
                println!("from the suite {suite}: {}", version.trim());
                return Ok(());
            }
            Err(why) => complaints.push(format!("from the suite {suite}: {why}")),
        }
    }
    Err(complaints.join("\n"))
}

/// Downloads with an apt that has lists and folders of its own, so that the system's apt
/// never hears of the other suite.
fn unpack(archive: &str, suite: &str, folder: &Path) -> Result<(), String> {
    let apt = folder.join("apt");
    let root = folder.join("root");
    for old in [&apt, &root] {
        let _ = std::fs::remove_dir_all(old);
    }
    write(&apt.join("lists/partial/.keep"), "")?;
    write(&apt.join("cache/archives/partial/.keep"), "")?;
    write(&apt.join("sources.list"), &source_line(archive, suite))?;
    let place = |option: &str, file: &str| format!("{option}={}", apt.join(file).display());
    let options = [
        place("Dir::Etc::sourcelist", "sources.list"),
        "Dir::Etc::sourceparts=/dev/null".to_string(),
        place("Dir::State::lists", "lists"),
        place("Dir::Cache", "cache"),
        "Acquire::Languages=none".to_string(),
        // A mirror that lags behind the suite has lists past their time; they are signed all
        // the same, and the CLI in them is newer than that of a stable release.
        "Acquire::Check-Valid-Until=false".to_string(),
        // The user to which apt drops its rights cannot write into this folder.
        "APT::Sandbox::User=root".to_string(),
    ];
    let apt_get = |words: [&str; 2]| {
        let mut command = command("apt-get", &apt);
        command.args(options.iter().flat_map(|option| ["-o", option.as_str()]));
        fetch(command.args(words.iter().filter(|word| !word.is_empty())))
    };
    apt_get(["update", ""])?;
    apt_get(["download", &format!("awscli/{suite}")])?;
    let package = package_in(&apt)?;
    output(command("dpkg", &apt).arg("-x").arg(package).arg(&root))?;
    // The lists of a whole suite are large, and the next installation wants new ones.
    let _ = std::fs::remove_dir_all(&apt);
    Ok(())
}

fn source_line(archive: &str, suite: &str) -> String {
    let keyring = "/usr/share/keyrings/debian-archive-keyring.gpg";
    let signed = Path::new(keyring).exists();
    let options = if signed {
        format!("[signed-by={keyring}] ")
    } else {
        String::new()
    };
    format!("deb {options}{archive} {suite} main\n")
}

fn package_in(folder: &Path) -> Result<PathBuf, String> {
    let entries = std::fs::read_dir(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let mut files = entries.flatten().map(|entry| entry.path());
    let is_package = |file: &PathBuf| file.extension().is_some_and(|end| end == "deb");
    files
        .find(is_package)
        .ok_or_else(|| "apt-get download left no package".to_string())
}

fn found_in_path() -> Option<PathBuf> {
    find("aws").filter(|aws| version(aws, Path::new("/")).is_ok())
}

/// Its version line, when it is a version 2.
fn version(aws: &Path, folder: &Path) -> Result<String, String> {
    let line = output(command(aws, folder).arg("--version"))?;
    if line.starts_with("aws-cli/2.") {
        Ok(line)
    } else {
        Err(format!("not version 2: {line}"))
    }
}
