//! The lossless editor: sets and removes keys and sections, and leaves every other byte alone.
//!
//! Where a key is changed follows from the readers: sections of one name are one section, later
//! keys win, `[profile default]` outranks `[default]`. So a key that appears several times is set
//! where it counts and removed wherever it stands, and for every text and every list of edits
//! reading what was edited gives what was read, edited.
//!
//! Nothing here opens a file, and nothing decides what belongs into one: that a name, a key or a
//! value can be carried by every AWS tool is all that is asked of it.

mod diff;
mod parts;
mod splice;
mod wish;

use super::Kind;
use crate::error::Result;

/// What is to become of one section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// Of this kind,
    pub kind: Kind,
    /// and of this name.
    pub name: String,
    /// What happens to it.
    pub change: Change,
}

/// A change of a section.
#[derive(Clone, PartialEq, Eq)]
pub enum Change {
    /// Sets keys to values, in the order in which new ones are to stand. A section that is not
    /// there is made.
    Set(Vec<(String, String)>),
    /// Removes keys. Neither they nor the section need to be there.
    Unset(Vec<String>),
    /// Removes the section with everything in it.
    Remove,
}

/// A text after its edits.
#[derive(Clone, PartialEq, Eq)]
pub struct Edited {
    /// The whole text.
    pub bytes: Vec<u8>,
    steps: Vec<splice::Step>,
}

impl Edit {
    /// Keys of a section, set.
    pub fn set<K, V>(kind: Kind, name: &str, keys: impl IntoIterator<Item = (K, V)>) -> Edit
    where
        K: Into<String>,
        V: Into<String>,
    {
        let keys = keys.into_iter();
        let keys = keys.map(|(key, value)| (key.into(), value.into()));
        Edit::new(kind, name, Change::Set(keys.collect()))
    }

    /// Keys of a section, removed.
    pub fn unset<K: Into<String>>(
        kind: Kind,
        name: &str,
        keys: impl IntoIterator<Item = K>,
    ) -> Edit {
        let keys = keys.into_iter().map(Into::into);
        Edit::new(kind, name, Change::Unset(keys.collect()))
    }

    /// A section, removed.
    pub fn remove(kind: Kind, name: &str) -> Edit {
        Edit::new(kind, name, Change::Remove)
    }

    fn new(kind: Kind, name: &str, change: Change) -> Edit {
        let name = name.to_owned();
        Edit { kind, name, change }
    }
}

impl std::fmt::Debug for Edited {
    /// The steps alone: the text may have secrets in it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(&self.steps).finish()
    }
}

impl std::fmt::Debug for Change {
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
pub fn edit(text: &[u8], edits: &[Edit]) -> Result<Edited> {
    let wishes = wish::Wishes::of(edits)?;
    let parts = parts::Parts::of(text, &wishes);
    splice::apply(text, &wishes, &parts)
}

impl Edited {
    /// Whether any byte differs.
    pub fn is_changed(&self) -> bool {
        self.steps
            .iter()
            .any(|step| !matches!(step, splice::Step::Keep(_)))
    }

    /// The changes in the unified form, `before` being the text that was edited.
    pub fn diff(&self, before: &[u8]) -> String {
        diff::unified(before, &self.bytes, &self.steps)
    }
}

/// Whether every AWS tool sees a profile or an sso-session of this name; if not, why.
pub fn refuse_name(kind: Kind, name: &str) -> Option<String> {
    wish::refuse_name(kind, name)
}
