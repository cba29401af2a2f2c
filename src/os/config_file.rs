//! The user's own configuration file, replaced in one step or not at all.
//!
//! A link stays a link, the mode and the owner stay, and what the file held before is kept
//! beside it. It is replaced only while it holds what was read: people edit it by hand, and
//! other tools write it without a lock. Never is it written in place, where a full disk or
//! a kill would leave half of it.
#![expect(
    clippy::disallowed_methods,
    reason = "the edge where the configuration is read and replaced"
)]

use std::io;
use std::path::{Path, PathBuf};

use nix::libc::EBUSY;
use nix::unistd::{AccessFlags, access};

use super::atomic::{self, Pending};
use super::file;
use super::private_dir::Owner;

/// What the name of the copy ends in. Not in `.bak`, which may be somebody's own.
const COPY: &str = ".sso.bak";

/// Why it was not replaced.
#[derive(Debug)]
pub enum EditError {
    /// It holds something else than what was read.
    Changed,
    /// Something is mounted on it, so that nothing can take its place.
    Mounted,
    /// What it held cannot be kept.
    Copy(io::Error),
    /// The file system says no.
    Failed(io::Error),
}

impl From<io::Error> for EditError {
    fn from(error: io::Error) -> EditError {
        if error.raw_os_error() == Some(EBUSY) {
            EditError::Mounted
        } else {
            EditError::Failed(error)
        }
    }
}

/// Where the file is, behind every link.
pub fn place(path: &Path) -> io::Result<PathBuf> {
    file::destination(path)
}

/// What it holds; `None` when there is none.
pub fn read(path: &Path, most: u64) -> io::Result<Option<Vec<u8>>> {
    match file::read_at_most(path, most) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if file::is_absent(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Removes what a killed process left. The lock must be held.
pub fn sweep(path: &Path) {
    if let Ok(place) = place(path) {
        let owner = owner(&place);
        atomic::sweep(&place, owner);
        atomic::sweep(&copy_of(&place), owner);
    }
}

/// Puts `after` in the place of `before`, and says where `before` is kept.
pub fn replace(
    path: &Path,
    before: Option<&[u8]>,
    after: &[u8],
) -> Result<Option<PathBuf>, EditError> {
    let place = place(path)?;
    let owner = owner(&place);
    let mut pending = Pending::create(&place, owner)?;
    pending.fill(after)?;
    let mut copy = None;
    if let Some(before) = before {
        // A rename asks for the directory alone; what the user has protected stays.
        access(&place, AccessFlags::W_OK).map_err(io::Error::from)?;
        pending.like(&std::fs::metadata(&place)?)?;
        let path = copy_of(&place);
        atomic::write(&path, before, owner).map_err(EditError::Copy)?;
        copy = Some(path);
    }
    // As late as can be. The path is followed anew: the link may lead elsewhere by now.
    let most = before.map_or(0, |before| before.len() as u64);
    let same = matches!(read(path, most), Ok(now) if now.as_deref() == before);
    if !same || file::destination(path)? != place {
        return Err(EditError::Changed);
    }
    pending.publish()?;
    Ok(copy)
}

fn owner(place: &Path) -> Owner {
    place.parent().map_or(Owner::Us, Owner::of)
}

fn copy_of(place: &Path) -> PathBuf {
    let mut name = place.file_name().unwrap_or_default().to_owned();
    name.push(COPY);
    place.with_file_name(name)
}
