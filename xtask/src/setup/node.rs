//! The AWS SDK for JavaScript, in `target/clients/node/node_modules`.
//!
//! Its version is pinned here. No lock file is kept, since one would name the registry
//! from which somebody happened to install.

use super::State;
use super::stamp::Stamp;
use crate::files::write;
use crate::run::{command, fetch, find, output};
use crate::workspace::Workspace;
use std::path::Path;

const PACKAGE: &str = "@aws-sdk/credential-providers";
const VERSION: &str = "3.1169.0";

pub(super) fn install(workspace: &Workspace) -> Result<State, String> {
    if is_ready(workspace) {
        return Ok(State::Present);
    }
    let folder = workspace.clients().join("node");
    let stamp = stamp(workspace);
    stamp.start_over(&folder)?;
    add(&folder, &format!("{PACKAGE}@{VERSION}"))?;
    requires(&folder)?;
    stamp.write()?;
    Ok(State::Installed)
}

/// Installs a package into a folder that `npm` has not touched yet.
pub(super) fn add(folder: &Path, package: &str) -> Result<(), String> {
    let npm = find("npm").ok_or("needs node and npm")?;
    // Without a package file of its own npm would install into a folder further up.
    write(&folder.join("package.json"), "{ \"private\": true }\n")?;
    fetch(
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
    stamp(workspace).is_current() && requires(&workspace.clients().join("node")).is_ok()
}

fn stamp(workspace: &Workspace) -> Stamp {
    Stamp::new(
        &workspace.clients(),
        "node",
        format!("1 {PACKAGE} {VERSION}"),
    )
}

/// Whether it really loads in the Node.js that the tests would start.
fn requires(folder: &Path) -> Result<String, String> {
    let program = format!("require('{PACKAGE}').fromSSO.name");
    output(command("node", folder).args(["-p", &program]))
}
