//! Merges a list of edits into one per section, before the text is read.

use super::section_edit::{SectionChange, SectionEdit};
use super::validate::check_property;
use crate::domain::config::document::SectionKind;
use crate::domain::text::sanitize;
use crate::error::{Error, Result};
use std::collections::BTreeMap;
use std::ops::Range;

/// All edits of one section, merged.
#[derive(Debug)]
pub(super) struct MergedEdit<'a> {
    pub kind: SectionKind,
    pub name: &'a str,
    /// Whether the existing section is removed.
    pub removes: bool,
    /// Whether the section exists afterwards, if it does not already.
    pub creates: bool,
    /// Keys with their new values, or `None` for keys to remove.
    pub keys: Vec<(&'a str, Option<&'a str>)>,
    /// Sections of this kind and name in the text.
    pub located: Vec<LocatedSection>,
}

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
    /// Whether the header is `[profile default]`, which outranks `[default]`. All sections with
    /// another name are prefixed.
    pub prefixed: bool,
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
    pub is_open: bool,
}

/// The merged edits in the order in which the sections were first mentioned.
#[derive(Debug, Default)]
pub(super) struct MergedEdits<'a> {
    pub edits: Vec<MergedEdit<'a>>,
    index: BTreeMap<(u8, &'a str), usize>,
}

impl<'a> MergedEdits<'a> {
    /// Merges the edits. Fails on a key or value that some AWS tool cannot read.
    pub fn new(edits: &'a [SectionEdit]) -> Result<MergedEdits<'a>> {
        let mut merged = MergedEdits::default();
        for edit in edits {
            if let SectionChange::Set(keys) = &edit.change {
                for (key, value) in keys {
                    check_property(key, value).map_err(|why| {
                        let header = header_line(edit.kind, &sanitize(&edit.name));
                        Error::usage(format!("{header}: {why}"))
                    })?;
                }
            }
            merged.add(edit);
        }
        Ok(merged)
    }

    fn add(&mut self, edit: &'a SectionEdit) {
        let (kind, name) = (edit.kind, edit.name.as_str());
        let next = self.edits.len();
        if *self.index.entry((kind as u8, name)).or_insert(next) == next {
            self.edits.push(MergedEdit {
                kind,
                name,
                removes: false,
                creates: false,
                keys: Vec::new(),
                located: Vec::new(),
            });
        }
        let Some(merged) = self.get_mut(kind, name) else {
            return;
        };
        match &edit.change {
            SectionChange::Set(keys) => {
                merged.creates = true;
                for (key, value) in keys {
                    merged.add_key(key, Some(value));
                }
            }
            SectionChange::Unset(keys) => keys.iter().for_each(|key| merged.add_key(key, None)),
            SectionChange::Remove => {
                (merged.removes, merged.creates) = (true, false);
                merged.keys.clear();
            }
        }
    }

    pub fn get_mut(&mut self, kind: SectionKind, name: &str) -> Option<&mut MergedEdit<'a>> {
        let at = self.index.get(&(kind as u8, name))?;
        self.edits.get_mut(*at)
    }
}

impl<'a> MergedEdit<'a> {
    fn add_key(&mut self, key: &'a str, value: Option<&'a str>) {
        let mut known = self.keys.iter_mut();
        match known.find(|(known, _)| known.eq_ignore_ascii_case(key)) {
            Some(known) => *known = (key, value),
            None => self.keys.push((key, value)),
        }
    }

    /// Returns the header line without its end.
    pub fn header(&self) -> String {
        header_line(self.kind, self.name)
    }
}

fn header_line(kind: SectionKind, name: &str) -> String {
    match kind {
        SectionKind::Profile if name == "default" => "[default]".to_owned(),
        SectionKind::Profile => format!("[profile {name}]"),
        SectionKind::SsoSession => format!("[sso-session {name}]"),
        SectionKind::Services => format!("[services {name}]"),
    }
}
