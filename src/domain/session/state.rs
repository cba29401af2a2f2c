//! Whether a session is usable: what `status` shows and scripts ask for.

use super::definition::Session;
use super::token::{Absent, Found, StoredToken};
use crate::domain::cache::lock_note::LockNote;
use crate::domain::time::Timestamp;

/// Whether a session is usable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// The access token has time left.
    Valid,
    /// It has ended, and can be renewed.
    Refreshable,
    /// It has ended.
    Expired,
    /// There is none.
    SignedOut,
    /// The file cannot be read as a token.
    Corrupt,
}

impl State {
    /// The state of what was found for a session. `note` is what the last attempt to renew
    /// it left.
    pub fn of(found: &Found, session: &Session, note: &LockNote, now: Timestamp) -> State {
        match found.of(session) {
            Err(Absent::Corrupt) => State::Corrupt,
            Err(_) => State::SignedOut,
            Ok(token) if !token.expires_at.is_past(now) => State::Valid,
            Ok(token) if is_renewable(token, note, now) => State::Refreshable,
            Ok(_) => State::Expired,
        }
    }

    /// Usable without a sign-in.
    pub fn is_usable(self) -> bool {
        matches!(self, State::Valid | State::Refreshable)
    }

    /// Its name in JSON and in the table.
    pub fn name(self) -> &'static str {
        match self {
            State::Valid => "valid",
            State::Refreshable => "refreshable",
            State::Expired => "expired",
            State::SignedOut => "signed out",
            State::Corrupt => "corrupt",
        }
    }
}

/// Whether a refresh can be hoped for: the token has all that it needs, and the server has
/// not refused it yet.
pub fn is_renewable(token: &StoredToken, note: &LockNote, now: Timestamp) -> bool {
    let refresh = token.refreshable(now);
    refresh.is_some_and(|(_, refresh_token)| !note.has_refused(refresh_token))
}
