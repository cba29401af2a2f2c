//! `cargo xtask dist`: packs the release as an archive with a checksum; publishes nothing.
//!
//! The archive is reproducible for a commit and a toolchain: order, owners and times are fixed.

use crate::process::{command, output};
use crate::release_build;
use crate::workspace::Workspace;
use std::fs;
use std::path::Path;

/// Files and folders that are packed with the program.
const EXTRA_FILES: [&str; 6] = [
    "README.md",
    "CHANGELOG.md",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "completions",
    "man",
];

pub(crate) fn main(workspace: &Workspace) -> Result<(), String> {
    let program = release_build::build(workspace)?;
    let version = program_version(&program, &workspace.root)?;
    let system = std::env::consts::OS;
    let processor = std::env::consts::ARCH;
    let name = format!("sso-{version}-{processor}-{system}");
    let folder = workspace.root.join("target/dist");
    let staging = folder.join(&name);
    if staging.exists() {
        fs::remove_dir_all(&staging).map_err(|e| at(&staging, &e))?;
    }
    fs::create_dir_all(&staging).map_err(|e| at(&staging, &e))?;
    fs::copy(&program, staging.join("sso")).map_err(|e| at(&program, &e))?;
    for item in EXTRA_FILES {
        let source = workspace.root.join(item);
        if source.exists() {
            output(
                command("cp", &workspace.root)
                    .args(["-R", item])
                    .arg(&staging),
            )?;
        }
    }
    let archive = pack(&folder, &name)?;
    let sum = output(command("sha256sum", &folder).arg(&archive))?;
    let sums = folder.join(format!("{archive}.sha256"));
    fs::write(&sums, &sum).map_err(|e| at(&sums, &e))?;
    print!("target/dist/{archive}\n{sum}");
    Ok(())
}

/// Returns the version that the program reports.
fn program_version(program: &Path, root: &Path) -> Result<String, String> {
    let line = output(command(program, root).arg("--version"))?;
    let version = line.split_whitespace().nth(1);
    version
        .map(str::to_owned)
        .ok_or_else(|| format!("unexpected output of --version: {line:?}"))
}

/// Packs the folder `name` in `folder` and returns the archive's name.
fn pack(folder: &Path, name: &str) -> Result<String, String> {
    let tar = format!("{name}.tar");
    output(
        command("tar", folder)
            .args(["--create", "--file", &tar, "--sort=name", "--mtime=@0"])
            .args(["--owner=0", "--group=0", "--numeric-owner"])
            .args(["--mode=u+rw,go+r,go-w", name]),
    )?;
    output(command("gzip", folder).args(["--no-name", "--best", "--force", &tar]))?;
    Ok(format!("{tar}.gz"))
}

/// Formats an error with the path it concerns.
fn at(path: &Path, error: &std::io::Error) -> String {
    format!("{}: {error}", path.display())
}
