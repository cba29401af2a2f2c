//! What a config file says, as plain data: sections, problems and quirks.
//!
//! No meaning of keys here, and no precedence between files: that is profile resolution.

use super::Property;

/// What a section describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Profile,
    SsoSession,
    Services,
}

/// All sections of one kind and name, merged: later keys have won.
#[derive(Clone, Debug, PartialEq)]
pub struct Section {
    pub kind: Kind,
    pub name: String,
    /// The first header, counted from 1.
    pub line: u32,
    pub properties: Vec<Property>,
    /// Lines inside this section that were not taken.
    pub problems: Vec<Problem>,
}

/// A line from which nothing was taken, and why. Never quotes the line: it may hold a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub line: u32,
    pub what: String,
}

/// A line that was taken, and that another AWS tool reads differently or refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quirk {
    pub line: u32,
    pub what: String,
}

/// A file as read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document {
    /// Merged, in order of first appearance.
    pub sections: Vec<Section>,
    /// Problems outside the sections above, in order of lines.
    pub problems: Vec<Problem>,
    /// Collected by the full reader only.
    pub quirks: Vec<Quirk>,
}

impl Section {
    pub(super) fn new(kind: Kind, name: String, line: u32) -> Self {
        Section {
            kind,
            name,
            line,
            properties: Vec::new(),
            problems: Vec::new(),
        }
    }

    /// The property called `key`, in whatever case it is asked for.
    pub fn get(&self, key: &str) -> Option<&Property> {
        self.properties
            .iter()
            .find(|property| property.key.eq_ignore_ascii_case(key))
    }

    pub fn value(&self, key: &str) -> Option<&str> {
        self.get(key).map(|property| property.value.as_str())
    }
}

impl Document {
    pub fn profile(&self, name: &str) -> Option<&Section> {
        self.find(Kind::Profile, name)
    }

    pub fn session(&self, name: &str) -> Option<&Section> {
        self.find(Kind::SsoSession, name)
    }

    pub fn services(&self, name: &str) -> Option<&Section> {
        self.find(Kind::Services, name)
    }

    pub fn profiles(&self) -> impl Iterator<Item = &Section> {
        self.of_kind(Kind::Profile)
    }

    pub fn sessions(&self) -> impl Iterator<Item = &Section> {
        self.of_kind(Kind::SsoSession)
    }

    fn find(&self, kind: Kind, name: &str) -> Option<&Section> {
        self.of_kind(kind).find(|section| section.name == name)
    }

    fn of_kind(&self, kind: Kind) -> impl Iterator<Item = &Section> {
        self.sections
            .iter()
            .filter(move |section| section.kind == kind)
    }
}
