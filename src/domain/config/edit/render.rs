//! Builds the edited text from kept, removed and added lines.

use super::diff::{EditedConfig, LineRun};
use super::merge::{LocatedProperty, LocatedSection, MergedEdit, MergedEdits};
use super::validate::check_section_name;
use crate::domain::config::lines::{
    LineClass, Lines, MAX_LINE_LENGTH, byte_order_mark_length, line_length, line_start,
};
use crate::domain::sort::sort_by;
use crate::error::{Error, Result};
use std::ops::Range;

/// A replacement of whole lines.
struct Splice {
    lines: Range<usize>,
    replacement: Vec<u8>,
}

/// Returns the text with the edits applied to the located sections. Fails on the name of a new
/// section that some AWS tool cannot read.
pub(super) fn render(text: &[u8], edits: &MergedEdits<'_>) -> Result<EditedConfig> {
    let first_line = text.get(..line_length(text)).unwrap_or_default();
    let line_ending = match first_line.ends_with(b"\r\n") {
        true => "\r\n",
        false => "\n",
    };
    let mut splices = Vec::new();
    let mut removed = Vec::new();
    let mut new = Vec::new();
    for edit in &edits.edits {
        if edit.removes {
            removed.extend(edit.located.iter().map(|it| removal_range(text, it)));
        }
        if !edit.removes && !edit.located.is_empty() {
            splice_keys(text, edit, line_ending, &mut splices);
        } else if edit.creates {
            check_section_name(edit.kind, edit.name).map_err(Error::usage)?;
            new.push(edit);
        }
    }
    splices.extend(splice_removals(text, removed));
    let position = |splice: &Splice| (splice.lines.start, splice.lines.end);
    sort_by(&mut splices, |a, b| position(a).cmp(&position(b)));
    Ok(write(text, &splices, &new, line_ending))
}

/// Sets and removes the keys of an existing section.
fn splice_keys(text: &[u8], edit: &MergedEdit<'_>, line_ending: &str, out: &mut Vec<Splice>) {
    let is_outranked = edit.located.iter().any(|section| section.prefixed);
    let mut effective: Vec<_> = edit.located.iter().collect();
    effective.retain(|section| section.prefixed || !is_outranked);
    let mut added = String::new();
    let mut first_removed: Option<usize> = None;
    for (key, value) in &edit.keys {
        let all = effective.iter().flat_map(|section| &section.properties);
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
                None => added += &property_line(key, value, line_ending),
            },
        }
    }
    // New keys replace removed ones, or follow the last property.
    let last = effective.last().map(|section| section.properties_end);
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

fn property_line(key: &str, value: &str, line_ending: &str) -> String {
    match value {
        "" => format!("{key} ={line_ending}"),
        _ => format!("{key} = {value}{line_ending}"),
    }
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
    let needs_blank = matches!(after, [b'#' | b';', ..]);
    let comment_blank: &[u8] = if needs_blank { b" " } else { b"" };
    [before, blank, value.as_bytes(), comment_blank, after].concat()
}

/// Returns the lines to remove with a section: its properties and all between them, comments
/// directly below them, and the blank lines after. Comments that reach to the next header
/// belong to that one.
fn removal_range(text: &[u8], section: &LocatedSection) -> Range<usize> {
    let rest = text.get(section.properties_end..section.end);
    let rest = rest.unwrap_or_default();
    // Returns the end of the lines of this class that begin at `from`.
    let skip = |from: usize, class: LineClass| {
        let lines = Lines::from_number(rest.get(from..).unwrap_or_default(), 1, MAX_LINE_LENGTH);
        let lines = lines.take_while(|line| line.class == class);
        from + lines.map(|line| line.span.len()).sum::<usize>()
    };
    let comments = skip(0, LineClass::Comment);
    let belong_to_next = comments == rest.len() && section.end < text.len();
    let end = skip(if belong_to_next { 0 } else { comments }, LineClass::Blank);
    section.start..section.properties_end + end
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
    let mut out = Output {
        bytes: text.get(..mark).unwrap_or_default().to_vec(),
        runs: Vec::new(),
        mark,
        line_ending,
    };
    let mut at = mark;
    for splice in splices {
        out.keep(text, at..splice.lines.start);
        out.add_run('-', splice.lines.clone());
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
    fn add_run(&mut self, sign: char, range: Range<usize>) {
        if !range.is_empty() {
            self.runs.push(LineRun { sign, range });
        }
    }

    fn keep(&mut self, text: &[u8], range: Range<usize>) {
        let kept = text.get(range.clone()).unwrap_or_default();
        self.bytes.extend_from_slice(kept);
        self.add_run(' ', range);
    }

    fn add(&mut self, lines: &[u8]) {
        if lines.is_empty() {
            return;
        }
        // A carriage return at the end of the last line is content, so it gets a second one.
        if self.bytes.len() > self.mark && !self.bytes.ends_with(b"\n") {
            let line_ending = match self.bytes.ends_with(b"\r") {
                true => "\r\n",
                false => self.line_ending,
            };
            self.bytes.extend_from_slice(line_ending.as_bytes());
        }
        let start = self.bytes.len();
        self.bytes.extend_from_slice(lines);
        self.add_run('+', start..self.bytes.len());
    }

    /// Adds a section after a blank line, unless one is there or the text is empty.
    fn add_section(&mut self, edit: &MergedEdit<'_>) {
        let so_far = self.bytes.get(self.mark..).unwrap_or_default();
        let last = line_start(so_far, so_far.len().saturating_sub(1));
        let is_separated = so_far.is_empty() || is_blank(so_far.get(last..).unwrap_or_default());
        let line_ending = self.line_ending;
        let blank_line = if is_separated { "" } else { line_ending };
        let mut section = format!("{blank_line}{}{line_ending}", edit.header());
        for (key, value) in &edit.keys {
            if let Some(value) = value {
                section += &property_line(key, value, line_ending);
            }
        }
        self.add(section.as_bytes());
    }
}
