//! Where in a text the sections stand that are to be edited.
//!
//! One walk over the lines, in the steps of the builder: what it takes as a property, a
//! continuation or a header is that here.

use super::changes::Wishes;
use crate::domain::config::header::{self, Header};
use crate::domain::config::lines::{BLANKS, Class, LONGEST, Line, Lines, as_text};
use crate::domain::config::{Dialect, Kind, key_value};
use std::ops::Range;

/// A header with what stands below it.
#[derive(Debug)]
pub(super) struct Part {
    /// Where its header begins.
    pub start: usize,
    /// Behind its last property, or behind its header where it has none.
    pub filled: usize,
    /// Where the next header begins, or the text ends.
    pub end: usize,
    pub properties: Vec<Found>,
    /// `[profile default]`, before which `[default]` does not count.
    prefixed: bool,
}

/// A property where it stands.
#[derive(Debug)]
pub(super) struct Found {
    pub key: String,
    /// What its own line says.
    pub value: String,
    /// More lines belong to the value.
    pub joined: bool,
    /// Its own line, with its end.
    pub line: Range<usize>,
    /// Where the value stands in the text; where there is none, behind the `=`.
    pub place: Range<usize>,
    /// The indented lines below it.
    pub more: Vec<Range<usize>>,
    /// The reader takes further indented lines for the value.
    open: bool,
}

/// For every wish, the parts that its section has.
#[derive(Debug)]
pub(super) struct Parts(Vec<Vec<Part>>);

impl Parts {
    pub fn of(text: &[u8], wishes: &Wishes<'_>) -> Parts {
        let mut all: Vec<Vec<Part>> = Vec::new();
        if wishes.len() == 0 {
            return Parts(all);
        }
        all.resize_with(wishes.len(), Vec::new);
        let mut open: Option<usize> = None;
        // The next indented line belongs to the last property.
        let mut continues = false;
        for line in Lines::of_file(text, LONGEST) {
            let part = open
                .and_then(|at| all.get_mut(at))
                .and_then(|own| own.last_mut());
            if line.class == Class::Header {
                if let Some(part) = part {
                    part.end = line.span.start;
                }
                continues = false;
                open = None;
                if let Some((kind, name, prefixed)) = section(&line)
                    && let Some(at) = wishes.position(kind, &name)
                    && let Some(own) = all.get_mut(at)
                {
                    open = Some(at);
                    own.push(Part {
                        start: line.span.start,
                        filled: line.span.end,
                        end: text.len(),
                        properties: Vec::new(),
                        prefixed,
                    });
                }
                continue;
            }
            let Some(part) = part else { continue };
            match line.class {
                Class::Blank | Class::Comment | Class::Header => {}
                Class::Continuation => {
                    part.filled = line.span.end;
                    if continues && let Some(found) = part.properties.last_mut() {
                        found.open &= !line.too_long;
                        found.joined |= found.open;
                        found.more.push(line.span);
                    }
                }
                Class::Property => {
                    part.filled = line.span.end;
                    let found = property(&line);
                    continues = found.is_some();
                    part.properties.extend(found);
                }
            }
        }
        Parts(all)
    }

    /// All parts of the section that the wish at `at` is about.
    pub fn all(&self, at: usize) -> &[Part] {
        self.0.get(at).map_or(&[], Vec::as_slice)
    }

    /// Those that count.
    pub fn counting(&self, at: usize) -> Vec<&Part> {
        let all = self.all(at);
        // For every other name all parts are prefixed.
        let outranked = all.iter().any(|part| part.prefixed);
        all.iter()
            .filter(|part| part.prefixed || !outranked)
            .collect()
    }
}

fn section(line: &Line<'_>) -> Option<(Kind, String, bool)> {
    if line.too_long {
        return None;
    }
    match header::parse(line.text, Dialect::Config) {
        Header::Section {
            kind,
            name,
            prefixed,
            ..
        } => Some((kind, name, prefixed)),
        Header::Foreign | Header::Refused(_) => None,
    }
}

fn property(line: &Line<'_>) -> Option<Found> {
    if line.too_long {
        return None;
    }
    let text = as_text(line.text);
    let pair = key_value::split(&text).ok()?;
    let behind = text.find('=')? + 1;
    let place = if pair.value.is_empty() {
        behind..behind
    } else {
        let rest = text.get(behind..)?;
        let start = behind + rest.len() - rest.trim_start_matches(BLANKS).len();
        start..start + pair.value.len()
    };
    let at = line.span.start;
    Some(Found {
        key: pair.key.to_ascii_lowercase(),
        value: pair.value.to_owned(),
        joined: false,
        place: at + in_bytes(line.text, place.start)..at + in_bytes(line.text, place.end),
        line: line.span.clone(),
        more: Vec::new(),
        open: true,
    })
}

/// Where in the line stands what is at `at` in the line as text, in which every run of bytes that
/// are not UTF-8 is one character of three bytes.
fn in_bytes(line: &[u8], at: usize) -> usize {
    let (mut text, mut bytes) = (0, 0);
    for chunk in line.utf8_chunks() {
        if at <= text + chunk.valid().len() {
            return bytes + at - text;
        }
        text += chunk.valid().len() + char::REPLACEMENT_CHARACTER.len_utf8();
        bytes += chunk.valid().len() + chunk.invalid().len();
    }
    line.len()
}
