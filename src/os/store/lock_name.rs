//! Names of the locks, and access to them.

use std::path::{Path, PathBuf};

use crate::domain::cache::key::{RoleId, SessionKey};
use crate::domain::cache::lock_note::LockNote;
use crate::domain::hash::sha1_hex;
use crate::os::file;
use crate::os::lock::{LockFile, Unavailable};

use super::Store;
use super::item::MAX_ITEM;

/// Name of a lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LockName<'a> {
    /// Held for every write and deletion of a session's token.
    Token(&'a SessionKey),
    /// Held while a role's credentials are fetched.
    Role(&'a RoleId),
    /// Held during a sign-in to a session.
    SignIn(&'a SessionKey),
    /// Held while the role index is changed.
    RoleIndex,
    /// Held while all accounts and roles of a session are listed.
    Inventory(&'a SessionKey),
    /// Held for every write of the configuration file at this path, links followed.
    Config(&'a Path),
}

impl LockName<'_> {
    fn file_name(self) -> String {
        match self {
            LockName::Token(key) => format!("token-{}", key.file_stem()),
            LockName::Role(id) => format!("role-{}", id.file_stem()),
            LockName::SignIn(key) => format!("sign-in-{}", key.file_stem()),
            LockName::RoleIndex => "index-roles".to_owned(),
            LockName::Inventory(key) => format!("inventory-{}", key.file_stem()),
            LockName::Config(path) => format!("config-{}", sha1_hex(&path.to_string_lossy())),
        }
    }
}

impl Store {
    /// Opens a lock, and creates its file if that is missing.
    pub fn lock(&self, name: LockName) -> Result<LockFile, Unavailable> {
        LockFile::open(&self.lock_directory(), &name.file_name(), self.owner())
    }

    /// Returns the note of a lock, without creating the lock.
    pub fn lock_note(&self, name: LockName) -> LockNote {
        let path = self.lock_directory().join(name.file_name());
        let bytes = file::read_if_exists(&path, MAX_ITEM);
        LockNote::parse(&bytes.ok().flatten().unwrap_or_default())
    }

    /// Returns the directory of the locks.
    pub fn lock_directory(&self) -> PathBuf {
        self.state.join("lock")
    }
}
