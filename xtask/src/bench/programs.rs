//! The programs that are measured, built as users get them.

use super::figures::Figures;
use crate::demo::build::executable;
use crate::process::{cargo, cargo_program, command, output};
use crate::release_build;
use crate::workspace::Workspace;
use crate::write_files::write;
use std::fs;
use std::path::{Path, PathBuf};

pub(super) struct Programs {
    /// What `cargo install --path .` gives.
    pub(super) sso: PathBuf,
    /// A Rust program that does nothing, built with cargo's default release profile.
    pub(super) empty: PathBuf,
    /// One request with the HTTP client of the product; absent from a quick check.
    pub(super) bare: Option<PathBuf>,
}

impl Programs {
    pub(super) fn build(workspace: &Workspace, all: bool) -> Result<Programs, String> {
        let sso = release_build::build(workspace)?;
        let bare = match all {
            true => Some(bare(workspace)?),
            false => None,
        };
        Ok(Programs {
            sso,
            empty: empty(&workspace.root.join("target/bench/empty"))?,
            bare,
        })
    }

    /// The sizes.
    pub(super) fn measure(&self, figures: &mut Figures) -> Result<(), String> {
        let size = fs::metadata(&self.sso).map_err(|e| format!("{}: {e}", self.sso.display()))?;
        figures.count("sizes", "binary", size.len(), "bytes");
        Ok(())
    }
}

/// Outside the workspace and its `.cargo/config.toml`: a program as cargo makes it for
/// somebody who changes nothing.
fn empty(folder: &Path) -> Result<PathBuf, String> {
    const MANIFEST: &str =
        "[package]\nname = \"empty\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n";
    write(&folder.join("Cargo.toml"), MANIFEST)?;
    write(&folder.join("src/main.rs"), "fn main() {}\n")?;
    // An empty table replaces nothing; the flags of the workspace do not reach a build that
    // is told its target and its flags.
    let mut build = command(cargo_program(), folder);
    build
        .args(["build", "--release", "--quiet"])
        .args(["--target-dir", "target"])
        .env("CARGO_ENCODED_RUSTFLAGS", "");
    output(&mut build)?;
    let host = folder.join("target/release/empty");
    if host.is_file() {
        return Ok(host);
    }
    // `build.target` of the workspace adds a folder for the target.
    let folders = fs::read_dir(folder.join("target")).map_err(|e| e.to_string())?;
    let mut found = folders
        .flatten()
        .map(|entry| entry.path().join("release/empty"));
    found
        .find(|path| path.is_file())
        .ok_or_else(|| "the empty program is not where cargo puts it".to_owned())
}

fn bare(workspace: &Workspace) -> Result<PathBuf, String> {
    let mut build = cargo(&workspace.root);
    build
        .args(["build", "--release", "--locked", "--quiet"])
        .args(["--package", "sso", "--example", "bare-get"])
        .arg("--message-format=json-render-diagnostics");
    executable(&output(&mut build)?)
        .ok_or_else(|| "cargo does not say where bare-get is".to_owned())
}
