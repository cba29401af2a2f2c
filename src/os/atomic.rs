//! Atomic replacement of files.
//!
//! A temporary file next to the target (0600, `O_EXCL`) is written, synced and renamed. Its name
//! contains the target's, so that the holder of the target's lock can delete the temporary files of
//! killed processes.

use std::ffi::{OsStr, OsString};
use std::fs::{File, Metadata};
use std::io::{self, Seek, SeekFrom, Write};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use zeroize::Zeroizing;

use super::clock::random_bytes;
use super::file;
use super::private_dir::{Directory, Mode, Owner};

/// Suffix of temporary files; other tools ignore such files.
const SUFFIX: &str = ".sso.tmp";

/// Padding that is written first to allocate disk space; larger than any token file.
const RESERVE: [u8; 16 * 1024] = [b' '; 16 * 1024];

/// Temporary file that will replace its target.
pub struct Pending {
    directory: Directory,
    target: OsString,
    mode: Mode,
    /// Metadata of the file that is replaced, if owner and mode are copied from it.
    model: Option<Metadata>,
    temporary: Option<OsString>,
    file: File,
    content: Zeroizing<Vec<u8>>,
}

/// Replaces a private file (0600) atomically.
pub fn write(target: &Path, bytes: &[u8], owner: Owner) -> io::Result<()> {
    Pending::create(target, owner, Mode::Private)?.commit(bytes)
}

impl Pending {
    /// Creates the temporary file. If the target is a symlink, the file it points to is replaced.
    pub fn create(target: &Path, owner: Owner, mode: Mode) -> io::Result<Pending> {
        Pending::create_at(&file::destination(target)?, owner, mode)
    }

    /// Creates the temporary file. Whatever has the target's name at the rename is replaced, a
    /// symlink included, so that nothing is written through a link that has just appeared.
    pub fn create_at(target: &Path, owner: Owner, mode: Mode) -> io::Result<Pending> {
        owner.check()?;
        // The rename would fail as well, but only after the content is written.
        if target.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        let (directory, name) = split_parent(target)?;
        let directory = Directory::create(directory, owner)?;
        let (temporary, file) = create_temporary(&directory, name, mode)?;
        Ok(Pending {
            directory,
            target: name.to_owned(),
            mode,
            model: None,
            temporary: Some(temporary),
            file,
            content: Zeroizing::default(),
        })
    }

    /// Creates the temporary file and allocates disk space for the content. Where the file system
    /// keeps that space, a full disk cannot lose the content.
    pub fn reserve(target: &Path, owner: Owner) -> io::Result<Pending> {
        let mut pending = Pending::create(target, owner, Mode::Private)?;
        pending.file.write_all(&RESERVE)?;
        pending.file.sync_data()?;
        Ok(pending)
    }

    /// Writes the content without replacing the target yet.
    pub fn fill(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.content = Zeroizing::new(bytes.to_vec());
        fill(&mut self.file, bytes)
    }

    /// Writes the content and replaces the target.
    pub fn commit(mut self, bytes: &[u8]) -> io::Result<()> {
        self.fill(bytes)?;
        self.publish()
    }

    /// Copies owner and mode of the file that is replaced.
    pub fn like(&mut self, model: Metadata) -> io::Result<()> {
        copy_owner_and_mode(&self.file, &model)?;
        self.model = Some(model);
        Ok(())
    }

    /// Replaces the target.
    pub fn publish(mut self) -> io::Result<()> {
        let mut tries = 0;
        while let Some(temporary) = &self.temporary {
            match self.directory.rename(temporary, &self.target) {
                Ok(()) => self.temporary = None,
                // Another process swept the temporary file: write it again.
                Err(error) if error.kind() == io::ErrorKind::NotFound && tries < 3 => {
                    tries += 1;
                    let (temporary, file) =
                        create_temporary(&self.directory, &self.target, self.mode)?;
                    (self.temporary, self.file) = (Some(temporary), file);
                    if let Some(model) = &self.model {
                        copy_owner_and_mode(&self.file, model)?;
                    }
                    fill(&mut self.file, &self.content)?;
                }
                Err(error) => return Err(error),
            }
        }
        self.directory.sync();
        Ok(())
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        if let Some(temporary) = &self.temporary {
            let _ = self.directory.remove(temporary);
        }
    }
}

fn copy_owner_and_mode(file: &File, model: &Metadata) -> io::Result<()> {
    let ours = file.metadata()?;
    if (ours.uid(), ours.gid()) != (model.uid(), model.gid()) {
        std::os::unix::fs::fchown(file, Some(model.uid()), Some(model.gid()))?;
    }
    file.set_permissions(model.permissions())
}

fn split_parent(target: &Path) -> io::Result<(&Path, &OsStr)> {
    let parts = target.parent().zip(target.file_name());
    parts.ok_or_else(|| io::ErrorKind::InvalidInput.into())
}

fn fill(file: &mut File, bytes: &[u8]) -> io::Result<()> {
    file.seek(SeekFrom::Start(0))?;
    file.write_all(bytes)?;
    file.set_len(bytes.len() as u64)?;
    file.sync_all()
}

fn create_temporary(
    directory: &Directory,
    target: &OsStr,
    mode: Mode,
) -> io::Result<(OsString, File)> {
    let random: [u8; 8] =
        random_bytes().map_err(|error| io::Error::other(error.message().to_owned()))?;
    let mut temporary = target.to_owned();
    temporary.push(format!(".{:016x}{SUFFIX}", u64::from_le_bytes(random)));
    let file = directory.create_file(&temporary, mode)?;
    Ok((temporary, file))
}

/// Deletes a file, or the file that a symlink points to. Returns `true` if it existed. Fails if
/// nothing may be written either.
pub fn remove(target: &Path, owner: Owner) -> io::Result<bool> {
    let target = file::destination(target)?;
    if target.symlink_metadata().is_ok() {
        owner.check()?;
    }
    let (directory, name) = split_parent(&target)?;
    match Directory::open(directory, owner) {
        Ok(directory) => directory.remove(name),
        Err(error) if file::is_absent(&error) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Deletes the temporary files of killed processes for a target. Only the holder of the target's
/// lock may call this: without the lock, another process may be using the file.
pub fn sweep(target: &Path, owner: Owner) -> io::Result<()> {
    let target = file::destination(target)?;
    let (directory, target) = split_parent(&target)?;
    let directory = Directory::open(directory, owner)?;
    let names = directory.names()?;
    for name in names
        .iter()
        .filter(|name| target_of(name).is_some_and(|of| target == of))
    {
        let _ = directory.remove(name);
    }
    Ok(())
}

/// Returns the target names of the temporary files in a directory.
pub fn leftovers(directory: &Path, owner: Owner) -> Vec<String> {
    let names = Directory::open(directory, owner).and_then(|directory| directory.names());
    let names = names.unwrap_or_default();
    let targets = names.iter().filter_map(|name| target_of(name));
    targets.map(str::to_owned).collect()
}

/// Returns the target in the name of a temporary file.
fn target_of(name: &OsStr) -> Option<&str> {
    let (target, hex) = name.to_str()?.strip_suffix(SUFFIX)?.rsplit_once('.')?;
    let is_own = hex.len() == 16 && hex.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_own.then_some(target)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_temporary_file_that_is_written_again_keeps_owner_and_mode() {
        let directory = std::env::temp_dir().join(format!("sso-atomic-{}", std::process::id()));
        std::fs::create_dir_all(&directory).unwrap();
        let target = directory.join("config");
        std::fs::write(&target, "before").unwrap();
        let mode: std::fs::Permissions = std::os::unix::fs::PermissionsExt::from_mode(0o640);
        std::fs::set_permissions(&target, mode).unwrap();
        // Only root can give the file away.
        if file::user_id() == 0 {
            std::os::unix::fs::chown(&target, Some(12_345), Some(12_345)).unwrap();
        }
        let before = target.metadata().unwrap();
        let mut pending = Pending::create(&target, Owner::Us, Mode::Private).unwrap();
        pending.fill(b"after").unwrap();
        pending.like(before.clone()).unwrap();
        sweep(&target, Owner::Us).unwrap();
        pending.publish().unwrap();
        let after = target.metadata().unwrap();
        assert_eq!(std::fs::read(&target).unwrap(), b"after");
        assert_eq!(
            (after.mode(), after.uid(), after.gid()),
            (before.mode(), before.uid(), before.gid())
        );
        std::fs::remove_dir_all(directory).unwrap();
    }

    #[test]
    fn only_own_temporary_files_are_swept() {
        for (name, target) in [
            ("a.json.0123456789abcdef.sso.tmp", Some("a.json")),
            ("b.json.0123456789abcdef.sso.tmp", Some("b.json")),
            ("a.json", None),
            ("a.json.tmp", None),
            ("a.json.x.sso.tmp", None),
            ("a.json.sso.tmp", None),
        ] {
            assert_eq!(target_of(OsStr::new(name)), target, "{name}");
        }
    }
}
