//! Roles of a session with cached credentials. The files do not name their session, so candidates
//! are the configured roles and the list of roles cached before.

use std::io;
use std::time::Duration;

use crate::context::Context;
use crate::domain::cache::key::{RoleId, SessionKey};
use crate::domain::sort::sort_by;
use crate::domain::target::profile::Profile;
use crate::os::clock::Deadline;
use crate::os::store::item::StoredItem;
use crate::os::store::lock_name::LockName;

use super::single_flight::lock;

/// Limit on the wait for the list, which is locked only while a small file is written.
const PATIENCE: Duration = Duration::from_secs(5);

/// Returns the roles of a session, sorted and without duplicates. An unreadable configuration or
/// list is skipped.
pub fn of(ctx: &Context, key: &SessionKey) -> Vec<RoleId> {
    let mut found = ctx.store().role_index().unwrap_or_default();
    if let Ok(view) = ctx.view() {
        found.extend(Profile::all(&view).iter().filter_map(Profile::role_id));
    }
    found.retain(|id| id.session == *key);
    sort_by(&mut found, Ord::cmp);
    found.dedup();
    found
}

/// Adds a role to the list. It stays until the session is signed out, because another process may
/// write its file at any time before.
pub fn remember(ctx: &Context, id: &RoleId, left: Duration) -> io::Result<()> {
    if ctx.store().role_index()?.contains(id) {
        return Ok(());
    }
    change(ctx, left, |roles| roles.push(id.clone()))
}

/// Removes a session's roles from the list. The caller holds the token lock, so that no other
/// process writes a credentials file meanwhile.
pub fn forget(ctx: &Context, key: &SessionKey) -> io::Result<()> {
    let entries = ctx.store().role_index()?;
    if entries.iter().all(|entry| entry.session != *key) {
        return Ok(());
    }
    change(ctx, PATIENCE, |entries| {
        entries.retain(|entry| entry.session != *key)
    })
}

fn change(ctx: &Context, left: Duration, change: impl FnOnce(&mut Vec<RoleId>)) -> io::Result<()> {
    let deadline = Deadline::after(left.min(PATIENCE));
    let _guard = lock(ctx, LockName::RoleIndex, deadline, |_| {})
        .map_err(|_| io::Error::other("it is locked"))?;
    let store = ctx.store();
    store.sweep(StoredItem::RoleIndex);
    let mut entries = store.role_index()?;
    change(&mut entries);
    sort_by(&mut entries, Ord::cmp);
    entries.dedup();
    store.write_role_index(&entries)
}
