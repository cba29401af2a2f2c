//! Private directories, and the owner of the files in them.

use std::ffi::{OsStr, OsString};
use std::fs::{File, Metadata};
use std::io;
use std::os::unix::fs::{MetadataExt, fchown};
use std::path::Path;

use nix::dir::Dir;
use nix::fcntl::{OFlag, openat, renameat};
use nix::libc::O_DIRECTORY;
use nix::sys::stat::{Mode as Bits, mkdirat};
use nix::unistd::{UnlinkatFlags, unlinkat};

use super::file;

/// Owner of new files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// This user: nothing to do.
    Us,
    /// Root in a user's home (sudo): new files are chowned to that user, whose tools could not
    /// replace them otherwise.
    Give { uid: u32, gid: u32 },
    /// Another user, and this process may not chown: nothing is written.
    Refuse { uid: u32 },
}

impl Owner {
    /// Returns the owner for files in a directory: the directory's owner. Root, which can write
    /// everywhere, also checks the nearest parent of a missing directory. A symlink of a user in
    /// the path makes that user the owner: otherwise a link to a directory of root would make root
    /// follow that user's other links.
    pub fn of(directory: &Path) -> Owner {
        let us = file::user_id();
        let is_root = us == 0;
        let found = if is_root {
            let mut links = directory
                .ancestors()
                .filter_map(|path| std::fs::symlink_metadata(path).ok())
                .filter(Metadata::is_symlink);
            let nearest = || directory.ancestors().find_map(|path| path.metadata().ok());
            links.find(|link| link.uid() != us).or_else(nearest)
        } else {
            directory.metadata().ok()
        };
        let Some(meta) = found.filter(|meta| meta.uid() != us) else {
            return Owner::Us;
        };
        let (uid, gid) = (meta.uid(), meta.gid());
        match is_root {
            true => Owner::Give { uid, gid },
            false => Owner::Refuse { uid },
        }
    }

    /// Fails if nothing may be written.
    pub fn check(self) -> io::Result<()> {
        match self {
            Owner::Refuse { uid } => {
                Err(file::denied(format!("the directory belongs to user {uid}")))
            }
            Owner::Us | Owner::Give { .. } => Ok(()),
        }
    }

    /// Chowns an open file if necessary. By descriptor, because a path could have become a link.
    pub fn take(self, file: &File) -> io::Result<()> {
        match self {
            Owner::Give { uid, gid } => fchown(file, Some(uid), Some(gid)),
            Owner::Us | Owner::Refuse { .. } => Ok(()),
        }
    }
}

/// Permissions of a new file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// 0600.
    Private,
    /// 0644 minus the umask. Nobody else may write it, even with umask 000.
    Shared,
}

/// Open directory. Files are created relative to its descriptor: a link swapped into the path must
/// not redirect root to another directory.
#[derive(Debug)]
pub struct Directory {
    file: File,
    owner: Owner,
}

impl Directory {
    /// Opens a directory. Root in a user's home opens only directories that the user owns.
    pub fn open(path: &Path, owner: Owner) -> io::Result<Directory> {
        let file = file::open(path, O_DIRECTORY)?;
        if let Owner::Give { uid, .. } = owner
            && file.metadata()?.uid() != uid
        {
            let path = path.display();
            return Err(file::denied(format!(
                "{path} does not belong to user {uid}"
            )));
        }
        Ok(Directory { file, owner })
    }

    /// Opens a directory; creates it and missing parents as 0700. Existing ones keep their mode.
    pub fn create(path: &Path, owner: Owner) -> io::Result<Directory> {
        match Directory::open(path, owner) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            opened => return opened,
        }
        owner.check()?;
        let (Some(parent), Some(name)) = (path.parent(), path.file_name()) else {
            return Err(io::ErrorKind::NotFound.into());
        };
        let parent = Directory::create(parent, owner)?;
        match mkdirat(&parent.file, name, Bits::S_IRWXU) {
            Ok(()) => {}
            // Another process has just created it.
            Err(nix::Error::EEXIST) => return Directory::open(path, owner),
            Err(error) => return Err(error.into()),
        }
        let flags = OFlag::O_DIRECTORY | OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC;
        let file = File::from(openat(&parent.file, name, flags, Bits::empty())?);
        owner.take(&file)?;
        Ok(Directory { file, owner })
    }

    /// Creates a new file.
    pub fn create_file(&self, name: &OsStr, mode: Mode) -> io::Result<File> {
        self.owner.check()?;
        let flags = OFlag::O_CREAT | OFlag::O_EXCL;
        let mode = match mode {
            Mode::Private => Bits::S_IRUSR | Bits::S_IWUSR,
            Mode::Shared => Bits::from_bits_truncate(0o644),
        };
        let file = self.open_with(name, flags, mode)?;
        if let Err(error) = self.owner.take(&file) {
            let _ = self.remove(name);
            return Err(error);
        }
        Ok(file)
    }

    /// Opens an existing file for reading and writing.
    pub fn open_file(&self, name: &OsStr) -> io::Result<File> {
        self.open_with(name, OFlag::empty(), Bits::empty())
    }

    fn open_with(&self, name: &OsStr, more: OFlag, mode: Bits) -> io::Result<File> {
        let flags = OFlag::O_RDWR | OFlag::O_CLOEXEC | OFlag::O_NOFOLLOW | OFlag::O_NONBLOCK;
        Ok(File::from(openat(&self.file, name, flags | more, mode)?))
    }

    /// Renames a file and replaces any other of the new name.
    pub fn rename(&self, from: &OsStr, to: &OsStr) -> io::Result<()> {
        Ok(renameat(&self.file, from, &self.file, to)?)
    }

    /// Deletes a file. Returns `true` if it existed.
    pub fn remove(&self, name: &OsStr) -> io::Result<bool> {
        match unlinkat(&self.file, name, UnlinkatFlags::NoRemoveDir) {
            Ok(()) => Ok(true),
            Err(nix::Error::ENOENT) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Returns the names of the entries.
    pub fn names(&self) -> io::Result<Vec<OsString>> {
        use std::os::unix::ffi::OsStrExt;
        let flags = OFlag::O_DIRECTORY | OFlag::O_CLOEXEC;
        let mut entries = Dir::openat(&self.file, ".", flags, Bits::empty())?;
        let names = entries.iter().flatten();
        Ok(names
            .map(|entry| OsStr::from_bytes(entry.file_name().to_bytes()).to_owned())
            .collect())
    }

    /// Syncs renames to disk. Errors are ignored: not every file system can sync a directory.
    pub fn sync(&self) {
        let _ = self.file.sync_all();
    }
}
