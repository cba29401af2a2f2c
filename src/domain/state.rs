//! Whether a session is usable: what `status` shows and scripts ask for.

use super::session::Session;
use super::time::Timestamp;
use super::token::{Absent, Found};

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
    /// The state of what was found for a session.
    pub fn of(found: &Found, session: &Session, now: Timestamp) -> State {
        match found.of(session) {
            Err(Absent::Corrupt) => State::Corrupt,
            Err(_) => State::SignedOut,
            Ok(token) if !token.expires_at.is_past(now) => State::Valid,
            Ok(token) if token.refreshable(now).is_some() => State::Refreshable,
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
