//! Reading and replacing of shell start-up files.
//!
//! They are often links into a repository. A replaced file keeps its owner, mode and link, and is
//! replaced only if its content is unchanged since it was read.

use std::io;
use std::path::Path;

use nix::unistd::{AccessFlags, access};

use super::{atomic, file};

/// Size limit of a start-up file, in bytes.
const MAX_BYTES: u64 = 4 << 20;

/// Reads a start-up file; `None` if it does not exist.
pub fn read(path: &Path) -> io::Result<Option<Vec<u8>>> {
    match file::read_at_most(path, MAX_BYTES) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if file::is_absent(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Replaces a start-up file that still holds `before`.
///
/// # Errors
///
/// If the file is write-protected or has changed since it was read.
pub fn replace(path: &Path, before: Option<&[u8]>, after: &[u8]) -> io::Result<()> {
    let mut pending = atomic::shared(path)?;
    pending.fill(after)?;
    if before.is_some() {
        // A rename needs write access only to the directory and would replace a read-only file.
        access(path, AccessFlags::W_OK)?;
        pending.like(&std::fs::metadata(path)?)?;
    }
    if read(path)?.as_deref() != before {
        return Err(io::Error::other("somebody else is writing it"));
    }
    pending.publish()
}
