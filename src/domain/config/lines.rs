//! Splits a file into lines with number, byte span and class.
//!
//! Every byte of the file is in exactly one span, except a byte order mark, which is in none. So
//! the editor can replace whole spans.

use std::borrow::Cow;
use std::io::BufRead;
use std::ops::Range;

/// Longest line that is read, in bytes. Bounds the memory that a hostile or broken file can take.
pub(super) const MAX_LINE_LENGTH: usize = 1 << 20;

/// Characters that count as blanks. Other white space is content.
pub(super) const BLANKS: [char; 2] = [' ', '\t'];

/// Characters that begin a comment.
pub(super) const COMMENT_STARTS: [char; 2] = ['#', ';'];

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Class of a line by its first characters. The lines above it do not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LineClass {
    /// Nothing but blanks.
    Blank,
    /// A comment character in the first column. An indented one makes a continuation.
    Comment,
    /// A bracket in the first column.
    Header,
    /// A blank in the first column.
    Continuation,
    /// Anything else.
    Property,
}

/// One line of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ConfigLine<'a> {
    /// One-based.
    pub number: u32,
    /// Position in the bytes given to [`Lines`], including the line end.
    pub span: Range<usize>,
    /// The line without `\n` or `\r\n`.
    pub text: &'a [u8],
    pub class: LineClass,
    /// Whether the line is longer than allowed. Its text must not be used, and may be only the
    /// beginning of the line.
    pub too_long: bool,
}

/// Iterator over the lines of a file or of a piece of it.
pub(super) struct Lines<'a> {
    bytes: &'a [u8],
    at: usize,
    number: u32,
    max_length: usize,
}

impl<'a> Lines<'a> {
    /// Iterates over a whole file, without its byte order mark.
    pub fn of_file(bytes: &'a [u8], max_length: usize) -> Self {
        let mut lines = Lines::from_number(bytes, 1, max_length);
        lines.at = byte_order_mark_length(bytes);
        lines
    }

    /// Iterates over a piece that begins at the start of line `number`.
    pub fn from_number(bytes: &'a [u8], number: u32, max_length: usize) -> Self {
        Lines {
            bytes,
            at: 0,
            number,
            max_length,
        }
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = ConfigLine<'a>;

    fn next(&mut self) -> Option<ConfigLine<'a>> {
        let rest = self.bytes.get(self.at..).filter(|rest| !rest.is_empty())?;
        let (line, _) = rest.split_at(line_length(rest));
        let unterminated = line.strip_suffix(b"\n");
        let too_long = unterminated.unwrap_or(line).len() > self.max_length;
        // A carriage return belongs to the line end only directly before a line feed.
        let text = match unterminated {
            Some(text) => text.strip_suffix(b"\r").unwrap_or(text),
            None => line,
        };
        let start = self.at;
        let number = self.number;
        self.at = start + line.len();
        self.number = number.saturating_add(1);
        Some(ConfigLine {
            number,
            span: start..self.at,
            text,
            class: classify(text, too_long),
            too_long,
        })
    }
}

/// Converts a line to text. Bytes that are not UTF-8 become U+FFFD.
pub(super) fn to_text(line: &[u8]) -> Cow<'_, str> {
    // Checking is faster than replacing, and nearly every line is UTF-8.
    std::str::from_utf8(line).map_or_else(|_| String::from_utf8_lossy(line), Cow::Borrowed)
}

/// Returns the length of the byte order mark at the start of a file: 3 or 0.
pub(super) fn byte_order_mark_length(bytes: &[u8]) -> usize {
    if bytes.starts_with(BYTE_ORDER_MARK) {
        BYTE_ORDER_MARK.len()
    } else {
        0
    }
}

/// Returns the length of the first line, including its line feed.
pub(super) fn line_length(bytes: &[u8]) -> usize {
    length_through(bytes, b'\n')
}

/// Returns the length up to and including the first `byte`, or of everything without one.
///
/// The standard library calls the memchr of the C library, which has chosen its instructions
/// before `main`. The memchr crate asks the processor on first use, and that alone takes longer
/// than reading a whole small file.
pub(super) fn length_through(mut bytes: &[u8], byte: u8) -> usize {
    let whole = bytes.len();
    bytes.skip_until(byte).unwrap_or(whole)
}

/// Returns the start of the line that contains the byte at `at`.
pub(super) fn line_start(bytes: &[u8], at: usize) -> usize {
    let before = bytes.get(..at).unwrap_or_default();
    let feed = before.iter().rposition(|&byte| byte == b'\n');
    feed.map_or(0, |feed| feed + 1)
}

fn classify(text: &[u8], too_long: bool) -> LineClass {
    match text.first() {
        None => LineClass::Blank,
        Some(b'[') => LineClass::Header,
        Some(b'#' | b';') => LineClass::Comment,
        // Only the beginning of a too long line may be known, and the class must not depend on
        // how much of it is.
        Some(b' ' | b'\t') if too_long => LineClass::Continuation,
        Some(b' ' | b'\t') if text.iter().all(|byte| b" \t".contains(byte)) => LineClass::Blank,
        Some(b' ' | b'\t') => LineClass::Continuation,
        Some(_) => LineClass::Property,
    }
}
