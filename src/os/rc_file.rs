//! The start-up files of shells, which are the user's own and often links into a repository.
//!
//! One that is replaced keeps its owner, its mode and its link, and is replaced only while it
//! holds what was read.
#![expect(
    clippy::disallowed_methods,
    reason = "the edge where start-up files are read and replaced"
)]

use std::io;
use std::path::Path;

use nix::unistd::{AccessFlags, access};

use super::{atomic, file};

/// No start-up file is larger.
const MOST: u64 = 4 << 20;

/// What it holds; `None` when there is none.
pub fn read(path: &Path) -> io::Result<Option<Vec<u8>>> {
    match file::read_at_most(path, MOST) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if file::is_absent(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Replaces what was read by something else.
pub fn replace(path: &Path, before: Option<&[u8]>, after: &[u8]) -> io::Result<()> {
    let mut pending = atomic::shared(path)?;
    pending.fill(after)?;
    if before.is_some() {
        // A rename asks for the directory alone; what the user has protected stays.
        access(path, AccessFlags::W_OK)?;
        pending.like(&std::fs::metadata(path)?)?;
    }
    if read(path)?.as_deref() != before {
        return Err(io::Error::other("somebody else is writing it"));
    }
    pending.publish()
}
