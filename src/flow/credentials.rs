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
use crate::os::clock::Deadline;
use crate::os::store::item::StoredItem;
use crate::os::store::lock_name::LockName;

use super::login::{self, LoginOptions};
use super::session_client::SessionClient;
use super::single_flight::{LockOutcome, LockRequest, lock, trace_waiting};
use super::token::{TokenSource, access_token, stored_token};
use super::{cached_roles, resolve_config};

/// Limit on the wait for the token lock before credentials are stored.
const MAX_STORE_WAIT: Duration = Duration::from_secs(5);

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
    let error = match fetch(&client, id) {
        Ok(credentials) => return Ok(credentials),
        Err(error) => error,
    };
    let in_words = |error: AuthError| error.into_error(session, Some(id), ctx.now());
    let (why, server_time) = match error {
        AuthError::SignIn { why, server_time } => (why, server_time),
        error => return Err(in_words(error)),
    };
    match (sign_in, stored_token::sign_in_in_progress(&client)) {
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
    fetch(&client, id).map_err(|error| error.into_error(&instance.session, Some(id), ctx.now()))
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
        LockOutcome::TimedOut(pid) => {
            Err(stored_token::held_too_long(pid, "fetching this role").into())
        }
        LockOutcome::Acquired(mut guard) => {
            let had = client.deadline.left();
            let (token, credentials) = call(client, role).inspect_err(|error| {
                if let Some(record) = client.record(error, had) {
                    guard.fail(record);
                }
            })?;
            if credentials.expiration.is_past(ctx.now()) {
                ctx.notices().warn(Warning::CredentialsExpiredByClock);
            }
            if let Err(error) = store(client, role, &token, &credentials) {
                ctx.notices().warn(Warning::NotStored {
                    what: "the credentials",
                    path: ctx.store().location(StoredItem::Role(role)),
                    error,
                });
            }
            Ok(credentials)
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
        let (token, source) = access_token(client, bad).map_err(|error| error.at(server_time))?;
        client.ctx.trace(|| {
            let name = sanitize(&role.role);
            format!("fetching role {name} in account {}", role.account)
        });
        let (aws, limit) = (client.aws()?, client.request_limit());
        match aws.get_role_credentials(&token.access_token, &role.account, &role.role, limit) {
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

/// Stores fetched credentials, unless the session was signed out or in meanwhile. Fails with the
/// reason; the caller still gets the credentials then.
fn store(
    client: &SessionClient,
    role: &RoleId,
    token: &StoredToken,
    credentials: &RoleCredentials,
) -> Result<(), String> {
    let ctx = client.ctx;
    let store = ctx.store();
    if cached(ctx, role) == CachedRole::Foreign {
        return Err("it belongs to another provider, or to somebody else".to_owned());
    }
    let staged = store
        .stage_role(role, credentials)
        .map_err(|error| error.to_string())?;
    remember(client, role).map_err(|error| {
        let list = store.location(StoredItem::RoleIndex);
        format!("{list} cannot be written: {error}")
    })?;
    let deadline = Deadline::after(client.deadline.left().min(MAX_STORE_WAIT));
    let _guard = lock(ctx, LockName::Token(&client.key), deadline, |_| {})
        .map_err(|pid| format!("process {pid} keeps the session locked"))?;
    let found = store
        .token(&client.key)
        .map_err(|error| error.to_string())?;
    if !found.is_still(token, &client.session) {
        ctx.trace(|| "the session changed meanwhile; delivered and not stored".to_owned());
        return Ok(());
    }
    staged.publish().map_err(|error| error.to_string())
}

/// Ensures that a sign-out will find the file, through the list or the configuration.
fn remember(client: &SessionClient, role: &RoleId) -> std::io::Result<()> {
    match cached_roles::remember(client.ctx, role, client.deadline.left()) {
        Err(_) if cached_roles::of(client.ctx, &role.session).contains(role) => Ok(()),
        outcome => outcome,
    }
}
