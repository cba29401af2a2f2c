//! What was edited, for people: the unified form, made of what the editor has done and not by
//! comparing.

use super::render::Step;
use crate::domain::text::sanitize;
use std::borrow::Cow;
use std::fmt::Write;
use std::ops::Range;

/// Lines shown around a change.
const AROUND: usize = 3;

/// What the key of a secret has in it.
const SECRET: [&str; 3] = ["secret", "token", "password"];

/// A line: its sign, and its text.
type Signed<'a> = (char, &'a [u8]);

pub(super) fn unified(before: &[u8], after: &[u8], steps: &[Step]) -> String {
    let mut lines: Vec<Signed<'_>> = Vec::new();
    for step in steps {
        let (sign, text) = match step {
            Step::Keep(range) => (' ', before.get(range.clone())),
            Step::Cut(range) => ('-', before.get(range.clone())),
            Step::Add(range) => ('+', after.get(range.start..range.end.min(after.len()))),
        };
        let text = text
            .unwrap_or_default()
            .split_inclusive(|byte| *byte == b'\n');
        lines.extend(text.map(|line| (sign, line)));
    }
    let mut out = String::new();
    // Where the two texts are when `seen` lines have been passed.
    let (mut seen, mut old, mut new) = (0, 1, 1);
    for hunk in hunks(&lines) {
        let passed = hunk.start - seen;
        (old, new) = (old + passed, new + passed);
        let own = lines.get(hunk.clone()).unwrap_or_default();
        let count = |sign| own.iter().filter(|line| line.0 != sign).count();
        let (of_old, of_new) = (count('+'), count('-'));
        let range = |start: usize, count: usize| match count {
            // As diff has it: a range without lines is named by the line before it.
            0 => format!("{},0", start - 1),
            1 => start.to_string(),
            _ => format!("{start},{count}"),
        };
        let (from, to) = (range(old, of_old), range(new, of_new));
        let _ = writeln!(out, "@@ -{from} +{to} @@");
        for (sign, line) in in_order(own) {
            let line = String::from_utf8_lossy(line);
            let line = line.trim_end_matches(['\n', '\r']);
            let _ = writeln!(out, "{sign}{}", sanitize(&without_secret(line)));
        }
        (old, new) = (old + of_old, new + of_new);
        seen = hunk.end;
    }
    out
}

/// The lines with those that go before those that come, between two that stay.
fn in_order<'a>(lines: &[Signed<'a>]) -> Vec<Signed<'a>> {
    let mut sorted = lines.to_vec();
    for run in sorted.split_mut(|line| line.0 == ' ') {
        run.sort_by_key(|line| line.0 == '+');
    }
    sorted
}

/// The line without a value that must not be shown.
fn without_secret(line: &str) -> Cow<'_, str> {
    let lower = |key: &str| key.to_ascii_lowercase();
    match line.split_once('=') {
        Some((key, _)) if SECRET.iter().any(|word| lower(key).contains(word)) => {
            Cow::Owned(format!("{key}= (hidden)"))
        }
        _ => Cow::Borrowed(line),
    }
}

/// The runs of lines with a change in them, and what stands around it.
fn hunks(lines: &[Signed<'_>]) -> Vec<Range<usize>> {
    let mut hunks: Vec<Range<usize>> = Vec::new();
    for (at, (sign, _)) in lines.iter().enumerate() {
        if *sign == ' ' {
            continue;
        }
        let start = at.saturating_sub(AROUND);
        let end = (at + 1 + AROUND).min(lines.len());
        match hunks.last_mut() {
            Some(last) if last.end >= start => last.end = end,
            _ => hunks.push(start..end),
        }
    }
    hunks
}
