//! Locates the sections to edit, and their properties, in a text.
//!
//! It classifies lines as the document builder does, so that both agree on what is a header, a
//! property and a continuation.

use super::merge::{LocatedProperty, LocatedSection, MergedEdits};
use crate::domain::config::document::Dialect;
use crate::domain::config::header::{Header, parse_header};
use crate::domain::config::key_value;
use crate::domain::config::lines::{
    BLANKS, ConfigLine, LineClass, Lines, MAX_LINE_LENGTH, to_text,
};

/// Locates the sections that the edits are about.
pub(super) fn locate(text: &[u8], edits: &mut MergedEdits<'_>) {
    let mut open: Option<&mut LocatedSection> = None;
    // Whether an indented line belongs to the last property.
    let mut continues = false;
    for line in Lines::of_file(text, MAX_LINE_LENGTH) {
        if line.class == LineClass::Header {
            if let Some(section) = open {
                section.end = line.span.start;
            }
            continues = false;
            open = None;
            if !line.too_long
                && let Header::Section(header) = parse_header(line.text, Dialect::Config)
                && let Some(edit) = edits.get_mut(header.kind, &header.name)
            {
                edit.located.push(LocatedSection {
                    start: line.span.start,
                    properties_end: line.span.end,
                    end: text.len(),
                    properties: Vec::new(),
                    prefixed: header.prefixed,
                });
                open = edit.located.last_mut();
            }
            continue;
        }
        let Some(section) = &mut open else { continue };
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
