//! The line walker: a file as lines with their spans, numbers and classes.
//!
//! It says what a line looks like, not what it means where it stands. Every byte of the file is
//! in exactly one span (a byte order mark in none), so that an editor can splice by spans.

use std::borrow::Cow;
use std::io::BufRead;
use std::ops::Range;

/// A longer line is not read. It bounds the memory a hostile or broken file can take.
pub(super) const LONGEST: usize = 1 << 20;

/// Blanks of this dialect; other white space is content.
pub(super) const BLANKS: [char; 2] = [' ', '\t'];

/// Characters that begin a comment.
pub(super) const COMMENT: [char; 2] = ['#', ';'];

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// What the first characters of a line make of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    Blank,
    /// A comment begins in the first column; an indented one is a continuation.
    Comment,
    /// A bracket in the first column, whatever follows.
    Header,
    /// Begins with a blank.
    Continuation,
    Property,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line<'a> {
    /// Counted from 1.
    pub number: u32,
    /// Where the line stands in the bytes given to the walker, its end of line included.
    pub span: Range<usize>,
    /// The line without `\n` or `\r\n`.
    pub text: &'a [u8],
    pub class: Class,
    /// Longer than allowed: the text must not be used, and may be only the line's beginning.
    pub too_long: bool,
}

pub(super) struct Lines<'a> {
    bytes: &'a [u8],
    at: usize,
    number: u32,
    longest: usize,
}

impl<'a> Lines<'a> {
    /// All lines of a file, behind its byte order mark if it has one.
    pub fn of_file(bytes: &'a [u8], longest: usize) -> Self {
        let mut lines = Lines::from_number(bytes, 1, longest);
        lines.at = byte_order_mark(bytes);
        lines
    }

    /// Lines of a piece that begins at the start of line `number`.
    pub fn from_number(bytes: &'a [u8], number: u32, longest: usize) -> Self {
        Lines {
            bytes,
            at: 0,
            number,
            longest,
        }
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = Line<'a>;

    fn next(&mut self) -> Option<Line<'a>> {
        let rest = self.bytes.get(self.at..).filter(|rest| !rest.is_empty())?;
        let (line, _) = rest.split_at(line_length(rest));
        let unterminated = line.strip_suffix(b"\n");
        let too_long = unterminated.unwrap_or(line).len() > self.longest;
        // A carriage return belongs to the end of a line only in front of a line feed.
        let text = match unterminated {
            Some(text) => text.strip_suffix(b"\r").unwrap_or(text),
            None => line,
        };
        let start = self.at;
        let number = self.number;
        self.at = start + line.len();
        self.number = number.saturating_add(1);
        Some(Line {
            number,
            span: start..self.at,
            text,
            class: classify(text, too_long),
            too_long,
        })
    }
}

/// A line as text; what is not UTF-8 is replaced. The check comes first because it is quicker than
/// the replacing, and nearly every line passes it.
pub(super) fn as_text(line: &[u8]) -> Cow<'_, str> {
    std::str::from_utf8(line).map_or_else(|_| String::from_utf8_lossy(line), Cow::Borrowed)
}

/// The length of the byte order mark at the start of a file: 3 or 0.
pub(super) fn byte_order_mark(bytes: &[u8]) -> usize {
    if bytes.starts_with(BYTE_ORDER_MARK) {
        BYTE_ORDER_MARK.len()
    } else {
        0
    }
}

/// The length of the first line, its line feed included. The standard library's search is the C
/// library's, which has chosen its instructions before `main`; the memchr crate asks the processor
/// on first use, and that alone takes longer than a whole small file.
pub(super) fn line_length(bytes: &[u8]) -> usize {
    length_through(bytes, b'\n')
}

/// The length of what ends in the first `byte`, which is included; of everything without one.
pub(super) fn length_through(mut bytes: &[u8], byte: u8) -> usize {
    let whole = bytes.len();
    bytes.skip_until(byte).unwrap_or(whole)
}

/// The start of the line that the byte at `at` is in.
pub(super) fn line_start(bytes: &[u8], at: usize) -> usize {
    let before = bytes.get(..at).unwrap_or_default();
    let feed = before.iter().rposition(|&byte| byte == b'\n');
    feed.map_or(0, |feed| feed + 1)
}

fn classify(text: &[u8], too_long: bool) -> Class {
    match text.first() {
        None => Class::Blank,
        Some(b'[') => Class::Header,
        Some(b'#' | b';') => Class::Comment,
        // Only the beginning of a line that is too long may be known: it must class the same.
        Some(b' ' | b'\t') if too_long => Class::Continuation,
        Some(b' ' | b'\t') => {
            if text.iter().all(|byte| matches!(byte, b' ' | b'\t')) {
                Class::Blank
            } else {
                Class::Continuation
            }
        }
        Some(_) => Class::Property,
    }
}
