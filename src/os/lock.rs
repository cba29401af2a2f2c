//! Advisory locks between processes, one per cache file.
//!
//! The lock is on the open file and ends with the process, however that ends. The file
//! itself is never unlinked: two processes could then hold "the" lock on two files. It
//! carries a note (`domain::verdict`) for those who wait.

use std::ffi::OsStr;
use std::fs::{File, TryLockError};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::time::Duration;

use crate::domain::cache::lock_note::LockNote;

use super::clock;
use super::private_dir::{Directory, Owner};

/// The length of a note; twice of what one needs.
const NOTE: usize = 512;

/// Root in somebody's home makes what is missing and then gives it away; a moment between it
/// is closed to its owner. So often what is closed is tried again, 5 ms apart.
const HANDED_OVER: u32 = 20;

/// A lock file, open. Dropping it releases the lock.
#[derive(Debug)]
pub struct LockFile(File);

/// Why there is no lock file.
#[derive(Debug)]
pub enum Unavailable {
    /// It cannot be made here (read-only home, foreign directory): go on without.
    Unsupported(io::Error),
    /// It exists and cannot be opened, which somebody should know.
    Unopenable(io::Error),
}

/// What trying came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tried {
    /// It is ours.
    Held,
    /// Somebody else holds it.
    Busy,
    /// The file system has no locks.
    Unsupported,
}

impl LockFile {
    /// Opens a lock file, read-write because NFS wants that for an exclusive lock.
    pub fn open(directory: &Path, name: &str, owner: Owner) -> Result<LockFile, Unavailable> {
        let mut tries = 0;
        loop {
            let opened = LockFile::open_once(directory, name, owner);
            let (Err(Unavailable::Unsupported(error)) | Err(Unavailable::Unopenable(error))) =
                &opened
            else {
                return opened;
            };
            tries += 1;
            if error.kind() != io::ErrorKind::PermissionDenied || tries == HANDED_OVER {
                return opened;
            }
            clock::sleep(Duration::from_millis(5));
        }
    }

    fn open_once(directory: &Path, name: &str, owner: Owner) -> Result<LockFile, Unavailable> {
        let name = OsStr::new(name);
        let directory = Directory::create(directory, owner).map_err(Unavailable::Unsupported)?;
        for _ in 0..3 {
            match directory.open_file(name) {
                Ok(file) => return regular(file).map(LockFile).map_err(Unavailable::Unopenable),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(Unavailable::Unopenable(error)),
            }
            match directory.create_file(name) {
                Ok(file) => return Ok(LockFile(file)),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(Unavailable::Unsupported(error)),
            }
        }
        Err(Unavailable::Unsupported(io::Error::other(
            "the lock file keeps vanishing",
        )))
    }

    /// Tries to take the lock, without waiting.
    pub fn try_lock(&self) -> Tried {
        match self.0.try_lock() {
            Ok(()) => Tried::Held,
            Err(TryLockError::WouldBlock) => Tried::Busy,
            // NFS asks a server, and a signal can come between.
            Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Interrupted => {
                Tried::Busy
            }
            Err(TryLockError::Error(_)) => Tried::Unsupported,
        }
    }

    /// Whether somebody holds it, without taking it away from those who look as well.
    pub fn is_held(&self) -> bool {
        match self.0.try_lock_shared() {
            Ok(()) => {
                // The end of this file would release it, too.
                let _ = self.0.unlock();
                false
            }
            Err(error) => matches!(error, TryLockError::WouldBlock),
        }
    }

    /// The note of the last holder.
    pub fn note(&self) -> LockNote {
        let mut bytes = [0; NOTE];
        let read = self.0.read_at(&mut bytes, 0).unwrap_or(0);
        LockNote::parse(&bytes[..read])
    }

    /// Leaves a note. The holder alone may; a note that cannot be written only costs the
    /// waiters an attempt of their own.
    pub fn write_note(&self, note: &LockNote) {
        // Notes are all of one length, so that one write replaces another: half a note
        // would look as if nothing had failed yet, and an old failure then like a new one.
        let text = format!("{:<NOTE$}", note.to_json());
        let _ = self.0.write_all_at(text.as_bytes(), 0);
    }
}

fn regular(file: File) -> io::Result<File> {
    if file.metadata()?.is_file() {
        Ok(file)
    } else {
        Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "it is not a regular file",
        ))
    }
}
