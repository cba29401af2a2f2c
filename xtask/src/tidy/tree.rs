//! The files of the repository in memory, and findings about them.
//!
//! Includes untracked files that git does not ignore, so that a mistake shows before it is
//! committed. Binary files are left out.

use crate::process::{command, output};
use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

/// Text files by path.
#[derive(Default)]
pub(super) struct Tree {
    /// Contents by path from the root, with `/` as separator.
    files: BTreeMap<String, String>,
}

/// A violated rule.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Finding {
    path: String,
    /// One-based; 0 for the whole file.
    line: usize,
    message: String,
}

impl Finding {
    pub(super) fn new(path: &str, line: usize, message: impl Into<String>) -> Finding {
        Finding {
            path: path.to_string(),
            line,
            message: message.into(),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Finding {
            path,
            line,
            message,
        } = self;
        match line {
            0 => write!(f, "{path}: {message}"),
            _ => write!(f, "{path}:{line}: {message}"),
        }
    }
}

impl Tree {
    /// Reads all text files that git tracks or would track.
    ///
    /// # Errors
    ///
    /// If git cannot list the files.
    pub(super) fn read(root: &Path) -> Result<Tree, String> {
        // In CI the checkout may belong to another user; git then refuses to read it unless
        // it is marked safe.
        let mut git = command("git", root);
        git.args(["-c", "safe.directory=*", "ls-files", "-z"]);
        let list = output(git.args(["--cached", "--others", "--exclude-standard"]))?;
        let mut tree = Tree::default();
        for path in list.split('\0').filter(|path| !path.is_empty()) {
            // git lists a deleted file until the deletion is staged.
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

    /// Returns the Rust files whose path starts with `folder`.
    pub(super) fn rust(&self, folder: &str) -> impl Iterator<Item = (&str, &str)> {
        let below = move |path: &str| path.starts_with(folder) && path.ends_with(".rs");
        self.iter().filter(move |(path, _)| below(path))
    }
}

/// Builds a tree for the tests of a rule.
#[cfg(test)]
pub(super) fn tree_of(files: &[(&str, &str)]) -> Tree {
    let own = |(path, text): &(&str, &str)| ((*path).to_string(), (*text).to_string());
    Tree {
        files: files.iter().map(own).collect(),
    }
}

/// Runs a rule and formats its findings.
#[cfg(test)]
pub(super) fn findings_of(rule: fn(&Tree) -> Vec<Finding>, files: &[(&str, &str)]) -> Vec<String> {
    rule(&tree_of(files))
        .iter()
        .map(ToString::to_string)
        .collect()
}
