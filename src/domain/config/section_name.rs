//! Characters of section names, and the part of a name that a substring search can find.
//!
//! A quoted header may interrupt a name only at a character that needs quoting. So the longest
//! run of other characters is in every accepted header as it is, and a search for it finds all
//! headers of the name.

/// Returns `true` if a POSIX shell word carries the byte without quotes. Bytes of non-ASCII
/// characters are included, so that a character is never cut.
pub(super) fn is_unquoted(byte: u8) -> bool {
    byte >= 0x80 || is_identifier_byte(byte)
}

/// Returns `true` if the text has only characters that the AWS SDK specification allows in
/// section names and keys.
pub(super) fn is_identifier(text: &str) -> bool {
    text.bytes().all(is_identifier_byte)
}

fn is_identifier_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(byte, b'_' | b'-' | b'/' | b'.' | b'%' | b'@' | b':' | b'+')
}

/// Returns the longest run of unquoted characters; empty for a name such as `()`.
pub(super) fn longest_run(name: &str) -> &[u8] {
    let mut longest: &[u8] = &[];
    for run in name.as_bytes().split(|&byte| !is_unquoted(byte)) {
        if run.len() > longest.len() {
            longest = run;
        }
    }
    longest
}

/// Returns `true` if the `length` bytes at `at` are not part of a longer run.
pub(super) fn is_whole_run(bytes: &[u8], at: usize, length: usize) -> bool {
    let before = at.checked_sub(1).and_then(|index| bytes.get(index));
    let after = bytes.get(at + length);
    !before.is_some_and(|&byte| is_unquoted(byte)) && !after.is_some_and(|&byte| is_unquoted(byte))
}

/// Returns `true` if `line` contains `run` as a whole run.
pub(super) fn contains_run(line: &[u8], run: &[u8]) -> bool {
    let Some(first) = run.first() else {
        return true;
    };
    // Header lines are too short for a substring search to pay off.
    line.iter().enumerate().any(|(at, byte)| {
        byte == first
            && line.get(at..).is_some_and(|rest| rest.starts_with(run))
            && is_whole_run(line, at, run.len())
    })
}
