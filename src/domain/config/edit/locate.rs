//! Locates the sections to edit, and their properties, in a text.
//!
//! It classifies lines as the document builder does, so that both agree on what is a header, a
//! property and a continuation.

use super::merge::MergedEdits;
use crate::domain::config::document::{Dialect, SectionKind};
use crate::domain::config::header::{Header, parse_header};
use crate::domain::config::key_value;
use crate::domain::config::lines::{
    BLANKS, ConfigLine, LineClass, Lines, MAX_LINE_LENGTH, to_text,
};
use std::ops::Range;

/// A header with the lines below it. Positions are byte offsets in the text.
#[derive(Debug)]
pub(super) struct LocatedSection {
    /// Start of the header.
    pub start: usize,
    /// End of the last property, or of the header without one.
    pub properties_end: usize,
    /// Start of the next header, or end of the text.
    pub end: usize,
    pub properties: Vec<LocatedProperty>,
    /// Whether the header is `[profile default]`, which outranks `[default]`.
    prefixed: bool,
}

/// A property with its position. Ranges are byte offsets in the text.
#[derive(Debug)]
pub(super) struct LocatedProperty {
    /// Key in lower case.
    pub key: String,
    /// Value on the property's own line.
    pub value: String,
    /// Whether continuation lines belong to the value.
    pub is_continued: bool,
    /// The property's own line, including its end.
    pub line: Range<usize>,
    /// The value; for a missing one the empty range after the `=`.
    pub value_range: Range<usize>,
    /// The indented lines below it.
    pub continuations: Vec<Range<usize>>,
    /// Whether the reader adds further indented lines to the value.
    is_open: bool,
}

/// The located sections for each merged edit.
#[derive(Debug)]
pub(super) struct LocatedSections(Vec<Vec<LocatedSection>>);

impl LocatedSections {
    /// Returns all sections that the merged edit with this index is about.
    pub fn all(&self, at: usize) -> &[LocatedSection] {
        self.0.get(at).map_or(&[], Vec::as_slice)
    }

    /// Returns the sections that readers use: not `[default]` if there is a `[profile default]`.
    pub fn effective(&self, at: usize) -> Vec<&LocatedSection> {
        let all = self.all(at);
        // All sections with another name are prefixed.
        let is_outranked = all.iter().any(|section| section.prefixed);
        all.iter()
            .filter(|section| section.prefixed || !is_outranked)
            .collect()
    }
}

/// Locates the sections that the edits are about.
pub(super) fn locate(text: &[u8], edits: &MergedEdits<'_>) -> LocatedSections {
    let mut all: Vec<Vec<LocatedSection>> = Vec::new();
    all.resize_with(edits.as_slice().len(), Vec::new);
    let mut open: Option<usize> = None;
    // Whether an indented line belongs to the last property.
    let mut continues = false;
    for line in Lines::of_file(text, MAX_LINE_LENGTH) {
        let section = open
            .and_then(|at| all.get_mut(at))
            .and_then(|own| own.last_mut());
        if line.class == LineClass::Header {
            if let Some(section) = section {
                section.end = line.span.start;
            }
            continues = false;
            open = None;
            if let Some((kind, name, prefixed)) = parse_section(&line)
                && let Some(at) = edits.position(kind, &name)
                && let Some(own) = all.get_mut(at)
            {
                open = Some(at);
                own.push(LocatedSection {
                    start: line.span.start,
                    properties_end: line.span.end,
                    end: text.len(),
                    properties: Vec::new(),
                    prefixed,
                });
            }
            continue;
        }
        let Some(section) = section else { continue };
        match line.class {
            LineClass::Blank | LineClass::Comment | LineClass::Header => {}
            LineClass::Continuation => {
                section.properties_end = line.span.end;
                if continues && let Some(property) = section.properties.last_mut() {
                    property.is_open &= !line.too_long;
                    property.is_continued |= property.is_open;
                    property.continuations.push(line.span);
                }
            }
            LineClass::Property => {
                section.properties_end = line.span.end;
                let property = parse_property(&line);
                continues = property.is_some();
                section.properties.extend(property);
            }
        }
    }
    LocatedSections(all)
}

fn parse_section(line: &ConfigLine<'_>) -> Option<(SectionKind, String, bool)> {
    if line.too_long {
        return None;
    }
    match parse_header(line.text, Dialect::Config) {
        Header::Section {
            kind,
            name,
            prefixed,
            ..
        } => Some((kind, name, prefixed)),
        Header::Foreign | Header::Malformed(_) => None,
    }
}

fn parse_property(line: &ConfigLine<'_>) -> Option<LocatedProperty> {
    if line.too_long {
        return None;
    }
    let text = to_text(line.text);
    let pair = key_value::parse(&text).ok()?;
    let after_equals = text.find('=')? + 1;
    let value = if pair.value.is_empty() {
        after_equals..after_equals
    } else {
        let rest = text.get(after_equals..)?;
        let start = after_equals + rest.len() - rest.trim_start_matches(BLANKS).len();
        start..start + pair.value.len()
    };
    let at = line.span.start;
    Some(LocatedProperty {
        key: pair.key.to_ascii_lowercase(),
        value: pair.value.to_owned(),
        is_continued: false,
        value_range: at + byte_offset(line.text, value.start)
            ..at + byte_offset(line.text, value.end),
        line: line.span.clone(),
        continuations: Vec::new(),
        is_open: true,
    })
}

/// Converts an offset in the text of a line to one in its bytes. The text has one character of
/// three bytes for every run of bytes that are not UTF-8.
fn byte_offset(line: &[u8], text_offset: usize) -> usize {
    let (mut text, mut bytes) = (0, 0);
    for chunk in line.utf8_chunks() {
        if text_offset <= text + chunk.valid().len() {
            return bytes + text_offset - text;
        }
        text += chunk.valid().len() + char::REPLACEMENT_CHARACTER.len_utf8();
        bytes += chunk.valid().len() + chunk.invalid().len();
    }
    line.len()
}
