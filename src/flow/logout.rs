//! Signs out of a session: deletes its files first, then ends it on the server.

use std::time::Duration;

use crate::aws::GrantRequest;
use crate::context::Context;
use crate::domain::cache::key::SessionKey;
use crate::domain::net::failure::FailureKind;
use crate::domain::role::credentials::CachedRole;
use crate::domain::session::auth_error::{AuthError, SignInReason};
use crate::domain::session::definition::Session;
use crate::domain::session::token::{StoredToken, TokenFile};
use crate::domain::target::{Instance, sessions};
use crate::domain::time::Timestamp;
use crate::error::{Error, Result};
use crate::notice::Warning;
use crate::os::clock::Deadline;
use crate::os::lock::Tried;
use crate::os::store::item::StoredItem;
use crate::os::store::lock_name::LockName;

use super::cached_roles;
use super::login::messages::call_failed;
use super::session_client::SessionClient;
use super::single_flight::{lock, trace_waiting};
use super::token::{access_token, stored_token::held_too_long};

/// Time limit of one request to the server.
const REQUEST_LIMIT: Duration = Duration::from_secs(10);

/// Result of a sign-out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignOut {
    /// No token was stored.
    NotSignedIn,
    /// The session ended, here and on the server.
    Complete,
    /// The files are deleted, but the server was not reached. The access token stays valid.
    LocalOnly {
        /// The reason, as a sentence.
        reason: String,
        /// Expiry of the access token.
        until: Timestamp,
    },
}

/// Files that a sign-out deleted.
#[derive(Debug, Default)]
struct Deleted {
    token: Option<StoredToken>,
    /// Whether the server refused to refresh the token a moment ago.
    refused: bool,
    /// Number of deleted role credentials.
    roles: usize,
    /// The first file that could not be deleted; the others are gone.
    failure: Option<Error>,
}

/// Signs out of a session, and of the others that end with it: the token of a legacy profile is
/// in a file of its own. Returns the result and the number of role credentials deleted.
///
/// Unusable network settings do not keep the files, and a file that cannot be deleted does not
/// keep the session alive on the server.
///
/// # Errors
///
/// The token lock is held for too long, or a file cannot be deleted.
pub fn logout(ctx: &Context, instance: &Instance) -> Result<(SignOut, usize)> {
    let mut result = logout_alone(ctx, instance);
    for session in sessions::twins(&instance.session, &ctx.view()?) {
        // A lock file is not made for a session that was never used.
        if matches!(ctx.store().token(&session.key()), Ok(TokenFile::Missing))
            && cached_roles::of(ctx, &session.key()).is_empty()
        {
            continue;
        }
        let settings = session.profile.clone();
        let twin = logout_alone(ctx, &Instance { session, settings });
        result = result.and_then(|(ended, roles)| {
            let (ended_too, more) = twin?;
            Ok((ended.and(ended_too), roles + more))
        });
    }
    result
}

impl SignOut {
    /// Returns the result of two sign-outs: one that the server was not told about counts.
    fn and(self, other: SignOut) -> SignOut {
        match (&self, &other) {
            (SignOut::LocalOnly { .. }, _) | (_, SignOut::NotSignedIn) => self,
            (_, _) => other,
        }
    }
}

fn logout_alone(ctx: &Context, instance: &Instance) -> Result<(SignOut, usize)> {
    let deleted = delete_files(ctx, &instance.session)?;
    let result = match &deleted.token {
        None => SignOut::NotSignedIn,
        Some(token) => SessionClient::new(ctx, instance, Some(REQUEST_LIMIT + REQUEST_LIMIT))
            .map(|client| end_on_server(&client, token, deleted.refused))
            .unwrap_or_else(|error| SignOut::LocalOnly {
                reason: error.message().to_owned(),
                until: token.expires_at,
            }),
    };
    match deleted.failure {
        Some(error) if result == SignOut::Complete => {
            Err(error.hint("the session was ended on the server; remove the file yourself"))
        }
        Some(error) => Err(error),
        None => Ok((result, deleted.roles)),
    }
}

/// Signs out before a forced sign-in. The server comes first: if it cannot be reached, no
/// sign-in can follow, and the present session is kept. Its answer does not matter, because a
/// second request would change nothing.
pub fn end_before_sign_in(client: &SessionClient) -> Result<()> {
    let answer = match access_token(client, None) {
        Ok((token, _)) => {
            let limit = REQUEST_LIMIT.min(client.request_limit());
            client.aws()?.logout(&token.access_token, limit)
        }
        // A session that needs a sign-in has ended on the server already.
        Err(AuthError::SignIn { .. }) => Ok(()),
        Err(error) => return Err(error.into_error(&client.session, None, client.ctx.now())),
    };
    match answer {
        Err(failure) if !failure.kind.is_rejection() => return Err(call_failed(client, failure)),
        Err(failure) => {
            let why = &failure.detail;
            let ctx = client.ctx;
            ctx.trace(|| format!("the old session was not ended on the server: {why}"));
        }
        Ok(()) => {}
    }
    let deleted = delete_files(client.ctx, &client.session)?;
    deleted.failure.map_or(Ok(()), Err)
}

/// Deletes the token and the role credentials that came from it, under the token lock. Nobody
/// can put them back: every writer for this session holds that lock and reads the token again.
fn delete_files(ctx: &Context, session: &Session) -> Result<Deleted> {
    let store = ctx.store();
    let key = session.key();
    let deadline = Deadline::after(REQUEST_LIMIT + Duration::from_secs(2));
    let waiting = trace_waiting(ctx, "refreshes this session");
    let guard = lock(ctx, LockName::Token(&key), deadline, waiting)
        .map_err(|pid| held_too_long(pid, "refreshing this session"))?;
    let found = store.token(&key)?;
    let token = match found.of(session) {
        Ok(token) => Some(token.clone()),
        // A token of another instance does not belong to this session.
        Err(SignInReason::OtherInstance) => return Ok(Deleted::default()),
        Err(_) => None,
    };
    let refresh_token = token.as_ref().and_then(|it| it.refresh_token.as_ref());
    let is_refused = |it| guard.note().recent_refusal(it, ctx.now()).is_some();
    let refused = refresh_token.is_some_and(is_refused);
    let mut failure = None;
    let mut remove = |item: StoredItem| match store.remove(item) {
        Ok(removed) => removed,
        Err(error) => {
            let message = format!("cannot remove {}: {error}", store.location(item));
            failure.get_or_insert(Error::storage(message));
            false
        }
    };
    store.sweep(StoredItem::Token(&key));
    remove(StoredItem::Token(&key));
    let mut roles = 0;
    for id in cached_roles::of(ctx, &key) {
        if let Ok(CachedRole::Credentials(_) | CachedRole::Corrupt) = store.role(&id) {
            roles += usize::from(remove(StoredItem::Role(&id)));
        }
    }
    sweep_roles(ctx, &key);
    if let Err(error) = cached_roles::forget(ctx, &key) {
        let path = store.location(StoredItem::RoleIndex);
        match store.role_index() {
            Ok(_) => ctx.trace(|| format!("{path} could not be changed: {error}")),
            Err(error) => ctx.notices().warn(Warning::RoleIndexUnreadable {
                path,
                error: error.to_string(),
            }),
        }
    }
    Ok(Deleted {
        token,
        refused,
        roles,
        failure,
    })
}

/// Deletes temporary files with credentials that killed processes left. A process that is
/// fetching a role holds its lock and keeps its file; it will not store the credentials, because
/// the token is gone.
fn sweep_roles(ctx: &Context, key: &SessionKey) {
    let store = ctx.store();
    for id in store.roles_with_leftovers(cached_roles::of(ctx, key)) {
        if let Ok(lock) = store.lock(LockName::Role(&id))
            && lock.try_lock() == Tried::Held
        {
            store.sweep(StoredItem::Role(&id));
        }
    }
}

/// Ends the session on the server. An expired access token cannot do that, so it is refreshed
/// first, unless the server refused the refresh token a moment ago (`refused`).
fn end_on_server(client: &SessionClient, token: &StoredToken, refused: bool) -> SignOut {
    let now = client.ctx.now();
    // The session has expired on the server, as another process was told a moment ago.
    if refused && token.expires_at.is_past(now) {
        return SignOut::Complete;
    }
    let mut until = token.expires_at;
    let mut call = || -> std::result::Result<(), AuthError> {
        let aws = client.aws()?;
        let limit = || REQUEST_LIMIT.min(client.request_limit());
        let refreshed = match token.refreshable(now) {
            Some((registered, refresh_token)) if token.expires_at.is_past(now) => {
                let grant = GrantRequest::RefreshToken(refresh_token);
                match aws.create_token(registered, grant, limit(), None) {
                    Ok(reply) => {
                        until = now.plus(reply.expires_in);
                        Some(reply.access_token)
                    }
                    // The session has expired on the server.
                    Err(failure) if failure.kind.ends_refresh() => return Ok(()),
                    Err(failure) => return Err(failure.into()),
                }
            }
            _ => None,
        };
        let bearer = refreshed.as_ref().unwrap_or(&token.access_token);
        match aws.logout(bearer, limit()) {
            // The portal does not know the token any more.
            Err(failure) if failure.kind == FailureKind::Unauthorized => Ok(()),
            result => Ok(result?),
        }
    };
    match call() {
        Ok(()) => SignOut::Complete,
        Err(error) => SignOut::LocalOnly {
            reason: error
                .into_error(&client.session, None, now)
                .message()
                .to_owned(),
            until,
        },
    }
}
