//! Refreshing an access token: one process asks, all have the result, and nothing that
//! happens meanwhile loses the session.

use std::time::Duration;

use crate::aws::GrantRequest;
use crate::domain::cache::lock_note::fingerprint;
use crate::domain::net::failure::{Failure, FailureKind};
use crate::domain::secret::Secret;
use crate::domain::session::auth_error::{AuthError, SignInReason};
use crate::domain::session::token::{Absent, Found, Plan, StoredToken};
use crate::domain::text::sanitize;
use crate::error::{Error, Result};
use crate::notice::{Info, LockPurpose, Trace, Warning};
use crate::os::clock::{self, Deadline};
use crate::os::signals::Held;
use crate::os::store::item::Item;

use super::get::{Outcome, discard_alone, held_too_long, look, request};
use crate::flow::session_client::SessionClient;
use crate::flow::single_flight::{Guard, LockOutcome};

/// A refresh is not waited for longer than this, because signals wait meanwhile.
const REFRESH_LIMIT: Duration = Duration::from_secs(10);

/// How long a refresh token that somebody else may have spent is given to show a successor.
const SUCCESSOR_LIMIT: Duration = Duration::from_millis(700);

/// Refreshes the session's token, or takes what somebody else's refresh came to.
pub fn refresh(
    client: &SessionClient,
    stale: StoredToken,
    bad: Option<&Secret>,
) -> Outcome<StoredToken> {
    let ctx = client.ctx;
    let ready = || {
        Ok(look(client, bad)?
            .ok()
            .and_then(|(token, plan)| (plan == Plan::Use).then_some(token)))
    };
    // A token that still has time is used whatever becomes of its refresh.
    let usable = |token: &StoredToken| {
        bad != Some(&token.access_token) && !token.expires_at.is_past(ctx.now())
    };
    let mut request = request(client);
    if usable(&stale) {
        // It also needs some of our own time, to be used in.
        request.deadline = client.deadline.half();
    }
    let entry = request.acquire(ctx, ready, |pid| {
        ctx.notices().trace(|| Trace::WaitingForLock {
            pid,
            purpose: LockPurpose::Refresh,
        });
    })?;
    match entry {
        LockOutcome::Ready(token) => Ok(token),
        LockOutcome::Failed(_) if usable(&stale) => Ok(stale),
        LockOutcome::Failed(kind) => Err(AuthError::shared(kind)),
        LockOutcome::TimedOut(_) if usable(&stale) => Ok(stale),
        LockOutcome::TimedOut(pid) => Err(AuthError::Other(held_too_long(
            pid,
            "refreshing this session",
        ))),
        LockOutcome::Acquired(guard) => {
            // Declared before the lock's guard and so released after it: a held Ctrl-Z must
            // not stop us with the lock in our hands.
            let held = Held::new();
            let mut guard = guard;
            let token = match look(client, bad)? {
                Ok((token, Plan::Use)) => return Ok(token),
                Ok((token, _)) => token,
                Err(why) => return Err(why.into()),
            };
            let deadline = if usable(&token) {
                client.deadline.half()
            } else {
                client.deadline
            };
            let outcome = refresh_alone(client, &token, deadline, &mut guard, &held);
            match outcome {
                Err(trouble) if usable(&token) => {
                    ctx.notices().trace(|| Trace::RefreshFailed {
                        error: format!("{trouble:?}"),
                    });
                    Ok(token)
                }
                Err(trouble @ AuthError::SignIn { .. }) if bad.is_some() => {
                    discard_alone(client, bad)?;
                    Err(trouble)
                }
                outcome => outcome,
            }
        }
    }
}

fn refresh_alone(
    client: &SessionClient,
    token: &StoredToken,
    deadline: Deadline,
    guard: &mut Guard,
    held: &Held,
) -> Outcome<StoredToken> {
    let ctx = client.ctx;
    let store = ctx.store();
    let Some((registered, refresh_token)) = token.refreshable(ctx.now()) else {
        return Err(SignInReason::Absent(Absent::Expired).into());
    };
    if let Some(kind) = guard.note().recent_refusal(refresh_token, ctx.now()) {
        ctx.notices().trace(|| Trace::RefreshTokenRefused);
        return Err(SignInReason::NotRefreshed(kind).into());
    }
    let reservation = store.reserve_token(&client.session).map_err(|error| {
        AuthError::Other(
            Error::storage(format!(
                "the token of {} cannot be refreshed, because {} cannot be written: {error}",
                sanitize(client.session.label()),
                store.location(Item::Token(&client.key))
            ))
            .hint("free some space or make the directory writable"),
        )
    })?;
    let aws = client.aws()?;
    ctx.notices().trace(|| Trace::RefreshingToken);
    let told = std::cell::Cell::new(false);
    let tick = || {
        if held.interrupted() && !told.replace(true) {
            ctx.notices().info(Info::EndingAfterRefresh);
        }
    };
    let had = deadline.left();
    let limit = REFRESH_LIMIT.min(had);
    let reply = aws.create_token(
        registered,
        GrantRequest::RefreshToken(refresh_token),
        limit,
        Some(&tick),
    );
    match reply {
        Ok(reply) => {
            let new = token.refreshed(reply, &client.session, ctx.now());
            // What cannot be read any more has been replaced by somebody else's.
            let found = store.token(&client.key).unwrap_or(Found::Nothing);
            if found.yields_to_refresh_of(token, &client.session) {
                if let Err(error) = reservation.commit(&new) {
                    ctx.notices().warn(Warning::TokenNotStored {
                        error: error.to_string(),
                    });
                }
            } else {
                ctx.notices().trace(|| Trace::RefreshedTokenOutdated);
            }
            Ok(new)
        }
        Err(failure) => {
            drop(reservation);
            after_failure(client, token, failure, had, guard)
        }
    }
}

fn after_failure(
    client: &SessionClient,
    token: &StoredToken,
    failure: Failure,
    had: Duration,
    guard: &mut Guard,
) -> Outcome<StoredToken> {
    if let Some(other) = successor(client, token, failure.kind)? {
        return Ok(other);
    }
    let ends = failure.kind.ends_refresh();
    let trouble = if ends {
        AuthError::from(SignInReason::NotRefreshed(failure.kind)).at(failure.server_time)
    } else {
        AuthError::Failed(failure)
    };
    if let Some(mut record) = client.record(&trouble, had) {
        let refused = token.refresh_token.as_ref().filter(|_| ends);
        record.refused = refused.map(fingerprint);
        guard.fail(record);
    }
    Err(trouble)
}

/// What a tool that knows no locks has stored meanwhile. When it spent the refresh token
/// just before us, we are refused before it has even read its own answer.
fn successor(
    client: &SessionClient,
    token: &StoredToken,
    kind: FailureKind,
) -> Result<Option<StoredToken>> {
    const BEAT: Duration = Duration::from_millis(20);
    let patience = match kind {
        FailureKind::InvalidGrant => SUCCESSOR_LIMIT,
        _ => Duration::ZERO,
    };
    let patience = Deadline::after(patience.min(client.deadline.left()));
    loop {
        match look(client, Some(&token.access_token))? {
            Ok((other, Plan::Use)) => return Ok(Some(other)),
            _ if patience.is_over() => return Ok(None),
            _ => clock::sleep(BEAT),
        }
    }
}
