//! Fast search for a key by the beginnings of lines, without parsing them.

use super::document::Dialect;
use super::lines::{LineClass, Lines, MAX_LINE_LENGTH};
use super::section_filter::is_session_header;

/// Returns `false` only if no section other than an sso-session has this key.
///
/// It may return `true` for a line that [`super::read`] skips. It takes a small part of the time
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
