//! `cargo xtask dist`: the release as one archive with its checksum.
//!
//! It publishes nothing. Two runs on one commit with one toolchain give the same bytes:
//! order, owners and times in the archive are fixed.

use crate::release;
use crate::run::{command, output};
use crate::workspace::Workspace;
use std::fs;
use std::path::Path;

/// What goes in beside the program; folders as they are.
const BESIDE: [&str; 6] = [
    "README.md",
    "CHANGELOG.md",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "completions",
    "man",
];

pub(crate) fn main(workspace: &Workspace) -> Result<(), String> {
    let program = release::install(workspace)?;
    let version = version(&program, &workspace.root)?;
    let system = std::env::consts::OS;
    let processor = std::env::consts::ARCH;
    let name = format!("sso-{version}-{processor}-{system}");
    let folder = workspace.root.join("target/dist");
    let stage = folder.join(&name);
    if stage.exists() {
        fs::remove_dir_all(&stage).map_err(|e| at(&stage, &e))?;
    }
    fs::create_dir_all(&stage).map_err(|e| at(&stage, &e))?;
    fs::copy(&program, stage.join("sso")).map_err(|e| at(&program, &e))?;
    for item in BESIDE {
        let source = workspace.root.join(item);
        if source.exists() {
            output(
                command("cp", &workspace.root)
                    .args(["-R", item])
                    .arg(&stage),
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

/// What the program says of itself, without its name.
fn version(program: &Path, root: &Path) -> Result<String, String> {
    let said = output(command(program, root).arg("--version"))?;
    let word = said.split_whitespace().nth(1);
    word.map(str::to_owned)
        .ok_or_else(|| format!("{said:?} is no version"))
}

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

fn at(path: &Path, error: &std::io::Error) -> String {
    format!("{}: {error}", path.display())
}
