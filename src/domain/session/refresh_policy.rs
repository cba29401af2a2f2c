//! Rules of a token refresh: usable tokens, wait times, and the outcome of a failure.

use std::time::Duration;

use super::auth_error::{AuthError, SignInReason};
use super::token::{RegisteredClient, StoredToken, TokenPlan, plan};
use crate::domain::cache::lock_note::LockNote;
use crate::domain::net::failure::{Failure, FailureKind};
use crate::domain::secret::Secret;
use crate::domain::time::Timestamp;

/// Time limit of a refresh, during which signals are held back.
pub const MAX_REFRESH_TIME: Duration = Duration::from_secs(10);

/// Time allowed for another tool to store the successor of a refresh token that it has spent.
const MAX_SUCCESSOR_TIME: Duration = Duration::from_millis(700);

/// Plans the use of a token that belongs to the session, or fails if only a sign-in helps.
///
/// `rejected` is an access token that the portal has rejected; its `expiresAt` is ignored.
pub fn plan_use(
    token: &StoredToken,
    rejected: Option<&Secret>,
    now: Timestamp,
) -> Result<TokenPlan, SignInReason> {
    if rejected == Some(&token.access_token) {
        let refreshable = token.refreshable(now);
        return refreshable
            .map(|_| TokenPlan::Refresh)
            .ok_or(SignInReason::Refused);
    }
    plan(token, now)
}

/// Returns `true` if the token is usable even without a refresh: it has not expired, and the portal
/// has not rejected it.
pub fn is_usable(token: &StoredToken, rejected: Option<&Secret>, now: Timestamp) -> bool {
    rejected != Some(&token.access_token) && !token.expires_at.is_past(now)
}

/// Returns the client and refresh token that a refresh request sends.
///
/// Fails if the token cannot be refreshed, or the server refused its refresh token in the last
/// minute.
pub fn refresh_request<'a>(
    token: &'a StoredToken,
    note: &LockNote,
    now: Timestamp,
) -> Result<(&'a RegisteredClient, &'a Secret), SignInReason> {
    let (client, refresh_token) = token.refreshable(now).ok_or(SignInReason::Expired)?;
    match note.recent_refusal(refresh_token, now) {
        Some(kind) => Err(SignInReason::NotRefreshed(kind)),
        None => Ok((client, refresh_token)),
    }
}

/// Returns how long to wait for another tool's token after a failed refresh.
///
/// A tool that ignores the locks of `sso` may have spent the refresh token just before and not yet
/// stored, or even received, its new token when this refresh is refused.
pub fn successor_wait(kind: FailureKind) -> Duration {
    match kind {
        FailureKind::InvalidGrant => MAX_SUCCESSOR_TIME,
        _ => Duration::ZERO,
    }
}

/// Returns the error of a failed refresh, and the refresh token if the server now rejects it.
pub fn failed(token: &StoredToken, failure: Failure) -> (AuthError, Option<&Secret>) {
    if failure.kind.ends_refresh() {
        let reason = SignInReason::NotRefreshed(failure.kind);
        let error = AuthError::from(reason).at(failure.server_time);
        return (error, token.refresh_token.as_ref());
    }
    (AuthError::Failed(failure), None)
}

/// Action on a token whose refresh failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AfterFailure {
    /// Use the token, which has not expired.
    Use,
    /// Delete the token, which can no longer be refreshed, then report the error.
    Delete,
    /// Report the error and keep the token for a later refresh.
    Keep,
}

/// Decides on a token whose refresh failed with `error`.
pub fn after_failure(
    error: &AuthError,
    token: &StoredToken,
    rejected: Option<&Secret>,
    now: Timestamp,
) -> AfterFailure {
    if is_usable(token, rejected, now) {
        return AfterFailure::Use;
    }
    match error {
        // A sign-in would take the rejected token for valid by its `expiresAt` and do nothing.
        AuthError::SignIn { .. } if rejected.is_some() => AfterFailure::Delete,
        _ => AfterFailure::Keep,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_800_000_000);

    fn token(seconds_left: i64, refreshable: bool) -> StoredToken {
        StoredToken {
            access_token: Secret::new("access"),
            expires_at: Timestamp(NOW.0 + seconds_left),
            start_url: None,
            region: None,
            client: refreshable.then(|| RegisteredClient {
                id: "id".to_owned(),
                secret: Secret::new("secret"),
                expires_at: Timestamp(NOW.0 + 86_400),
            }),
            refresh_token: refreshable.then(|| Secret::new("refresh")),
        }
    }

    #[test]
    fn a_rejected_token_is_refreshed_or_needs_a_sign_in() {
        let access = Secret::new("access");
        let rejected = Some(&access);
        let plan = |token: &StoredToken, rejected| plan_use(token, rejected, NOW);
        assert_eq!(plan(&token(3600, true), None), Ok(TokenPlan::Use));
        assert_eq!(plan(&token(3600, true), rejected), Ok(TokenPlan::Refresh));
        assert_eq!(
            plan(&token(3600, false), rejected),
            Err(SignInReason::Refused)
        );
        let other = Secret::new("other");
        assert_eq!(plan(&token(3600, false), Some(&other)), Ok(TokenPlan::Use));
        assert_eq!(plan(&token(-1, false), None), Err(SignInReason::Expired));
    }

    #[test]
    fn a_token_with_time_left_is_used_after_a_failed_refresh() {
        let access = Secret::new("access");
        let rejected = Some(&access);
        let failure = Failure::new(FailureKind::InvalidGrant, "refused");
        let fresh = token(60, true);
        let (ended, spent) = failed(&fresh, failure);
        assert_eq!(spent, fresh.refresh_token.as_ref());
        let failure = Failure::new(FailureKind::Server, "down");
        let (down, spent) = failed(&fresh, failure);
        assert_eq!(spent, None);
        for (error, seconds, rejected, expected) in [
            (&ended, 60, None, AfterFailure::Use),
            (&down, 60, None, AfterFailure::Use),
            (&ended, 60, rejected, AfterFailure::Delete),
            (&down, 60, rejected, AfterFailure::Keep),
            (&ended, -1, None, AfterFailure::Keep),
            (&down, -1, None, AfterFailure::Keep),
        ] {
            let token = token(seconds, true);
            assert_eq!(
                after_failure(error, &token, rejected, NOW),
                expected,
                "{error:?} {seconds} {rejected:?}"
            );
        }
    }

    #[test]
    fn only_a_spent_refresh_token_is_waited_for() {
        assert_eq!(
            successor_wait(FailureKind::InvalidGrant),
            MAX_SUCCESSOR_TIME
        );
        assert_eq!(successor_wait(FailureKind::Timeout), Duration::ZERO);
    }

    #[test]
    fn a_token_without_a_refresh_token_sends_nothing() {
        let note = LockNote::default();
        let plain = token(-1, false);
        assert_eq!(
            refresh_request(&plain, &note, NOW),
            Err(SignInReason::Expired)
        );
        let refreshable = token(-1, true);
        assert!(refresh_request(&refreshable, &note, NOW).is_ok());
    }
}
