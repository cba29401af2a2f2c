//! Finding and reading `.aws-sso` files, which anybody may have put there.
//!
//! A file is opened once, without following a link and without waiting, and what is read
//! then is all that is ever looked at. What it says is `domain::dotfile`'s business.
#![expect(
    clippy::disallowed_methods,
    reason = "the edge where directories are searched"
)]

use std::fs::OpenOptions;
use std::io::{self, Read};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use nix::libc::{O_CLOEXEC, O_NOFOLLOW, O_NONBLOCK};
use nix::unistd::geteuid;

use crate::domain::directory::dotfile::{MOST, NAME};

use super::atomic;

/// Everybody may write, and only the owner may rename or remove.
const STICKY: u32 = 0o1000;
const OTHERS_WRITE: u32 = 0o002;
const GROUP_WRITES: u32 = 0o020;

/// What stands under the name in one directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// A file that can be looked at.
    File(Bytes),
    /// Something that is not read, for this reason; whether it belongs to this user.
    Unusable {
        /// In words.
        why: &'static str,
        /// Whether it is this user's.
        ours: bool,
    },
}

/// What was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bytes {
    /// All of the file; one byte too many when it is too long.
    pub bytes: Vec<u8>,
    /// Whether it is this user's.
    pub ours: bool,
    /// Whether its group may write it.
    pub group_writes: bool,
}

/// The directories in which a file counts, from this one upward: below the home up to it,
/// elsewhere up to the root, both left out. Elsewhere another user's directory ends the
/// search, unless `known` says that something at or above it was spoken of.
pub fn directories<'a>(
    here: &'a Path,
    home: &Path,
    known: impl Fn(&Path) -> bool + 'a,
) -> impl Iterator<Item = &'a Path> {
    // HOME may be spelled through a link, the current directory never is.
    let home = if here.starts_with(home) {
        home.to_owned()
    } else {
        std::fs::canonicalize(home).unwrap_or_else(|_| home.to_owned())
    };
    let at_home = here.starts_with(&home);
    let us = geteuid().as_raw();
    here.ancestors()
        .take_while(move |directory| *directory != home && directory.parent().is_some())
        .take_while(move |directory| {
            let ours = || std::fs::metadata(directory).is_ok_and(|meta| meta.uid() == us);
            at_home || ours() || directory.ancestors().any(&known)
        })
}

/// What stands in a directory. A directory of that name is another tool's, and passed over.
pub fn look(directory: &Path) -> Option<Found> {
    let us = geteuid().as_raw();
    let path = directory.join(NAME);
    let opened = OpenOptions::new()
        .read(true)
        .custom_flags(O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        .open(&path);
    let mut file = match opened {
        Ok(file) => file,
        Err(error) if super::file::is_absent(&error) => return None,
        Err(error) => {
            let meta = std::fs::symlink_metadata(&path).ok();
            let is_link = meta.as_ref().is_some_and(|meta| meta.is_symlink());
            let why = match error.kind() {
                _ if is_link => "it is a link",
                io::ErrorKind::PermissionDenied => "it cannot be read: permission denied",
                _ => "it is not a regular file",
            };
            let ours = meta.is_some_and(|meta| meta.uid() == us);
            return Some(Found::Unusable { why, ours });
        }
    };
    let meta = file.metadata().ok()?;
    if meta.is_dir() {
        return None;
    }
    let ours = meta.uid() == us;
    let unusable = |why| Some(Found::Unusable { why, ours });
    if !meta.is_file() {
        return unusable("it is not a regular file");
    }
    if meta.mode() & OTHERS_WRITE != 0 {
        return unusable("everybody may write it");
    }
    let around = std::fs::metadata(directory).map_or(0, |meta| meta.mode());
    if around & OTHERS_WRITE != 0 && around & STICKY == 0 {
        return unusable("everybody may write its directory");
    }
    let mut bytes = Vec::with_capacity(512);
    let read = (&mut file).take(MOST as u64 + 1).read_to_end(&mut bytes);
    if read.is_err() {
        return unusable("it cannot be read");
    }
    Some(Found::File(Bytes {
        bytes,
        ours,
        group_writes: meta.mode() & GROUP_WRITES != 0,
    }))
}

/// Writes the file of a directory. Never through a link: it would be another file's.
pub fn write(directory: &Path, bytes: &[u8]) -> io::Result<()> {
    let path = directory.join(NAME);
    match std::fs::symlink_metadata(&path) {
        Ok(meta) if meta.is_symlink() => Err(io::Error::other("it is a link")),
        Ok(meta) if !meta.is_file() => Err(io::Error::other("it is not a regular file")),
        Err(error) if !super::file::is_absent(&error) => Err(error),
        _ => atomic::write_shared(&path, bytes),
    }
}

/// The canonical path of the directory that a file or a directory means.
pub fn directory_of(path: &Path) -> io::Result<PathBuf> {
    let directory = match path.file_name() {
        Some(name) if name == NAME && !path.is_dir() => match path.parent() {
            Some(parent) if parent.as_os_str().is_empty() => Path::new("."),
            Some(parent) => parent,
            None => path,
        },
        _ => path,
    };
    let directory = std::fs::canonicalize(directory)?;
    if directory.is_dir() {
        Ok(directory)
    } else {
        Err(io::ErrorKind::NotADirectory.into())
    }
}
