//! Advisory locks between processes, one per cache file.
//!
//! The lock is on the open file and ends with the process, even one that is killed. The file is
//! never unlinked: otherwise two processes could hold the lock on two files. It contains a note
//! (`domain::cache::lock_note`) for waiting processes.

use std::ffi::OsStr;
use std::fs::{File, TryLockError};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::time::Duration;

use crate::domain::cache::lock_note::LockNote;

use super::private_dir::{Directory, Mode, Owner};
use super::{clock, file};

/// Length of a note in bytes, twice what one needs.
const NOTE_LENGTH: usize = 512;

/// Limit on attempts to open a lock file after EACCES, 5 ms apart. Under sudo, files are created as
/// root and then chowned; until then the user gets EACCES.
const MAX_OPEN_ATTEMPTS: u32 = 20;

/// Open lock file. Dropping it releases the lock.
#[derive(Debug)]
pub struct LockFile(File);

/// Error of opening a lock file.
#[derive(Debug)]
pub enum Unavailable {
    /// It cannot be created (read-only home, foreign directory): continue without a lock.
    Unsupported(io::Error),
    /// It exists and cannot be opened: warn the user.
    Unopenable(io::Error),
}

/// Result of an attempt to lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tried {
    /// This process holds the lock.
    Held,
    /// Another process holds it.
    Busy,
    /// The file system does not support locks.
    Unsupported,
}

impl LockFile {
    /// Opens a lock file, read-write because NFS requires it for an exclusive lock.
    pub fn open(directory: &Path, name: &str, owner: Owner) -> Result<LockFile, Unavailable> {
        for _ in 1..MAX_OPEN_ATTEMPTS {
            match LockFile::open_once(directory, name, owner) {
                Err(Unavailable::Unsupported(error) | Unavailable::Unopenable(error))
                    if error.kind() == io::ErrorKind::PermissionDenied => {}
                opened => return opened,
            }
            clock::sleep(Duration::from_millis(5));
        }
        LockFile::open_once(directory, name, owner)
    }

    fn open_once(directory: &Path, name: &str, owner: Owner) -> Result<LockFile, Unavailable> {
        let name = OsStr::new(name);
        let directory = Directory::create(directory, owner).map_err(Unavailable::Unsupported)?;
        for _ in 0..3 {
            match directory.open_file(name) {
                Ok(file) => {
                    let checked = file::regular_length(&file).map(|_| LockFile(file));
                    return checked.map_err(Unavailable::Unopenable);
                }
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(Unavailable::Unopenable(error)),
            }
            match directory.create_file(name, Mode::Private) {
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
            // On NFS the call waits for a server, and a signal can interrupt it.
            Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Interrupted => {
                Tried::Busy
            }
            Err(TryLockError::Error(_)) => Tried::Unsupported,
        }
    }

    /// Returns `true` if a process holds the lock. A shared lock does not disturb other checks.
    pub fn is_held(&self) -> bool {
        match self.0.try_lock_shared() {
            Ok(()) => {
                // Ignored: closing the file releases the lock as well.
                let _ = self.0.unlock();
                false
            }
            Err(error) => matches!(error, TryLockError::WouldBlock),
        }
    }

    /// Returns the note of the last holder.
    pub fn note(&self) -> LockNote {
        let mut bytes = [0; NOTE_LENGTH];
        let read = self.0.read_at(&mut bytes, 0).unwrap_or(0);
        LockNote::parse(&bytes[..read])
    }

    /// Writes the note; only the holder may. If this fails, each waiting process retries by itself.
    pub fn write_note(&self, note: &LockNote) {
        // All notes have one length, so that a single write replaces the old one: a partial note
        // would reset the failure count, and an old failure would then look new.
        let text = format!("{:<NOTE_LENGTH$}", note.to_json());
        let _ = self.0.write_all_at(text.as_bytes(), 0);
    }
}
