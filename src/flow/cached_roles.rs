//! Which role-credential files belong to a session. The files do not say; the candidates
//! are the roles of the configuration and those that were cached before.

use std::io;
use std::time::Duration;

use crate::context::Context;
use crate::domain::cache::key::{RoleId, SessionKey};
use crate::domain::sort::sort_by;
use crate::domain::target::profile::Profile;
use crate::os::clock::Deadline;
use crate::os::store::item::Item;
use crate::os::store::lock_name::LockName;

use super::single_flight::{LockOutcome, LockRequest};

/// Nobody has the list for longer than it takes to write a small file.
const PATIENCE: Duration = Duration::from_secs(5);

/// The roles of a session, each once, in order, as far as the configuration and the list of
/// those that were cached before can be read.
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

/// Puts a role on the list of those that were cached. It stays there until its session is
/// signed out: its file may be about to appear at any moment before.
pub fn remember(ctx: &Context, id: &RoleId, left: Duration) -> io::Result<()> {
    if ctx.store().role_index()?.contains(id) {
        return Ok(());
    }
    change(ctx, left, |roles| roles.push(id.clone()))
}

/// Takes a session's roles off the list. The lock of its token must be held, so that
/// nobody puts a file there meanwhile.
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
    let request = LockRequest {
        name: LockName::RoleIndex,
        deadline: Deadline::after(left.min(PATIENCE)),
        scope: None,
    };
    let entered = request.acquire(ctx, || Ok(None::<()>), |_| {});
    let _guard = match entered {
        Ok(LockOutcome::Acquired(guard)) => guard,
        _ => return Err(io::Error::other("it is locked")),
    };
    let store = ctx.store();
    store.sweep(Item::RoleIndex);
    let mut entries = store.role_index()?;
    change(&mut entries);
    sort_by(&mut entries, Ord::cmp);
    entries.dedup();
    store.write_role_index(&entries)
}
