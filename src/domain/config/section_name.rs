//! The characters a section name consists of, and the piece of a name that can be searched for.
//!
//! A quoted header may interrupt a name only where it has a character that needs quoting: then
//! the longest run of other characters stands in every accepted header as it is, and a substring
//! search for that run finds them all.

/// Characters that a shell-like word carries without quoting. Bytes of non-ASCII characters are
/// among them, so that a character is never cut.
pub(super) fn is_plain(byte: u8) -> bool {
    byte >= 0x80 || is_identifier_byte(byte)
}

/// The set of the AWS SDK specification, for section names and for keys.
pub(super) fn is_identifier(text: &str) -> bool {
    text.bytes().all(is_identifier_byte)
}

fn is_identifier_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(byte, b'_' | b'-' | b'/' | b'.' | b'%' | b'@' | b':' | b'+')
}

/// The longest run of plain characters; empty for a name such as `()`.
pub(super) fn longest_run(name: &str) -> &[u8] {
    let mut longest: &[u8] = &[];
    for run in name.as_bytes().split(|&byte| !is_plain(byte)) {
        if run.len() > longest.len() {
            longest = run;
        }
    }
    longest
}

/// Whether the `length` bytes at `at` are a whole run and not a part of a longer one.
pub(super) fn is_whole_run(bytes: &[u8], at: usize, length: usize) -> bool {
    let before = at.checked_sub(1).and_then(|index| bytes.get(index));
    let after = bytes.get(at + length);
    !before.is_some_and(|&byte| is_plain(byte)) && !after.is_some_and(|&byte| is_plain(byte))
}

/// Whether `run` stands in `line` as a whole run. For header lines: short, so plainly searched.
pub(super) fn contains_run(line: &[u8], run: &[u8]) -> bool {
    let Some(first) = run.first() else {
        return true;
    };
    line.iter().enumerate().any(|(at, byte)| {
        byte == first
            && line.get(at..).is_some_and(|rest| rest.starts_with(run))
            && is_whole_run(line, at, run.len())
    })
}
