//! Merges a list of edits into one per section, before the text is read.

use super::section_edit::{SectionChange, SectionEdit};
use super::validate::{check_property, check_section_name};
use crate::domain::config::document::SectionKind;
use crate::domain::text::sanitize;
use crate::error::{Error, Result};
use std::collections::BTreeMap;

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
}

/// The merged edits in the order in which the sections were first mentioned.
#[derive(Debug, Default)]
pub(super) struct MergedEdits<'a> {
    edits: Vec<MergedEdit<'a>>,
    index: BTreeMap<(u8, &'a str), usize>,
}

impl<'a> MergedEdits<'a> {
    /// Merges the edits.
    ///
    /// # Errors
    /// Fails on a key or value that some AWS tool cannot read.
    pub fn new(edits: &'a [SectionEdit<'_>]) -> Result<MergedEdits<'a>> {
        let mut merged = MergedEdits {
            edits: Vec::with_capacity(edits.len()),
            index: BTreeMap::new(),
        };
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

    fn add(&mut self, edit: &'a SectionEdit<'_>) {
        let next = self.edits.len();
        let at = *self
            .index
            .entry((edit.kind as u8, &edit.name))
            .or_insert(next);
        if at == next {
            self.edits.push(MergedEdit {
                kind: edit.kind,
                name: &edit.name,
                removes: false,
                creates: false,
                keys: Vec::new(),
            });
        }
        let Some(merged) = self.edits.get_mut(at) else {
            return;
        };
        match &edit.change {
            SectionChange::Set(keys) => {
                merged.creates = true;
                merged.keys.reserve_exact(keys.len());
                for (key, value) in keys {
                    merged.add_key(key, Some(value));
                }
            }
            SectionChange::Unset(keys) => {
                for key in keys {
                    merged.add_key(key, None);
                }
            }
            SectionChange::Remove => {
                (merged.removes, merged.creates) = (true, false);
                merged.keys.clear();
            }
        }
    }

    /// Returns the index of the edit of this section.
    pub fn position(&self, kind: SectionKind, name: &str) -> Option<usize> {
        self.index.get(&(kind as u8, name)).copied()
    }

    /// Returns the merged edits.
    pub fn as_slice(&self) -> &[MergedEdit<'a>] {
        &self.edits
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

    /// Checks that every AWS tool can read the name.
    pub fn check_name(&self) -> Result<()> {
        check_section_name(self.kind, self.name).map_err(Error::usage)
    }

    /// Returns the header line without its end.
    pub fn header(&self) -> String {
        header_line(self.kind, self.name)
    }

    /// Returns an upper bound for the bytes of a new section with these keys.
    pub fn max_length(&self, line_ending: &str) -> usize {
        const HEADER: usize = "[sso-session ]".len();
        let keys = self.keys.iter();
        let keys = keys.map(|(key, value)| key.len() + 3 + value.map_or(0, str::len));
        let lines = [self.name.len() + HEADER].into_iter().chain(keys);
        // Plus one blank line before it.
        lines.map(|line| line + line_ending.len()).sum::<usize>() + line_ending.len()
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
