//! Refreshes an access token: one process sends the request, all processes get the result, and
//! nothing that happens meanwhile loses the session.

use std::time::Duration;

use crate::aws::GrantRequest;
use crate::domain::cache::lock_note::fingerprint;
use crate::domain::net::failure::{Failure, FailureKind};
use crate::domain::secret::Secret;
use crate::domain::session::auth_error::{AuthError, SignInReason};
use crate::domain::session::refresh_policy::{
    AfterFailure, MAX_REFRESH_TIME, TokenPlan, after_failure, failed, is_usable, refresh_request,
    successor_wait,
};
use crate::domain::session::token::{StoredToken, TokenFile};
use crate::domain::text::sanitize;
use crate::error::Error;
use crate::notice::{Info, Warning};
use crate::os::clock::{self, Deadline};
use crate::os::signals::BlockedSignals;
use crate::os::store::item::StoredItem;
use crate::os::store::lock_name::LockName;

use super::stored_token::{delete_rejected_token_locked, held_too_long, read_and_plan};
use crate::flow::session_client::SessionClient;
use crate::flow::single_flight::{Guard, LockOutcome, LockRequest, trace_waiting};

/// Refreshes the session's token, or returns the result of another process's refresh. `stale` is
/// the stored token, `rejected` an access token that the portal rejected.
pub fn refresh(
    client: &SessionClient,
    stale: StoredToken,
    rejected: Option<&Secret>,
) -> Result<StoredToken, AuthError> {
    let ctx = client.ctx;
    let ready = || {
        Ok(read_and_plan(client, rejected)?
            .ok()
            .and_then(|(token, plan)| (plan == TokenPlan::Use).then_some(token)))
    };
    let usable = |token: &StoredToken| is_usable(token, rejected, ctx.now());
    // Half of the time is left for the request that uses a usable token.
    let deadline = |token: &StoredToken| match usable(token) {
        true => client.deadline.half(),
        false => client.deadline,
    };
    let request = LockRequest {
        name: LockName::Token(&client.key),
        deadline: deadline(&stale),
        scope: Some(&client.scope),
    };
    let entry = request.acquire(ctx, ready, trace_waiting(ctx, "refreshes this session"))?;
    match entry {
        LockOutcome::Shared(Ok(token)) => Ok(token),
        LockOutcome::Shared(Err(_)) | LockOutcome::TimedOut(_) if usable(&stale) => Ok(stale),
        LockOutcome::Shared(Err(kind)) => Err(AuthError::shared(kind)),
        LockOutcome::TimedOut(pid) => Err(held_too_long(pid, "refreshing this session").into()),
        LockOutcome::Acquired(guard) => {
            // Declared before the lock's guard and so released after it: a pending Ctrl-Z must
            // not stop this process while it holds the lock.
            let signals = BlockedSignals::new();
            let mut guard = guard;
            let token = match read_and_plan(client, rejected)? {
                Ok((token, TokenPlan::Use)) => return Ok(token),
                Ok((token, _)) => token,
                Err(why) => return Err(why.into()),
            };
            let deadline = deadline(&token);
            let error = match refresh_locked(client, &token, deadline, &mut guard, &signals) {
                Err(error) => error,
                refreshed => return refreshed,
            };
            match after_failure(&error, &token, rejected, ctx.now()) {
                AfterFailure::Use => {
                    ctx.trace(|| {
                        format!("the refresh failed ({error:?}); the token still has time")
                    });
                    return Ok(token);
                }
                AfterFailure::Delete => delete_rejected_token_locked(client, rejected)?,
                AfterFailure::Keep => {}
            }
            Err(error)
        }
    }
}

/// Refreshes the token. The caller holds the token lock and the signals.
fn refresh_locked(
    client: &SessionClient,
    token: &StoredToken,
    deadline: Deadline,
    guard: &mut Guard,
    signals: &BlockedSignals,
) -> Result<StoredToken, AuthError> {
    let ctx = client.ctx;
    let store = ctx.store();
    let request = refresh_request(token, guard.note(), ctx.now());
    let (registered, refresh_token) = request.inspect_err(|reason| {
        if matches!(reason, SignInReason::NotRefreshed(_)) {
            ctx.trace(|| "the server has refused this refresh token a moment ago".to_owned());
        }
    })?;
    let reservation = store.reserve_token(&client.session).map_err(|error| {
        Error::storage(format!(
            "the token of {} cannot be refreshed, because {} cannot be written: {error}",
            sanitize(client.session.label()),
            store.location(StoredItem::Token(&client.key))
        ))
        .hint("free some space or make the directory writable")
    })?;
    let aws = client.aws()?;
    ctx.trace(|| "refreshing the access token".to_owned());
    let reported = std::cell::Cell::new(false);
    let tick = || {
        if signals.is_interrupt_pending() && !reported.replace(true) {
            ctx.notices().info(Info::EndingAfterRefresh);
        }
    };
    let had = deadline.left();
    let limit = MAX_REFRESH_TIME.min(had);
    let grant = GrantRequest::RefreshToken(refresh_token);
    match aws.create_token(registered, grant, limit, Some(&tick)) {
        Ok(reply) => {
            let new = token.refreshed(reply, &client.session, ctx.now());
            // A file that cannot be read any more was replaced by another tool.
            let found = store.token(&client.key).unwrap_or(TokenFile::Missing);
            if found.yields_to_refresh_of(token, &client.session) {
                if let Err(error) = reservation.commit(&new) {
                    ctx.notices().warn(Warning::TokenNotStored {
                        error: error.to_string(),
                    });
                }
            } else {
                ctx.trace(|| {
                    "the session was signed out or signed in meanwhile; the new token is not stored"
                        .to_owned()
                });
            }
            Ok(new)
        }
        Err(failure) => {
            drop(reservation);
            record_failure(client, token, failure, had, guard)
        }
    }
}

/// Records a failed refresh for the processes that wait, unless another tool has stored a new
/// token meanwhile.
fn record_failure(
    client: &SessionClient,
    token: &StoredToken,
    failure: Failure,
    had: Duration,
    guard: &mut Guard,
) -> Result<StoredToken, AuthError> {
    if let Some(other) = successor(client, token, failure.kind)? {
        return Ok(other);
    }
    let (error, spent) = failed(token, failure);
    if let Some(mut record) = client.record(&error, had) {
        record.refused = spent.map(fingerprint);
        guard.fail(record);
    }
    Err(error)
}

/// Returns a token that a tool without our locks has stored meanwhile.
fn successor(
    client: &SessionClient,
    token: &StoredToken,
    kind: FailureKind,
) -> crate::error::Result<Option<StoredToken>> {
    const POLL_INTERVAL: Duration = Duration::from_millis(20);
    let wait = successor_wait(kind).min(client.deadline.left());
    let deadline = Deadline::after(wait);
    loop {
        match read_and_plan(client, Some(&token.access_token))? {
            Ok((other, TokenPlan::Use)) => return Ok(Some(other)),
            _ if deadline.is_over() => return Ok(None),
            _ => clock::sleep(POLL_INTERVAL),
        }
    }
}
