//! The accounts and roles of a session: requested by one process for all, and stored.

use std::ops::ControlFlow;
use std::time::Duration;

use crate::context::Context;
use crate::domain::listing::inventory::{Account, Coverage, Inventory};
use crate::domain::listing::pagination::Pager;
use crate::domain::listing::pattern::AccountPattern;
use crate::domain::net::failure::Failure;
use crate::domain::session::auth_error::{AuthError, SignInReason};
use crate::domain::session::definition::Session;
use crate::domain::session::token::StoredToken;
use crate::domain::target::Instance;
use crate::error::Result;
use crate::notice::Warning;
use crate::os::store::item::StoredItem;
use crate::os::store::lock_name::LockName;

use super::session_client::SessionClient;
use super::single_flight::{Guard, LockOutcome, LockRequest, trace_waiting};
use super::token::{TokenSource, access_token, stored_token::held_too_long};

/// The parts of a listing that a caller needs.
#[derive(Clone, Debug)]
pub struct ListingFilter {
    /// Accounts whose roles are requested; all, if there is no pattern. If all patterns are
    /// ids, nothing else is requested, not even the accounts' names.
    pub accounts: Vec<AccountPattern>,
    /// Whether roles are requested, and not only the accounts.
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

/// Progress of a listing.
#[derive(Clone, Copy, Debug)]
pub enum ListingEvent<'a> {
    /// The roles of this account are known now. Accounts come in the portal's order.
    Account(&'a Account),
    /// Number of accounts read, and of those known so far. Sent often.
    Progress { read: usize, known: usize },
    /// This process lists the same, and its result is waited for.
    Waiting(u32),
}

/// Time that a process waits for the listing of another one, in time limits of one request.
const WAIT_FACTOR: u32 = 10;

/// Number of tokens that the portal may reject in a row.
const MAX_REJECTED_TOKENS: usize = 3;

/// Lists accounts and roles, and stores what was read. Lists that could not be read are in
/// `missing`.
///
/// All of a session is listed by one process at a time, and the others share its result. A
/// part is requested at once, because nobody should wait a minute for one account. `watch`
/// can break the listing off.
pub fn list(
    ctx: &Context,
    instance: &Instance,
    filter: &ListingFilter,
    watch: &mut dyn FnMut(ListingEvent) -> ControlFlow<()>,
) -> Result<Inventory> {
    let session = &instance.session;
    let limit = ctx.network(instance)?.total;
    let max_wait = match filter.is_everything() {
        true => limit * WAIT_FACTOR,
        false => Duration::ZERO,
    };
    let client = SessionClient::new(ctx, instance, Some(max_wait))?;
    let started_at = ctx.now();
    let version = ctx.store().inventory_version(&client.key);
    let ready = || {
        if ctx.store().inventory_version(&client.key) == version {
            return Ok(None);
        }
        let stored = ctx.store().inventory(session).filter(|stored| {
            filter.is_everything()
                && stored.coverage == Coverage::Everything
                && started_at.left(stored.taken_at) <= 0
        });
        Ok(stored.map(Inventory::without_old_roles))
    };
    let waits = |pid| {
        trace_waiting(ctx, "lists accounts and roles")(pid);
        if filter.is_everything() {
            // A break is not lost: the watcher is asked again with the first account.
            let _ = watch(ListingEvent::Waiting(pid));
        }
    };
    let run = ListingRun {
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
        LockOutcome::Shared(Ok(inventory)) => {
            for account in &inventory.accounts {
                if watch(ListingEvent::Account(account)).is_break() {
                    break;
                }
            }
            Ok(inventory)
        }
        LockOutcome::Shared(Err(kind)) => {
            Err(AuthError::shared(kind).into_error(session, None, ctx.now()))
        }
        LockOutcome::TimedOut(pid) if filter.is_everything() => {
            Err(held_too_long(pid, "listing the accounts and roles"))
        }
        LockOutcome::TimedOut(_) => run.list(filter, watch, None),
        LockOutcome::Acquired(guard) => run.list(filter, watch, Some((guard, &client))),
    }
}

/// A listing by this process.
struct ListingRun<'a> {
    ctx: &'a Context,
    instance: &'a Instance,
    /// Time limit of one request.
    limit: Duration,
}

impl ListingRun<'_> {
    fn list(
        &self,
        filter: &ListingFilter,
        watch: &mut dyn FnMut(ListingEvent) -> ControlFlow<()>,
        locked: Option<(Guard, &SessionClient)>,
    ) -> Result<Inventory> {
        let mut pager = Pager::new(&filter.accounts, filter.roles, self.limit);
        if !filter.is_everything()
            && let Some(stored) = self.ctx.store().inventory(&self.instance.session)
        {
            pager.collected.add_names(&stored);
        }
        let mut is_broken_off = false;
        let outcome = self.request_pages(&mut pager, &mut |event| {
            let flow = watch(event);
            is_broken_off |= flow.is_break();
            flow
        });
        let failure = pager.failure().cloned();
        let inventory = pager.finish(&self.instance.session, self.ctx.now());
        let is_empty = inventory.accounts.is_empty();
        let missing = inventory
            .missing
            .first()
            .filter(|_| is_empty && !is_broken_off);
        let failure = failure.or(missing.map(|it| Failure::new(it.kind, &it.detail)));
        let error = outcome.err().or(failure.map(AuthError::from));
        if !is_broken_off && locked.is_some() && !is_empty {
            self.store(&inventory);
        }
        let Some(error) = error else {
            return Ok(inventory);
        };
        if let Some((mut guard, client)) = locked
            && let Some(record) = client.record(&error, self.limit)
        {
            guard.fail(record);
        }
        let error = error.into_error(&self.instance.session, None, self.ctx.now());
        // Rows may have been printed already.
        Err(match is_empty {
            true => error,
            false => error.within("the listing is not complete"),
        })
    }

    /// Requests pages to the end; after a 401 with the token that is there then, or with a
    /// refreshed one.
    fn request_pages(
        &self,
        pager: &mut Pager,
        watch: &mut dyn FnMut(ListingEvent) -> ControlFlow<()>,
    ) -> std::result::Result<(), AuthError> {
        let mut since = Duration::ZERO;
        let mut rejected: Option<StoredToken> = None;
        let mut server_time = None;
        let mut rejected_in_a_row = 0;
        while rejected_in_a_row < MAX_REJECTED_TOKENS {
            let client = SessionClient::new(self.ctx, self.instance, None)?;
            let bad = rejected.as_ref().map(|token| &token.access_token);
            let (token, source) =
                access_token(&client, bad).map_err(|error| error.at(server_time))?;
            let responses_before = pager.responses;
            let mut report = |pager: &mut Pager| {
                while let Some(account) = pager.collected.next_ready() {
                    watch(ListingEvent::Account(account))?;
                }
                let (read, known) = pager.collected.progress();
                watch(ListingEvent::Progress { read, known })
            };
            let aws = client.aws()?;
            aws.list(&token.access_token, pager, &mut since, &mut report)?;
            let Some(failure) = pager.rejection.take() else {
                return Ok(());
            };
            client.trace_rejected_token();
            server_time = failure.server_time;
            let was_accepted = pager.responses > responses_before;
            // A portal that rejects a token just refreshed will reject the next one, too.
            if source == TokenSource::Refresh && !was_accepted {
                break;
            }
            rejected_in_a_row = match was_accepted {
                true => 0,
                false => rejected_in_a_row + 1,
            };
            rejected = Some(token);
        }
        Err(AuthError::from(SignInReason::RefusedAfterRefresh).at(server_time))
    }

    fn store(&self, inventory: &Inventory) {
        let (store, session) = (self.ctx.store(), &self.instance.session);
        let merged = inventory.merged_over(store.inventory(session));
        if let Err(error) = store.write_inventory(session, &merged) {
            self.ctx.notices().warn(Warning::NotStored {
                what: "the accounts and roles",
                path: store.location(StoredItem::Inventory(&session.key())),
                error: error.to_string(),
            });
        }
    }
}

/// Loads the stored inventory of a session, if it can replace a listing.
pub fn load_fresh(ctx: &Context, session: &Session) -> Option<Inventory> {
    ctx.store()
        .inventory(session)
        .filter(|stored| stored.is_fresh(ctx.now()))
}

/// Loads the name of an account, if an inventory with it is stored. Parses only one line of
/// the file. The name is foreign input.
pub fn account_name(ctx: &Context, session: &Session, id: &str) -> Option<String> {
    ctx.store().inventory_account(session, id)?.name
}
