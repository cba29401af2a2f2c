//! Private directories, and whose files go into them.
#![expect(
    clippy::disallowed_methods,
    reason = "the edge where directories are made"
)]

use std::fs::{DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, fchown};
use std::path::Path;

use nix::libc::{O_CLOEXEC, O_DIRECTORY, O_NOFOLLOW};
use nix::unistd::geteuid;

/// Whose new files are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// Ours: nothing to do.
    Us,
    /// We are root in somebody's home (sudo): new files are given to that user, or that
    /// user's own tools could not replace them any more.
    Give {
        /// User id.
        uid: u32,
        /// Group id.
        gid: u32,
    },
    /// Somebody else's, and we may not give files away: nothing is written.
    Refuse {
        /// User id.
        uid: u32,
    },
}

impl Owner {
    /// Whose files belong into a directory: those of the owner of it, or of the nearest
    /// parent that exists.
    pub fn of(directory: &Path) -> Owner {
        let us = geteuid();
        let found = directory
            .ancestors()
            .find_map(|path| std::fs::metadata(path).ok());
        match found {
            Some(meta) if meta.uid() == us.as_raw() => Owner::Us,
            Some(meta) if us.is_root() => Owner::Give {
                uid: meta.uid(),
                gid: meta.gid(),
            },
            Some(meta) => Owner::Refuse { uid: meta.uid() },
            None => Owner::Us,
        }
    }

    /// Whether anything may be written.
    pub fn check(self) -> io::Result<()> {
        match self {
            Owner::Refuse { uid } => Err(io::Error::new(
                io::ErrorKind::PermissionDenied,
                format!("the directory belongs to user {uid}"),
            )),
            Owner::Us | Owner::Give { .. } => Ok(()),
        }
    }

    /// Gives an open file away where that is due. By descriptor, never by path: a path
    /// could have become a link to something else.
    pub fn take(self, file: &File) -> io::Result<()> {
        match self {
            Owner::Give { uid, gid } => fchown(file, Some(uid), Some(gid)),
            Owner::Us | Owner::Refuse { .. } => Ok(()),
        }
    }
}

/// Makes a directory and its missing parents, each 0700. Those that exist keep their mode.
pub fn create_private(directory: &Path, owner: Owner) -> io::Result<()> {
    if directory.is_dir() {
        return Ok(());
    }
    owner.check()?;
    if let Some(parent) = directory.parent() {
        create_private(parent, owner)?;
    }
    match DirBuilder::new().mode(0o700).create(directory) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && directory.is_dir() => {
            return Ok(());
        }
        Err(error) => return Err(error),
    }
    if owner != Owner::Us {
        let flags = O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
        owner.take(
            &OpenOptions::new()
                .read(true)
                .custom_flags(flags)
                .open(directory)?,
        )?;
    }
    Ok(())
}
