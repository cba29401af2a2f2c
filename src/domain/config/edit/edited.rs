//! The result of an edit.

use super::diff::{LineRun, unified_diff};

/// The text of a config file after its edits.
#[derive(Clone, PartialEq, Eq)]
pub struct EditedConfig {
    /// The whole text.
    pub bytes: Vec<u8>,
    /// Kept, removed and added lines, in order.
    pub(super) runs: Vec<LineRun>,
}

impl EditedConfig {
    /// Returns `true` if any byte differs from the text before.
    pub fn is_changed(&self) -> bool {
        self.runs.iter().any(|run| !matches!(run, LineRun::Kept(_)))
    }

    /// Returns the changes as a unified diff without file names. `before` is the text that was
    /// edited.
    pub fn diff(&self, before: &[u8]) -> String {
        unified_diff(before, &self.bytes, &self.runs)
    }
}

impl std::fmt::Debug for EditedConfig {
    /// Prints the positions of the runs without the text, which may hold secrets.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(&self.runs).finish()
    }
}
