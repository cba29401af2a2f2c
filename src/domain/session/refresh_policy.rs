//! Rules of a token refresh: plans, wait times, and the outcome of a failure.

use std::time::Duration;

use super::auth_error::{AuthError, SignInReason};
use super::token::{RegisteredClient, StoredToken};
use crate::domain::cache::lock_note::LockNote;
use crate::domain::net::failure::{Failure, FailureKind};
use crate::domain::secret::Secret;
use crate::domain::time::Timestamp;

/// Time limit of a refresh, during which signals are held back.
pub const MAX_REFRESH_TIME: Duration = Duration::from_secs(10);

/// Time allowed for another tool to store the successor of a refresh token that it has spent.
const MAX_SUCCESSOR_TIME: Duration = Duration::from_millis(700);

/// Use of a stored token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenPlan {
    /// Use the token: it is not stale, or it cannot be refreshed and has not expired.
    Use,
    /// Refresh the token first. If that fails, use it unless it has expired.
    Refresh,
}

/// Plans the use of a token that belongs to the session, or fails if only a sign-in helps.
///
/// `rejected` is an access token that the portal has rejected; its `expiresAt` is ignored.
pub fn plan(
    token: &StoredToken,
    rejected: Option<&Secret>,
    now: Timestamp,
) -> Result<TokenPlan, SignInReason> {
    let is_rejected = rejected == Some(&token.access_token);
    if !is_rejected && !token.expires_at.is_stale(now) {
        Ok(TokenPlan::Use)
    } else if token.refreshable(now).is_some() {
        Ok(TokenPlan::Refresh)
    } else if is_rejected {
        Err(SignInReason::Refused)
    } else if !token.expires_at.is_past(now) {
        Ok(TokenPlan::Use)
    } else if token.refresh_token.is_some() && token.client.is_some() {
        Err(SignInReason::RegistrationExpired)
    } else {
        Err(SignInReason::Expired)
    }
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
    use super::super::token::tests::token;
    use super::*;

    const NOW: Timestamp = Timestamp(0);

    #[test]
    fn the_plan_follows_the_one_staleness_rule() {
        let (own, other) = (token(0, 10, true).access_token, Secret::new("other"));
        for (left, registration_left, has_refresh_token, rejected, expected) in [
            (900, 10, true, None, Ok(TokenPlan::Use)),
            (899, 10, true, None, Ok(TokenPlan::Refresh)),
            (0, 10, true, None, Ok(TokenPlan::Refresh)),
            (899, 0, true, None, Ok(TokenPlan::Use)),
            (-1, 0, true, None, Err(SignInReason::RegistrationExpired)),
            (1, 10, false, None, Ok(TokenPlan::Use)),
            (0, 10, false, None, Err(SignInReason::Expired)),
            (-1, 10, false, None, Err(SignInReason::Expired)),
            // A rejected token is refreshed or needs a sign-in.
            (3600, 10, true, None, Ok(TokenPlan::Use)),
            (3600, 10, true, Some(&own), Ok(TokenPlan::Refresh)),
            (3600, 10, false, Some(&own), Err(SignInReason::Refused)),
            (3600, 10, false, Some(&other), Ok(TokenPlan::Use)),
        ] {
            let token = token(left, registration_left, has_refresh_token);
            assert_eq!(
                plan(&token, rejected, NOW),
                expected,
                "{token:?} {rejected:?}"
            );
        }
    }

    #[test]
    fn a_token_with_time_left_is_used_after_a_failed_refresh() {
        let fresh = token(60, 10, true);
        let rejected = Some(&fresh.access_token);
        let (ended, spent) = failed(&fresh, Failure::new(FailureKind::InvalidGrant, "refused"));
        assert_eq!(spent, fresh.refresh_token.as_ref());
        let (down, spent) = failed(&fresh, Failure::new(FailureKind::Server, "down"));
        assert_eq!(spent, None);
        for (error, seconds, rejected, expected) in [
            (&ended, 60, None, AfterFailure::Use),
            (&down, 60, None, AfterFailure::Use),
            (&ended, 60, rejected, AfterFailure::Delete),
            (&down, 60, rejected, AfterFailure::Keep),
            (&ended, -1, None, AfterFailure::Keep),
            (&down, -1, None, AfterFailure::Keep),
        ] {
            let after = after_failure(error, &token(seconds, 10, true), rejected, NOW);
            assert_eq!(after, expected, "{error:?} {seconds} {rejected:?}");
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
        let plain = token(-1, 10, false);
        assert_eq!(
            refresh_request(&plain, &note, NOW),
            Err(SignInReason::Expired)
        );
        assert!(refresh_request(&token(-1, 10, true), &note, NOW).is_ok());
    }
}
