//! The release build, as `cargo install --path .` makes it.
//!
//! `bench` measures and `dist` packs this one file.

use crate::process::{cargo, output};
use crate::workspace::Workspace;
use std::path::PathBuf;

/// Builds the program and returns its path.
pub(crate) fn build(workspace: &Workspace) -> Result<PathBuf, String> {
    let folder = workspace.root.join("target/installed");
    let mut install = cargo(&workspace.root);
    install
        .args(["install", "--path", ".", "--locked", "--force", "--quiet"])
        .arg("--root")
        .arg(&folder);
    println!("building the release");
    output(&mut install)?;
    Ok(folder.join("bin/sso"))
}
