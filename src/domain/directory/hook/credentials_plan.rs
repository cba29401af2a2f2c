//! How the credentials of a role get into the shell, and when they are renewed in the background.

use crate::domain::cache::lock_note::LockNote;
use crate::domain::net::failure::FailureKind;
use crate::domain::role::credentials::RoleCredentials;
use crate::domain::session::state::SessionState;
use crate::domain::time::Timestamp;
use crate::error::SessionSelector;

/// Seconds after the start of a background renewal before another one is started.
const RENEWAL_BACKOFF: i64 = 60;

/// How the credentials of a role get into the shell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CredentialsPlan {
    /// Loads these.
    Load(RoleCredentials),
    /// Loads these, which end soon, and starts a background renewal if the session is usable.
    LoadExpiring(RoleCredentials, SessionState),
    /// Fetches them while the prompt waits.
    Fetch,
    /// Starts a background renewal; a later prompt loads the result.
    Renew,
    /// Reports that a sign-in is needed.
    SignIn,
}

/// Plans by the cached credentials and, unless these are fresh, the session's state.
///
/// Only the first prompt for a file waits for a fetch.
pub fn plan_credentials(
    cached: Option<RoleCredentials>,
    session: impl FnOnce() -> SessionState,
    is_first_prompt: bool,
    now: Timestamp,
) -> CredentialsPlan {
    let usable = cached.filter(|cached| !cached.expiration.is_past(now));
    match usable {
        Some(credentials) if credentials.is_fresh(now) => {
            return CredentialsPlan::Load(credentials);
        }
        Some(credentials) => return CredentialsPlan::LoadExpiring(credentials, session()),
        None => {}
    }
    match session() {
        SessionState::Valid if is_first_prompt => CredentialsPlan::Fetch,
        SessionState::Valid | SessionState::Refreshable => CredentialsPlan::Renew,
        SessionState::Expired | SessionState::SignedOut | SessionState::Corrupt => {
            CredentialsPlan::SignIn
        }
    }
}

/// Reason why credentials are not renewed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RenewalFailure {
    /// Only a sign-in to this session helps.
    SignIn(Box<SessionSelector>),
    Other(FailureKind),
}

/// Returns how the renewal that was started at `renewed_at` failed, by the note in its lock file.
pub fn failure_since(note: &LockNote, renewed_at: i64) -> Option<FailureKind> {
    let last = note.last.as_ref()?;
    (renewed_at != 0 && last.at.0 >= renewed_at).then_some(last.kind)
}

/// Returns `true` if a background renewal may start, the last one having been started at
/// `renewed_at`, in seconds since 1970.
pub fn is_renewal_due(renewed_at: i64, now: Timestamp) -> bool {
    !(0..RENEWAL_BACKOFF).contains(&(now.0 - renewed_at))
}
