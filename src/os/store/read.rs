//! Reading a file that another tool may be writing in place.

use std::io;
use std::path::Path;
use std::time::Duration;

use crate::error::{Error, Result};
use crate::os::{clock, file};

/// Number of further attempts, and the pause before each, for a file that does not parse. Tools
/// that truncate in place are done by then.
const RETRIES: u32 = 5;
const RETRY_AFTER: Duration = Duration::from_millis(10);

/// Outcome of reading a file.
pub(super) enum Content<T> {
    /// There is no file.
    Absent,
    /// The file cannot be parsed, or is no regular file of a plausible size.
    Corrupt,
    /// The parsed file.
    Value(T),
}

/// Reads and parses a file, and tries again for a moment if it does not parse.
///
/// # Errors
///
/// The user may not read the file.
pub(super) fn read<T>(path: &Path, parse: impl Fn(&[u8]) -> Option<T>) -> Result<Content<T>> {
    for attempt in 0..=RETRIES {
        if attempt > 0 {
            clock::sleep(RETRY_AFTER);
        }
        match file::read_small(path) {
            Ok(None) => return Ok(Content::Absent),
            Ok(Some(bytes)) => {
                if let Some(value) = parse(&bytes) {
                    return Ok(Content::Value(value));
                }
            }
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                return Err(Error::storage(format!(
                    "cannot read {}: permission denied",
                    path.display()
                ))
                .hint("the file must belong to you: look at its owner and mode with `ls -l`"));
            }
            // A directory, a FIFO or a huge file does not become a cache file by waiting.
            Err(_) => return Ok(Content::Corrupt),
        }
    }
    Ok(Content::Corrupt)
}
