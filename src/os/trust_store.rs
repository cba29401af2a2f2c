//! Where the records of trust are kept: one file for a path, below the home alone.
//!
//! Whoever can write here decides what loads, so a directory or a record that others could
//! have written does not count. What a record says is `domain::trust`'s business.
#![expect(clippy::disallowed_methods, reason = "the edge where records are read")]

use std::cell::OnceCell;
use std::fs::OpenOptions;
use std::io::{self, Read};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use nix::libc::{O_CLOEXEC, O_NOFOLLOW, O_NONBLOCK};
use nix::unistd::geteuid;

use crate::domain::directory::trust::{TrustRecord, record_name};
use crate::domain::sort::sort_by;

use super::atomic;
use super::private_dir::{Directory, Owner};

/// No record is near this size.
const MOST: u64 = 64 * 1024;

/// The records of a user.
#[derive(Clone, Debug)]
pub struct TrustStore {
    directory: PathBuf,
    /// Looked at once, at a prompt too.
    access: OnceCell<Access>,
}

/// What can be done with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Records count.
    Ours,
    /// There is none yet.
    Absent,
    /// Others can get at it: no record counts.
    Open,
    /// It is another user's, as under sudo: nothing that has to do with directories is done.
    Foreign,
}

impl TrustStore {
    /// Below the directory of our state.
    pub fn new(state: &Path) -> TrustStore {
        TrustStore {
            directory: state.join("trust"),
            access: OnceCell::new(),
        }
    }

    /// Where it is.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// What can be done with it.
    pub fn access(&self) -> Access {
        *self.access.get_or_init(|| self.look())
    }

    fn look(&self) -> Access {
        if Owner::of(&self.directory) != Owner::Us {
            return Access::Foreign;
        }
        match std::fs::metadata(&self.directory) {
            Ok(meta) if meta.uid() != geteuid().as_raw() => Access::Foreign,
            Ok(meta) if meta.mode() & 0o077 != 0 || !meta.is_dir() => Access::Open,
            Ok(_) => Access::Ours,
            Err(_) => Access::Absent,
        }
    }

    /// The record of a path, where the store counts and has one.
    pub fn record(&self, path: &str) -> Option<TrustRecord> {
        let record = self.read(&self.directory.join(record_name(path)))?;
        (record.path == path).then_some(record)
    }

    fn read(&self, file: &Path) -> Option<TrustRecord> {
        let file = OpenOptions::new()
            .read(true)
            .custom_flags(O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
            .open(file)
            .ok()?;
        let meta = file.metadata().ok()?;
        let ours = meta.uid() == geteuid().as_raw() && meta.mode() & 0o077 == 0;
        if !ours || !meta.is_file() {
            return None;
        }
        let mut bytes = Vec::with_capacity(1024);
        file.take(MOST).read_to_end(&mut bytes).ok()?;
        TrustRecord::parse(&bytes)
    }

    /// Every record, by path.
    pub fn records(&self) -> io::Result<Vec<TrustRecord>> {
        let names = match Directory::open(&self.directory, Owner::Us) {
            Ok(directory) => directory.names()?,
            Err(error) if super::file::is_absent(&error) => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let mut records: Vec<TrustRecord> = names
            .iter()
            .filter(|name| name.to_string_lossy().ends_with(".json"))
            .filter_map(|name| self.read(&self.directory.join(name)))
            .collect();
        sort_by(&mut records, |a, b| a.path.cmp(&b.path));
        Ok(records)
    }

    /// Puts a record in the place of the one there may be for its path.
    pub fn put(&self, record: &TrustRecord) -> io::Result<()> {
        let file = self.directory.join(record_name(&record.path));
        atomic::write(&file, record.to_json().as_bytes(), Owner::Us)
    }

    /// Forgets what was said about a path.
    pub fn forget(&self, path: &str) -> io::Result<bool> {
        atomic::remove(&self.directory.join(record_name(path)), Owner::Us)
    }
}
