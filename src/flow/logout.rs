//! Signing out: what is here goes first, then the server is told.

use std::time::Duration;

use crate::aws::GrantRequest;
use crate::context::Context;
use crate::domain::cache::key::SessionKey;
use crate::domain::net::failure::FailureKind;
use crate::domain::role::credentials::CachedRole;
use crate::domain::session::auth_error::AuthError;
use crate::domain::session::definition::Session;
use crate::domain::session::token::{Absent, StoredToken};
use crate::domain::target::instance::Instance;
use crate::domain::time::Timestamp;
use crate::error::{Error, Result};
use crate::notice::{LockPurpose, Trace, Warning};
use crate::os::clock::Deadline;
use crate::os::lock::Tried;
use crate::os::store::item::Item;
use crate::os::store::lock_name::LockName;

use super::cached_roles;
use super::login::messages::call_failed;
use super::session_client::SessionClient;
use super::single_flight::{LockOutcome, LockRequest};
use super::token::get::{self, held_too_long};

/// The server is not waited for longer than this.
const LIMIT: Duration = Duration::from_secs(10);

/// What signing out came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// There was no token.
    NotSignedIn,
    /// Here and on the server.
    Everywhere,
    /// Here; the server could not be told, for this reason, and the token lives until then.
    OnlyHere(String, Timestamp),
}

/// What was removed here.
#[derive(Debug, Default)]
struct Forgotten {
    token: Option<StoredToken>,
    /// The server has refused to renew it a moment ago.
    refused: bool,
    roles: usize,
    /// What could not be removed; the rest is gone all the same.
    left: Option<Error>,
}

/// Signs out of one session. Gives what became of it, and how many roles' credentials went.
/// What is here goes whatever the network settings are worth, and what cannot go here does
/// not keep the server's session alive.
pub fn logout(ctx: &Context, instance: &Instance) -> Result<(Ended, usize)> {
    let forgotten = forget(ctx, &instance.session)?;
    let ended = match &forgotten.token {
        None => Ended::NotSignedIn,
        Some(token) => SessionClient::new(ctx, instance, Some(LIMIT + LIMIT))
            .map(|client| tell_server(&client, token, forgotten.refused))
            .unwrap_or_else(|error| Ended::OnlyHere(error.message().to_owned(), token.expires_at)),
    };
    match forgotten.left {
        Some(error) if ended == Ended::Everywhere => {
            Err(error.hint("the session was ended on the server; remove the file yourself"))
        }
        Some(error) => Err(error),
        None => Ok((ended, forgotten.roles)),
    }
}

/// The same as part of a sign-in by force. Here the server is told first: where it cannot
/// be reached no sign-in can follow, and the session that there is had better stay. What it
/// answers does not matter; asking again would change nothing.
pub fn end(client: &SessionClient) -> Result<()> {
    let told = match get::token(client, None) {
        Ok((token, _)) => {
            let limit = LIMIT.min(client.request_limit());
            client.aws()?.logout(&token.access_token, limit)
        }
        // What needs a sign-in has ended on the server already.
        Err(AuthError::SignIn { .. }) => Ok(()),
        Err(trouble) => return Err(trouble.into_error(&client.session, None, client.ctx.now())),
    };
    match told {
        Err(failure) if !failure.kind.is_rejection() => {
            return Err(call_failed(client, failure));
        }
        Err(failure) => client.ctx.notices().trace(|| Trace::SignOutFailed {
            error: failure.detail.clone(),
        }),
        Ok(()) => {}
    }
    forget(client.ctx, &client.session)?
        .left
        .map_or(Ok(()), Err)
}

/// Removes the token and the role credentials that came from it, with nobody able to put
/// them back: whoever stores something for this session holds its lock and looks again.
fn forget(ctx: &Context, session: &Session) -> Result<Forgotten> {
    let store = ctx.store();
    let key = session.key();
    let deadline = Deadline::after(LIMIT + Duration::from_secs(2));
    let request = LockRequest {
        name: LockName::Token(&key),
        deadline,
        scope: None,
    };
    let entry = request.acquire(
        ctx,
        || Ok(None::<()>),
        |pid| {
            ctx.notices().trace(|| Trace::WaitingForLock {
                pid,
                purpose: LockPurpose::Refresh,
            });
        },
    )?;
    let guard = match entry {
        LockOutcome::Acquired(guard) => guard,
        LockOutcome::TimedOut(pid) => return Err(held_too_long(pid, "refreshing this session")),
        LockOutcome::Ready(()) | LockOutcome::Failed(_) => return Ok(Forgotten::default()),
    };
    let found = store.token(&key)?;
    let token = match found.of(session) {
        Ok(token) => Some(token.clone()),
        // The token of another instance is not this session's to end.
        Err(Absent::OtherInstance) => return Ok(Forgotten::default()),
        Err(_) => None,
    };
    let refresh_token = token
        .as_ref()
        .and_then(|token| token.refresh_token.as_ref());
    let refused =
        refresh_token.is_some_and(|it| guard.note().recent_refusal(it, ctx.now()).is_some());
    let mut left = None;
    let mut remove = |item: Item| match store.remove(item) {
        Ok(removed) => removed,
        Err(error) => {
            let what = format!("cannot remove {}: {error}", store.location(item));
            left.get_or_insert(Error::storage(what));
            false
        }
    };
    store.sweep(Item::Token(&key));
    remove(Item::Token(&key));
    let mut roles = 0;
    for id in cached_roles::of(ctx, &key) {
        if matches!(
            store.role(&id),
            Ok(CachedRole::Credentials(_) | CachedRole::Corrupt)
        ) {
            roles += usize::from(remove(Item::Role(&id)));
        }
    }
    sweep_roles(ctx, &key);
    if let Err(error) = cached_roles::forget(ctx, &key) {
        let path = store.location(Item::RoleIndex).to_string();
        match store.role_index() {
            Ok(_) => ctx.notices().trace(|| Trace::RoleIndexNotWritten {
                path,
                error: error.to_string(),
            }),
            Err(error) => ctx.notices().warn(Warning::RoleIndexUnreadable {
                path,
                error: error.to_string(),
            }),
        }
    }
    Ok(Forgotten {
        token,
        refused,
        roles,
        left,
    })
}

/// Removes credentials that a killed process left in a temporary file. Who is fetching a
/// role just now keeps its file, and will find out that it must not be stored.
fn sweep_roles(ctx: &Context, key: &SessionKey) {
    let store = ctx.store();
    for id in store.roles_with_leftovers(cached_roles::of(ctx, key)) {
        if let Ok(lock) = store.lock(LockName::Role(&id))
            && lock.try_lock() == Tried::Held
        {
            store.sweep(Item::Role(&id));
        }
    }
}

/// Ends the session on the server. A token that has ended cannot do that; the refresh
/// token, which nobody will need any more, gives one that can, unless it was `refused`.
fn tell_server(client: &SessionClient, token: &StoredToken, refused: bool) -> Ended {
    let now = client.ctx.now();
    // The session has ended by itself, as somebody was told a moment ago.
    if refused && token.expires_at.is_past(now) {
        return Ended::Everywhere;
    }
    let mut until = token.expires_at;
    let mut call = || -> std::result::Result<(), AuthError> {
        let aws = client.aws()?;
        let limit = || LIMIT.min(client.request_limit());
        let refreshed = match token.refreshable(now) {
            Some((registered, refresh_token)) if token.expires_at.is_past(now) => {
                let grant = GrantRequest::RefreshToken(refresh_token);
                match aws.create_token(registered, grant, limit(), None) {
                    Ok(reply) => {
                        until = now.plus(reply.expires_in);
                        Some(reply.access_token)
                    }
                    // The session has ended by itself.
                    Err(failure) if failure.kind.ends_refresh() => return Ok(()),
                    Err(failure) => return Err(failure.into()),
                }
            }
            _ => None,
        };
        let bearer = refreshed.as_ref().unwrap_or(&token.access_token);
        match aws.logout(bearer, limit()) {
            Ok(()) => Ok(()),
            // A token that the portal does not know needs no ending.
            Err(failure) if failure.kind == FailureKind::Unauthorized => Ok(()),
            Err(failure) => Err(failure.into()),
        }
    };
    match call() {
        Ok(()) => Ended::Everywhere,
        Err(trouble) => {
            let error = trouble.into_error(&client.session, None, now);
            Ended::OnlyHere(error.message().to_owned(), until)
        }
    }
}
