//! Reading and writing of tokens, registrations, role credentials and inventories.

use std::io;

use crate::domain::cache::key::{RoleId, SessionKey};
use crate::domain::cache::role_index;
use crate::domain::listing::inventory::{Account, Inventory};
use crate::domain::listing::inventory_file;
use crate::domain::role::credentials::{CachedRole, RoleCredentials};
use crate::domain::session::definition::Session;
use crate::domain::session::registration::Registration;
use crate::domain::session::token::{StoredToken, TokenFile};
use crate::error::Result;
use crate::os::atomic::{self, Pending};
use crate::os::file;
use crate::os::private_dir::Mode;

use super::Store;
use super::item::{MAX_INVENTORY, MAX_ITEM, StoredItem};

impl Store {
    /// Reads a session's token.
    pub fn token(&self, key: &SessionKey) -> Result<TokenFile> {
        let item = StoredItem::Token(key);
        let parse = |bytes: &[u8]| StoredToken::parse(bytes).map(TokenFile::Token);
        let corrupt = || TokenFile::Corrupt(self.location(item));
        self.read(item, parse, TokenFile::Missing, corrupt)
    }

    /// Reads a session's registration. A corrupt one counts as absent, because registering again
    /// replaces it.
    pub fn registration(&self, session: &Session) -> Result<Option<Registration>> {
        let parse = |bytes: &[u8]| Registration::parse(bytes).map(Some);
        self.read(StoredItem::Registration(session), parse, None, || None)
    }

    /// Stores a session's registration.
    pub fn write_registration(
        &self,
        session: &Session,
        registration: &Registration,
    ) -> io::Result<()> {
        self.write(StoredItem::Registration(session), &registration.to_json())
    }

    /// Stores a session's token, at a second attempt if the first fails, rather than ask the user
    /// to sign in again. The caller holds the token lock.
    pub fn write_token(&self, session: &Session, token: &StoredToken) -> io::Result<()> {
        let key = session.key();
        let item = StoredItem::Token(&key);
        self.sweep(item);
        let text = token.to_json(session);
        self.write(item, &text).or_else(|_| self.write(item, &text))
    }

    /// Reads a role's credentials.
    pub fn role(&self, id: &RoleId) -> Result<CachedRole> {
        let parse = |bytes: &[u8]| {
            Some(RoleCredentials::from_cache(bytes)).filter(|role| *role != CachedRole::Corrupt)
        };
        let corrupt = || CachedRole::Corrupt;
        self.read(StoredItem::Role(id), parse, CachedRole::Nothing, corrupt)
    }

    /// Writes a role's credentials to a file that becomes visible when it is published. The caller
    /// holds the role's lock.
    pub fn stage_role(&self, id: &RoleId, credentials: &RoleCredentials) -> io::Result<Pending> {
        let item = StoredItem::Role(id);
        self.sweep(item);
        let mut pending = Pending::create(&self.path(item), self.owner(), Mode::Private)?;
        let text = credentials.to_cache(&id.account);
        file::check_size(text.len() as u64, MAX_ITEM)?;
        pending.fill(text.as_bytes())?;
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
        let bytes = file::read_own(&self.path(StoredItem::RoleIndex), MAX_ITEM)?;
        Ok(bytes.map_or_else(Vec::new, |bytes| role_index::parse(&bytes)))
    }

    /// Replaces the list of the roles whose credentials were cached. The caller holds the lock of
    /// the list.
    pub fn write_role_index(&self, roles: &[RoleId]) -> io::Result<()> {
        self.write(StoredItem::RoleIndex, &role_index::to_text(roles))
    }

    /// Reads the inventory of a session. A listing can be repeated, so an inventory that cannot be
    /// read counts as absent. So does one of another start URL or region.
    pub fn inventory(&self, session: &Session) -> Option<Inventory> {
        let inventory = inventory_file::parse(&self.inventory_bytes(session)?)?;
        inventory.is_of(session).then_some(inventory)
    }

    /// Reads one account of a session's inventory, without parsing the others.
    pub fn inventory_account(&self, session: &Session, id: &str) -> Option<Account> {
        let bytes = self.inventory_bytes(session)?;
        let account = inventory_file::find_account(&bytes, id)?;
        inventory_file::is_of(&bytes, session).then_some(account)
    }

    fn inventory_bytes(&self, session: &Session) -> Option<Vec<u8>> {
        let path = self.path(StoredItem::Inventory(&session.key()));
        file::read_own(&path, MAX_INVENTORY).ok()?
    }

    /// Returns a value that changes whenever the inventory is replaced.
    pub fn inventory_version(&self, key: &SessionKey) -> Option<(u64, i64, i64)> {
        file::version(&self.path(StoredItem::Inventory(key)))
    }

    /// Stores the inventory of a session. The caller holds the inventory lock.
    pub fn write_inventory(&self, session: &Session, inventory: &Inventory) -> io::Result<()> {
        let key = session.key();
        self.sweep(StoredItem::Inventory(&key));
        self.write(
            StoredItem::Inventory(&key),
            &inventory_file::to_text(inventory),
        )
    }
}
