//! The AWS SDK for JavaScript, in `target/clients/node/node_modules`.
//!
//! The version is pinned here. A lock file would contain the host of the registry in use.

use super::InstallState;
use super::stamp::InstallStamp;
use crate::process::{command, find_in_path, output, output_with_retry};
use crate::workspace::Workspace;
use crate::write_files::write;
use std::path::Path;

const PACKAGE: &str = "@aws-sdk/credential-providers";
const VERSION: &str = "3.1169.0";

pub(super) fn install(workspace: &Workspace) -> Result<InstallState, String> {
    if is_ready(workspace) {
        return Ok(InstallState::Present);
    }
    let folder = workspace.clients_dir().join("node");
    let stamp = stamp(workspace);
    stamp.clear(&folder)?;
    install_package(&folder, &format!("{PACKAGE}@{VERSION}"))?;
    load(&folder)?;
    stamp.write()?;
    Ok(InstallState::Installed)
}

/// Installs a package into an empty folder.
pub(super) fn install_package(folder: &Path, package: &str) -> Result<(), String> {
    let npm = find_in_path("npm").ok_or("needs node and npm")?;
    // Without a package.json here, npm installs into a parent folder that has one.
    write(&folder.join("package.json"), "{ \"private\": true }\n")?;
    output_with_retry(
        command(npm, folder)
            .args([
                "install",
                "--no-save",
                "--no-package-lock",
                "--no-audit",
                "--no-fund",
            ])
            .args(["--ignore-scripts", "--loglevel=error"])
            .arg(package),
    )
    .map(drop)
}

pub(super) fn is_ready(workspace: &Workspace) -> bool {
    stamp(workspace).is_current() && load(&workspace.clients_dir().join("node")).is_ok()
}

fn stamp(workspace: &Workspace) -> InstallStamp {
    InstallStamp::new(
        &workspace.clients_dir(),
        "node",
        format!("1 {PACKAGE} {VERSION}"),
    )
}

/// Loads the package in the Node.js that the tests use.
fn load(folder: &Path) -> Result<String, String> {
    let program = format!("require('{PACKAGE}').fromSSO.name");
    output(command("node", folder).args(["-p", &program]))
}
