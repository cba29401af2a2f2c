//! The stored token of a session: reads it, and changes or deletes it under its lock.

use crate::context::Context;
use crate::domain::secret::Secret;
use crate::domain::session::auth_error::SignInReason;
use crate::domain::session::refresh_policy::{TokenPlan, plan};
use crate::domain::session::token::StoredToken;
use crate::domain::text::sanitize;
use crate::error::{Error, Result};
use crate::flow::session_client::SessionClient;
use crate::flow::single_flight::{holder, lock};
use crate::notice::Warning;
use crate::os::store::item::StoredItem;
use crate::os::store::lock_name::LockName;

/// Reads the token and plans its use. `rejected` is an access token that the portal rejected: it
/// has no time left, whatever the file says. The inner error says why only a sign-in helps.
pub(super) fn read_and_plan(
    client: &SessionClient,
    rejected: Option<&Secret>,
) -> Result<std::result::Result<(StoredToken, TokenPlan), SignInReason>> {
    let found = client.ctx.store().token(&client.key)?;
    let now = client.ctx.now();
    Ok(found.of(&client.session).and_then(|token| {
        let plan = plan(token, rejected, now)?;
        Ok((token.clone(), plan))
    }))
}

/// Returns the error of a process that waited too long for a lock.
pub fn held_too_long(pid: u32, activity: &str) -> Error {
    Error::busy(format!("process {pid} has been {activity} for too long")).hint(format!(
        "look at it with `ps -p {pid}`; if it is stopped, continue or end it"
    ))
}

/// Deletes a token that the portal rejected and that cannot be refreshed. A sign-in would find it
/// valid and do nothing.
pub(super) fn delete_rejected_token(
    client: &SessionClient,
    rejected: Option<&Secret>,
) -> Result<()> {
    match lock(
        client.ctx,
        LockName::Token(&client.key),
        client.deadline,
        |_| {},
    ) {
        Ok(_guard) => delete_rejected_token_locked(client, rejected),
        Err(_) => Ok(()),
    }
}

/// Deletes the stored token if it is the rejected one. The caller holds the token lock.
pub(super) fn delete_rejected_token_locked(
    client: &SessionClient,
    rejected: Option<&Secret>,
) -> Result<()> {
    let store = client.ctx.store();
    let item = StoredItem::Token(&client.key);
    let found = store.token(&client.key)?;
    if found
        .of(&client.session)
        .is_ok_and(|token| rejected == Some(&token.access_token))
    {
        client.ctx.trace(|| {
            let path = store.location(item);
            format!("removing {path}: the portal does not accept it any more")
        });
        remove_or_warn(client.ctx, item);
    }
    Ok(())
}

/// Deletes a stored item; a failure is only reported.
pub fn remove_or_warn(ctx: &Context, item: StoredItem) {
    if let Err(error) = ctx.store().remove(item) {
        ctx.notices().warn(Warning::FileNotRemoved {
            path: ctx.store().location(item),
            error: error.to_string(),
        });
    }
}

/// Returns the error of a command that may not sign in while another process does; `None` if no
/// sign-in is in progress.
pub fn sign_in_in_progress(client: &SessionClient) -> Option<Error> {
    let pid = holder(client.ctx, LockName::SignIn(&client.key))?;
    let label = sanitize(client.session.label());
    Some(
        Error::sign_in(format!(
            "a sign-in to {label} is in progress (process {pid})"
        ))
        .hint("finish it in the browser, then run this again"),
    )
}
