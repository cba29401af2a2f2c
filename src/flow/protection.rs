//! Finds out whether `SSO_PROTECT` protects a role. Reads no file unless the variable is set.

use crate::context::Context;
use crate::domain::directory::hook::protect::{self, Protection};
use crate::domain::listing::inventory::Account;
use crate::domain::session::definition::Session;
use crate::domain::target::{Target, sessions};
use crate::error::Result;

/// Returns the reason why a role is protected, if it is. With `strict`, an account whose name is
/// not known counts as a match of a pattern that could be a name.
pub fn of(ctx: &Context, target: &Target, strict: bool) -> Result<Option<Protection>> {
    let patterns = ctx.var(protect::VARIABLE).unwrap_or_default();
    let account_name = || {
        // The account of another session, such as a legacy one, has the same name.
        let mut sessions = target
            .session
            .clone()
            .into_iter()
            .chain(known_sessions(ctx));
        let find = |session| ctx.store().inventory_account(&session, &target.id.account);
        Some(sessions.find_map(find)?.name.unwrap_or_default())
    };
    protect::protection(&patterns, target, strict, account_name, || ctx.view())
}

/// Returns the patterns that match no known name.
pub fn patterns_without_match(ctx: &Context) -> Result<Vec<String>> {
    let patterns = ctx.var(protect::VARIABLE).unwrap_or_default();
    let stored = known_sessions(ctx).filter_map(|session| ctx.store().inventory(&session));
    let listed: Vec<Account> = stored.flat_map(|listing| listing.accounts).collect();
    let found = protect::patterns_without_match(&patterns, &ctx.view()?, &listed);
    Ok(found.into_iter().map(str::to_owned).collect())
}

fn known_sessions(ctx: &Context) -> impl Iterator<Item = Session> {
    let sessions = ctx.view().map(|view| sessions::all(&view));
    sessions.into_iter().flatten().flatten()
}
