//! Finds header lines that may belong to a section to return, in a piece made of whole lines.
//!
//! In a large file a substring search does it: nothing is split into lines, and only lines with a
//! match are examined. The builder parses the headers that are found.

use super::document::Dialect;
use super::lines::{length_through, line_length, line_start};
use super::section_filter::{SESSION_KEYWORD, SectionFilter};
use super::section_name::{is_whole_run, longest_run};
use memchr::memmem::Finder;

/// Minimum length for a substring search. A shorter run matches everywhere, and examining every
/// header is cheaper.
const MIN_RUN_LENGTH: usize = 3;

/// Search for the headers of one profile and of all sso-sessions.
pub(super) enum HeaderSearch<'a> {
    /// Examines every header. Also used for small files: preparing a substring search asks the
    /// processor for its features, which takes microseconds per question on a virtual machine.
    EveryHeader(SectionFilter<'a>, Dialect),
    /// Searches for the profile's name and for the keyword of sso-sessions.
    Substrings(Vec<Needle<'a>>),
}

/// A substring to search for.
pub(super) struct Needle<'a> {
    finder: Finder<'a>,
    length: usize,
    next: NextHeader,
}

/// Start of the next header line with the substring.
#[derive(Clone, Copy)]
enum NextHeader {
    /// Not searched yet.
    Unknown,
    At(usize),
    /// Not in the rest of the piece.
    None,
}

impl<'a> HeaderSearch<'a> {
    /// Prepares the search for a small file.
    pub fn in_small_file(dialect: Dialect, profile: Option<&'a str>) -> Self {
        HeaderSearch::EveryHeader(SectionFilter::Profile(profile), dialect)
    }

    /// Prepares the search for a large file.
    pub fn in_large_file(dialect: Dialect, profile: Option<&'a str>) -> Self {
        let run = profile.map(longest_run);
        if run.is_some_and(|run| run.len() < MIN_RUN_LENGTH) {
            return HeaderSearch::in_small_file(dialect, profile);
        }
        let keyword = (dialect == Dialect::Config).then_some(SESSION_KEYWORD);
        HeaderSearch::Substrings(keyword.into_iter().chain(run).map(Needle::new).collect())
    }

    /// Forgets the positions in the last piece, before the first search in the next one.
    pub fn start_piece(&mut self) {
        if let HeaderSearch::Substrings(needles) = self {
            for needle in needles {
                needle.next = NextHeader::Unknown;
            }
        }
    }

    /// Returns the start of the first header line at or after `from`, which must be the start of
    /// a line.
    pub fn find(&mut self, bytes: &[u8], from: usize) -> Option<usize> {
        match self {
            HeaderSearch::EveryHeader(filter, dialect) => {
                find_header(bytes, from, *filter, *dialect)
            }
            HeaderSearch::Substrings(needles) => needles
                .iter_mut()
                .filter_map(|needle| needle.find_cached(bytes, from))
                .min(),
        }
    }
}

fn find_header(
    bytes: &[u8],
    mut from: usize,
    filter: SectionFilter<'_>,
    dialect: Dialect,
) -> Option<usize> {
    loop {
        let rest = bytes.get(from..).filter(|rest| !rest.is_empty())?;
        let start = from + length_through(rest, b'[') - 1;
        let before = start.checked_sub(1).and_then(|before| bytes.get(before));
        from = start + 1;
        if bytes.get(start) == Some(&b'[') && before.is_none_or(|&byte| byte == b'\n') {
            let header = bytes.get(start..)?;
            let length = line_length(header);
            if filter.may_match(header.get(..length)?, dialect) {
                return Some(start);
            }
            from = start + length;
        }
    }
}

impl<'a> Needle<'a> {
    fn new(run: &'a [u8]) -> Self {
        Needle {
            finder: Finder::new(run),
            length: run.len(),
            next: NextHeader::Unknown,
        }
    }

    /// Returns the next header line, and searches only if the last result is before `from`.
    fn find_cached(&mut self, bytes: &[u8], from: usize) -> Option<usize> {
        let found = match self.next {
            NextHeader::None => None,
            NextHeader::At(at) if at >= from => Some(at),
            NextHeader::At(_) | NextHeader::Unknown => self.find(bytes, from),
        };
        self.next = found.map_or(NextHeader::None, NextHeader::At);
        found
    }

    fn find(&self, bytes: &[u8], mut from: usize) -> Option<usize> {
        loop {
            let hit = from + self.finder.find(bytes.get(from..)?)?;
            if !is_whole_run(bytes, hit, self.length) {
                from = hit + 1;
                continue;
            }
            let start = line_start(bytes, hit);
            if bytes.get(start) == Some(&b'[') {
                return Some(start);
            }
            // Continue after the line: a long line full of matches is then read once and not once
            // per match.
            from = hit + line_length(bytes.get(hit..)?);
        }
    }
}
