//! Builds the measured programs.

use super::figures::Figures;
use crate::demo::build::executable;
use crate::process::{cargo, cargo_program, command, output};
use crate::release_build;
use crate::workspace::Workspace;
use crate::write_files::write;
use std::fs;
use std::path::{Path, PathBuf};

/// Paths of the measured programs.
pub(super) struct Programs {
    /// The release build.
    pub(super) sso: PathBuf,
    /// A Rust program that does nothing, built with cargo's default release profile.
    pub(super) empty: PathBuf,
    /// A program that makes one request with the product's HTTP client. `None` with `--check`.
    pub(super) bare: Option<PathBuf>,
}

impl Programs {
    pub(super) fn build(workspace: &Workspace, with_bare: bool) -> Result<Programs, String> {
        let sso = release_build::build(workspace)?;
        let bare = match with_bare {
            true => Some(build_bare(workspace)?),
            false => None,
        };
        Ok(Programs {
            sso,
            empty: build_empty(&workspace.root.join("target/bench/empty"))?,
            bare,
        })
    }

    /// Records the size of the binary.
    pub(super) fn measure(&self, figures: &mut Figures) -> Result<(), String> {
        let size = fs::metadata(&self.sso).map_err(|e| format!("{}: {e}", self.sso.display()))?;
        figures.count("sizes", "binary", size.len(), "bytes");
        Ok(())
    }
}

/// Builds an empty program with cargo's defaults, as a separate workspace.
fn build_empty(folder: &Path) -> Result<PathBuf, String> {
    const MANIFEST: &str =
        "[package]\nname = \"empty\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n";
    write(&folder.join("Cargo.toml"), MANIFEST)?;
    write(&folder.join("src/main.rs"), "fn main() {}\n")?;
    // The empty variable overrides the flags of the workspace's `.cargo/config.toml`.
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
    // `build.target` of the workspace adds a folder named after the target.
    let folders = fs::read_dir(folder.join("target")).map_err(|e| e.to_string())?;
    let mut found = folders
        .flatten()
        .map(|entry| entry.path().join("release/empty"));
    found
        .find(|path| path.is_file())
        .ok_or_else(|| "cargo built no empty program".to_owned())
}

/// Builds the example `bare-get`.
fn build_bare(workspace: &Workspace) -> Result<PathBuf, String> {
    let mut build = cargo(&workspace.root);
    build
        .args(["build", "--release", "--locked", "--quiet"])
        .args(["--package", "sso", "--example", "bare-get"])
        .arg("--message-format=json-render-diagnostics");
    executable(&output(&mut build)?).ok_or_else(|| "cargo reports no path of bare-get".to_owned())
}
