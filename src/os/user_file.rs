//! Replaces files that people edit, the AWS configuration and shell start-up files, atomically.
//!
//! A symbolic link stays a link, and mode and owner are kept. The file is replaced only while it
//! holds what was read, because other tools write it without a lock. It is never written in place,
//! where a full disk or a kill would leave half of it.

use std::io;
use std::path::{Path, PathBuf};

use nix::libc::EBUSY;
use nix::unistd::{AccessFlags, access};

use super::atomic::{self, Pending};
use super::file;
use super::private_dir::{Mode, Owner};

/// Suffix of the backup. The user may have a `.bak` file already.
const BACKUP_SUFFIX: &str = ".sso.bak";

/// Error of [`replace`]; the file is unchanged.
#[derive(Debug)]
pub enum ReplaceError {
    /// The file no longer holds what was read.
    Changed,
    /// The file is a mount point and cannot be replaced.
    Mounted(io::Error),
    /// The backup cannot be written.
    Backup(io::Error),
    /// Any other error of the file system.
    Failed(io::Error),
}

impl From<io::Error> for ReplaceError {
    fn from(error: io::Error) -> ReplaceError {
        match error.raw_os_error() {
            Some(EBUSY) => ReplaceError::Mounted(error),
            _ => ReplaceError::Failed(error),
        }
    }
}

impl From<ReplaceError> for io::Error {
    fn from(error: ReplaceError) -> io::Error {
        match error {
            ReplaceError::Changed => io::Error::other("somebody else is writing it"),
            ReplaceError::Mounted(error)
            | ReplaceError::Backup(error)
            | ReplaceError::Failed(error) => error,
        }
    }
}

/// Removes the temporary files of killed processes. The lock must be held.
pub fn remove_leftovers(path: &Path) {
    if let Ok(target) = file::destination(path) {
        let owner = owner(&target);
        for target in [&target, &backup_path(&target)] {
            let _ = atomic::sweep(target, owner);
        }
    }
}

/// Replaces the content `before` by `after`. `mode` is that of a new file. Returns the path of the
/// backup of a private file; a file that did not exist has none.
pub fn replace(
    path: &Path,
    before: Option<&[u8]>,
    after: &[u8],
    mode: Mode,
) -> Result<Option<PathBuf>, ReplaceError> {
    let target = file::destination(path)?;
    let owner = owner(&target);
    let mut pending = Pending::create_at(&target, owner, mode)?;
    pending.fill(after)?;
    let mut backup = None;
    if let Some(before) = before {
        // A rename only needs write access to the directory, but a read-only file is to stay.
        access(&target, AccessFlags::W_OK).map_err(io::Error::from)?;
        pending.like(std::fs::symlink_metadata(&target)?)?;
        if mode == Mode::Private {
            let path = backup_path(&target);
            atomic::write(&path, before, owner).map_err(ReplaceError::Backup)?;
            backup = Some(path);
        }
    }
    // Checked as late as possible. The links are resolved again, because they may have changed.
    let max_length = before.map_or(0, |before| before.len() as u64);
    let is_same =
        matches!(file::read_if_exists(path, max_length), Ok(now) if now.as_deref() == before);
    if !is_same || file::destination(path)? != target {
        return Err(ReplaceError::Changed);
    }
    pending.publish()?;
    Ok(backup)
}

fn owner(target: &Path) -> Owner {
    target.parent().map_or(Owner::Us, Owner::of)
}

fn backup_path(target: &Path) -> PathBuf {
    let mut name = target.file_name().unwrap_or_default().to_owned();
    name.push(BACKUP_SUFFIX);
    target.with_file_name(name)
}
