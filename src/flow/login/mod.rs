//! Ensures a signed-in session: does nothing while the token is fresh, refreshes it if that is
//! enough, and otherwise runs one sign-in for all processes that wait for it.

mod device;
pub(super) mod messages;
mod pkce;
mod register;
pub mod start_url;

use std::time::Duration;

use crate::context::Context;
use crate::domain::session::callback_page;
use crate::domain::session::login_flow::{self, FlowOptions, LoginFlow, SIGN_IN_LIMIT};
use crate::domain::session::token::{RegisteredClient, StoredToken, TokenReply};
use crate::domain::target::Instance;
use crate::domain::text::sanitize;
use crate::domain::time::Timestamp;
use crate::error::{Error, Result};
use crate::notice::Info;
use crate::os::clock::Deadline;
use crate::os::store::item::StoredItem;
use crate::os::store::lock_name::LockName;

use self::messages::no_browser;
use super::logout;
use super::session_client::SessionClient;
use super::single_flight::{LockOutcome, lock, wait_for_lock};
use super::token::{access_token, stored_token::held_too_long};

/// Options of a sign-in.
#[derive(Clone, Copy, Debug)]
pub struct LoginOptions {
    /// Whether to end a valid session and sign in again.
    pub force: bool,
    /// Choice of the flow.
    pub flow: FlowOptions,
    /// Whether to require a browser, because nobody would see a device code.
    pub browser_only: bool,
    /// Time limit for the user.
    pub limit: Duration,
}

impl Default for LoginOptions {
    fn default() -> Self {
        LoginOptions {
            force: false,
            flow: FlowOptions::default(),
            browser_only: false,
            limit: SIGN_IN_LIMIT,
        }
    }
}

/// How a session was ensured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoginResult {
    /// The token was fresh.
    Valid,
    Refreshed,
    /// This process or another one signed in.
    SignedIn,
}

/// Ensures a session. Returns how, and the expiry of the access token.
pub fn ensure(
    ctx: &Context,
    instance: &Instance,
    options: LoginOptions,
) -> Result<(LoginResult, Timestamp)> {
    if !options.force {
        let client = SessionClient::new(ctx, instance, None)?;
        if let Some(done) = ensure_without_sign_in(&client)? {
            return Ok(done);
        }
    }
    let client = SessionClient::new(ctx, instance, Some(options.limit))?;
    // A forced sign-in must replace the present token.
    let before = match options.force {
        true => fresh_token(&client)?.map(|token| token.access_token),
        false => None,
    };
    let session = &instance.session;
    let label = sanitize(session.label());
    let waiting = |pid| {
        let session = session.label().to_owned();
        ctx.notices().info(Info::WaitingForSignIn { session, pid });
    };
    let name = LockName::SignIn(&client.key);
    let outcome = wait_for_lock(ctx, name, client.deadline, waiting, |_, _| {
        let token = fresh_token(&client)?;
        let token = token.filter(|token| Some(&token.access_token) != before.as_ref());
        Ok(token.map(LockOutcome::Shared))
    });
    let token = match outcome? {
        LockOutcome::Shared(token) => token,
        LockOutcome::TimedOut(pid) => {
            return Err(Error::sign_in(format!(
                "the sign-in to {label} that process {pid} has begun is not finished"
            ))
            .hint("finish it in the browser, then run this again"));
        }
        LockOutcome::Acquired(_guard) => {
            let flow = choose_flow(&client, options)?;
            check_writable(&client)?;
            let start_url = start_url::resolve(&client)?;
            if options.force {
                logout::end_before_sign_in(&client)?;
            }
            let (registered, reply, tabs) = match flow {
                LoginFlow::Pkce { open, paste } => {
                    pkce::sign_in(&client, &start_url, open, paste, options.browser_only)?
                }
                LoginFlow::Device { open } => device::sign_in(&client, &start_url, open)?,
            };
            let stored = store_token(&client, reply, registered);
            if let Some(tabs) = tabs {
                tabs.show(match stored {
                    Ok(_) => callback_page::SIGNED_IN,
                    Err(_) => callback_page::FAILED,
                });
            }
            stored?
        }
    };
    Ok((LoginResult::SignedIn, token.expires_at))
}

/// Returns the stored token if it is not stale by the 15-minute rule.
fn fresh_token(client: &SessionClient) -> Result<Option<StoredToken>> {
    let now = client.ctx.now();
    let found = client.ctx.store().token(&client.key)?;
    let is_fresh = |token: &&StoredToken| !token.expires_at.is_stale(now);
    Ok(found.of(&client.session).ok().filter(is_fresh).cloned())
}

fn ensure_without_sign_in(client: &SessionClient) -> Result<Option<(LoginResult, Timestamp)>> {
    if let Some(token) = fresh_token(client)? {
        return Ok(Some((LoginResult::Valid, token.expires_at)));
    }
    let (ctx, session) = (client.ctx, &client.session);
    let found = ctx.store().token(&client.key)?;
    let token = found.of(session).ok();
    if token
        .and_then(|token| token.refreshable(ctx.now()))
        .is_none()
    {
        return Ok(None);
    }
    match access_token(client, None) {
        Ok((token, _)) => {
            let is_valid = !token.expires_at.is_past(ctx.now()) && fresh_token(client)?.is_some();
            Ok(is_valid.then_some((LoginResult::Refreshed, token.expires_at)))
        }
        Err(error) => {
            ctx.trace(|| format!("the session cannot be refreshed ({error:?}); signing in"));
            Ok(None)
        }
    }
}

fn choose_flow(client: &SessionClient, options: LoginOptions) -> Result<LoginFlow> {
    let ctx = client.ctx;
    let legacy = client.session.name.is_none();
    let flow = login_flow::choose(legacy, options.flow, ctx.login_environment(), &|name| {
        ctx.var(name)
    })?;
    ctx.trace(|| format!("signing in with {flow}"));
    if options.browser_only && !matches!(flow, LoginFlow::Pkce { open: true, .. }) {
        return Err(no_browser(client));
    }
    Ok(flow)
}

/// Checks before the sign-in that its result can be stored.
fn check_writable(client: &SessionClient) -> Result<()> {
    let store = client.ctx.store();
    store.check_token_writable(&client.key).map_err(|error| {
        Error::storage(format!(
            "cannot sign in, because {} cannot be written: {error}",
            store.location(StoredItem::Token(&client.key))
        ))
        .hint("free some space or make the directory writable")
    })
}

fn store_token(
    client: &SessionClient,
    reply: TokenReply,
    registered: RegisteredClient,
) -> Result<StoredToken> {
    let ctx = client.ctx;
    let token = StoredToken::new(reply, Some(registered), &client.session, ctx.now());
    // Storing has a limit of its own: the sign-in may have used all of its time.
    let deadline = Deadline::after(Duration::from_secs(30));
    let _guard = lock(ctx, LockName::Token(&client.key), deadline, |_| {})
        .map_err(|pid| held_too_long(pid, "refreshing this session"))?;
    let store = ctx.store();
    store
        .write_token(&client.session, &token)
        .map_err(|error| {
            Error::storage(format!(
                "signed in, but {} cannot be written: {error}",
                store.location(StoredItem::Token(&client.key))
            ))
            .hint("free some space or make the directory writable, then sign in again")
        })?;
    Ok(token)
}
