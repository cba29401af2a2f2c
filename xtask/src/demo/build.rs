//! Builds what the demo shows, and finds where cargo has put it.

use crate::process::cargo;
use crate::workspace::Workspace;
use std::path::PathBuf;
use std::process::Stdio;

/// The folders of the programs, for PATH.
pub(super) fn programs(workspace: &Workspace) -> Result<Vec<PathBuf>, String> {
    let mut folders: Vec<PathBuf> = Vec::new();
    // Each by itself, as the tests build them too: together they would share features and
    // be built anew.
    for (package, program) in [("sso", "sso"), ("emulator", "sso-emulator")] {
        let program = build(workspace, package, program)?;
        let folder = program.parent().map(PathBuf::from).unwrap_or_default();
        if !folders.contains(&folder) {
            folders.push(folder);
        }
    }
    Ok(folders)
}

fn build(workspace: &Workspace, package: &str, program: &str) -> Result<PathBuf, String> {
    let mut build = cargo(&workspace.root);
    build
        .args(["build", "--locked", "--package", package, "--bin", program])
        .arg("--message-format=json-render-diagnostics")
        // Progress and complaints go to where they always go.
        .stderr(Stdio::inherit());
    let output = build.output().map_err(|e| format!("cargo: {e}"))?;
    if !output.status.success() {
        return Err(format!("{program} does not build"));
    }
    let messages = String::from_utf8_lossy(&output.stdout);
    executable(&messages).ok_or_else(|| format!("cargo does not say where {program} is"))
}

/// The last executable that cargo reports.
pub(crate) fn executable(messages: &str) -> Option<PathBuf> {
    const KEY: &str = "\"executable\":\"";
    let path = messages.lines().rev().find_map(|line| {
        let (_, rest) = line.split_once(KEY)?;
        rest.split('"').next()
    });
    path.map(PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::executable;
    use std::path::PathBuf;

    #[test]
    fn the_executable_is_found_among_the_messages() {
        let messages = "{\"reason\":\"compiler-artifact\",\"executable\":null}\n\
                        {\"reason\":\"compiler-artifact\",\"executable\":\"/t/debug/sso\",\"fresh\":true}\n\
                        {\"reason\":\"build-finished\",\"success\":true}\n";
        assert_eq!(executable(messages), Some(PathBuf::from("/t/debug/sso")));
        assert_eq!(executable("{\"executable\":null}"), None);
    }
}
