//! Builds a document from lines: merges sections and joins continuation lines to their property.
//!
//! Both readers use it, each with its own [`SectionFilter`].

use super::document::{Diagnostic, Dialect, Document, Property, Section, SectionKind};
use super::header::{Header, SectionHeader, parse_header};
use super::key_value;
use super::lines::{BLANKS, COMMENT_STARTS, ConfigLine, LineClass, to_text};
use super::section_filter::SectionFilter;
use super::section_name::is_identifier;
use crate::domain::sort::sort_by;
use std::collections::BTreeMap;

/// Quirk of a line whose value includes white space.
pub const ODD_SPACE: &str =
    "a no-break space or other white space is a part of the value; for the AWS CLI it is not";

/// A document under construction.
pub(super) struct DocumentBuilder<'a> {
    dialect: Dialect,
    filter: SectionFilter<'a>,
    document: Document,
    /// Index of each section in the document, so that merging does not search it.
    index: BTreeMap<(u8, String), usize>,
    open: OpenSection,
    continued: ContinuedProperty,
    /// Line of the last header. A second value of a key after it repeats the key within one
    /// section; one before it belongs to a merged section.
    header_line: u32,
    /// Whether `[profile default]` was read, so that `[default]` is ignored.
    default_outranked: bool,
}

/// Section that properties are added to.
enum OpenSection {
    /// No header was read yet.
    BeforeFirst,
    /// Properties are skipped: the header is malformed or the filter excludes the section.
    Skipped,
    /// Index of the section in the document.
    Kept(usize),
    /// The section is left out but checked, because a malformed line in it still makes SDKs
    /// refuse the file.
    Checked(Section),
}

/// Property that continuation lines are added to.
#[derive(Clone, Copy)]
enum ContinuedProperty {
    /// The section has no property yet.
    None,
    /// The property above was skipped.
    Skipped,
    /// Index of the property. Sub-properties follow a block, which has no value.
    Kept { at: usize, is_block: bool },
}

impl<'a> DocumentBuilder<'a> {
    pub fn new(dialect: Dialect, filter: SectionFilter<'a>) -> Self {
        DocumentBuilder {
            dialect,
            filter,
            document: Document::default(),
            index: BTreeMap::new(),
            open: OpenSection::BeforeFirst,
            continued: ContinuedProperty::None,
            header_line: 0,
            default_outranked: false,
        }
    }

    /// Returns `true` if all lines up to the next header are skipped.
    pub fn is_skipping(&self) -> bool {
        !self.filter.is_all() && !matches!(self.open, OpenSection::Kept(_))
    }

    pub fn add_line(&mut self, line: &ConfigLine<'_>) {
        match line.class {
            LineClass::Header => self.add_header(line),
            LineClass::Blank | LineClass::Comment => {}
            _ if self.is_skipping() => {}
            _ if line.too_long => {
                self.continued = ContinuedProperty::Skipped;
                self.add_problem(line.number, "the line is too long and was not read");
            }
            LineClass::Continuation => self.add_continuation(line),
            LineClass::Property => self.add_property(line),
        }
    }

    /// Adds a quirk, unless the filter leaves out quirks.
    pub fn add_quirk(&mut self, line: u32, what: &str) {
        if self.filter.is_all() {
            self.document.quirks.push(diagnostic(line, what));
        }
    }

    pub fn finish(mut self) -> Document {
        self.close();
        sort_by(&mut self.document.problems, |a, b| a.line.cmp(&b.line));
        sort_by(&mut self.document.quirks, |a, b| a.line.cmp(&b.line));
        self.document
    }

    fn add_header(&mut self, line: &ConfigLine<'_>) {
        self.close();
        self.header_line = line.number;
        if line.too_long {
            if self.filter.is_all() {
                let what = "the section header is too long and was not read";
                self.document.problems.push(diagnostic(line.number, what));
            }
            return;
        }
        // Most headers do not contain the name, and this search is cheaper than parsing.
        if !self.filter.may_match(line.text, self.dialect) {
            return;
        }
        match parse_header(line.text, self.dialect) {
            Header::Section(header) => {
                if self.filter.matches(header.kind, &header.name) {
                    if let Some(what) = header.quirk {
                        self.add_quirk(line.number, what);
                    }
                    self.open_section(header);
                }
            }
            Header::Foreign => self.open_checked(),
            Header::Malformed(what) => {
                self.document.problems.push(diagnostic(line.number, &what));
            }
        }
    }

    fn close(&mut self) {
        self.continued = ContinuedProperty::None;
        if let OpenSection::Checked(section) =
            std::mem::replace(&mut self.open, OpenSection::Skipped)
        {
            self.document.problems.extend(section.problems);
        }
    }

    /// Opens a section that is checked and left out.
    fn open_checked(&mut self) {
        if self.filter.is_all() {
            let section = Section::new(SectionKind::Profile, String::new(), self.header_line);
            self.open = OpenSection::Checked(section);
        }
    }

    /// Opens a section that is new or is merged with an earlier one.
    fn open_section(&mut self, header: SectionHeader) {
        let SectionHeader {
            kind,
            name,
            prefixed,
            ..
        } = header;
        let is_default =
            self.dialect == Dialect::Config && kind == SectionKind::Profile && name == "default";
        if is_default && !prefixed && self.default_outranked {
            self.add_quirk(
                self.header_line,
                "`[profile default]` replaces this section; for the AWS CLI the later one does",
            );
            self.open_checked();
            return;
        }
        let outranks_default = is_default && prefixed && !self.default_outranked;
        self.default_outranked |= outranks_default;
        let next = self.document.sections.len();
        let at = *self.index.entry((kind as u8, name.clone())).or_insert(next);
        self.open = OpenSection::Kept(at);
        match self.document.sections.get_mut(at) {
            None => {
                let section = Section::new(kind, name, self.header_line);
                self.document.sections.push(section);
            }
            Some(replaced) if outranks_default => {
                let line = std::mem::replace(&mut replaced.line, self.header_line);
                replaced.properties.clear();
                self.document.problems.append(&mut replaced.problems);
                self.add_quirk(line, "`[profile default]` below replaces this section");
            }
            Some(_) => self.add_quirk(
                self.header_line,
                "the section appeared before and is merged; the AWS CLI refuses the file",
            ),
        }
    }

    fn open_section_mut(&mut self) -> Option<&mut Section> {
        match &mut self.open {
            OpenSection::BeforeFirst | OpenSection::Skipped => None,
            OpenSection::Kept(at) => self.document.sections.get_mut(*at),
            OpenSection::Checked(section) => Some(section),
        }
    }

    fn add_problem(&mut self, line: u32, what: &str) {
        let problems = match &mut self.open {
            OpenSection::BeforeFirst => Some(&mut self.document.problems),
            _ => self.open_section_mut().map(|section| &mut section.problems),
        };
        if let Some(problems) = problems {
            problems.push(diagnostic(line, what));
        }
    }

    fn add_property(&mut self, line: &ConfigLine<'_>) {
        self.continued = ContinuedProperty::Skipped;
        match self.open {
            OpenSection::Skipped => return,
            OpenSection::BeforeFirst => {
                return self.add_problem(line.number, "no section header above this line");
            }
            OpenSection::Kept(_) | OpenSection::Checked(_) => {}
        }
        let text = to_text(line.text);
        let found = match key_value::parse(&text) {
            Ok(found) => found,
            Err(what) => return self.add_problem(line.number, what),
        };
        let key = found.key.to_ascii_lowercase();
        let property = new_property(key, found.value, line.number);
        if found.had_comment {
            self.add_quirk(
                line.number,
                "for the AWS CLI the comment is a part of the value",
            );
        }
        if has_odd_space(&property) {
            self.add_quirk(line.number, ODD_SPACE);
        }
        if property.key.contains(':') {
            self.add_quirk(line.number, "the AWS CLI ends the key at the `:`");
        } else if self.filter.is_all() && !is_identifier(&property.key) {
            self.add_quirk(line.number, "AWS SDKs ignore a key with such characters");
        }
        let Some(section) = self.open_section_mut() else {
            return;
        };
        let is_block = property.value.is_empty();
        let (at, earlier) = set_property(&mut section.properties, property);
        self.continued = ContinuedProperty::Kept { at, is_block };
        if earlier.is_some_and(|earlier| earlier > self.header_line) {
            self.add_quirk(
                line.number,
                "the key appeared before in this section; the AWS CLI refuses the file",
            );
        }
    }

    fn add_continuation(&mut self, line: &ConfigLine<'_>) {
        let (at, is_block) = match self.continued {
            ContinuedProperty::None => {
                let what = match self.open {
                    OpenSection::BeforeFirst => "no section header above this line",
                    _ => "an indented line needs a property above it; the AWS CLI reads it as one",
                };
                return self.add_problem(line.number, what);
            }
            ContinuedProperty::Skipped => return,
            ContinuedProperty::Kept { at, is_block } => (at, is_block),
        };
        let text = to_text(line.text);
        let text = text.trim_matches(BLANKS);
        let nested = match is_block.then(|| key_value::parse_nested(text)).transpose() {
            Ok(nested) => nested,
            Err(what) => return self.add_problem(line.number, what),
        };
        if text.starts_with(COMMENT_STARTS) {
            self.add_quirk(
                line.number,
                "an indented comment is a part of the value above; for the AWS CLI it is a comment",
            );
        }
        let section = self.open_section_mut();
        if let Some(property) = section.and_then(|section| section.properties.get_mut(at)) {
            property.value.push('\n');
            property.value.push_str(text);
            if let Some(found) = nested {
                let key = found.key.to_owned();
                let nested = new_property(key, found.value, line.number);
                set_property(&mut property.nested, nested);
            }
        }
    }
}

/// Returns `true` if the value begins or ends with other white space than blanks, such as the
/// no-break space of a text that was copied from a web page.
fn has_odd_space(property: &Property) -> bool {
    property.value.trim().len() != property.value.len()
}

fn diagnostic(line: u32, what: &str) -> Diagnostic {
    let what = what.to_owned();
    Diagnostic { line, what }
}

fn new_property(key: String, value: &str, line: u32) -> Property {
    Property {
        key,
        value: value.to_owned(),
        line,
        nested: Vec::new(),
    }
}

/// Adds a property, or replaces the one with the same key. Returns its index, and the line of
/// the replaced one.
fn set_property(properties: &mut Vec<Property>, property: Property) -> (usize, Option<u32>) {
    let mut known = properties.iter_mut().enumerate();
    match known.find(|(_, known)| known.key == property.key) {
        Some((at, known)) => (at, Some(std::mem::replace(known, property).line)),
        None => {
            properties.push(property);
            (properties.len() - 1, None)
        }
    }
}
