//! Requests a listing of accounts and roles, with a progress line on the terminal.

use std::ops::ControlFlow;

use crate::cli::ui::output;
use crate::cli::ui::progress::Progress;
use crate::cli::ui::text::abbreviate;
use crate::context::Context;
use crate::domain::listing::inventory::{Account, Inventory, MissingPart};
use crate::domain::net::failure::FailureKind;
use crate::domain::session::definition::Session;
use crate::domain::target::Instance;
use crate::domain::text::counted;
use crate::domain::time::format_duration;
use crate::error::{Error, ErrorKind, Result};
use crate::flow::listing::{self, ListingEvent, ListingFilter};

/// Requests the listing, which may be incomplete. `on_account` is called with each account as soon
/// as its roles are known; its error ends the listing. `meanwhile` is called repeatedly once the
/// portal has more to do than this process.
pub fn fetch(
    ctx: &Context,
    instance: &Instance,
    filter: &ListingFilter,
    mut on_account: impl FnMut(&Account, &mut Progress) -> Result<()>,
    mut meanwhile: impl FnMut(),
) -> Result<Inventory> {
    let mut progress = Progress::after_delay(ctx);
    let mut failed = Ok(());
    let mut watch = |event: ListingEvent| {
        match event {
            ListingEvent::Account(account) => failed = on_account(account, &mut progress),
            ListingEvent::Progress { read, known } => {
                progress.update(|| format!("sso: {read} of {known} accounts are read"));
                if known > 0 {
                    meanwhile();
                }
            }
            ListingEvent::Waiting(pid) => output::eprintln(&format!(
                "sso: waiting for process {pid}, which is listing already"
            )),
        }
        match failed {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    };
    let listed = listing::list(ctx, instance, filter, &mut watch);
    failed.and(listed)
}

/// Returns the cached listing if it is recent enough to be used, and tells the user its age.
/// `covers` may reject it, and then nothing is told.
pub fn cached(
    ctx: &Context,
    session: &Session,
    covers: impl FnOnce(&Inventory) -> bool,
) -> Option<Inventory> {
    let cached = listing::load_fresh(ctx, session).filter(covers)?;
    let age = format_duration(cached.age(ctx.now())?);
    output::eprintln(&format!("sso: as listed {age} ago; --refresh asks anew"));
    Some(cached)
}

/// Rejects an incomplete listing, after a warning for each reason for which a part is missing.
pub fn require_complete(inventory: &Inventory) -> Result<()> {
    if inventory.missing.is_empty() {
        return Ok(());
    }
    for (missing, accounts) in by_reason(&inventory.missing) {
        let what = match missing.account {
            Some(_) => {
                let accounts = counted(accounts.len(), "account");
                format!("the roles of {accounts} could not be read")
            }
            None => "the list of accounts could not be read to its end".to_owned(),
        };
        let names = match accounts.is_empty() {
            true => String::new(),
            false => format!(" ({})", abbreviate(&accounts)),
        };
        let (kind, detail) = (missing.kind.description(), &missing.detail);
        output::warn(&format!("{what}: {kind}: {detail}{names}"));
    }
    let mut missing = inventory.missing.iter();
    let what = match missing.clone().filter(|it| it.account.is_some()).count() {
        0 => "the list of accounts broke off".to_owned(),
        unread => {
            let unread = counted(unread, "account");
            format!("{unread} of {} could not be read", inventory.accounts.len())
        }
    };
    let hint = match missing.all(|it| it.kind == FailureKind::Forbidden) {
        true => "`sso accounts` lists the accounts that you may use; what was read is shown",
        false => "run this again; what was read is shown",
    };
    let text = format!("the listing is not complete: {what}");
    Err(Error::new(ErrorKind::Service, text).hint(hint))
}

/// Groups failures that differ only in their account, in order of their first occurrence.
fn by_reason(missing: &[MissingPart]) -> Vec<(&MissingPart, Vec<&str>)> {
    let mut groups: Vec<(&MissingPart, Vec<&str>)> = Vec::new();
    for it in missing {
        let is_same = |(first, _): &&mut (&MissingPart, Vec<&str>)| {
            first.account.is_none() == it.account.is_none()
                && first.kind == it.kind
                && first.detail == it.detail
        };
        match groups.iter_mut().find(is_same) {
            Some((_, accounts)) => accounts.extend(it.account.as_deref()),
            None => groups.push((it, it.account.as_deref().into_iter().collect())),
        }
    }
    groups
}
