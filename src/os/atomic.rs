//! Files that are old or new at every instant, never half.
//!
//! A temporary file beside the target (0600, exclusively created) is written, synced and
//! renamed. Its name carries the target's, so that the holder of the target's lock can
//! clear up after a process that was killed.
#![expect(
    clippy::disallowed_methods,
    reason = "the edge where files are written"
)]

use std::ffi::{OsStr, OsString};
use std::fs::{File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use nix::libc::{O_CLOEXEC, O_NOFOLLOW};
use zeroize::Zeroizing;

use super::clock::random;
use super::directory::{Owner, create_private};
use super::file;

/// Ends the names of our temporary files; other tools pass over it.
const SUFFIX: &str = ".sso.tmp";

/// More than any token file; what is written first so that the space is there.
const RESERVE: [u8; 16 * 1024] = [b' '; 16 * 1024];

/// A temporary file that waits for its content.
pub struct Pending {
    target: PathBuf,
    temporary: PathBuf,
    file: File,
    owner: Owner,
    content: Zeroizing<Vec<u8>>,
}

/// Writes a file in one step.
pub fn write(target: &Path, bytes: &[u8], owner: Owner) -> io::Result<()> {
    Pending::create(target, owner)?.commit(bytes)
}

impl Pending {
    /// Makes the temporary file. A target that is a link keeps being one: what it points
    /// to is replaced.
    pub fn create(target: &Path, owner: Owner) -> io::Result<Pending> {
        owner.check()?;
        let target = destination(target, owner)?;
        // A rename would say so as well, but only when the content is there.
        if target.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        if let Some(directory) = target.parent() {
            create_private(directory, owner)?;
        }
        let (temporary, file) = create_temporary(&target, owner)?;
        Ok(Pending {
            target,
            temporary,
            file,
            owner,
            content: Zeroizing::default(),
        })
    }

    /// The same, with space for the content already written and synced: where this works,
    /// a full disk cannot lose what is going to be written.
    pub fn reserve(target: &Path, owner: Owner) -> io::Result<Pending> {
        let mut pending = Pending::create(target, owner)?;
        pending.file.write_all(&RESERVE)?;
        pending.file.sync_data()?;
        Ok(pending)
    }

    /// Writes the content, without putting the file in its place yet.
    pub fn fill(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.content = Zeroizing::new(bytes.to_vec());
        fill(&mut self.file, bytes)
    }

    /// Writes the content and puts the file in its place.
    pub fn commit(mut self, bytes: &[u8]) -> io::Result<()> {
        self.fill(bytes)?;
        self.publish()
    }

    /// Puts the file in its place.
    pub fn publish(mut self) -> io::Result<()> {
        let mut tries = 0;
        while let Err(error) = std::fs::rename(&self.temporary, &self.target) {
            // Somebody's clearing up took the file away: write it again.
            if error.kind() != io::ErrorKind::NotFound || tries == 3 {
                return Err(error);
            }
            tries += 1;
            (self.temporary, self.file) = create_temporary(&self.target, self.owner)?;
            fill(&mut self.file, &self.content)?;
        }
        self.temporary = PathBuf::new();
        // The rename itself must survive a power cut too. Not every file system lets a
        // directory be synced; the file is complete in any case.
        if let Some(directory) = self.target.parent() {
            let _ = File::open(directory).and_then(|directory| directory.sync_all());
        }
        Ok(())
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        if !self.temporary.as_os_str().is_empty() {
            let _ = std::fs::remove_file(&self.temporary);
        }
    }
}

fn fill(file: &mut File, bytes: &[u8]) -> io::Result<()> {
    file.seek(SeekFrom::Start(0))?;
    file.write_all(bytes)?;
    file.set_len(bytes.len() as u64)?;
    file.sync_all()
}

fn create_temporary(target: &Path, owner: Owner) -> io::Result<(PathBuf, File)> {
    let name = target.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    let random: [u8; 8] = random().map_err(|error| io::Error::other(error.message().to_owned()))?;
    let mut temporary: OsString = name.to_owned();
    temporary.push(format!(".{:016x}{SUFFIX}", u64::from_le_bytes(random)));
    let temporary = target.with_file_name(temporary);
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .create_new(true)
        .mode(0o600)
        .custom_flags(O_NOFOLLOW | O_CLOEXEC)
        .open(&temporary)?;
    if let Err(error) = owner.take(&file) {
        let _ = std::fs::remove_file(&temporary);
        return Err(error);
    }
    Ok((temporary, file))
}

/// Where the file is that a path means. A link stays a link; what it points to is written
/// and removed. Root in somebody's home follows only to where that user's files are:
/// otherwise a link would lead root to any file of the system.
fn destination(target: &Path, owner: Owner) -> io::Result<PathBuf> {
    let real = file::destination(target)?;
    if let (Owner::Give { uid, .. }, true) = (owner, real != target)
        && let Some(directory) = real.parent()
        && std::fs::metadata(directory)?.uid() != uid
    {
        return Err(io::Error::new(
            io::ErrorKind::PermissionDenied,
            format!("it is a link into a directory that is not of user {uid}"),
        ));
    }
    Ok(real)
}

/// Removes a file, and of a link what it points to. One that is not there is fine.
pub fn remove(target: &Path, owner: Owner) -> io::Result<bool> {
    match destination(target, owner) {
        Ok(real) => file::remove(&real),
        Err(_) => file::remove(target),
    }
}

/// Removes what killed processes left beside a target. Only the holder of the target's
/// lock may call this: everybody else's temporary file may be in use.
pub fn sweep(target: &Path, owner: Owner) {
    let Ok(target) = destination(target, owner) else {
        return;
    };
    let (Some(directory), Some(name)) = (target.parent(), target.file_name()) else {
        return;
    };
    let Ok(entries) = std::fs::read_dir(directory) else {
        return;
    };
    for entry in entries.flatten() {
        if is_temporary_of(&entry.file_name(), name) {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

fn is_temporary_of(name: &OsStr, target: &OsStr) -> bool {
    let (Some(name), Some(target)) = (name.to_str(), target.to_str()) else {
        return false;
    };
    let middle = name
        .strip_prefix(target)
        .and_then(|rest| rest.strip_prefix('.'));
    let middle = middle.and_then(|rest| rest.strip_suffix(SUFFIX));
    middle.is_some_and(|hex| hex.len() == 16 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_left_overs_are_taken() {
        let is = |name: &str| is_temporary_of(OsStr::new(name), OsStr::new("a.json"));
        assert!(is("a.json.0123456789abcdef.sso.tmp"));
        for other in [
            "a.json",
            "a.json.tmp",
            "b.json.0123456789abcdef.sso.tmp",
            "a.json.x.sso.tmp",
            "a.json.sso.tmp",
        ] {
            assert!(!is(other), "{other}");
        }
    }
}
