//! Trust records on disk: one file per trusted path, in the home directory only.
//!
//! A trust record decides what the hook loads, so a directory or record that other users can access
//! is ignored. `domain::directory::trust` parses the records.

use std::cell::OnceCell;
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use nix::libc::O_NOFOLLOW;

use crate::domain::directory::trust::{TrustRecord, record_name};
use crate::domain::sort::sort_by;

use super::atomic::{self, Pending};
use super::file;
use super::private_dir::{Directory, Mode, Owner};

/// Size limit of a record, in bytes; no record is near it.
const MAX_RECORD: u64 = 64 * 1024;

/// Trust records of a user.
#[derive(Clone, Debug)]
pub struct TrustStore {
    directory: PathBuf,
    /// Checked once per process.
    access: OnceCell<Access>,
}

/// Access to the directory of the records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Private to this user: records count.
    Ours,
    /// The directory does not exist yet.
    Absent,
    /// Accessible to other users: records are ignored.
    Open,
    /// Owned by another user, as under sudo: directory features are off.
    Foreign,
}

impl TrustStore {
    /// Returns the store in the state directory of `sso`.
    pub fn new(state: &Path) -> TrustStore {
        TrustStore {
            directory: state.join("trust"),
            access: OnceCell::new(),
        }
    }

    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// Returns the access to the store.
    pub fn access(&self) -> Access {
        *self.access.get_or_init(|| self.determine_access())
    }

    fn determine_access(&self) -> Access {
        if Owner::of(&self.directory) != Owner::Us {
            return Access::Foreign;
        }
        match std::fs::metadata(&self.directory) {
            Ok(meta) if meta.uid() != file::user_id() => Access::Foreign,
            Ok(meta) if meta.mode() & 0o077 != 0 || !meta.is_dir() => Access::Open,
            Ok(_) => Access::Ours,
            Err(_) => Access::Absent,
        }
    }

    /// Returns the record of a path, if it exists and is private.
    pub fn record(&self, path: &str) -> Option<TrustRecord> {
        let record = Self::read(&self.directory.join(record_name(path)))?;
        (record.path == path).then_some(record)
    }

    fn read(path: &Path) -> Option<TrustRecord> {
        let file = file::open(path, O_NOFOLLOW).ok()?;
        let meta = file.metadata().ok()?;
        let ours = meta.uid() == file::user_id() && meta.mode() & 0o077 == 0;
        if !ours || !meta.is_file() {
            return None;
        }
        let mut bytes = Vec::with_capacity(1024);
        file.take(MAX_RECORD).read_to_end(&mut bytes).ok()?;
        TrustRecord::parse(&bytes)
    }

    /// Returns all records, sorted by path.
    pub fn records(&self) -> io::Result<Vec<TrustRecord>> {
        let names = match Directory::open(&self.directory, Owner::Us) {
            Ok(directory) => directory.names()?,
            Err(error) if file::is_absent(&error) => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let mut records: Vec<TrustRecord> = names
            .iter()
            .filter(|name| name.to_string_lossy().ends_with(".json"))
            .filter_map(|name| Self::read(&self.directory.join(name)))
            .collect();
        sort_by(&mut records, |a, b| a.path.cmp(&b.path));
        Ok(records)
    }

    /// Writes a record and replaces any other for its path.
    pub fn put(&self, record: &TrustRecord) -> io::Result<()> {
        let file = self.directory.join(record_name(&record.path));
        // A link in its place would not count when the record is read.
        Pending::create_at(&file, Owner::Us, Mode::Private)?.commit(record.to_json().as_bytes())
    }

    /// Deletes the record of a path. Returns `true` if it existed.
    pub fn forget(&self, path: &str) -> io::Result<bool> {
        atomic::remove(&self.directory.join(record_name(path)), Owner::Us)
    }
}
