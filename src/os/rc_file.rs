//! Reading and replacing of shell start-up files.
//!
//! They are often links into a repository. A replaced file keeps its owner, mode and link, and is
//! replaced only if its content is unchanged since it was read.

use std::io;
use std::path::Path;

use nix::unistd::{AccessFlags, access};

use super::atomic::Pending;
use super::file;
use super::private_dir::{Mode, Owner};

/// Size limit of a start-up file, in bytes.
const MAX_BYTES: u64 = 4 << 20;

/// Reads a start-up file; `None` if it does not exist.
pub fn read(path: &Path) -> io::Result<Option<Vec<u8>>> {
    file::read_if_exists(path, MAX_BYTES)
}

/// Replaces a start-up file. Fails if it is write-protected or no longer holds `before`.
pub fn replace(path: &Path, before: Option<&[u8]>, after: &[u8]) -> io::Result<()> {
    let target = file::destination(path)?;
    let owner = Owner::of(target.parent().ok_or(io::ErrorKind::InvalidInput)?);
    let mut pending = Pending::create(path, owner, Mode::Shared)?;
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
