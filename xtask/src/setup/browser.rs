//! What drives a real browser, in `target/clients/browser/node_modules`. The browser itself
//! is a Debian package (see `packages`); the driver's own download of one is not used.

use super::State;
use super::node;
use super::stamp::Stamp;
use crate::run::{command, output};
use crate::workspace::Workspace;
use std::path::Path;

const PACKAGE: &str = "playwright-core";
/// The last that runs on the Node.js of Debian 12.
const VERSION: &str = "1.61.0";

pub(super) fn install(workspace: &Workspace) -> Result<State, String> {
    if is_ready(workspace) {
        return Ok(State::Present);
    }
    let folder = workspace.clients().join("browser");
    let stamp = stamp(workspace);
    stamp.start_over(&folder)?;
    node::add(&folder, &format!("{PACKAGE}@{VERSION}"))?;
    requires(&folder)?;
    stamp.write()?;
    Ok(State::Installed)
}

pub(super) fn is_ready(workspace: &Workspace) -> bool {
    stamp(workspace).is_current() && requires(&workspace.clients().join("browser")).is_ok()
}

fn stamp(workspace: &Workspace) -> Stamp {
    let recipe = format!("1 {PACKAGE} {VERSION}");
    Stamp::new(&workspace.clients(), "browser", recipe)
}

fn requires(folder: &Path) -> Result<String, String> {
    let program = format!("require('{PACKAGE}').chromium.name()");
    output(command("node", folder).args(["-p", &program]))
}
