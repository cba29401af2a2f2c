//! The full reader: every section, every problem, every quirk.
//!
//! For listing, checking and editing; a command on the hot path uses [`super::scan`].

use super::builder::Builder;
use super::lines::{LONGEST, Lines, byte_order_mark};
use super::select::Select;
use super::{Dialect, Document};

/// Reads a whole file.
pub fn read(bytes: &[u8], dialect: Dialect) -> Document {
    read_within(bytes, dialect, LONGEST)
}

/// As [`read`], with another limit for the length of a line.
pub(super) fn read_within(bytes: &[u8], dialect: Dialect, longest: usize) -> Document {
    let mut builder = Builder::new(dialect, Select::All);
    if byte_order_mark(bytes) > 0 {
        builder.quirk(
            1,
            "other AWS tools refuse a file with a byte order mark before its first line",
        );
    }
    if let Err(error) = std::str::from_utf8(bytes) {
        let valid = bytes.get(..error.valid_up_to()).unwrap_or_default();
        let line = 1 + valid.iter().filter(|&&byte| byte == b'\n').count();
        builder.quirk(
            u32::try_from(line).unwrap_or(u32::MAX),
            "other AWS tools refuse a file that is not UTF-8",
        );
    }
    for line in Lines::of_file(bytes, longest) {
        builder.line(&line);
    }
    builder.finish()
}
