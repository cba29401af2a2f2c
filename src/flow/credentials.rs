//! Role credentials: from the cache, or fetched by one process for all.

use std::time::Duration;

use crate::context::Context;
use crate::domain::cache::key::RoleId;
use crate::domain::net::failure::FailureKind;
use crate::domain::role::credentials::{CachedRole, RoleCredentials};
use crate::domain::session::auth_error::{AuthError, SignInReason, sign_in_words};
use crate::domain::session::token::StoredToken;
use crate::domain::target::Target;
use crate::domain::text::sanitize;
use crate::error::Error;
use crate::notice::{Info, Warning};
use crate::os::store::item::StoredItem;
use crate::os::store::lock_name::LockName;

use super::login::{self, LoginOptions};
use super::session_client::SessionClient;
use super::single_flight::{LockOutcome, LockRequest, trace_waiting};
use super::token::file::{self, WhileUnchanged};
use super::token::get::{TokenSource, access_token};
use super::{cached_roles, resolve_config};

/// Whether a sign-in may be started for the credentials, and how.
#[derive(Clone, Copy, Debug)]
pub enum SignIn {
    /// Never: exit with code 4 instead.
    No,
    /// With these options.
    Allowed(LoginOptions),
}

/// Returns the credentials of a target. With a warm cache this reads only one file.
pub fn get(ctx: &Context, target: &Target, sign_in: SignIn) -> Result<RoleCredentials, Error> {
    let id = &target.id;
    let location = || ctx.store().location(StoredItem::Role(id));
    match cached(ctx, id) {
        CachedRole::Credentials(credentials) if credentials.is_fresh(ctx.now()) => {
            ctx.trace(|| format!("from {}", location()));
            return Ok(credentials);
        }
        CachedRole::Corrupt => {
            ctx.trace(|| format!("{} cannot be read; fetching anew", location()));
        }
        CachedRole::Credentials(_) | CachedRole::Nothing | CachedRole::Foreign => {}
    }
    let instance = resolve_config::instance_of(ctx, target)?;
    let session = &instance.session;
    let client = SessionClient::new(ctx, &instance, None)?;
    let trouble = match fetch(&client, id) {
        Ok(credentials) => return Ok(credentials),
        Err(trouble) => trouble,
    };
    let in_words = |trouble: AuthError| trouble.into_error(session, Some(id), ctx.now());
    let (why, server_time) = match trouble {
        AuthError::SignIn { why, server_time } => (why, server_time),
        trouble => return Err(in_words(trouble)),
    };
    match (sign_in, file::sign_in_in_progress(&client)) {
        (SignIn::Allowed(options), _) => {
            drop(client);
            let label = sanitize(session.label());
            ctx.notices().info(Info::SignInStarts {
                reason: sign_in_words(&why, &label),
            });
            // A token that the portal refuses looks valid here; only `force` replaces it.
            let force = options.force || why == SignInReason::RefusedAfterRefresh;
            login::ensure(ctx, &instance, LoginOptions { force, ..options })?;
            let client = SessionClient::new(ctx, &instance, None)?;
            fetch(&client, id).map_err(in_words)
        }
        (SignIn::No, Some(error)) => Err(error),
        (SignIn::No, None) => Err(in_words(AuthError::from(why).at(server_time))),
    }
}

/// Fetches credentials once with the current token, for callers with a short time limit.
pub fn at_once(ctx: &Context, target: &Target, limit: Duration) -> Result<RoleCredentials, Error> {
    let id = &target.id;
    let instance = resolve_config::instance_of(ctx, target)?;
    let mut client = SessionClient::new(ctx, &instance, Some(limit))?;
    client.refreshes = false;
    fetch(&client, id).map_err(|trouble| trouble.into_error(&instance.session, Some(id), ctx.now()))
}

/// Returns the cached credentials of a role, even if expired.
pub fn cached_credentials(ctx: &Context, role: &RoleId) -> Option<RoleCredentials> {
    match cached(ctx, role) {
        CachedRole::Credentials(credentials) => Some(credentials),
        CachedRole::Nothing | CachedRole::Corrupt | CachedRole::Foreign => None,
    }
}

/// Reads the cached credentials. An unreadable file counts as foreign: it must not be replaced.
fn cached(ctx: &Context, role: &RoleId) -> CachedRole {
    match ctx.store().role(role) {
        Ok(found) => found,
        Err(error) => {
            ctx.trace(|| error.to_string());
            CachedRole::Foreign
        }
    }
}

fn fetch(client: &SessionClient, role: &RoleId) -> Result<RoleCredentials, AuthError> {
    let ctx = client.ctx;
    let ready = || {
        let credentials = cached_credentials(ctx, role);
        Ok(credentials.filter(|credentials| credentials.is_fresh(ctx.now())))
    };
    let request = LockRequest {
        name: LockName::Role(role),
        deadline: client.deadline,
        scope: Some(&client.scope),
    };
    let entry = request.acquire(ctx, ready, trace_waiting(ctx, "fetches this role"))?;
    match entry {
        LockOutcome::Shared(Ok(credentials)) => Ok(credentials),
        LockOutcome::Shared(Err(kind)) => Err(AuthError::shared(kind)),
        LockOutcome::TimedOut(pid) => Err(AuthError::Other(file::held_too_long(
            pid,
            "fetching this role",
        ))),
        LockOutcome::Acquired(mut guard) => {
            let had = client.deadline.left();
            let outcome = call(client, role);
            match &outcome {
                Ok((token, credentials)) => {
                    if credentials.expiration.is_past(ctx.now()) {
                        ctx.notices().warn(Warning::CredentialsExpiredByClock);
                    }
                    store(client, role, token, credentials);
                }
                Err(trouble) => {
                    if let Some(record) = client.record(trouble, had) {
                        guard.fail(record);
                    }
                }
            }
            outcome.map(|(_, credentials)| credentials)
        }
    }
}

/// Fetches credentials; retries after a 401 with the then current or a refreshed token.
fn call(
    client: &SessionClient,
    role: &RoleId,
) -> Result<(StoredToken, RoleCredentials), AuthError> {
    const ROUNDS: usize = 3;
    let mut refused: Option<StoredToken> = None;
    let mut server_time = None;
    for _ in 0..ROUNDS {
        let bad = refused.as_ref().map(|token| &token.access_token);
        let (token, source) =
            access_token(client, bad).map_err(|trouble| trouble.at(server_time))?;
        client.ctx.trace(|| {
            let name = sanitize(&role.role);
            format!("fetching role {name} in account {}", role.account)
        });
        let limit = client.request_limit();
        match client.aws()?.get_role_credentials(
            &token.access_token,
            &role.account,
            &role.role,
            limit,
        ) {
            Ok(credentials) => return Ok((token, credentials)),
            Err(failure) if failure.kind == FailureKind::Unauthorized => {
                client.trace_rejected_token();
                server_time = failure.server_time;
                // A portal that rejects a token just refreshed will reject the next one, too.
                if source == TokenSource::Refresh {
                    break;
                }
                refused = Some(token);
            }
            Err(failure) => return Err(failure.into()),
        }
    }
    Err(AuthError::from(SignInReason::RefusedAfterRefresh).at(server_time))
}

/// Stores fetched credentials, unless the session was signed out or in meanwhile. If storing fails,
/// the caller still gets them.
fn store(
    client: &SessionClient,
    role: &RoleId,
    token: &StoredToken,
    credentials: &RoleCredentials,
) {
    let ctx = client.ctx;
    let store = ctx.store();
    let not_stored = |why: &str| {
        ctx.notices().warn(Warning::NotStored {
            what: "the credentials",
            path: store.location(StoredItem::Role(role)),
            error: why.to_owned(),
        });
    };
    if cached(ctx, role) == CachedRole::Foreign {
        return not_stored("it belongs to another provider, or to somebody else");
    }
    let staged = match store.stage_role(role, credentials) {
        Ok(staged) => staged,
        Err(error) => return not_stored(&error.to_string()),
    };
    if let Err(error) = remember(client, role) {
        let list = store.location(StoredItem::RoleIndex);
        return not_stored(&format!("{list} cannot be written: {error}"));
    }
    match file::while_unchanged(client, token, || staged.publish()) {
        Ok(WhileUnchanged::Done(Ok(()))) => {}
        Ok(WhileUnchanged::Done(Err(error))) => not_stored(&error.to_string()),
        Ok(WhileUnchanged::Locked(pid)) => {
            not_stored(&format!("process {pid} keeps the session locked"))
        }
        Ok(WhileUnchanged::Changed) => {
            ctx.trace(|| "the session changed meanwhile; delivered and not stored".to_owned());
        }
        Err(error) => not_stored(error.message()),
    }
}

/// Ensures that a sign-out will find the file, through the list or the configuration.
fn remember(client: &SessionClient, role: &RoleId) -> std::io::Result<()> {
    match cached_roles::remember(client.ctx, role, client.deadline.left()) {
        Err(_) if cached_roles::of(client.ctx, &role.session).contains(role) => Ok(()),
        outcome => outcome,
    }
}
