//! Which role-credential files belong to a session. The files do not say; the candidates
//! are the roles of the configuration and those that were cached before.

use std::io;
use std::time::Duration;

use crate::context::Context;
use crate::domain::cache_key::SessionKey;
use crate::domain::index::{Entry as IndexEntry, to_text};
use crate::domain::profile::Profile;
use crate::os::cache::LockKind;
use crate::os::clock::Deadline;
use crate::os::file;

use super::single_flight::{Door, Entry};

/// A role whose credentials may be cached.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Candidate {
    /// Account id.
    pub account: String,
    /// Role name.
    pub role: String,
}

/// The roles of a session, each once, in order. A session whose configuration cannot be
/// read has those that were cached before.
pub fn of(ctx: &Context, key: &SessionKey) -> Vec<Candidate> {
    let mut found: Vec<Candidate> = Vec::new();
    let mut add = |account: &str, role: &str| {
        found.push(Candidate {
            account: account.to_owned(),
            role: role.to_owned(),
        });
    };
    for entry in ctx
        .cache()
        .index()
        .iter()
        .filter(|entry| entry.session == *key)
    {
        add(&entry.account, &entry.role);
    }
    if let Ok(view) = ctx.view() {
        for profile in Profile::all(&view) {
            let theirs = match (profile.value("sso_session"), profile.value("sso_start_url")) {
                (Some(name), _) => SessionKey::Name(name.to_owned()),
                (None, Some(url)) => SessionKey::StartUrl(url.to_owned()),
                (None, None) => continue,
            };
            let role = (
                profile.value("sso_account_id"),
                profile.value("sso_role_name"),
            );
            if let ((Some(account), Some(role)), true) = (role, theirs == *key) {
                add(account, role);
            }
        }
    }
    found.sort();
    found.dedup();
    found
}

/// Puts a role on the list of those that were cached. Those whose file is gone leave it.
pub fn remember(ctx: &Context, entry: IndexEntry) -> io::Result<()> {
    if ctx.cache().index().contains(&entry) {
        return Ok(());
    }
    let door = Door {
        kind: LockKind::Index,
        stem: "roles",
        deadline: Deadline::after(Duration::from_secs(5)),
        scope: None,
    };
    let entered = door.enter(ctx, || Ok(None::<()>), |_| {});
    let _guard = match entered {
        Ok(Entry::Alone(guard)) => guard,
        _ => return Err(io::Error::other("the list of cached roles is locked")),
    };
    let cache = ctx.cache();
    cache.sweep(&cache.index_path());
    let mut entries = cache.index();
    entries.retain(|old| {
        let path = cache.role_path(&old.session, &old.account, &old.role);
        *old != entry && file::exists(&path)
    });
    entries.push(entry);
    cache.write(&cache.index_path(), &to_text(&entries))
}
