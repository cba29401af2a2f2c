//! Reading of files that other programs write, of any type and size.

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use nix::libc::{ELOOP, O_NOFOLLOW};

use crate::domain::text::sanitize;

use super::ffi;
use super::links::check as check_link;
pub use super::links::{denied, destination, is_absent, open};

/// Returns the length of a regular file. Anything else is an error.
pub fn regular_length(file: &File) -> io::Result<u64> {
    let meta = file.metadata()?;
    meta.is_file().then_some(meta.len()).ok_or_else(irregular)
}

/// Returns the error for a directory, device, socket or pipe.
pub fn irregular() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file")
}

/// Reads a regular file like [`read_at_most`]; `None` if it does not exist.
pub fn read_if_exists(path: &Path, most: u64) -> io::Result<Option<Vec<u8>>> {
    match read_at_most(path, most) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if is_absent(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Reads a regular file; one larger than `most` bytes is an error.
pub fn read_at_most(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let mut file = open(path, 0)?;
    let length = regular_length(&file)?;
    read_whole(&mut file, length, most)
}

/// Reads a file like [`read_if_exists`] that nobody else may have put there: it belongs to this
/// user, to root, or for root to the owner of its directory, and so does a link to it.
///
/// # Errors
///
/// The file is another user's.
pub fn read_own(path: &Path, most: u64) -> io::Result<Option<Vec<u8>>> {
    let opened = match open(path, O_NOFOLLOW) {
        Err(error) if error.raw_os_error() == Some(ELOOP) => {
            check_link(path, path).and_then(|()| open(path, 0))
        }
        opened => opened,
    };
    let mut file = match opened {
        Ok(file) => file,
        Err(error) if is_absent(&error) => return Ok(None),
        Err(error) => return Err(error),
    };
    let meta = file.metadata()?;
    let (us, owner) = (user_id(), meta.uid());
    let is_own = owner == us || owner == 0 || {
        let directory = path
            .parent()
            .and_then(|directory| directory.metadata().ok());
        us == 0 && directory.is_some_and(|directory| directory.uid() == owner)
    };
    if !is_own {
        return Err(denied(format!("it belongs to user {owner}")));
    }
    let length = meta.is_file().then_some(meta.len()).ok_or_else(irregular)?;
    read_whole(&mut file, length, most).map(Some)
}

/// Reads a file of this expected length; one larger than `most` bytes is an error.
pub fn read_whole(file: &mut File, length: u64, most: u64) -> io::Result<Vec<u8>> {
    let bytes = read_rest(file, length, most + 1)?;
    check_size(bytes.len() as u64, most)?;
    Ok(bytes)
}

/// Checks that a file has at most `most` bytes.
pub fn check_size(length: u64, most: u64) -> io::Result<()> {
    match length <= most {
        true => Ok(()),
        false => Err(io::Error::new(
            io::ErrorKind::InvalidData,
            "it is too large for what it should be",
        )),
    }
}

/// Reads the rest of a file, up to `most` bytes. `length` is its expected length: with a buffer
/// of that size, two system calls are enough.
pub fn read_rest(file: &mut File, length: u64, most: u64) -> io::Result<Vec<u8>> {
    /// Room for the last read, which finds the end of the file.
    const SPARE: usize = 64;
    let expected = usize::try_from(length.min(most)).unwrap_or(usize::MAX);
    let mut bytes = Vec::with_capacity(expected.saturating_add(SPARE));
    file.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Returns the inode of a file and its modification time in seconds and nanoseconds, which
/// together distinguish the file from one that it replaced.
pub fn version(path: &Path) -> Option<(u64, i64, i64)> {
    let meta = path.metadata().ok()?;
    Some((meta.ino(), meta.mtime(), meta.mtime_nsec()))
}

/// Replaces `~`, `$HOME` or `${HOME}` at the start of a path, as the AWS CLI does in its settings.
pub fn expand_home(path: &Path, home: &Path) -> PathBuf {
    let mut spellings = ["~", "$HOME", "${HOME}"].into_iter();
    let rest = spellings.find_map(|spelling| path.strip_prefix(spelling).ok());
    rest.map_or_else(|| path.to_owned(), |rest| home.join(rest))
}

/// Returns a path with `~` for the home directory, safe to print on a terminal.
pub fn abbreviate(path: &Path, home: &Path) -> String {
    match path.strip_prefix(home) {
        Ok(rest) => format!("~/{}", sanitize(&rest.to_string_lossy())),
        Err(_) => sanitize(&path.to_string_lossy()),
    }
}

/// Returns the mode bits and the owner's user id of a file or directory; follows links.
pub fn mode_and_owner(path: &Path) -> Option<(u32, u32)> {
    let meta = path.metadata().ok()?;
    Some((meta.mode(), meta.uid()))
}

/// Returns the effective user id of this process.
pub fn user_id() -> u32 {
    ffi::effective_user_id()
}

/// Returns `true` if the path exists; follows links.
pub fn exists(path: &Path) -> bool {
    path.exists()
}
