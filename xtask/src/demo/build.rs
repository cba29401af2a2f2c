//! Builds the programs of the demo and finds their paths.

use crate::process::cargo;
use crate::workspace::Workspace;
use std::path::PathBuf;
use std::process::Stdio;

/// Builds the programs and returns their folders, for PATH.
pub(super) fn build_programs(workspace: &Workspace) -> Result<Vec<PathBuf>, String> {
    let mut folders: Vec<PathBuf> = Vec::new();
    // Built separately, as for the tests. Together they would share features and be compiled
    // again.
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
        .stderr(Stdio::inherit());
    let output = build.output().map_err(|e| format!("cargo: {e}"))?;
    if !output.status.success() {
        return Err(format!("building {program} failed"));
    }
    let messages = String::from_utf8_lossy(&output.stdout);
    executable(&messages).ok_or_else(|| format!("cargo reports no path of {program}"))
}

/// Returns the path of the last executable in cargo's JSON messages.
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
    fn the_last_executable_is_found() {
        let messages = "{\"reason\":\"compiler-artifact\",\"executable\":null}\n\
                        {\"reason\":\"compiler-artifact\",\"executable\":\"/t/debug/sso\",\"fresh\":true}\n\
                        {\"reason\":\"build-finished\",\"success\":true}\n";
        assert_eq!(executable(messages), Some(PathBuf::from("/t/debug/sso")));
        assert_eq!(executable("{\"executable\":null}"), None);
    }
}
