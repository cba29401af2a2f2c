//! Private directories, and whose files go into them.
#![expect(
    clippy::disallowed_methods,
    reason = "the edge where directories are made"
)]

use std::ffi::{OsStr, OsString};
use std::fs::{File, Metadata, OpenOptions};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, fchown};
use std::path::Path;

use nix::dir::Dir;
use nix::fcntl::{OFlag, openat, renameat};
use nix::libc::{O_CLOEXEC, O_DIRECTORY};
use nix::sys::stat::{Mode as Bits, mkdirat};
use nix::unistd::{UnlinkatFlags, geteuid, unlinkat};

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
    /// Whose files belong into a directory: those of its owner. Root, for whom every
    /// directory is writable, also looks at the nearest parent of one that is not there. A
    /// user's link on the way makes the files that user's, wherever it leads: otherwise a
    /// link to a directory of root would make root follow that user's other links as well.
    pub fn of(directory: &Path) -> Owner {
        let us = geteuid();
        let found = if us.is_root() {
            let mut links = directory
                .ancestors()
                .filter_map(|path| std::fs::symlink_metadata(path).ok())
                .filter(Metadata::is_symlink);
            let nearest = || directory.ancestors().find_map(|path| path.metadata().ok());
            links
                .find(|link| link.uid() != us.as_raw())
                .or_else(nearest)
        } else {
            directory.metadata().ok()
        };
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

/// Who may read a new file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Its owner.
    Private,
    /// Whom the umask lets.
    Shared,
}

/// An open directory. What is made in it is made in this one, whatever becomes of its path
/// meanwhile: root in somebody's home must not be led to another place by a link.
#[derive(Debug)]
pub struct Directory {
    file: File,
    owner: Owner,
}

impl Directory {
    /// Opens a directory. Root in somebody's home takes only one of that user's.
    pub fn open(path: &Path, owner: Owner) -> io::Result<Directory> {
        let flags = O_DIRECTORY | O_CLOEXEC;
        let file = OpenOptions::new()
            .read(true)
            .custom_flags(flags)
            .open(path)?;
        if let Owner::Give { uid, .. } = owner
            && file.metadata()?.uid() != uid
        {
            return Err(io::Error::new(
                io::ErrorKind::PermissionDenied,
                format!("{} does not belong to user {uid}", path.display()),
            ));
        }
        Ok(Directory { file, owner })
    }

    /// Opens a directory; makes it and its missing parents, each 0700. Those that exist
    /// keep their mode.
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
            // Somebody else has made it just now.
            Err(nix::Error::EEXIST) => return Directory::open(path, owner),
            Err(error) => return Err(error.into()),
        }
        let flags = OFlag::O_DIRECTORY | OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC;
        let file = File::from(openat(&parent.file, name, flags, Bits::empty())?);
        owner.take(&file)?;
        Ok(Directory { file, owner })
    }

    /// Makes a new file, 0600.
    pub fn create_file(&self, name: &OsStr) -> io::Result<File> {
        self.create_file_as(name, Mode::Private)
    }

    /// Makes a new file.
    pub fn create_file_as(&self, name: &OsStr, mode: Mode) -> io::Result<File> {
        self.owner.check()?;
        let flags = OFlag::O_CREAT | OFlag::O_EXCL;
        let mode = match mode {
            Mode::Private => Bits::S_IRUSR | Bits::S_IWUSR,
            Mode::Shared => Bits::from_bits_truncate(0o666),
        };
        let file = self.open_with(name, flags, mode)?;
        if let Err(error) = self.owner.take(&file) {
            let _ = self.remove(name);
            return Err(error);
        }
        Ok(file)
    }

    /// Opens a file that is there, for reading and writing.
    pub fn open_file(&self, name: &OsStr) -> io::Result<File> {
        self.open_with(name, OFlag::empty(), Bits::empty())
    }

    fn open_with(&self, name: &OsStr, more: OFlag, mode: Bits) -> io::Result<File> {
        let flags = OFlag::O_RDWR | OFlag::O_CLOEXEC | OFlag::O_NOFOLLOW | OFlag::O_NONBLOCK;
        Ok(File::from(openat(&self.file, name, flags | more, mode)?))
    }

    /// Puts a file in the place of another.
    pub fn rename(&self, from: &OsStr, to: &OsStr) -> io::Result<()> {
        Ok(renameat(&self.file, from, &self.file, to)?)
    }

    /// Removes a file; one that is not there is fine.
    pub fn remove(&self, name: &OsStr) -> io::Result<bool> {
        match unlinkat(&self.file, name, UnlinkatFlags::NoRemoveDir) {
            Ok(()) => Ok(true),
            Err(nix::Error::ENOENT) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// The names in it.
    pub fn names(&self) -> io::Result<Vec<OsString>> {
        use std::os::unix::ffi::OsStrExt;
        let flags = OFlag::O_DIRECTORY | OFlag::O_CLOEXEC;
        let mut entries = Dir::openat(&self.file, ".", flags, Bits::empty())?;
        let names = entries.iter().flatten();
        Ok(names
            .map(|entry| OsStr::from_bytes(entry.file_name().to_bytes()).to_owned())
            .collect())
    }

    /// Makes what was renamed in it survive a power cut. Not every file system can.
    pub fn sync(&self) {
        let _ = self.file.sync_all();
    }
}
