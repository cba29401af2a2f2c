//! Reading of files that other programs write, of any type and size.

use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use nix::libc::{O_CLOEXEC, O_NONBLOCK};
use nix::unistd::geteuid;

use crate::domain::text::sanitize;

/// Opens a file for reading, with more flags of open(2). A FIFO without a writer does not block.
pub fn open(path: &Path, flags: i32) -> io::Result<File> {
    let flags = O_NONBLOCK | O_CLOEXEC | flags;
    let mut options = OpenOptions::new();
    options.read(true).custom_flags(flags).open(path)
}

/// Opens a regular file for reading and returns its length. Anything else is an error.
pub fn open_regular(path: &Path) -> io::Result<(File, u64)> {
    let file = open(path, 0)?;
    let length = regular_length(&file)?;
    Ok((file, length))
}

/// Returns the length of a regular file. Anything else is an error.
pub fn regular_length(file: &File) -> io::Result<u64> {
    let meta = file.metadata()?;
    let irregular = || io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file");
    meta.is_file().then_some(meta.len()).ok_or_else(irregular)
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
    let (mut file, length) = open_regular(path)?;
    let bytes = read_rest(&mut file, length, most + 1)?;
    if bytes.len() as u64 > most {
        return Err(io::Error::new(
            io::ErrorKind::InvalidData,
            "it is too large for what it should be",
        ));
    }
    Ok(bytes)
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

/// Returns `true` if an error means that the file does not exist.
pub fn is_absent(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}

/// Follows the symlinks of a path, including dangling ones.
pub fn destination(path: &Path) -> io::Result<PathBuf> {
    const MAX_LINKS: usize = 40;
    let mut path = path.to_owned();
    for _ in 0..MAX_LINKS {
        match std::fs::read_link(&path) {
            Ok(next) => path = path.parent().unwrap_or(Path::new("")).join(next),
            // EINVAL: not a symlink.
            Err(error) if error.kind() == io::ErrorKind::InvalidInput => return Ok(path),
            Err(error) if is_absent(&error) => return Ok(path),
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::other("its links lead nowhere"))
}

/// Returns the inode of a file and its modification time in seconds and nanoseconds, which
/// together distinguish the file from one that it replaced.
pub fn version(path: &Path) -> Option<(u64, i64, i64)> {
    let meta = path.metadata().ok()?;
    Some((meta.ino(), meta.mtime(), meta.mtime_nsec()))
}

/// Replaces `~` at the start of a path, as the AWS tools do in their settings.
pub fn expand_home(path: &Path, home: &Path) -> PathBuf {
    match path.strip_prefix("~") {
        Ok(rest) => home.join(rest),
        Err(_) => path.to_owned(),
    }
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
    geteuid().as_raw()
}

/// Returns `true` if the path exists; follows links.
pub fn exists(path: &Path) -> bool {
    path.exists()
}
