//! Role credentials, and the list of the roles that have some.

use std::io;

use crate::domain::cache::key::RoleId;
use crate::domain::cache::role_index;
use crate::domain::role::credentials::{CachedRole, RoleCredentials};
use crate::error::Result;
use crate::os::atomic::{self, Pending};
use crate::os::file;

use super::Store;
use super::item::Item;
use super::read::{Content, read};

/// Role credentials that are written but not visible yet. Dropping them discards them.
pub struct StagedRole(Pending);

impl StagedRole {
    /// Makes the credentials visible.
    pub fn commit(self) -> io::Result<()> {
        self.0.publish()
    }
}

impl Store {
    /// Reads a role's credentials.
    ///
    /// # Errors
    ///
    /// The user may not read the file.
    pub fn role(&self, id: &RoleId) -> Result<CachedRole> {
        let parse = |bytes: &[u8]| match RoleCredentials::from_cache(bytes) {
            CachedRole::Corrupt => None,
            found => Some(found),
        };
        Ok(match read(&self.path(Item::Role(id)), parse)? {
            Content::Absent => CachedRole::Nothing,
            Content::Corrupt => CachedRole::Corrupt,
            Content::Value(found) => found,
        })
    }

    /// Writes a role's credentials without making them visible. The caller holds the role's lock.
    pub fn stage_role(&self, id: &RoleId, credentials: &RoleCredentials) -> io::Result<StagedRole> {
        let item = Item::Role(id);
        self.sweep(item);
        let mut pending = Pending::create(&self.path(item), self.owner())?;
        pending.fill(credentials.to_cache(&id.account).as_bytes())?;
        Ok(StagedRole(pending))
    }

    /// Returns those of the roles for which a killed process left a temporary file.
    pub fn roles_with_leftovers(&self, roles: Vec<RoleId>) -> Vec<RoleId> {
        let names = atomic::leftovers(&self.cli, self.owner());
        let has_leftover = |id: &RoleId| names.contains(&(id.file_stem() + ".json"));
        roles.into_iter().filter(has_leftover).collect()
    }

    /// Reads the list of the roles whose credentials were cached.
    ///
    /// # Errors
    ///
    /// The list exists and cannot be read. It must not count as empty then: writing it anew would
    /// lose the roles of all other sessions.
    pub fn role_index(&self) -> io::Result<Vec<RoleId>> {
        let bytes = file::read_small(&self.path(Item::RoleIndex))?;
        Ok(bytes
            .map(|bytes| role_index::parse(&bytes))
            .unwrap_or_default())
    }

    /// Replaces the list of the roles whose credentials were cached. The caller holds the lock of
    /// the list.
    pub fn write_role_index(&self, roles: &[RoleId]) -> io::Result<()> {
        self.write(Item::RoleIndex, &role_index::to_text(roles))
    }
}
