//! Cache status of a session. Reads files only; no lock, no network.

use crate::context::Context;
use crate::domain::cache::key::RoleId;
use crate::domain::role::credentials::CachedRole;
use crate::domain::session::definition::Session;
use crate::domain::session::state::{SessionState, is_renewable};
use crate::domain::time::Timestamp;
use crate::error::Result;
use crate::os::store::lock_name::LockName;

use super::cached_roles;

/// Cache status of one session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    pub session: Session,
    pub state: SessionState,
    pub token_expires_at: Option<Timestamp>,
    /// Whether the token can be renewed without a sign-in.
    pub refreshable: bool,
    pub registration_expires_at: Option<Timestamp>,
    /// Roles with cached credentials, and their expiry.
    pub roles: Vec<(RoleId, Timestamp)>,
}

/// Returns the state of a session's token.
pub fn session_state(ctx: &Context, session: &Session) -> Result<SessionState> {
    let key = session.key();
    let found = ctx.store().token(&key)?;
    let note = ctx.store().lock_note(LockName::Token(&key));
    Ok(SessionState::of(&found, session, &note, ctx.now()))
}

/// Returns the status of a session.
pub fn of(ctx: &Context, session: &Session) -> Result<Status> {
    let store = ctx.store();
    let key = session.key();
    let now = ctx.now();
    let found = store.token(&key)?;
    let token = found.of(session).ok();
    let registration = store.registration(session)?;
    let note = store.lock_note(LockName::Token(&key));
    let state = SessionState::of(&found, session, &note, now);
    let mut roles = Vec::new();
    for id in cached_roles::of(ctx, &key) {
        if let Ok(CachedRole::Credentials(credentials)) = store.role(&id) {
            roles.push((id, credentials.expiration));
        }
    }
    let of_token = token
        .and_then(|token| token.client.as_ref())
        .map(|client| client.expires_at);
    Ok(Status {
        session: session.clone(),
        state,
        token_expires_at: token.map(|token| token.expires_at),
        refreshable: token.is_some_and(|token| is_renewable(token, &note, now)),
        registration_expires_at: of_token
            .or(registration.map(|registration| registration.client.expires_at)),
        roles,
    })
}
