//! Which sections a reader wants.
//!
//! The same answers serve the walk through a small file and the search through a large one, so
//! that the size of a file cannot change what is found in it.

use super::section_name::{contains_run, is_whole_run, longest_run};
use super::{Dialect, Kind};

pub(super) const SESSION_KEYWORD: &[u8] = b"sso-session";

#[derive(Clone, Copy, Debug)]
pub(super) enum Select<'a> {
    /// Every section, with quirks.
    All,
    /// The profile named and the sso-sessions.
    Only(Option<&'a str>),
}

impl Select<'_> {
    pub fn is_all(self) -> bool {
        matches!(self, Select::All)
    }

    pub fn wants(self, kind: Kind, name: &str) -> bool {
        match self {
            Select::All => true,
            Select::Only(profile) => match kind {
                Kind::Profile => profile == Some(name),
                Kind::SsoSession => true,
                Kind::Services => false,
            },
        }
    }

    /// Whether a header could begin a wanted section, or fail to. Needs no parsing.
    pub fn may_want(self, header: &[u8], dialect: Dialect) -> bool {
        match self {
            Select::All => true,
            Select::Only(profile) => {
                (dialect == Dialect::Config && begins_session(header))
                    || profile.is_some_and(|name| contains_run(header, longest_run(name)))
            }
        }
    }
}

/// The keyword in its place, and not the beginning of a longer word.
pub(super) fn begins_session(header: &[u8]) -> bool {
    let inside = header.strip_prefix(b"[").unwrap_or(header);
    let blanks = inside.iter().take_while(|byte| b" \t".contains(byte));
    let word = inside.get(blanks.count()..).unwrap_or_default();
    word.starts_with(SESSION_KEYWORD) && is_whole_run(word, 0, SESSION_KEYWORD.len())
}
