//! Lines become a document: sections open, merge and close, continuation lines find their property.
//!
//! One builder serves both readers; what it skips is [`Select`]'s word. It never sees the bytes
//! between the lines and does not know where they come from.

use super::header::{self, Header};
use super::lines::{BLANKS, COMMENT, Class, Line, as_text};
use super::section_name::is_identifier;
use super::select::Select;
use super::{Dialect, Document, Kind, Problem, Property, Quirk, Section, key_value};
use crate::domain::order;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

pub(super) struct Builder<'a> {
    dialect: Dialect,
    select: Select<'a>,
    document: Document,
    /// Where a section stands in the document, so that many sections merge in little time.
    index: BTreeMap<(u8, String), usize>,
    open: Open,
    cursor: Cursor,
    /// The header of the open section: a key set after it is a duplicate within one section.
    opened_at: u32,
    /// `[profile default]` was seen, and `[default]` counts no more.
    default_outranked: bool,
}

/// Where properties go.
enum Open {
    /// No header yet.
    Start,
    /// To nobody: the header was refused, or nobody wants the section.
    Nowhere,
    Section(usize),
    /// Not taken, yet checked: a malformed line here makes SDKs refuse the file all the same.
    Aside(Section),
}

/// Where continuation lines go.
#[derive(Clone, Copy)]
enum Cursor {
    /// No property yet.
    Start,
    /// The property above was not taken.
    Nowhere,
    Value(usize),
    /// The property has no value of its own: sub-properties follow.
    Block(usize),
}

impl<'a> Builder<'a> {
    pub fn new(dialect: Dialect, select: Select<'a>) -> Self {
        Builder {
            dialect,
            select,
            document: Document::default(),
            index: BTreeMap::new(),
            open: Open::Start,
            cursor: Cursor::Start,
            opened_at: 0,
            default_outranked: false,
        }
    }

    /// Nothing but a header can matter now.
    pub fn is_skipping(&self) -> bool {
        !self.select.is_all() && !matches!(self.open, Open::Section(_))
    }

    pub fn line(&mut self, line: &Line<'_>) {
        match line.class {
            Class::Header => self.header(line),
            Class::Blank | Class::Comment => {}
            _ if self.is_skipping() => {}
            _ if line.too_long => {
                self.cursor = Cursor::Nowhere;
                self.problem(line.number, "the line is too long and was not read");
            }
            Class::Continuation => self.continuation(line),
            Class::Property => self.property(line),
        }
    }

    pub fn quirk(&mut self, line: u32, what: &str) {
        if self.select.is_all() {
            self.document.quirks.push(Quirk {
                line,
                what: what.to_owned(),
            });
        }
    }

    pub fn finish(mut self) -> Document {
        self.close();
        order::sort(&mut self.document.problems, |a, b| a.line.cmp(&b.line));
        order::sort(&mut self.document.quirks, |a, b| a.line.cmp(&b.line));
        self.document
    }

    fn header(&mut self, line: &Line<'_>) {
        self.close();
        self.opened_at = line.number;
        if line.too_long {
            if self.select.is_all() {
                self.document.problems.push(Problem {
                    line: line.number,
                    what: "the section header is too long and was not read".to_owned(),
                });
            }
            return;
        }
        // A header that does not even mention what is wanted is not worth taking apart.
        if !self.select.may_want(line.text, self.dialect) {
            return;
        }
        match header::parse(line.text, self.dialect) {
            Header::Section {
                kind,
                name,
                prefixed,
                quirk,
            } => {
                if !self.select.wants(kind, &name) {
                    return;
                }
                if let Some(what) = quirk {
                    self.quirk(line.number, what);
                }
                self.open_section(kind, name, prefixed);
            }
            Header::Foreign => self.set_aside(),
            Header::Refused(what) => self.document.problems.push(Problem {
                line: line.number,
                what,
            }),
        }
    }

    /// Ends the open section.
    fn close(&mut self) {
        self.cursor = Cursor::Start;
        if let Open::Aside(section) = std::mem::replace(&mut self.open, Open::Nowhere) {
            self.document.problems.extend(section.problems);
        }
    }

    fn set_aside(&mut self) {
        if self.select.is_all() {
            let section = Section::new(Kind::Profile, String::new(), self.opened_at);
            self.open = Open::Aside(section);
        }
    }

    fn open_section(&mut self, kind: Kind, name: String, prefixed: bool) {
        let is_default =
            self.dialect == Dialect::Config && kind == Kind::Profile && name == "default";
        if is_default && !prefixed && self.default_outranked {
            self.quirk(
                self.opened_at,
                "`[profile default]` replaces this section; for the AWS CLI the later one does",
            );
            self.set_aside();
            return;
        }
        let at = match self.index.entry((kind as u8, name)) {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(free) => {
                let at = self.document.sections.len();
                let section = Section::new(kind, free.key().1.clone(), self.opened_at);
                self.document.sections.push(section);
                free.insert(at);
                self.open = Open::Section(at);
                self.default_outranked |= is_default && prefixed;
                return;
            }
        };
        self.open = Open::Section(at);
        if is_default && prefixed && !self.default_outranked {
            self.default_outranked = true;
            self.outrank_default(at);
        } else {
            self.quirk(
                self.opened_at,
                "the section appeared before and is merged; the AWS CLI refuses the file",
            );
        }
    }

    /// `[profile default]` takes the place of the `[default]` already read.
    fn outrank_default(&mut self, at: usize) {
        let replaced = self.document.sections.get_mut(at).map(|section| {
            let line = std::mem::replace(&mut section.line, self.opened_at);
            section.properties.clear();
            self.document.problems.append(&mut section.problems);
            line
        });
        if let Some(line) = replaced {
            self.quirk(line, "`[profile default]` below replaces this section");
        }
    }

    fn section(&mut self) -> Option<&mut Section> {
        match &mut self.open {
            Open::Start | Open::Nowhere => None,
            Open::Section(at) => self.document.sections.get_mut(*at),
            Open::Aside(section) => Some(section),
        }
    }

    fn problem(&mut self, line: u32, what: &str) {
        let problem = Problem {
            line,
            what: what.to_owned(),
        };
        if let Some(section) = self.section() {
            section.problems.push(problem);
        } else if matches!(self.open, Open::Start) {
            self.document.problems.push(problem);
        }
    }

    fn property(&mut self, line: &Line<'_>) {
        self.cursor = Cursor::Nowhere;
        match self.open {
            Open::Nowhere => return,
            Open::Start => return self.problem(line.number, "no section header above this line"),
            Open::Section(_) | Open::Aside(_) => {}
        }
        let text = as_text(line.text);
        let found = match key_value::split(&text) {
            Ok(found) => found,
            Err(what) => return self.problem(line.number, what),
        };
        let property = Property {
            key: found.key.to_ascii_lowercase(),
            value: found.value.to_owned(),
            line: line.number,
            nested: Vec::new(),
        };
        self.note_quirks(&property, found.commented);
        let opened_at = self.opened_at;
        let mut repeated = false;
        if let Some(section) = self.section() {
            let block = property.value.is_empty();
            let (at, earlier) = set(&mut section.properties, property);
            repeated = earlier.is_some_and(|line| line > opened_at);
            self.cursor = if block {
                Cursor::Block(at)
            } else {
                Cursor::Value(at)
            };
        }
        if repeated && self.select.is_all() {
            self.quirk(
                line.number,
                "the key appeared before in this section; the AWS CLI refuses the file",
            );
        }
    }

    fn continuation(&mut self, line: &Line<'_>) {
        let (at, block) = match self.cursor {
            Cursor::Start => {
                let what = match self.open {
                    Open::Start => "no section header above this line",
                    _ => "an indented line needs a property above it; the AWS CLI reads it as one",
                };
                return self.problem(line.number, what);
            }
            Cursor::Nowhere => return,
            Cursor::Value(at) => (at, false),
            Cursor::Block(at) => (at, true),
        };
        let text = as_text(line.text);
        let text = text.trim_matches(BLANKS);
        let mut nested = None;
        if block {
            match key_value::split_nested(text) {
                Ok(found) => nested = Some(found),
                Err(what) => return self.problem(line.number, what),
            }
        }
        if text.starts_with(COMMENT) {
            self.quirk(
                line.number,
                "an indented comment is a part of the value above; for the AWS CLI it is a comment",
            );
        }
        let section = self.section();
        if let Some(property) = section.and_then(|section| section.properties.get_mut(at)) {
            property.value.push('\n');
            property.value.push_str(text);
            if let Some(found) = nested {
                let nested = Property {
                    key: found.key.to_owned(),
                    value: found.value.to_owned(),
                    line: line.number,
                    nested: Vec::new(),
                };
                set(&mut property.nested, nested);
            }
        }
    }

    fn note_quirks(&mut self, property: &Property, commented: bool) {
        if !self.select.is_all() {
            return;
        }
        let line = property.line;
        if commented {
            self.quirk(line, "for the AWS CLI the comment is a part of the value");
        }
        if property.key.contains(':') {
            self.quirk(line, "the AWS CLI ends the key at the `:`");
        } else if !is_identifier(&property.key) {
            self.quirk(line, "AWS SDKs ignore a key with such characters");
        }
    }
}

/// Adds a property in the place of an earlier one of the same key, if there is one, and says
/// where it is now and in which line the earlier one was.
fn set(properties: &mut Vec<Property>, property: Property) -> (usize, Option<u32>) {
    let earlier = properties.iter().position(|old| old.key == property.key);
    match earlier.and_then(|at| properties.get_mut(at).map(|old| (at, old))) {
        Some((at, old)) => {
            let line = std::mem::replace(old, property).line;
            (at, Some(line))
        }
        None => {
            properties.push(property);
            (properties.len() - 1, None)
        }
    }
}
