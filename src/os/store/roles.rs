//! Role credentials, and the list of the roles that have some.

use std::io;

use crate::domain::cache::key::RoleId;
use crate::domain::cache::role_index;
use crate::domain::role::credentials::{CachedRole, RoleCredentials};
use crate::error::Result;
use crate::os::atomic::{self, Pending};
use crate::os::file;
use crate::os::private_dir::Mode;

use super::Store;
use super::item::{Item, MAX_ITEM};

impl Store {
    /// Reads a role's credentials.
    pub fn role(&self, id: &RoleId) -> Result<CachedRole> {
        let parse = |bytes: &[u8]| {
            Some(RoleCredentials::from_cache(bytes)).filter(|role| *role != CachedRole::Corrupt)
        };
        let (absent, corrupt) = (CachedRole::Nothing, CachedRole::Corrupt);
        self.read(Item::Role(id), parse, absent, corrupt)
    }

    /// Writes a role's credentials to a file that becomes visible when it is published. The caller
    /// holds the role's lock.
    pub fn stage_role(&self, id: &RoleId, credentials: &RoleCredentials) -> io::Result<Pending> {
        let item = Item::Role(id);
        self.sweep(item);
        let mut pending = Pending::create(&self.path(item), self.owner(), Mode::Private)?;
        pending.fill(credentials.to_cache(&id.account).as_bytes())?;
        Ok(pending)
    }

    /// Returns those of the roles for which a killed process left a temporary file.
    pub fn roles_with_leftovers(&self, roles: Vec<RoleId>) -> Vec<RoleId> {
        let names = atomic::leftovers(&self.cli, self.owner());
        let has_leftover = |id: &RoleId| names.contains(&(id.file_stem() + ".json"));
        roles.into_iter().filter(has_leftover).collect()
    }

    /// Reads the list of the roles whose credentials were cached. A list that cannot be read does
    /// not count as empty: writing it anew would lose the roles of all other sessions.
    pub fn role_index(&self) -> io::Result<Vec<RoleId>> {
        let bytes = file::read_if_exists(&self.path(Item::RoleIndex), MAX_ITEM)?;
        Ok(bytes.map_or_else(Vec::new, |bytes| role_index::parse(&bytes)))
    }

    /// Replaces the list of the roles whose credentials were cached. The caller holds the lock of
    /// the list.
    pub fn write_role_index(&self, roles: &[RoleId]) -> io::Result<()> {
        self.write(Item::RoleIndex, &role_index::to_text(roles))
    }
}
