//! The content of a config file as data: sections, problems and quirks.
//!
//! The meaning of keys and the precedence between files belong to `domain::target`.

use super::property::Property;

/// Syntax of a file: sections are named differently in the two files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// `~/.aws/config`: `[default]`, `[profile x]`, `[sso-session x]`, `[services x]`.
    Config,
    /// `~/.aws/credentials`: every section is a profile.
    Credentials,
}

/// Type of a section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SectionKind {
    /// `[profile x]`, `[default]`, or any section of the credentials file.
    Profile,
    /// `[sso-session x]`
    SsoSession,
    /// `[services x]`
    Services,
}

/// All sections of one kind and name, merged. The last value of a key counts.
#[derive(Clone, Debug, PartialEq)]
pub struct Section {
    /// Type of the section.
    pub kind: SectionKind,
    /// Name without the prefix, unquoted.
    pub name: String,
    /// One-based line of the first header.
    pub line: u32,
    /// Properties in the order of first appearance.
    pub properties: Vec<Property>,
    /// Malformed lines inside this section.
    pub problems: Vec<Problem>,
}

/// A line that was skipped because it is malformed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// One-based line.
    pub line: u32,
    /// Reason. It never quotes the line, which may hold a secret.
    pub what: String,
}

/// A line that was read, and that another AWS tool reads differently or refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quirk {
    /// One-based line.
    pub line: u32,
    /// Difference to the other tool.
    pub what: String,
}

/// Content of a file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document {
    /// Merged sections in the order of first appearance.
    pub sections: Vec<Section>,
    /// Problems outside these sections, by line.
    pub problems: Vec<Problem>,
    /// Quirks by line; only [`super::read`] collects them.
    pub quirks: Vec<Quirk>,
}

impl Section {
    pub(super) fn new(kind: SectionKind, name: String, line: u32) -> Self {
        Section {
            kind,
            name,
            line,
            properties: Vec::new(),
            problems: Vec::new(),
        }
    }

    /// Returns the property with this key, ignoring case.
    pub fn get(&self, key: &str) -> Option<&Property> {
        self.properties
            .iter()
            .find(|property| property.key.eq_ignore_ascii_case(key))
    }

    /// Returns the value of this key, ignoring case.
    pub fn value(&self, key: &str) -> Option<&str> {
        self.get(key).map(|property| property.value.as_str())
    }
}

impl Document {
    /// Returns the profile of this name.
    pub fn profile(&self, name: &str) -> Option<&Section> {
        self.find(SectionKind::Profile, name)
    }

    /// Returns the sso-session of this name.
    pub fn session(&self, name: &str) -> Option<&Section> {
        self.find(SectionKind::SsoSession, name)
    }

    /// Returns the services section of this name.
    pub fn services(&self, name: &str) -> Option<&Section> {
        self.find(SectionKind::Services, name)
    }

    /// Returns all profiles.
    pub fn profiles(&self) -> impl Iterator<Item = &Section> {
        self.sections_of(SectionKind::Profile)
    }

    /// Returns all sso-sessions.
    pub fn sessions(&self) -> impl Iterator<Item = &Section> {
        self.sections_of(SectionKind::SsoSession)
    }

    fn find(&self, kind: SectionKind, name: &str) -> Option<&Section> {
        self.sections_of(kind).find(|section| section.name == name)
    }

    fn sections_of(&self, kind: SectionKind) -> impl Iterator<Item = &Section> {
        self.sections
            .iter()
            .filter(move |section| section.kind == kind)
    }
}
