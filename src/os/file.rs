//! Reading of files that other programs write, of any type and size.

use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use nix::libc::{O_CLOEXEC, O_NONBLOCK};
use nix::unistd::geteuid;

use crate::domain::text::sanitize;

/// Size limit of a cache file, in bytes; no cache file is near it.
const MOST: u64 = 1 << 20;

/// Opens a regular file for reading and returns its length. Anything else is an error; opening a
/// FIFO without a writer would block.
pub fn open_regular(path: &Path) -> io::Result<(File, u64)> {
    let file = OpenOptions::new()
        .read(true)
        .custom_flags(O_NONBLOCK | O_CLOEXEC)
        .open(path)?;
    let meta = file.metadata()?;
    if meta.is_file() {
        Ok((file, meta.len()))
    } else {
        Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "it is not a regular file",
        ))
    }
}

/// Reads a small file; `None` if it does not exist.
pub fn read_small(path: &Path) -> io::Result<Option<Vec<u8>>> {
    match read_at_most(path, MOST) {
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

/// A value that distinguishes a file from the one that it replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileVersion {
    inode: u64,
    modified: (i64, i64),
}

/// Returns the version of a file, if it exists.
pub fn version(path: &Path) -> Option<FileVersion> {
    let meta = path.metadata().ok()?;
    Some(FileVersion {
        inode: meta.ino(),
        modified: (meta.mtime(), meta.mtime_nsec()),
    })
}

/// Returns a path with `~` for the home directory, safe to print on a terminal.
pub fn abbreviate(path: &Path, home: &Path) -> String {
    match path.strip_prefix(home) {
        Ok(rest) => format!("~/{}", sanitize(&rest.to_string_lossy())),
        Err(_) => sanitize(&path.to_string_lossy()),
    }
}

/// Owner and mode of a file or directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// Mode bits.
    pub mode: u32,
    /// User id of the owner.
    pub owner: u32,
}

/// Returns owner and mode of a file or directory; follows links.
pub fn facts(path: &Path) -> Option<Facts> {
    let meta = path.metadata().ok()?;
    Some(Facts {
        mode: meta.mode(),
        owner: meta.uid(),
    })
}

/// Returns the effective user id of this process.
pub fn us() -> u32 {
    geteuid().as_raw()
}

/// Returns `true` if the path exists; follows links.
pub fn exists(path: &Path) -> bool {
    path.exists()
}
