//! The hot reader: one profile and the sso-sessions, out of a stream of any length.
//!
//! What it returns is what [`super::read`] returns for those sections, but for the line numbers,
//! which only keep their order: to count the lines that are passed would be a third pass over the
//! file, and whoever reports an error reads the whole file first. Of the rest it looks at nothing
//! it need not: no quirks, and no problems but those of headers that name what is wanted.

use super::builder::Builder;
use super::header_search::Hunt;
use super::lines::{LONGEST, Lines, byte_order_mark, line_length, line_start};
use super::read_buffer::Window;
use super::select::Select;
use super::{Dialect, Document};
use std::io::{self, Read};

/// Reads the profile named, all its sections merged, and every sso-session. Line numbers give the
/// order and nothing else.
pub fn scan(
    source: &mut impl Read,
    dialect: Dialect,
    profile: Option<&str>,
) -> io::Result<Document> {
    scan_within(source, dialect, profile, &Sizes::USUAL)
}

/// How much is read at a time; tests take less.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sizes {
    /// The first look. Most files end in it.
    pub first: usize,
    /// A file that fits in here is walked from header to header, without a search to prepare.
    pub small: usize,
    /// The buffer for longer files: large enough to make reads few, small enough to stay in the
    /// processor's cache.
    pub chunk: usize,
    /// The longest line taken.
    pub longest: usize,
}

impl Sizes {
    const USUAL: Sizes = Sizes {
        first: 8 << 10,
        small: 32 << 10,
        chunk: 64 << 10,
        longest: LONGEST,
    };
}

pub(super) fn scan_within(
    source: &mut impl Read,
    dialect: Dialect,
    profile: Option<&str>,
    sizes: &Sizes,
) -> io::Result<Document> {
    let mut window = Window::new(source, sizes.first);
    window.fill()?;
    if !window.is_last() {
        window.grow(sizes.small);
        window.fill()?;
    }
    let hunt = if window.is_last() {
        Hunt::in_small(dialect, profile)
    } else {
        window.grow(sizes.chunk);
        Hunt::in_large(dialect, profile)
    };
    window.consume(byte_order_mark(window.bytes()));
    Scanner {
        builder: Builder::new(dialect, Select::Only(profile)),
        hunt,
        number: 1,
        longest: sizes.longest,
    }
    .run(window)
}

struct Scanner<'a> {
    builder: Builder<'a>,
    hunt: Hunt<'a>,
    /// Of the next line that the builder sees.
    number: u32,
    longest: usize,
}

impl Scanner<'_> {
    fn run<R: Read>(mut self, mut window: Window<'_, R>) -> io::Result<Document> {
        loop {
            window.fill()?;
            let bytes = window.bytes();
            let whole = if window.is_last() {
                bytes.len()
            } else {
                line_start(bytes, bytes.len())
            };
            if whole > 0 {
                self.piece(bytes.get(..whole).unwrap_or_default());
                window.consume(whole);
            } else if window.is_last() {
                return Ok(self.builder.finish());
            } else if bytes.len() <= self.longest {
                window.grow(self.longest.saturating_add(1).min(bytes.len() * 2));
            } else {
                for line in Lines::from_number(bytes, self.number, self.longest) {
                    self.builder.line(&line);
                }
                self.number = self.number.saturating_add(1);
                drop_line(&mut window)?;
            }
        }
    }

    /// Takes what is wanted from a piece made of whole lines.
    fn piece(&mut self, bytes: &[u8]) {
        self.hunt.restart();
        let mut at = 0;
        loop {
            if self.builder.is_skipping() {
                let Some(start) = self.hunt.next(bytes, at) else {
                    break;
                };
                at = start;
            }
            let rest = bytes.get(at..).unwrap_or_default();
            if rest.is_empty() {
                break;
            }
            for line in Lines::from_number(rest, self.number, self.longest) {
                self.builder.line(&line);
                self.number = self.number.saturating_add(1);
                at += line.span.len();
                if self.builder.is_skipping() {
                    break;
                }
            }
        }
    }
}

/// Drops the rest of a line that is too long.
fn drop_line<R: Read>(window: &mut Window<'_, R>) -> io::Result<()> {
    loop {
        let length = line_length(window.bytes());
        let ends = window
            .bytes()
            .get(..length)
            .is_some_and(|line| line.ends_with(b"\n"));
        window.consume(length);
        if ends || window.is_last() {
            return Ok(());
        }
        window.fill()?;
    }
}
