//! Recognises a file in UTF-16, as PowerShell and some editors write it.
//!
//! Read as UTF-8 it would have no sections, and every error would be about a missing profile.

use std::fmt;
use std::io;

/// Error of a file in another encoding than UTF-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotUtf8 {
    encoding: &'static str,
}

impl NotUtf8 {
    /// Returns the name of the encoding for iconv(1). Without a byte order mark it has the order.
    pub fn encoding(self) -> &'static str {
        self.encoding
    }
}

impl fmt::Display for NotUtf8 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("it is in UTF-16, and AWS tools read only UTF-8")
    }
}

impl std::error::Error for NotUtf8 {}

/// Checks the first bytes of a file.
///
/// # Errors
///
/// They begin a text in UTF-16, with or without a byte order mark.
pub fn check_encoding(bytes: &[u8]) -> io::Result<()> {
    let encoding = match bytes {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => "UTF-16",
        [0, 0, ..] => return Ok(()),
        // The first character of a config file is ASCII, so one half of it is zero.
        [_, 0, ..] => "UTF-16LE",
        [0, _, ..] => "UTF-16BE",
        _ => return Ok(()),
    };
    let error = NotUtf8 { encoding };
    Err(io::Error::new(io::ErrorKind::InvalidData, error))
}
