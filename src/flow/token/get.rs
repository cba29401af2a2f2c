//! The access token of a session: which one there is, and what must not happen to it.

use std::time::Duration;

use crate::domain::secret::Secret;
use crate::domain::session::auth_error::{AuthError, SignInReason};
use crate::domain::session::refresh_policy::{is_usable, plan_use};
use crate::domain::session::token::{Absent, Plan, StoredToken};
use crate::domain::text::sanitize;
use crate::error::{Error, Result};
use crate::notice::{Trace, Warning};
use crate::os::clock::Deadline;
use crate::os::store::item::Item;
use crate::os::store::lock_name::LockName;

use super::refresh::refresh;
use crate::flow::session_client::SessionClient;
use crate::flow::single_flight::{LockOutcome, LockRequest, holder};

pub(super) type Outcome<T> = std::result::Result<T, AuthError>;

/// What is in the file, and what may be done with it. `bad` is an access token that the
/// portal has refused: it has no time left, whatever the file says.
pub(super) fn look(
    client: &SessionClient,
    bad: Option<&Secret>,
) -> Result<std::result::Result<(StoredToken, Plan), SignInReason>> {
    let found = client.ctx.store().token(&client.key)?;
    let token = match found.of(&client.session) {
        Ok(token) => token.clone(),
        Err(Absent::Corrupt) => {
            let path = client.ctx.store().location(Item::Token(&client.key));
            return Ok(Err(SignInReason::Broken(path.to_string())));
        }
        Err(absent) => return Ok(Err(SignInReason::Absent(absent))),
    };
    Ok(plan_use(&token, bad, client.ctx.now()).map(|plan| (token, plan)))
}

/// Where a token comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// It was there.
    Cache,
    /// It needed a refresh, ours or the one that we waited for.
    Refresh,
}

/// A token to call the portal with.
pub fn token(client: &SessionClient, bad: Option<&Secret>) -> Outcome<(StoredToken, Source)> {
    match look(client, bad)? {
        Ok((token, Plan::Use)) => Ok((token, Source::Cache)),
        Ok((token, _)) if !client.refreshes => {
            let usable = bad.is_none() && is_usable(&token, bad, client.ctx.now());
            usable
                .then_some((token, Source::Cache))
                .ok_or_else(|| SignInReason::Refused.into())
        }
        Ok((token, _)) => refresh(client, token, bad).map(|token| (token, Source::Refresh)),
        Err(SignInReason::Refused) => {
            discard(client, bad)?;
            Err(SignInReason::Refused.into())
        }
        Err(why) => Err(why.into()),
    }
}

pub(super) fn request<'a>(client: &'a SessionClient) -> LockRequest<'a> {
    LockRequest {
        name: LockName::Token(&client.key),
        deadline: client.deadline,
        scope: Some(&client.scope),
    }
}

/// The error of a waiter whose time is up.
pub fn held_too_long(pid: u32, what: &str) -> Error {
    Error::busy(format!("process {pid} has been {what} for too long")).hint(format!(
        "look at it with `ps -p {pid}`; if it is stopped, continue or end it"
    ))
}

/// Whether the file still holds the token that we began with.
fn is_unchanged(client: &SessionClient, token: &StoredToken) -> Result<bool> {
    let found = client.ctx.store().token(&client.key)?;
    Ok(found.is_still(token, &client.session))
}

/// Deletes a token that the portal refused and that nothing can renew. Otherwise a sign-in
/// would find it valid and do nothing, for ever.
fn discard(client: &SessionClient, bad: Option<&Secret>) -> Result<()> {
    let nothing = || Ok(None::<()>);
    let request = LockRequest {
        scope: None,
        ..request(client)
    };
    match request.acquire(client.ctx, nothing, |_| {})? {
        LockOutcome::Acquired(_guard) => discard_alone(client, bad),
        _ => Ok(()),
    }
}

pub(super) fn discard_alone(client: &SessionClient, bad: Option<&Secret>) -> Result<()> {
    let store = client.ctx.store();
    let item = Item::Token(&client.key);
    let found = store.token(&client.key)?;
    if found
        .of(&client.session)
        .is_ok_and(|token| bad == Some(&token.access_token))
    {
        client.ctx.notices().trace(|| Trace::RemovingToken {
            path: store.location(item).to_string(),
        });
        if let Err(error) = store.remove(item) {
            client.ctx.notices().warn(Warning::FileNotRemoved {
                path: store.location(item).to_string(),
                error: error.to_string(),
            });
        }
    }
    Ok(())
}

/// Whether something was done under a session's lock.
#[derive(Debug)]
pub enum Unchanged<T> {
    /// It was.
    Done(T),
    /// The token is another one now, or gone.
    No,
    /// This process keeps the lock.
    Locked(u32),
}

/// Runs `publish` while this session's token is still the one that was used, with nobody
/// able to change it meanwhile.
pub fn while_unchanged<T>(
    client: &SessionClient,
    token: &StoredToken,
    publish: impl FnOnce() -> T,
) -> Result<Unchanged<T>> {
    let deadline = Deadline::after(client.deadline.left().min(Duration::from_secs(5)));
    let request = LockRequest {
        scope: None,
        deadline,
        ..request(client)
    };
    match request.acquire(client.ctx, || Ok(None::<()>), |_| {})? {
        LockOutcome::Acquired(_guard) if is_unchanged(client, token)? => {
            Ok(Unchanged::Done(publish()))
        }
        LockOutcome::TimedOut(pid) => Ok(Unchanged::Locked(pid)),
        _ => Ok(Unchanged::No),
    }
}

/// The error for somebody who may not sign in now: who does, if anybody.
pub fn in_progress(client: &SessionClient) -> Option<Error> {
    let pid = holder(client.ctx, LockName::SignIn(&client.key))?;
    let label = sanitize(client.session.label());
    Some(
        Error::sign_in(format!(
            "a sign-in to {label} is in progress (process {pid})"
        ))
        .hint("finish it in the browser, then run this again"),
    )
}
