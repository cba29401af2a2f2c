//! The search for header lines that may matter, in a piece of a file made of whole lines.
//!
//! A large file is passed at the speed of a substring search: nothing is split into lines, and
//! only a line in which a needle was found is looked at. Whether it is the right header is for
//! the builder to say.

use super::Dialect;
use super::lines::{length_through, line_length, line_start};
use super::section_name::{is_whole_run, longest_run};
use super::select::{SESSION_KEYWORD, Select};
use memchr::memmem::Finder;

/// Shorter runs are found everywhere; then it is cheaper to look at every header.
const SHORTEST: usize = 3;

pub(super) enum Hunt<'a> {
    /// Looks at every header. For small files too: preparing a substring search asks the
    /// processor what it can, and on a virtual machine each question costs microseconds.
    Headers(Select<'a>, Dialect),
    /// Looks for the profile's name and for the word that every sso-session header has.
    Needles(Vec<Needle<'a>>),
}

pub(super) struct Needle<'a> {
    finder: Finder<'a>,
    length: usize,
    /// The next header line, if the piece was searched that far.
    next: Next,
}

#[derive(Clone, Copy)]
enum Next {
    Unknown,
    At(usize),
    None,
}

impl<'a> Hunt<'a> {
    pub fn in_small(dialect: Dialect, profile: Option<&'a str>) -> Self {
        Hunt::Headers(Select::Only(profile), dialect)
    }

    pub fn in_large(dialect: Dialect, profile: Option<&'a str>) -> Self {
        let run = profile.map(longest_run);
        if run.is_some_and(|run| run.len() < SHORTEST) {
            return Hunt::in_small(dialect, profile);
        }
        let keyword = (dialect == Dialect::Config).then_some(SESSION_KEYWORD);
        Hunt::Needles(keyword.into_iter().chain(run).map(Needle::new).collect())
    }

    /// A new piece begins.
    pub fn restart(&mut self) {
        if let Hunt::Needles(needles) = self {
            for needle in needles {
                needle.next = Next::Unknown;
            }
        }
    }

    /// The start of the first header line at or after `from`, itself the start of a line, that
    /// may matter.
    pub fn next(&mut self, bytes: &[u8], from: usize) -> Option<usize> {
        match self {
            Hunt::Headers(select, dialect) => find_header(bytes, from, *select, *dialect),
            Hunt::Needles(needles) => needles
                .iter_mut()
                .filter_map(|needle| needle.next(bytes, from))
                .min(),
        }
    }
}

fn find_header(
    bytes: &[u8],
    mut from: usize,
    select: Select<'_>,
    dialect: Dialect,
) -> Option<usize> {
    loop {
        let rest = bytes.get(from..).filter(|rest| !rest.is_empty())?;
        let start = from + length_through(rest, b'[') - 1;
        let first = start.checked_sub(1).and_then(|before| bytes.get(before));
        from = start + 1;
        if bytes.get(start) == Some(&b'[') && first.is_none_or(|&byte| byte == b'\n') {
            let header = bytes.get(start..)?;
            let length = line_length(header);
            if select.may_want(header.get(..length)?, dialect) {
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
            next: Next::Unknown,
        }
    }

    fn next(&mut self, bytes: &[u8], from: usize) -> Option<usize> {
        let found = match self.next {
            Next::None => None,
            Next::At(at) if at >= from => Some(at),
            Next::At(_) | Next::Unknown => self.find(bytes, from),
        };
        self.next = found.map_or(Next::None, Next::At);
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
            // Past the whole line: a long one full of hits is walked once and not once per hit.
            from = hit + line_length(bytes.get(hit..)?);
        }
    }
}
