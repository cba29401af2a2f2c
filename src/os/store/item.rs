//! Names of stored items, and the files that hold them.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use crate::domain::cache::key::{RoleId, SessionKey, registration_file_stem};
use crate::domain::session::definition::Session;
use crate::error::{Error, Result};
use crate::os::{atomic, clock, file};

use super::Store;

/// Maximum size of an item except an inventory, in bytes; none is near it.
pub(super) const MAX_ITEM: u64 = 1 << 20;

/// Maximum size of an inventory in bytes. An organization of 10,000 accounts with 50 roles each
/// stays below it.
pub(super) const MAX_INVENTORY: u64 = 32 << 20;

/// Number of further attempts, and the pause before each, for a file that does not parse. Tools
/// that truncate in place are done by then.
const RETRIES: u32 = 5;
const RETRY_AFTER: Duration = Duration::from_millis(10);

/// Name of a stored item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoredItem<'a> {
    /// Access token of a session, with its refresh token.
    Token(&'a SessionKey),
    /// Client registration of a session.
    Registration(&'a Session),
    /// Credentials of a role.
    Role(&'a RoleId),
    /// List of the roles whose credentials were cached.
    RoleIndex,
    /// Accounts and roles of a session, as last listed.
    Inventory(&'a SessionKey),
}

impl Store {
    /// Returns the path of an item, for messages.
    pub fn location(&self, item: StoredItem) -> String {
        self.path(item).display().to_string()
    }

    /// Removes an item. Returns `false` if there was none.
    pub fn remove(&self, item: StoredItem) -> io::Result<bool> {
        atomic::remove(&self.path(item), self.owner())
    }

    /// Removes the temporary files of processes that were killed while they wrote an item. The
    /// caller holds the lock of the item.
    pub fn sweep(&self, item: StoredItem) {
        let _ = atomic::sweep(&self.path(item), self.owner());
    }

    /// Reads and parses an item, and tries again for a moment if it does not parse, because another
    /// tool may be writing it in place. Returns `absent` if there is no file, and `corrupt()` if it
    /// cannot be parsed or is no regular file of a plausible size. Fails if the user may not read
    /// it, or another user may have put it there.
    pub(super) fn read<T>(
        &self,
        item: StoredItem,
        parse: impl Fn(&[u8]) -> Option<T>,
        absent: T,
        corrupt: impl FnOnce() -> T,
    ) -> Result<T> {
        let path = self.path(item);
        for attempt in 0..=RETRIES {
            if attempt > 0 {
                clock::sleep(RETRY_AFTER);
            }
            match file::read_own(&path, MAX_ITEM) {
                Ok(None) => return Ok(absent),
                Ok(Some(bytes)) => {
                    if let Some(value) = parse(&bytes) {
                        return Ok(value);
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                    let reason = match error.raw_os_error() {
                        Some(_) => "permission denied".to_owned(),
                        None => error.to_string(),
                    };
                    let path = path.to_string_lossy();
                    let error = Error::storage(format!("cannot read {path}: {reason}"));
                    let path = shlex::try_quote(&path).unwrap_or_default();
                    return Err(error.hint(format!("the file must belong to you: ls -l {path}")));
                }
                // A directory, a FIFO or a huge file does not become a cache file by waiting.
                Err(_) => break,
            }
        }
        Ok(corrupt())
    }

    /// Writes an item, unless it is so large that it could not be read again.
    pub(super) fn write(&self, item: StoredItem, text: &str) -> io::Result<()> {
        let most = match item {
            StoredItem::Inventory(_) => MAX_INVENTORY,
            _ => MAX_ITEM,
        };
        file::check_size(text.len() as u64, most)?;
        atomic::write(&self.path(item), text.as_bytes(), self.owner())
    }

    /// Returns the path of an item's file.
    pub fn path(&self, item: StoredItem) -> PathBuf {
        match item {
            StoredItem::Token(key) => self.sso.join(key.file_stem() + ".json"),
            StoredItem::Registration(session) => {
                let scopes = session.scopes.as_deref();
                let (url, region) = (&session.start_url, &session.region);
                let stem = registration_file_stem(&session.key(), url, region, scopes);
                self.sso.join(stem + ".json")
            }
            StoredItem::Role(id) => self.cli.join(id.file_stem() + ".json"),
            StoredItem::RoleIndex => self.state.join("roles"),
            StoredItem::Inventory(key) => {
                let directory = self.state.join("inventory");
                directory.join(key.file_stem() + ".json")
            }
        }
    }
}
