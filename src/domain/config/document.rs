//! The content of a config file as data: sections, properties, problems and quirks.
//!
//! The meaning of keys and the precedence between files belong to `domain::target`.

use std::fmt;

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
    SsoSession,
    Services,
}

/// All sections of one kind and name, merged. The last value of a key counts.
#[derive(Clone, Debug, PartialEq)]
pub struct Section {
    pub kind: SectionKind,
    /// Name without the prefix, unquoted.
    pub name: String,
    /// One-based line of the first header.
    pub line: u32,
    /// Properties in the order of first appearance.
    pub properties: Vec<Property>,
    /// Malformed lines inside this section, which were skipped.
    pub problems: Vec<Diagnostic>,
}

/// A key, its value and, if the value is a block, its sub-properties.
#[derive(Clone, PartialEq)]
pub struct Property {
    /// Key in lower case; the key of a sub-property is kept as written.
    pub key: String,
    /// Trimmed value. Continuation lines, and the lines of a block, follow after `\n` each.
    pub value: String,
    /// One-based line.
    pub line: u32,
    /// Sub-properties: the indented lines below a key without a value.
    pub nested: Vec<Property>,
}

/// A remark about a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// One-based line.
    pub line: u32,
    /// Reason. It never quotes the line, which may hold a secret.
    pub what: String,
}

/// Content of a file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document {
    /// Merged sections in the order of first appearance.
    pub sections: Vec<Section>,
    /// Malformed lines outside these sections, which were skipped, by line.
    pub problems: Vec<Diagnostic>,
    /// Lines that were read, and that another AWS tool reads differently or refuses, by line.
    /// Only [`super::read`] collects them.
    pub quirks: Vec<Diagnostic>,
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
        let mut properties = self.properties.iter();
        properties.find(|property| property.key.eq_ignore_ascii_case(key))
    }

    /// Returns the value of this key, ignoring case.
    pub fn value(&self, key: &str) -> Option<&str> {
        Some(&self.get(key)?.value)
    }
}

impl Document {
    pub fn profile(&self, name: &str) -> Option<&Section> {
        self.find(SectionKind::Profile, name)
    }

    pub fn session(&self, name: &str) -> Option<&Section> {
        self.find(SectionKind::SsoSession, name)
    }

    pub fn services(&self, name: &str) -> Option<&Section> {
        self.find(SectionKind::Services, name)
    }

    pub fn profiles(&self) -> impl Iterator<Item = &Section> {
        self.sections_of(SectionKind::Profile)
    }

    pub fn sessions(&self) -> impl Iterator<Item = &Section> {
        self.sections_of(SectionKind::SsoSession)
    }

    fn find(&self, kind: SectionKind, name: &str) -> Option<&Section> {
        self.sections_of(kind).find(|section| section.name == name)
    }

    fn sections_of(&self, kind: SectionKind) -> impl Iterator<Item = &Section> {
        let sections = self.sections.iter();
        sections.filter(move |section| section.kind == kind)
    }
}

/// Keys whose values may appear in logs and panics. All others are hidden, because a list of
/// secret keys would always lack the next one.
const PUBLIC_KEYS: [&str; 14] = [
    "sso_account_id",
    "sso_region",
    "sso_registration_scopes",
    "sso_role_name",
    "sso_session",
    "sso_start_url",
    "region",
    "output",
    "role_arn",
    "source_profile",
    "credential_source",
    "services",
    "use_fips_endpoint",
    "use_dualstack_endpoint",
];

impl fmt::Debug for Property {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A stray indented line belongs to the value above it, so a value of several lines may
        // hold anything.
        let is_public = PUBLIC_KEYS.contains(&self.key.as_str()) && !self.value.contains('\n');
        let value = if is_public { &self.value } else { "(hidden)" };
        f.debug_struct("Property")
            .field("key", &self.key)
            .field("value", &value)
            .field("line", &self.line)
            .field("nested", &self.nested)
            .finish()
    }
}
