//! `cargo xtask tidy`: the rules of the repository that no compiler knows.
//!
//! Each rule is a function from the tree of files to findings, in a module of its own,
//! with tests on made-up trees that show it failing. A rule never reads a file itself.

mod cycles;
mod effects;
mod fixtures;
mod layers;
mod layout;
mod locks;
mod messages;
mod modules;
mod paths;
mod rooms;
mod rust;
mod size;
mod text;
mod tree;

use crate::workspace::Workspace;
use tree::{Finding, Tree};

const RULES: [fn(&Tree) -> Vec<Finding>; 11] = [
    layers::check,
    rooms::check,
    cycles::check,
    effects::check,
    size::check,
    rust::check,
    layout::check,
    locks::check,
    messages::check,
    fixtures::check,
    text::check,
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
        1 => Err("tidy found 1 thing to mend".to_string()),
        count => Err(format!("tidy found {count} things to mend")),
    }
}
