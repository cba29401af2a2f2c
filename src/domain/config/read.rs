//! Reads a whole file with all sections, problems and quirks, for listing, checking and editing,
//! or searches it for a key.
//!
//! Commands on the hot path use [`super::scan`].

use super::document::{Dialect, Document};
use super::document_builder::DocumentBuilder;
use super::lines::{LineClass, Lines, MAX_LINE_LENGTH, byte_order_mark_length};
use super::section_filter::{SectionFilter, is_session_header};

/// Reads a whole file. Malformed lines become problems.
pub fn read(bytes: &[u8], dialect: Dialect) -> Document {
    read_with_limit(bytes, dialect, MAX_LINE_LENGTH)
}

/// Reads a whole file with another limit on the length of a line.
pub(super) fn read_with_limit(bytes: &[u8], dialect: Dialect, max_line_length: usize) -> Document {
    let mut builder = DocumentBuilder::new(dialect, SectionFilter::All);
    if byte_order_mark_length(bytes) > 0 {
        builder.add_quirk(
            1,
            "other AWS tools refuse a file with a byte order mark before its first line",
        );
    }
    if let Err(error) = std::str::from_utf8(bytes) {
        let valid = bytes.get(..error.valid_up_to()).unwrap_or_default();
        let line = 1 + valid.iter().filter(|&&byte| byte == b'\n').count();
        builder.add_quirk(
            u32::try_from(line).unwrap_or(u32::MAX),
            "other AWS tools refuse a file that is not UTF-8",
        );
    }
    for line in Lines::of_file(bytes, max_line_length) {
        builder.add_line(&line);
    }
    builder.finish()
}

/// Returns `false` only if no section other than an sso-session has this key.
///
/// It may return `true` for a line that [`read`] skips. It takes a small part of the time
/// of reading the file.
pub fn may_contain_key(bytes: &[u8], dialect: Dialect, key: &str) -> bool {
    let key = key.as_bytes();
    let mut in_session = false;
    Lines::of_file(bytes, MAX_LINE_LENGTH).any(|line| match line.class {
        LineClass::Header => {
            in_session = dialect == Dialect::Config && is_session_header(line.text);
            false
        }
        LineClass::Property if !in_session => {
            let start = line.text.get(..key.len());
            start.is_some_and(|start| start.eq_ignore_ascii_case(key))
        }
        _ => false,
    })
}
