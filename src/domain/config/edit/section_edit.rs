//! Requested edits of a config file.

use crate::domain::config::document::SectionKind;
use std::borrow::Cow;

/// An edit of one section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SectionEdit<'a> {
    /// Type of the section.
    pub kind: SectionKind,
    /// Name of the section.
    pub name: Cow<'a, str>,
    /// Change of its keys, or its removal.
    pub change: SectionChange<'a>,
}

/// A change of a section.
#[derive(Clone, PartialEq, Eq)]
pub enum SectionChange<'a> {
    /// Sets keys to values; new keys are added in this order. A missing section is added.
    Set(Vec<(Cow<'a, str>, Cow<'a, str>)>),
    /// Removes keys. A missing key or section is no error.
    Unset(Vec<Cow<'a, str>>),
    /// Removes the section with all its lines.
    Remove,
}

impl<'a> SectionEdit<'a> {
    /// Sets keys of a section.
    pub fn set<K, V>(
        kind: SectionKind,
        name: impl Into<Cow<'a, str>>,
        keys: impl IntoIterator<Item = (K, V)>,
    ) -> SectionEdit<'a>
    where
        K: Into<Cow<'a, str>>,
        V: Into<Cow<'a, str>>,
    {
        let keys = keys.into_iter();
        let keys = keys.map(|(key, value)| (key.into(), value.into()));
        SectionEdit::new(kind, name, SectionChange::Set(keys.collect()))
    }

    /// Removes keys of a section.
    pub fn unset<K: Into<Cow<'a, str>>>(
        kind: SectionKind,
        name: impl Into<Cow<'a, str>>,
        keys: impl IntoIterator<Item = K>,
    ) -> SectionEdit<'a> {
        let keys = keys.into_iter().map(Into::into);
        SectionEdit::new(kind, name, SectionChange::Unset(keys.collect()))
    }

    /// Removes a section.
    pub fn remove(kind: SectionKind, name: impl Into<Cow<'a, str>>) -> SectionEdit<'a> {
        SectionEdit::new(kind, name, SectionChange::Remove)
    }

    fn new(
        kind: SectionKind,
        name: impl Into<Cow<'a, str>>,
        change: SectionChange<'a>,
    ) -> SectionEdit<'a> {
        let name = name.into();
        SectionEdit { kind, name, change }
    }

    /// Copies the borrowed texts.
    pub fn into_owned(self) -> SectionEdit<'static> {
        let own = |text: Cow<'a, str>| Cow::Owned(text.into_owned());
        SectionEdit {
            kind: self.kind,
            name: own(self.name),
            change: match self.change {
                SectionChange::Set(keys) => {
                    let keys = keys.into_iter();
                    SectionChange::Set(keys.map(|(key, value)| (own(key), own(value))).collect())
                }
                SectionChange::Unset(keys) => {
                    SectionChange::Unset(keys.into_iter().map(own).collect())
                }
                SectionChange::Remove => SectionChange::Remove,
            },
        }
    }
}

impl std::fmt::Debug for SectionChange<'_> {
    /// Prints keys without values, which may be secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            SectionChange::Set(keys) => {
                let keys = keys.iter().map(|(key, _)| key);
                f.debug_list().entries(keys).finish()
            }
            SectionChange::Unset(keys) => f.debug_tuple("Unset").field(keys).finish(),
            SectionChange::Remove => f.write_str("Remove"),
        }
    }
}
