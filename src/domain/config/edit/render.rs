//! Builds the edited text from kept, removed and added lines.

use super::diff::{EditedConfig, LineRun};
use super::locate::{LocatedProperty, LocatedSection, LocatedSections};
use super::merge::{MergedEdit, MergedEdits};
use crate::domain::config::lines::{
    LineClass, Lines, MAX_LINE_LENGTH, byte_order_mark_length, line_start,
};
use crate::domain::sort::sort_by;
use crate::error::Result;
use std::ops::Range;

/// A replacement of whole lines.
struct Splice {
    lines: Range<usize>,
    replacement: Vec<u8>,
}

/// Returns the text with the edits applied to the located sections.
///
/// # Errors
/// Fails on the name of a new section that some AWS tool cannot read.
pub(super) fn render(
    text: &[u8],
    edits: &MergedEdits<'_>,
    sections: &LocatedSections,
) -> Result<EditedConfig> {
    let line_ending = line_ending(text);
    let mut splices = Vec::new();
    let mut removed = Vec::new();
    let mut new = Vec::new();
    for (at, edit) in edits.as_slice().iter().enumerate() {
        if edit.removes {
            let all = sections.all(at).iter();
            removed.extend(all.map(|section| removal_range(text, section)));
        }
        let effective = sections.effective(at);
        if edit.removes || effective.is_empty() {
            if edit.creates {
                edit.check_name()?;
                new.push(edit);
            }
        } else {
            splice_keys(text, edit, &effective, line_ending, &mut splices);
        }
    }
    splices.extend(splice_removals(text, removed));
    let place = |splice: &Splice| (splice.lines.start, splice.lines.end);
    sort_by(&mut splices, |a, b| place(a).cmp(&place(b)));
    Ok(write(text, &splices, &new, line_ending))
}

/// Returns the end of the first line, or `\n` if it has none.
fn line_ending(text: &[u8]) -> &'static str {
    let first = Lines::of_file(text, MAX_LINE_LENGTH).next();
    let line = first
        .and_then(|line| text.get(line.span))
        .unwrap_or_default();
    if line.ends_with(b"\r\n") {
        "\r\n"
    } else {
        "\n"
    }
}

/// Sets and removes the keys of an existing section.
fn splice_keys(
    text: &[u8],
    edit: &MergedEdit<'_>,
    sections: &[&LocatedSection],
    line_ending: &str,
    out: &mut Vec<Splice>,
) {
    let mut added = String::new();
    let mut first_removed: Option<usize> = None;
    for (key, value) in &edit.keys {
        let all = sections.iter().flat_map(|section| &section.properties);
        let mut found = all.filter(|property| property.key.eq_ignore_ascii_case(key));
        match value {
            None => {
                for property in found {
                    first_removed = first_removed.or(Some(property.line.end));
                    out.push(Splice::removing(property.line.clone()));
                    out.extend(remove_continuations(property));
                }
            }
            Some(value) => match found.next_back() {
                Some(property) if property.value == *value && !property.is_continued => {}
                Some(property) => {
                    out.push(Splice {
                        lines: property.line.clone(),
                        replacement: replace_value(text, property, value),
                    });
                    out.extend(remove_continuations(property));
                }
                None if value.is_empty() => added.push_str(&format!("{key} ={line_ending}")),
                None => added.push_str(&format!("{key} = {value}{line_ending}")),
            },
        }
    }
    // New keys replace removed ones, or follow the last property.
    let last = sections.last().map(|section| section.properties_end);
    if let Some(at) = first_removed.or(last).filter(|_| !added.is_empty()) {
        out.push(Splice {
            lines: at..at,
            replacement: added.into_bytes(),
        });
    }
}

impl Splice {
    fn removing(lines: Range<usize>) -> Splice {
        Splice {
            lines,
            replacement: Vec::new(),
        }
    }
}

fn remove_continuations(property: &LocatedProperty) -> impl Iterator<Item = Splice> {
    property.continuations.iter().cloned().map(Splice::removing)
}

/// Returns the line of a property with another value.
fn replace_value(text: &[u8], property: &LocatedProperty, value: &str) -> Vec<u8> {
    let slice = |range: Range<usize>| text.get(range).unwrap_or_default();
    let before = slice(property.line.start..property.value_range.start);
    // In `key =` the blank after the `=` is missing.
    let had_value = !property.value_range.is_empty();
    let needs_blank = !had_value && !value.is_empty() && matches!(before, [.., b' ' | b'\t', b'=']);
    let blank: &[u8] = if needs_blank { b" " } else { b"" };
    let after = slice(property.value_range.end..property.line.end);
    // White space other than blanks is part of the old value, so a comment may follow directly.
    let comment_blank: &[u8] = if after.starts_with(b"#") || after.starts_with(b";") {
        b" "
    } else {
        b""
    };
    [before, blank, value.as_bytes(), comment_blank, after].concat()
}

/// Returns the lines to remove with a section: its properties and all between them, comments
/// directly below them, and the blank lines after. Comments that reach to the next header
/// belong to that one.
fn removal_range(text: &[u8], section: &LocatedSection) -> Range<usize> {
    let rest = text
        .get(section.properties_end..section.end)
        .unwrap_or_default();
    let lines: Vec<_> = Lines::from_number(rest, 1, MAX_LINE_LENGTH)
        .map(|line| (line.class, line.span.end))
        .collect();
    let count_class = |from: usize, class: LineClass| {
        let lines = lines.iter().skip(from);
        lines.take_while(|line| line.0 == class).count()
    };
    let comments = count_class(0, LineClass::Comment);
    let belong_to_next = comments == lines.len() && section.end < text.len();
    let from = if belong_to_next { 0 } else { comments };
    let count = from + count_class(from, LineClass::Blank);
    let last = count.checked_sub(1).and_then(|at| lines.get(at));
    section.start..section.properties_end + last.map_or(0, |(_, end)| *end)
}

/// Joins the ranges of removed sections where they touch. If the last one reaches the end of the
/// text, a blank line before it is removed too.
fn splice_removals(text: &[u8], mut removed: Vec<Range<usize>>) -> Vec<Splice> {
    sort_by(&mut removed, |a, b| a.start.cmp(&b.start));
    let mut joined: Vec<Range<usize>> = Vec::new();
    for range in removed {
        match joined.last_mut() {
            Some(last) if last.end == range.start => last.end = range.end,
            _ => joined.push(range),
        }
    }
    if let Some(last) = joined.last_mut().filter(|last| last.end == text.len()) {
        let mark = byte_order_mark_length(text);
        let before = text.get(mark..last.start).unwrap_or_default();
        let start = line_start(before, before.len().saturating_sub(1));
        if !before.is_empty() && is_blank(before.get(start..).unwrap_or_default()) {
            last.start = mark + start;
        }
    }
    joined.into_iter().map(Splice::removing).collect()
}

/// Returns `true` if the readers skip the line as blank. A carriage return in the middle of a
/// line is content.
fn is_blank(line: &[u8]) -> bool {
    Lines::from_number(line, 1, MAX_LINE_LENGTH).all(|line| line.class == LineClass::Blank)
}

fn write(
    text: &[u8],
    splices: &[Splice],
    new: &[&MergedEdit<'_>],
    line_ending: &str,
) -> EditedConfig {
    let mark = byte_order_mark_length(text);
    let replacements: usize = splices.iter().map(|splice| splice.replacement.len()).sum();
    let sections: usize = new.iter().map(|edit| edit.max_length(line_ending)).sum();
    let mut out = Output {
        bytes: Vec::with_capacity(text.len() + replacements + sections),
        runs: Vec::new(),
        mark,
        line_ending,
    };
    out.bytes
        .extend_from_slice(text.get(..mark).unwrap_or_default());
    let mut at = mark;
    for splice in splices {
        out.keep(text, at..splice.lines.start);
        out.remove(splice.lines.clone());
        out.add(&splice.replacement);
        at = splice.lines.end;
    }
    out.keep(text, at..text.len());
    for edit in new {
        out.add_section(edit);
    }
    // A text without a final line end stays so; an empty text becomes whole lines.
    if text.len() > mark && !text.ends_with(b"\n") && out.bytes.ends_with(b"\n") {
        out.bytes.pop();
        if out.bytes.ends_with(b"\r") {
            out.bytes.pop();
        }
    }
    EditedConfig {
        bytes: out.bytes,
        runs: out.runs,
    }
}

/// The edited text under construction.
struct Output<'a> {
    bytes: Vec<u8>,
    runs: Vec<LineRun>,
    /// Length of the byte order mark.
    mark: usize,
    line_ending: &'a str,
}

impl Output<'_> {
    fn keep(&mut self, text: &[u8], range: Range<usize>) {
        if !range.is_empty() {
            self.bytes
                .extend_from_slice(text.get(range.clone()).unwrap_or_default());
            self.runs.push(LineRun::Kept(range));
        }
    }

    fn remove(&mut self, range: Range<usize>) {
        if !range.is_empty() {
            self.runs.push(LineRun::Removed(range));
        }
    }

    fn add(&mut self, lines: &[u8]) {
        if !lines.is_empty() {
            self.end_line();
            let start = self.bytes.len();
            self.bytes.extend_from_slice(lines);
            self.runs.push(LineRun::Added(start..self.bytes.len()));
        }
    }

    /// Adds a section after a blank line, unless one is there or the text is empty.
    fn add_section(&mut self, edit: &MergedEdit<'_>) {
        self.end_line();
        let so_far = self.bytes.get(self.mark..).unwrap_or_default();
        let last = line_start(so_far, so_far.len().saturating_sub(1));
        let is_separated = so_far.is_empty() || is_blank(so_far.get(last..).unwrap_or_default());
        let start = self.bytes.len();
        if !is_separated {
            self.bytes.extend_from_slice(self.line_ending.as_bytes());
        }
        self.add_line(&[&edit.header()]);
        for (key, value) in &edit.keys {
            match value {
                Some("") => self.add_line(&[key, " ="]),
                Some(value) => self.add_line(&[key, " = ", value]),
                None => {}
            }
        }
        self.runs.push(LineRun::Added(start..self.bytes.len()));
    }

    fn add_line(&mut self, parts: &[&str]) {
        for part in parts.iter().chain(&[self.line_ending]) {
            self.bytes.extend_from_slice(part.as_bytes());
        }
    }

    /// Ends the last line, if it has no end yet. A carriage return at its end is content, so it
    /// gets a second one.
    fn end_line(&mut self) {
        if self.bytes.len() > self.mark && !self.bytes.ends_with(b"\n") {
            let line_ending = if self.bytes.ends_with(b"\r") {
                "\r\n"
            } else {
                self.line_ending
            };
            self.bytes.extend_from_slice(line_ending.as_bytes());
        }
    }
}
