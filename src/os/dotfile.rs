//! Finds, reads and writes `.aws-sso` files, which any user may have created.
//!
//! A file is opened once, without following a link and without blocking, and only the bytes
//! read then are used. `domain::directory` parses them and decides about trust.

use std::io::{self, Read};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use nix::libc::O_NOFOLLOW;

use crate::domain::directory::directory_file::FoundFile;
use crate::domain::directory::dotfile::{FILE_NAME, MAX_BYTES};

use super::atomic::Pending;
use super::file;
use super::private_dir::{Mode, Owner};

/// Mode bit of a directory in which only the owner of a file may rename or remove it.
const STICKY: u32 = 0o1000;
const OTHERS_WRITE: u32 = 0o002;
const GROUP_WRITES: u32 = 0o020;

/// Reason to ignore a file that everybody can replace.
const OPEN_DIRECTORY: &str = "everybody may write its directory";

/// Returns the directories whose files can apply in `current`, from the nearest upward.
///
/// They end before the home directory, or before the root outside it. Outside it they also
/// end at the first directory of another user, unless `has_record` returns `true` for a
/// directory at or above that one.
pub fn directories<'a>(
    current: &'a Path,
    home: &Path,
    has_record: impl Fn(&Path) -> bool + 'a,
) -> impl Iterator<Item = &'a Path> {
    // HOME may lead through a link; the current directory never does.
    let home = if current.starts_with(home) {
        home.to_owned()
    } else {
        std::fs::canonicalize(home).unwrap_or_else(|_| home.to_owned())
    };
    let is_in_home = current.starts_with(&home);
    let user = file::user_id();
    current
        .ancestors()
        .take_while(move |directory| *directory != home && directory.parent().is_some())
        .take_while(move |directory| {
            let is_own = || std::fs::metadata(directory).is_ok_and(|meta| meta.uid() == user);
            is_in_home || is_own() || directory.ancestors().any(&has_record)
        })
}

/// Reads the file of a directory. A directory of that name belongs to aws-sso-cli and counts
/// as absent.
pub fn read(directory: &Path) -> Option<FoundFile> {
    let user = file::user_id();
    let path = directory.join(FILE_NAME);
    let mut file = match file::open(&path, O_NOFOLLOW) {
        Ok(file) => file,
        Err(error) if file::is_absent(&error) => return None,
        Err(error) => {
            let meta = std::fs::symlink_metadata(&path).ok();
            let is_link = meta.as_ref().is_some_and(|meta| meta.is_symlink());
            let reason = match error.kind() {
                _ if is_link => "it is a link",
                io::ErrorKind::PermissionDenied => "it cannot be read: permission denied",
                _ => "it is not a regular file",
            };
            let is_own = meta.is_some_and(|meta| meta.uid() == user);
            return Some(FoundFile {
                bytes: Err(reason),
                is_own,
                is_planted: !is_own && mode(directory) & STICKY != 0,
                is_group_writable: false,
            });
        }
    };
    let meta = file.metadata().ok()?;
    if meta.is_dir() {
        return None;
    }
    let bytes = if !meta.is_file() {
        Err("it is not a regular file")
    } else if meta.mode() & OTHERS_WRITE != 0 {
        Err("everybody may write it")
    } else if is_open(directory) {
        Err(OPEN_DIRECTORY)
    } else {
        let mut bytes = Vec::with_capacity(512);
        // One byte more than a valid file has, so that a longer one is recognised.
        let read = (&mut file)
            .take(MAX_BYTES as u64 + 1)
            .read_to_end(&mut bytes);
        read.map(|_| bytes).map_err(|_| "it cannot be read")
    };
    let is_own = meta.uid() == user;
    Some(FoundFile {
        bytes,
        is_own,
        is_planted: !is_own && mode(directory) & STICKY != 0,
        is_group_writable: meta.mode() & GROUP_WRITES != 0,
    })
}

/// Returns `true` if everybody can replace the files of a directory.
fn is_open(directory: &Path) -> bool {
    let mode = mode(directory);
    mode & OTHERS_WRITE != 0 && mode & STICKY == 0
}

fn mode(directory: &Path) -> u32 {
    std::fs::metadata(directory).map_or(0, |meta| meta.mode())
}

/// Writes the file of a directory. Fails if a link or another kind of file has its name, or if
/// the file would be ignored there.
pub fn write(directory: &Path, bytes: &[u8]) -> io::Result<()> {
    if is_open(directory) {
        return Err(io::Error::other(OPEN_DIRECTORY));
    }
    let path = directory.join(FILE_NAME);
    match std::fs::symlink_metadata(&path) {
        Ok(meta) if meta.is_symlink() => Err(io::Error::other("it is a link")),
        Ok(meta) if !meta.is_file() => Err(io::Error::other("it is not a regular file")),
        Err(error) if !file::is_absent(&error) => Err(error),
        _ => Pending::create_at(&path, Owner::Us, Mode::Shared)?.commit(bytes),
    }
}

/// Returns the canonical path of a directory, which may be given as the path of its file.
pub fn resolve_directory(path: &Path) -> io::Result<PathBuf> {
    let directory = match path.file_name() {
        Some(name) if name == FILE_NAME && !path.is_dir() => match path.parent() {
            Some(parent) if parent.as_os_str().is_empty() => Path::new("."),
            Some(parent) => parent,
            None => path,
        },
        _ => path,
    };
    let directory = std::fs::canonicalize(directory)?;
    match directory.is_dir() {
        true => Ok(directory),
        false => Err(io::ErrorKind::NotADirectory.into()),
    }
}
