//! Selects the sections that a reader returns.
//!
//! The line-by-line reading of a small file and the substring search in a large one use the same
//! functions, so the size of a file cannot change the result.

use super::document::{Dialect, SectionKind};
use super::section_name::{contains_run, is_whole_run, longest_run};

pub(super) const SESSION_KEYWORD: &[u8] = b"sso-session";

/// Sections to return.
#[derive(Clone, Copy, Debug)]
pub(super) enum SectionFilter<'a> {
    /// All sections, and the quirks of the file.
    All,
    /// All sso-sessions and at most one profile, given by name.
    Profile(Option<&'a str>),
}

impl SectionFilter<'_> {
    pub fn is_all(self) -> bool {
        matches!(self, SectionFilter::All)
    }

    /// Returns `true` if the section is to be returned.
    pub fn matches(self, kind: SectionKind, name: &str) -> bool {
        match (self, kind) {
            (SectionFilter::All, _) | (_, SectionKind::SsoSession) => true,
            (SectionFilter::Profile(profile), SectionKind::Profile) => profile == Some(name),
            (SectionFilter::Profile(_), SectionKind::Services) => false,
        }
    }

    /// Returns `true` if the header line, which is not parsed, may belong to a section to return
    /// or be a malformed header of one.
    pub fn may_match(self, header: &[u8], dialect: Dialect) -> bool {
        match self {
            SectionFilter::All => true,
            SectionFilter::Profile(profile) => {
                (dialect == Dialect::Config && is_session_header(header))
                    || profile.is_some_and(|name| contains_run(header, longest_run(name)))
            }
        }
    }
}

/// Returns `true` if the first word of a header line is `sso-session`.
pub(super) fn is_session_header(header: &[u8]) -> bool {
    let inside = header.strip_prefix(b"[").unwrap_or(header);
    let blanks = inside.iter().take_while(|byte| b" \t".contains(byte));
    let word = inside.get(blanks.count()..).unwrap_or_default();
    word.starts_with(SESSION_KEYWORD) && is_whole_run(word, 0, SESSION_KEYWORD.len())
}
