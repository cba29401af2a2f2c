//! The AWS CLI v2, launched by `target/clients/bin/aws`.
//!
//! PyPI has only version 1, so Debian's package is unpacked next to the Python environment that
//! `python` creates; nothing is installed into the system. sid is tried first, because the CLI of
//! a stable release is old. If unpacking fails, an AWS CLI v2 in PATH is used.

use super::stamp::InstallStamp;
use super::{InstallState, debian_archive, python, system_packages};
use crate::process::{command, find_in_path, output, output_with_retry};
use crate::workspace::Workspace;
use crate::write_files::{shell_quote, write, write_launcher};
use std::path::{Path, PathBuf};

/// Debian suites in order of preference.
const SUITES: [&str; 2] = ["sid", "trixie"];

/// Starts the package's script with its modules in the unpacked folder. PYTHONPATH would do the
/// same, but the programs that the CLI starts would inherit it.
const START_SCRIPT: &str = "\
import pathlib, runpy, sys
here = pathlib.Path(__file__).resolve().parent / 'root'
sys.path.insert(0, str(here / 'usr/lib/python3/dist-packages'))
sys.argv[0] = 'aws'
runpy.run_path(str(here / 'usr/bin/aws'), run_name='__main__')
";

pub(super) fn install(workspace: &Workspace) -> Result<InstallState, String> {
    if is_ready(workspace) {
        return Ok(InstallState::Present);
    }
    let clients = workspace.clients_dir();
    let folder = clients.join("aws");
    let stamp = stamp(workspace);
    stamp.clear(&folder)?;
    let unpacked = if system_packages::is_debian() {
        unpack_any(workspace, &folder)
    } else {
        Err("needs the AWS CLI v2 as `aws` in PATH".to_string())
    };
    if let Err(why) = unpacked {
        let aws = find_version_2().ok_or(why)?;
        write_launcher(&clients, "aws", &shell_quote(&aws.display().to_string()))?;
    }
    version(&clients.join("bin/aws"), &clients)?;
    stamp.write()?;
    Ok(InstallState::Installed)
}

pub(super) fn is_ready(workspace: &Workspace) -> bool {
    let clients = workspace.clients_dir();
    stamp(workspace).is_current() && version(&clients.join("bin/aws"), &clients).is_ok()
}

fn stamp(workspace: &Workspace) -> InstallStamp {
    InstallStamp::new(
        &workspace.clients_dir(),
        "aws",
        format!("1 {}", SUITES.join(" ")),
    )
}

/// Unpacks the package of the first suite in which it works.
fn unpack_any(workspace: &Workspace, folder: &Path) -> Result<(), String> {
    if !python::is_ready(workspace) {
        return Err("needs the Python environment (see python)".to_string());
    }
    let clients = &workspace.clients_dir();
    let archive = debian_archive::main_archive_url()?;
    write(&folder.join("start.py"), START_SCRIPT)?;
    write_launcher(
        clients,
        "aws",
        "\"$home/venv/bin/python\" -I \"$home/aws/start.py\"",
    )?;
    let mut errors = Vec::new();
    for suite in SUITES {
        let result = unpack(&archive, suite, folder)
            .and_then(|()| version(&clients.join("bin/aws"), clients));
        match result {
            Ok(version) => {
                println!("suite {suite}: {}", version.trim());
                return Ok(());
            }
            Err(why) => errors.push(format!("suite {suite}: {why}")),
        }
    }
    Err(errors.join("\n"))
}

/// Downloads and unpacks the package of a suite. apt uses separate lists and folders, so that the
/// system's apt does not see the suite.
fn unpack(archive: &str, suite: &str, folder: &Path) -> Result<(), String> {
    let apt = folder.join("apt");
    let root = folder.join("root");
    for old in [&apt, &root] {
        let _ = std::fs::remove_dir_all(old);
    }
    write(&apt.join("lists/partial/.keep"), "")?;
    write(&apt.join("cache/archives/partial/.keep"), "")?;
    write(&apt.join("sources.list"), &source_line(archive, suite))?;
    let folder_option = |option: &str, file: &str| format!("{option}={}", apt.join(file).display());
    let options = [
        folder_option("Dir::Etc::sourcelist", "sources.list"),
        "Dir::Etc::sourceparts=/dev/null".to_string(),
        folder_option("Dir::State::lists", "lists"),
        folder_option("Dir::Cache", "cache"),
        "Acquire::Languages=none".to_string(),
        // A mirror that lags behind has expired lists. They are signed, and their CLI is still
        // newer than that of a stable release.
        "Acquire::Check-Valid-Until=false".to_string(),
        // apt drops its rights to a user that cannot write to this folder.
        "APT::Sandbox::User=root".to_string(),
    ];
    let apt_get = |args: [&str; 2]| {
        let mut command = command("apt-get", &apt);
        command.args(options.iter().flat_map(|option| ["-o", option.as_str()]));
        output_with_retry(command.args(args.iter().filter(|arg| !arg.is_empty())))
    };
    apt_get(["update", ""])?;
    apt_get(["download", &format!("awscli/{suite}")])?;
    let package = package_in(&apt)?;
    output(command("dpkg", &apt).arg("-x").arg(package).arg(&root))?;
    // The lists of a suite are large, and the next installation downloads them again.
    let _ = std::fs::remove_dir_all(&apt);
    Ok(())
}

/// Line for `sources.list`.
fn source_line(archive: &str, suite: &str) -> String {
    let keyring = "/usr/share/keyrings/debian-archive-keyring.gpg";
    let has_keyring = Path::new(keyring).exists();
    let options = if has_keyring {
        format!("[signed-by={keyring}] ")
    } else {
        String::new()
    };
    format!("deb {options}{archive} {suite} main\n")
}

/// Returns the Debian package in a folder.
fn package_in(folder: &Path) -> Result<PathBuf, String> {
    let entries = std::fs::read_dir(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let mut files = entries.flatten().map(|entry| entry.path());
    let is_package = |file: &PathBuf| file.extension().is_some_and(|end| end == "deb");
    files
        .find(is_package)
        .ok_or_else(|| "apt-get downloaded no package".to_string())
}

/// Returns an AWS CLI v2 in PATH.
fn find_version_2() -> Option<PathBuf> {
    find_in_path("aws").filter(|aws| version(aws, Path::new("/")).is_ok())
}

/// Returns the version line.
///
/// # Errors
///
/// If the program does not start or is not version 2.
fn version(aws: &Path, folder: &Path) -> Result<String, String> {
    let line = output(command(aws, folder).arg("--version"))?;
    if line.starts_with("aws-cli/2.") {
        Ok(line)
    } else {
        Err(format!("not version 2: {line}"))
    }
}
