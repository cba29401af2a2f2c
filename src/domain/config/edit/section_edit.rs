//! Requested edits of a config file.

use crate::domain::config::document::SectionKind;

/// An edit of one section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SectionEdit {
    pub kind: SectionKind,
    pub name: String,
    pub change: SectionChange,
}

/// A change of a section.
#[derive(Clone, PartialEq, Eq)]
pub enum SectionChange {
    /// Sets keys to values; new keys are added in this order. A missing section is added.
    Set(Vec<(String, String)>),
    /// Removes keys. A missing key or section is no error.
    Unset(Vec<String>),
    /// Removes the section with all its lines.
    Remove,
}

impl SectionEdit {
    pub fn set<K: Into<String>, V: Into<String>>(
        kind: SectionKind,
        name: impl Into<String>,
        keys: impl IntoIterator<Item = (K, V)>,
    ) -> SectionEdit {
        let keys = keys.into_iter();
        let keys = keys.map(|(key, value)| (key.into(), value.into()));
        SectionEdit {
            kind,
            name: name.into(),
            change: SectionChange::Set(keys.collect()),
        }
    }

    pub fn unset<K: Into<String>>(
        kind: SectionKind,
        name: impl Into<String>,
        keys: impl IntoIterator<Item = K>,
    ) -> SectionEdit {
        SectionEdit {
            kind,
            name: name.into(),
            change: SectionChange::Unset(keys.into_iter().map(Into::into).collect()),
        }
    }

    pub fn remove(kind: SectionKind, name: impl Into<String>) -> SectionEdit {
        SectionEdit {
            kind,
            name: name.into(),
            change: SectionChange::Remove,
        }
    }
}

impl std::fmt::Debug for SectionChange {
    /// Prints keys without values, which may be secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            SectionChange::Set(keys) => {
                f.debug_list().entries(keys.iter().map(|it| &it.0)).finish()
            }
            SectionChange::Unset(keys) => f.debug_tuple("Unset").field(keys).finish(),
            SectionChange::Remove => f.write_str("Remove"),
        }
    }
}
