//! Playwright, which drives Chromium in the tests, in `target/clients/browser/node_modules`.
//!
//! Chromium is a Debian package (see `system_packages`), not Playwright's own download.

use super::InstallState;
use super::node;
use super::stamp::InstallStamp;
use crate::process::{command, output};
use crate::workspace::Workspace;
use std::path::Path;

const PACKAGE: &str = "playwright-core";
/// The last version that runs on the Node.js of Debian 12.
const VERSION: &str = "1.61.0";

pub(super) fn install(workspace: &Workspace) -> Result<InstallState, String> {
    if is_ready(workspace) {
        return Ok(InstallState::Present);
    }
    let folder = workspace.clients_dir().join("browser");
    let stamp = stamp(workspace);
    stamp.clear(&folder)?;
    node::install_package(&folder, &format!("{PACKAGE}@{VERSION}"))?;
    load(&folder)?;
    stamp.write()?;
    Ok(InstallState::Installed)
}

pub(super) fn is_ready(workspace: &Workspace) -> bool {
    stamp(workspace).is_current() && load(&workspace.clients_dir().join("browser")).is_ok()
}

fn stamp(workspace: &Workspace) -> InstallStamp {
    let recipe = format!("1 {PACKAGE} {VERSION}");
    InstallStamp::new(&workspace.clients_dir(), "browser", recipe)
}

/// Loads the package in Node.js.
fn load(folder: &Path) -> Result<String, String> {
    let program = format!("require('{PACKAGE}').chromium.name()");
    output(command("node", folder).args(["-p", &program]))
}
