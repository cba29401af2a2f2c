//! What is cached for a session. Reads files only; no lock, no network.

use crate::context::Context;
use crate::domain::credentials::CachedRole;
use crate::domain::session::Session;
use crate::domain::time::Timestamp;
use crate::domain::token::{Absent, Found, Plan, plan};
use crate::error::Result;

use super::candidates::{self, Candidate};

/// The state of one session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// The session.
    pub session: Session,
    /// What may be done with it.
    pub state: State,
    /// When the access token ends.
    pub token_expires_at: Option<Timestamp>,
    /// Whether it can be renewed without a sign-in.
    pub refreshable: bool,
    /// When the client registration ends.
    pub registration_expires_at: Option<Timestamp>,
    /// Roles with cached credentials, and when those end.
    pub roles: Vec<(Candidate, Timestamp)>,
}

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

/// Looks at one session.
pub fn of(ctx: &Context, session: &Session) -> Result<Status> {
    let cache = ctx.cache();
    let key = session.key();
    let now = ctx.now();
    let found = cache.token(&key)?;
    let token = found.of(session).ok();
    let registration = cache.registration(session)?;
    let state = match (&found, token) {
        (Found::Corrupt, _) => State::Corrupt,
        (_, None) => State::SignedOut,
        (_, Some(token)) => match plan(token, now) {
            _ if !token.expires_at.is_past(now) => State::Valid,
            Plan::Refresh { .. } => State::Refreshable,
            Plan::SignIn(Absent::NoToken) => State::SignedOut,
            Plan::SignIn(_) | Plan::Use => State::Expired,
        },
    };
    let mut roles = Vec::new();
    for candidate in candidates::of(ctx, &key) {
        let path = cache.role_path(&key, &candidate.account, &candidate.role);
        if let CachedRole::Credentials(credentials) = cache.role(&path)? {
            roles.push((candidate, credentials.expiration));
        }
    }
    let of_token = token
        .and_then(|token| token.client.as_ref())
        .map(|client| client.expires_at);
    Ok(Status {
        session: session.clone(),
        state,
        token_expires_at: token.map(|token| token.expires_at),
        refreshable: token.is_some_and(|token| token.refreshable(now).is_some()),
        registration_expires_at: of_token
            .or(registration.map(|registration| registration.client.expires_at)),
        roles,
    })
}
