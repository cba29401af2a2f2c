//! Names of stored items, and the files that hold them.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::domain::cache::key::{RoleId, SessionKey, registration_file_stem};
use crate::domain::session::definition::Session;
use crate::os::atomic;
use crate::os::file::{self, Facts};

use super::Store;

/// Name of a stored item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item<'a> {
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

/// Location of an item, for messages only. Displayed in full.
#[derive(Clone, Debug)]
pub struct Location<'a> {
    path: PathBuf,
    home: &'a Path,
}

impl Location<'_> {
    /// Returns the location with `~` for the home directory, safe to print on a terminal.
    pub fn abbreviated(&self) -> String {
        file::abbreviate(&self.path, self.home)
    }
}

impl fmt::Display for Location<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.path.display().fmt(f)
    }
}

impl Store {
    /// Returns the location of an item, for messages.
    pub fn location(&self, item: Item) -> Location<'_> {
        Location {
            path: self.path(item),
            home: &self.home,
        }
    }

    /// Returns owner and mode of an item, if it exists.
    pub fn facts(&self, item: Item) -> Option<Facts> {
        file::facts(&self.path(item))
    }

    /// Removes an item. Returns `false` if there was none.
    pub fn remove(&self, item: Item) -> io::Result<bool> {
        atomic::remove(&self.path(item), self.owner())
    }

    /// Removes what killed processes left behind while they wrote an item. The caller holds the
    /// lock of the item.
    pub fn sweep(&self, item: Item) {
        atomic::sweep(&self.path(item), self.owner());
    }

    pub(super) fn write(&self, item: Item, text: &str) -> io::Result<()> {
        atomic::write(&self.path(item), text.as_bytes(), self.owner())
    }

    /// Returns the path of an item's file.
    pub(super) fn path(&self, item: Item) -> PathBuf {
        match item {
            Item::Token(key) => self.sso.join(key.file_stem() + ".json"),
            Item::Registration(session) => {
                let scopes = session.scopes.as_deref();
                let (url, region) = (&session.start_url, &session.region);
                let stem = registration_file_stem(&session.key(), url, region, scopes);
                self.sso.join(stem + ".json")
            }
            Item::Role(id) => self.cli.join(id.file_stem() + ".json"),
            Item::RoleIndex => self.state.join("roles"),
            Item::Inventory(key) => {
                let directory = self.state.join("inventory");
                directory.join(key.file_stem() + ".json")
            }
        }
    }
}
