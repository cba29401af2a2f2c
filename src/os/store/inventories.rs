//! Listed accounts and roles. A listing can be repeated, so an inventory that cannot be read
//! counts as absent.

use std::io;

use crate::domain::cache::key::SessionKey;
use crate::domain::listing::inventory::{Account, Inventory};
use crate::domain::listing::inventory_file;
use crate::domain::session::definition::Session;
use crate::os::file;

use super::Store;
use super::item::Item;

/// Maximum size of an inventory in bytes. An organization of 10,000 accounts with 50 roles each
/// stays below it.
const MAX_INVENTORY: u64 = 32 << 20;

impl Store {
    /// Reads the inventory of a session. Returns `None` if the stored one is of another start URL
    /// or region.
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
        let path = self.path(Item::Inventory(&session.key()));
        file::read_at_most(&path, MAX_INVENTORY).ok()
    }

    /// Returns a value that changes whenever the inventory is replaced.
    pub fn inventory_version(&self, key: &SessionKey) -> Option<(u64, i64, i64)> {
        file::version(&self.path(Item::Inventory(key)))
    }

    /// Stores the inventory of a session. The caller holds the inventory lock.
    pub fn write_inventory(&self, session: &Session, inventory: &Inventory) -> io::Result<()> {
        let key = session.key();
        self.sweep(Item::Inventory(&key));
        self.write(Item::Inventory(&key), &inventory_file::to_text(inventory))
    }
}
