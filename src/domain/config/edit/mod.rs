//! The lossless editor: sets and removes keys and sections, and leaves every other byte alone.
//!
//! Where a key is changed follows from the readers: sections of one name are one section, later
//! keys win, `[profile default]` outranks `[default]`. So a key that appears several times is set
//! where it counts and removed wherever it stands, and for every text and every list of edits
//! reading what was edited gives what was read, edited.
//!
//! Nothing here opens a file, and nothing decides what belongs into one: that a name, a key or a
//! value can be carried by every AWS tool is all that is asked of it.

mod changes;
mod diff;
mod render;
mod sections;

use super::Kind;
use crate::error::Result;
use std::borrow::Cow;

/// What is to become of one section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit<'a> {
    /// Of this kind,
    pub kind: Kind,
    /// and of this name.
    pub name: Cow<'a, str>,
    /// What happens to it.
    pub change: Change<'a>,
}

/// A change of a section.
#[derive(Clone, PartialEq, Eq)]
pub enum Change<'a> {
    /// Sets keys to values, in the order in which new ones are to stand. A section that is not
    /// there is made.
    Set(Vec<(Cow<'a, str>, Cow<'a, str>)>),
    /// Removes keys. Neither they nor the section need to be there.
    Unset(Vec<Cow<'a, str>>),
    /// Removes the section with everything in it.
    Remove,
}

/// A text after its edits.
#[derive(Clone, PartialEq, Eq)]
pub struct Edited {
    /// The whole text.
    pub bytes: Vec<u8>,
    steps: Vec<render::Step>,
}

impl<'a> Edit<'a> {
    /// Keys of a section, set.
    pub fn set<K, V>(
        kind: Kind,
        name: impl Into<Cow<'a, str>>,
        keys: impl IntoIterator<Item = (K, V)>,
    ) -> Edit<'a>
    where
        K: Into<Cow<'a, str>>,
        V: Into<Cow<'a, str>>,
    {
        let keys = keys.into_iter();
        let keys = keys.map(|(key, value)| (key.into(), value.into()));
        Edit::new(kind, name, Change::Set(keys.collect()))
    }

    /// Keys of a section, removed.
    pub fn unset<K: Into<Cow<'a, str>>>(
        kind: Kind,
        name: impl Into<Cow<'a, str>>,
        keys: impl IntoIterator<Item = K>,
    ) -> Edit<'a> {
        let keys = keys.into_iter().map(Into::into);
        Edit::new(kind, name, Change::Unset(keys.collect()))
    }

    /// A section, removed.
    pub fn remove(kind: Kind, name: impl Into<Cow<'a, str>>) -> Edit<'a> {
        Edit::new(kind, name, Change::Remove)
    }

    fn new(kind: Kind, name: impl Into<Cow<'a, str>>, change: Change<'a>) -> Edit<'a> {
        let name = name.into();
        Edit { kind, name, change }
    }

    /// The same with texts of its own.
    pub fn into_owned(self) -> Edit<'static> {
        let own = |text: Cow<'a, str>| Cow::Owned(text.into_owned());
        Edit {
            kind: self.kind,
            name: own(self.name),
            change: match self.change {
                Change::Set(keys) => {
                    let keys = keys.into_iter();
                    Change::Set(keys.map(|(key, value)| (own(key), own(value))).collect())
                }
                Change::Unset(keys) => Change::Unset(keys.into_iter().map(own).collect()),
                Change::Remove => Change::Remove,
            },
        }
    }
}

impl std::fmt::Debug for Edited {
    /// The steps alone: the text may have secrets in it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(&self.steps).finish()
    }
}

impl std::fmt::Debug for Change<'_> {
    /// The keys alone: a value may be a secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Change::Set(keys) => {
                let keys = keys.iter().map(|(key, _)| key);
                f.debug_list().entries(keys).finish()
            }
            Change::Unset(keys) => f.debug_tuple("Unset").field(keys).finish(),
            Change::Remove => f.write_str("Remove"),
        }
    }
}

/// Edits the text of a config file. The edits count one after another; what a key or a section
/// has already is nothing to do, and then the bytes are the same.
pub fn edit(text: &[u8], edits: &[Edit<'_>]) -> Result<Edited> {
    let wishes = changes::Wishes::of(edits)?;
    let parts = sections::Parts::of(text, &wishes);
    render::apply(text, &wishes, &parts)
}

impl Edited {
    /// Whether any byte differs.
    pub fn is_changed(&self) -> bool {
        self.steps
            .iter()
            .any(|step| !matches!(step, render::Step::Keep(_)))
    }

    /// The changes in the unified form, `before` being the text that was edited.
    pub fn diff(&self, before: &[u8]) -> String {
        diff::unified(before, &self.bytes, &self.steps)
    }
}

/// Whether every AWS tool sees a profile or an sso-session of this name; if not, why.
pub fn refuse_name(kind: Kind, name: &str) -> Option<String> {
    changes::refuse_name(kind, name)
}
