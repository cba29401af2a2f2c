//! The optimised program, as `cargo install --path .` gives it.
//!
//! What is measured and what is packed is this one file.

use crate::run::{cargo, output};
use crate::workspace::Workspace;
use std::path::PathBuf;

pub(crate) fn install(workspace: &Workspace) -> Result<PathBuf, String> {
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
