//! The result of an edit, and its unified diff. The diff comes from the runs that the editor
//! recorded: no comparison of the two texts is needed.

use crate::domain::text::sanitize;
use std::fmt::Write;
use std::ops::Range;

/// Unchanged lines around a change.
const CONTEXT_LINES: usize = 3;

/// Parts of keys whose values are hidden.
const SECRET_KEY_PARTS: [&str; 3] = ["secret", "token", "password"];

/// The text of a config file after its edits.
#[derive(Clone, PartialEq, Eq)]
pub struct EditedConfig {
    pub bytes: Vec<u8>,
    /// Kept, removed and added lines, in order.
    pub(super) runs: Vec<LineRun>,
}

impl EditedConfig {
    /// Returns `true` if any byte differs from the text before.
    pub fn is_changed(&self) -> bool {
        self.runs.iter().any(|run| run.sign != ' ')
    }

    /// Returns the changes as a unified diff without file names, with hostile characters replaced
    /// and secrets hidden. `before` is the text that was edited.
    pub fn diff(&self, before: &[u8]) -> String {
        let mut lines: Vec<SignedLine<'_>> = Vec::new();
        for LineRun { sign, range } in &self.runs {
            let text = if *sign == '+' { &self.bytes } else { before };
            let text = text.get(range.start..range.end.min(text.len()));
            let text = text
                .unwrap_or_default()
                .split_inclusive(|byte| *byte == b'\n');
            lines.extend(text.map(|line| (*sign, line)));
        }
        let mut out = String::new();
        // One-based line numbers in both texts, after the first `seen` lines.
        let (mut seen, mut old, mut new) = (0, 1, 1);
        for hunk in hunks(&lines) {
            let skipped = hunk.start - seen;
            (old, new) = (old + skipped, new + skipped);
            let own = lines.get(hunk.clone()).unwrap_or_default();
            let count_without = |sign| own.iter().filter(|line| line.0 != sign).count();
            let (old_count, new_count) = (count_without('+'), count_without('-'));
            let range = |start: usize, count: usize| match count {
                // An empty range has the number of the line before it, as in GNU diff.
                0 => format!("{},0", start - 1),
                1 => start.to_string(),
                _ => format!("{start},{count}"),
            };
            let (from, to) = (range(old, old_count), range(new, new_count));
            let _ = writeln!(out, "@@ -{from} +{to} @@");
            for (sign, line) in removed_first(own) {
                let line = String::from_utf8_lossy(line);
                let line = line.trim_end_matches(['\n', '\r']);
                let _ = writeln!(out, "{sign}{}", sanitize(&hide_secret(line)));
            }
            (old, new) = (old + old_count, new + new_count);
            seen = hunk.end;
        }
        out
    }
}

impl std::fmt::Debug for EditedConfig {
    /// Prints the positions of the runs without the text, which may hold secrets.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(&self.runs).finish()
    }
}

/// A run of whole lines. Its range is in the text before or, for added lines, in the text after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct LineRun {
    /// Blank for kept lines, `-` for removed and `+` for added ones.
    pub sign: char,
    pub range: Range<usize>,
}

/// A line with the sign of its run.
type SignedLine<'a> = (char, &'a [u8]);

/// Moves removed lines before added ones, between two kept lines.
fn removed_first<'a>(lines: &[SignedLine<'a>]) -> Vec<SignedLine<'a>> {
    let mut sorted = Vec::with_capacity(lines.len());
    for run in lines.split_inclusive(|line| line.0 == ' ') {
        for sign in ['-', '+', ' '] {
            sorted.extend(run.iter().filter(|line| line.0 == sign));
        }
    }
    sorted
}

/// Replaces the value of a key that may hold a secret.
fn hide_secret(line: &str) -> String {
    let is_secret = |key: &str| {
        let key = key.to_ascii_lowercase();
        SECRET_KEY_PARTS.iter().any(|part| key.contains(part))
    };
    match line.split_once('=') {
        Some((key, _)) if is_secret(key) => format!("{key}= (hidden)"),
        _ => line.to_owned(),
    }
}

/// Returns the ranges of lines around changes; those that touch are joined.
fn hunks(lines: &[SignedLine<'_>]) -> Vec<Range<usize>> {
    let mut hunks: Vec<Range<usize>> = Vec::new();
    for (at, (sign, _)) in lines.iter().enumerate() {
        if *sign == ' ' {
            continue;
        }
        let start = at.saturating_sub(CONTEXT_LINES);
        let end = (at + 1 + CONTEXT_LINES).min(lines.len());
        match hunks.last_mut() {
            Some(last) if last.end >= start => last.end = end,
            _ => hunks.push(start..end),
        }
    }
    hunks
}
