//! The files that the rules look at, as text in memory.
//!
//! These are the files that git tracks or would track, so that a mistake shows before it
//! is committed. Files that are not text are left out.

use crate::run::{command, output};
use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

#[derive(Default)]
pub(super) struct Tree {
    /// By path from the root, with `/` between the folders.
    files: BTreeMap<String, String>,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Finding {
    path: String,
    /// Counted from 1; 0 where the whole file is meant.
    line: usize,
    what: String,
}

impl Finding {
    pub(super) fn new(path: &str, line: usize, what: impl Into<String>) -> Finding {
        Finding {
            path: path.to_string(),
            line,
            what: what.into(),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Finding { path, line, what } = self;
        match line {
            0 => write!(f, "{path}: {what}"),
            _ => write!(f, "{path}:{line}: {what}"),
        }
    }
}

impl Tree {
    pub(super) fn read(root: &Path) -> Result<Tree, String> {
        // In continuous integration the checkout may belong to another user, which git
        // refuses to read unless told otherwise.
        let mut git = command("git", root);
        git.args(["-c", "safe.directory=*", "ls-files", "-z"]);
        let list = output(git.args(["--cached", "--others", "--exclude-standard"]))?;
        let mut tree = Tree::default();
        for path in list.split('\0').filter(|path| !path.is_empty()) {
            // A deleted file is still listed until the deletion is staged.
            if let Ok(bytes) = std::fs::read(root.join(path))
                && let Ok(text) = String::from_utf8(bytes)
                && !text.contains('\0')
            {
                tree.files.insert(path.to_string(), text);
            }
        }
        Ok(tree)
    }

    pub(super) fn len(&self) -> usize {
        self.files.len()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files
            .iter()
            .map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// The Rust files below a folder; all of them for an empty folder.
    pub(super) fn rust(&self, folder: &str) -> impl Iterator<Item = (&str, &str)> {
        let below = move |path: &str| path.starts_with(folder) && path.ends_with(".rs");
        self.iter().filter(move |(path, _)| below(path))
    }
}

/// A made-up tree, for the tests of the rules.
#[cfg(test)]
pub(super) fn tree(files: &[(&str, &str)]) -> Tree {
    let own = |(path, text): &(&str, &str)| ((*path).to_string(), (*text).to_string());
    Tree {
        files: files.iter().map(own).collect(),
    }
}

/// What a rule finds in a tree, in one line per finding.
#[cfg(test)]
pub(super) fn found(rule: fn(&Tree) -> Vec<Finding>, files: &[(&str, &str)]) -> Vec<String> {
    rule(&tree(files)).iter().map(ToString::to_string).collect()
}
