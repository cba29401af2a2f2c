//! `cargo xtask tidy`: repository rules that neither the compiler nor clippy checks.
//!
//! Each rule is a function from the tree of files to findings, in a module of its own, with
//! tests that show it failing. Rules read no files themselves.

mod comments;
mod cycles;
mod documents;
mod effects;
mod fixtures;
mod forbidden_text;
mod layers;
mod layout;
mod lockfiles;
mod modules;
mod paths;
mod rooms;
mod size;
mod tokens;
mod tree;
mod unfinished;

use crate::workspace::Workspace;
use tree::{Finding, Tree};

const RULES: [fn(&Tree) -> Vec<Finding>; 12] = [
    layers::check,
    rooms::check,
    cycles::check,
    effects::check,
    size::check,
    comments::check,
    unfinished::check,
    layout::check,
    lockfiles::check,
    documents::check,
    fixtures::check,
    forbidden_text::check,
];

pub(crate) fn main(workspace: &Workspace) -> Result<(), String> {
    let tree = Tree::read(&workspace.root)?;
    let mut findings: Vec<Finding> = RULES.iter().flat_map(|rule| rule(&tree)).collect();
    findings.sort();
    for finding in &findings {
        println!("{finding}");
    }
    match findings.len() {
        0 => {
            println!("{} files are tidy", tree.len());
            Ok(())
        }
        1 => Err("tidy found 1 problem".to_string()),
        count => Err(format!("tidy found {count} problems")),
    }
}
