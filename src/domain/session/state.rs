//! State of a session, as `status` shows it and scripts query it.

use super::auth_error::SignInReason;
use super::definition::Session;
use super::token::{StoredToken, TokenFile};
use crate::domain::cache::lock_note::LockNote;
use crate::domain::time::Timestamp;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionState {
    /// The access token has time left.
    Valid,
    /// The access token has expired and can be refreshed.
    Refreshable,
    /// The access token has expired and cannot be refreshed.
    Expired,
    SignedOut,
    Corrupt,
}

impl SessionState {
    /// Returns the state of a session. `note` is the lock note of the last refresh attempt.
    pub fn of(
        found: &TokenFile,
        session: &Session,
        note: &LockNote,
        now: Timestamp,
    ) -> SessionState {
        match found.of(session) {
            Err(SignInReason::Corrupt(_)) => SessionState::Corrupt,
            Err(_) => SessionState::SignedOut,
            Ok(token) if !token.expires_at.is_past(now) => SessionState::Valid,
            Ok(token) if is_renewable(token, note, now) => SessionState::Refreshable,
            Ok(_) => SessionState::Expired,
        }
    }

    /// Returns `true` if the session is usable without a sign-in.
    pub fn is_usable(self) -> bool {
        matches!(self, SessionState::Valid | SessionState::Refreshable)
    }

    /// Returns the name shown in JSON and in the table.
    pub fn name(self) -> &'static str {
        match self {
            SessionState::Valid => "valid",
            SessionState::Refreshable => "refreshable",
            SessionState::Expired => "expired",
            SessionState::SignedOut => "signed out",
            SessionState::Corrupt => "corrupt",
        }
    }
}

/// Returns `true` if a refresh may succeed: the token carries what it needs, and the server has not
/// refused it yet.
pub fn is_renewable(token: &StoredToken, note: &LockNote, now: Timestamp) -> bool {
    let refresh = token.refreshable(now);
    refresh.is_some_and(|(_, refresh_token)| !note.has_refused(refresh_token))
}
