//! The accounts and roles of a session: asked once for everybody, and kept.

use std::ops::ControlFlow;
use std::time::Duration;

use crate::context::Context;
use crate::domain::listing::inventory::{Account, AccountPattern, Extent, Inventory};
use crate::domain::listing::pagination::Walk;
use crate::domain::net::failure::Failure;
use crate::domain::session::auth_error::{AuthError, SignInReason};
use crate::domain::session::definition::Session;
use crate::domain::session::token::StoredToken;
use crate::domain::target::instance::Instance;
use crate::error::Result;
use crate::notice::{LockPurpose, Trace, Warning};
use crate::os::store::item::Item;
use crate::os::store::lock_name::LockName;

use super::session_client::SessionClient;
use super::single_flight::{Guard, LockOutcome, LockRequest};
use super::token::file::held_too_long;
use super::token::get::{TokenSource, access_token};

/// What is wanted of a listing.
#[derive(Clone, Debug)]
pub struct ListingFilter {
    /// The accounts whose roles are asked for; all, where there is none. Where all of them
    /// are ids, nothing else is asked for, not even their names.
    pub accounts: Vec<AccountPattern>,
    /// Whether roles are wanted, and not only the accounts.
    pub roles: bool,
}

impl ListingFilter {
    /// All accounts and all roles: the only listing that can be complete.
    pub fn everything() -> ListingFilter {
        ListingFilter {
            accounts: Vec::new(),
            roles: true,
        }
    }

    fn is_everything(&self) -> bool {
        self.accounts.is_empty() && self.roles
    }
}

/// What is told while a listing is under way.
#[derive(Clone, Copy, Debug)]
pub enum Event<'a> {
    /// An account whose roles are known now, in the portal's order.
    Account(&'a Account),
    /// So many of the accounts known so far have been read. Told often.
    Progress {
        /// Accounts that are done.
        read: usize,
        /// Accounts that are known.
        known: usize,
    },
    /// This process is listing the same; we wait for what it finds.
    Waiting(u32),
}

/// How often the time for one request somebody waits for another process's listing.
const PATIENCE: u32 = 10;

/// How often a token may be refused in a row.
const ROUNDS: usize = 3;

/// Asks the portal. What could not be read is in `missing`; an error means that nothing
/// could, or that a sign-in is needed. `watch`
/// may break it off. What was read is kept for others.
///
/// All of a session is asked for by one process at a time, and those who wait share what it
/// found. A part is asked for at once: nobody waits a minute for one account.
pub fn list(
    ctx: &Context,
    instance: &Instance,
    filter: &ListingFilter,
    watch: &mut dyn FnMut(Event) -> ControlFlow<()>,
) -> Result<Inventory> {
    let session = &instance.session;
    let limit = ctx.network(instance)?.total;
    let patience = if filter.is_everything() {
        limit * PATIENCE
    } else {
        Duration::ZERO
    };
    let client = SessionClient::new(ctx, instance, Some(patience))?;
    let begun = ctx.now();
    let seen = ctx.store().inventory_version(&client.key);
    let ready = || {
        if ctx.store().inventory_version(&client.key) == seen {
            return Ok(None);
        }
        let kept = cached(ctx, session).filter(|kept| {
            filter.is_everything() && kept.extent == Extent::All && begun.left(kept.taken_at) <= 0
        });
        Ok(kept.map(Inventory::without_old))
    };
    let waits = |pid| {
        ctx.notices().trace(|| Trace::WaitingForLock {
            pid,
            purpose: LockPurpose::Listing,
        });
        if filter.is_everything() {
            // Who breaks off now is asked again with the first account.
            let _ = watch(Event::Waiting(pid));
        }
    };
    let listing = Listing {
        ctx,
        instance,
        limit,
    };
    let request = LockRequest {
        name: LockName::Inventory(&client.key),
        deadline: client.deadline,
        scope: filter.is_everything().then_some(&client.scope),
    };
    match request.acquire(ctx, ready, waits)? {
        LockOutcome::Ready(inventory) => {
            for account in &inventory.accounts {
                if watch(Event::Account(account)).is_break() {
                    break;
                }
            }
            Ok(inventory)
        }
        LockOutcome::Failed(kind) => {
            Err(AuthError::shared(kind).into_error(session, None, ctx.now()))
        }
        LockOutcome::TimedOut(pid) if filter.is_everything() => {
            Err(held_too_long(pid, "listing the accounts and roles"))
        }
        LockOutcome::TimedOut(_) => listing.run(filter, watch, None),
        LockOutcome::Acquired(guard) => listing.run(filter, watch, Some((guard, &client))),
    }
}

/// A listing that is up to us.
struct Listing<'a> {
    ctx: &'a Context,
    instance: &'a Instance,
    limit: Duration,
}

impl Listing<'_> {
    fn run(
        &self,
        filter: &ListingFilter,
        watch: &mut dyn FnMut(Event) -> ControlFlow<()>,
        locked: Option<(Guard, &SessionClient)>,
    ) -> Result<Inventory> {
        let mut walk = Walk::new(&filter.accounts, filter.roles, self.limit);
        if !filter.is_everything()
            && let Some(kept) = cached(self.ctx, &self.instance.session)
        {
            walk.name_by(&kept);
        }
        let mut broken_off = false;
        let outcome = self.walk(&mut walk, &mut |event| {
            let flow = watch(event);
            broken_off |= flow.is_break();
            flow
        });
        let failure = walk.failure().cloned();
        let inventory = walk.finish(&self.instance.session, self.ctx.now());
        let nothing = inventory.missing.first();
        let nothing = nothing.filter(|_| inventory.accounts.is_empty() && !broken_off);
        let nothing = nothing.map(|it| Failure::new(it.kind, &it.detail));
        let trouble = outcome.err().or(failure.or(nothing).map(AuthError::from));
        if !broken_off && locked.is_some() && !inventory.accounts.is_empty() {
            self.keep(&inventory);
        }
        let Some(trouble) = trouble else {
            return Ok(inventory);
        };
        if let Some((mut guard, client)) = locked
            && let Some(record) = client.record(&trouble, self.limit)
        {
            guard.fail(record);
        }
        let error = trouble.into_error(&self.instance.session, None, self.ctx.now());
        // Rows may have been printed already.
        Err(match inventory.accounts.is_empty() {
            true => error,
            false => error.within("the listing is not complete"),
        })
    }

    /// Walks; after a 401 on with whatever token there is then, or a refreshed one.
    fn walk(
        &self,
        walk: &mut Walk,
        watch: &mut dyn FnMut(Event) -> ControlFlow<()>,
    ) -> std::result::Result<(), AuthError> {
        let mut since = Duration::ZERO;
        let mut refused: Option<StoredToken> = None;
        let mut server_time = None;
        let mut rounds = 0;
        while rounds < ROUNDS {
            let client = SessionClient::new(self.ctx, self.instance, None)?;
            let bad = refused.as_ref().map(|token| &token.access_token);
            let (token, source) =
                access_token(&client, bad).map_err(|trouble| trouble.at(server_time))?;
            let before = walk.answers();
            let mut tell = |walk: &mut Walk| {
                while let Some(account) = walk.next_ready() {
                    watch(Event::Account(account))?;
                }
                let (read, known) = walk.progress();
                watch(Event::Progress { read, known })
            };
            client
                .aws()?
                .list(&token.access_token, walk, &mut since, &mut tell)?;
            let Some(failure) = walk.take_refusal() else {
                return Ok(());
            };
            self.ctx.notices().trace(|| Trace::TokenRejected);
            server_time = failure.server_time;
            let was_good = walk.answers() > before;
            // Whoever refuses what was refreshed a moment ago refuses the next one, too.
            if source == TokenSource::Refresh && !was_good {
                break;
            }
            rounds = if was_good { 0 } else { rounds + 1 };
            refused = Some(token);
        }
        Err(AuthError::from(SignInReason::RefusedAfterRefresh).at(server_time))
    }

    fn keep(&self, inventory: &Inventory) {
        let (store, session) = (self.ctx.store(), &self.instance.session);
        let merged = inventory.over(store.inventory(session));
        if let Err(error) = store.write_inventory(session, &merged) {
            self.ctx.notices().warn(Warning::ListingNotStored {
                path: store.location(Item::Inventory(&session.key())).to_string(),
                error: error.to_string(),
            });
        }
    }
}

/// What is kept of a session, where it may be used instead of asking.
pub fn fresh(ctx: &Context, session: &Session) -> Option<Inventory> {
    cached(ctx, session).filter(|kept| kept.is_fresh(ctx.now()))
}

/// What is kept of a session, whatever its age and however complete it is: ask it. `None`
/// where nothing is kept that is of this session's start URL and region.
pub fn cached(ctx: &Context, session: &Session) -> Option<Inventory> {
    ctx.store().inventory(session)
}

/// The name of an account, where one is kept, at the price of reading a file and one line
/// of it. It is foreign input.
pub fn account_name(ctx: &Context, session: &Session, id: &str) -> Option<String> {
    ctx.store().inventory_account(session, id)?.name
}
