//! Signing in: nothing while the token is good, a refresh when that is enough, and one
//! sign-in for everybody who waits for it otherwise.

mod device;
pub(super) mod messages;
mod pkce;
mod register;
pub mod start_url;

use std::time::Duration;

use crate::context::Context;
use crate::domain::session::callback_page;
use crate::domain::session::login_flow::{self, Method, SIGN_IN_LIMIT, Wanted};
use crate::domain::session::token::{Client, Plan, StoredToken, TokenReply, plan};
use crate::domain::target::instance::Instance;
use crate::domain::text::sanitize;
use crate::domain::time::Timestamp;
use crate::error::{Error, ErrorKind, Result};
use crate::notice::{Info, Trace};
use crate::os::clock::Deadline;
use crate::os::store::item::Item;
use crate::os::store::lock_name::LockName;

use self::messages::no_browser;
use self::pkce::Tabs;
use super::logout;
use super::session_client::SessionClient;
use super::single_flight::{LockOutcome, LockRequest};
use super::token::get;

/// How to sign in.
#[derive(Clone, Copy, Debug)]
pub struct LoginOptions {
    /// Sign in even while the session is good, and end the old one first.
    pub force: bool,
    /// What the options say about the flow.
    pub wanted: Wanted,
    /// Only in a browser, because nobody would see a code.
    pub browser_only: bool,
    /// How long to wait for it.
    pub limit: Duration,
}

impl Default for LoginOptions {
    fn default() -> Self {
        LoginOptions {
            force: false,
            wanted: Wanted::default(),
            browser_only: false,
            limit: SIGN_IN_LIMIT,
        }
    }
}

/// How it came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// There was nothing to do.
    Valid,
    /// A refresh was enough.
    Refreshed,
    /// By a sign-in, ours or the one we waited for.
    SignedIn,
}

/// Ensures a session. Gives how, and until when the access token lives.
pub fn ensure(
    ctx: &Context,
    instance: &Instance,
    options: LoginOptions,
) -> Result<(How, Timestamp)> {
    if !options.force {
        let client = SessionClient::new(ctx, instance, None)?;
        if let Some(done) = without_signing_in(&client)? {
            return Ok(done);
        }
    }
    let client = SessionClient::new(ctx, instance, Some(options.limit))?;
    // Only by force is a good token not what was asked for.
    let before = match options.force {
        true => good_token(&client)?.map(|token| token.access_token),
        false => None,
    };
    let session = &instance.session;
    let label = sanitize(session.label());
    let ready =
        || Ok(good_token(&client)?.filter(|token| Some(&token.access_token) != before.as_ref()));
    let request = LockRequest {
        name: LockName::SignIn(&client.key),
        deadline: client.deadline,
        scope: None,
    };
    let entry = request.acquire(ctx, ready, |pid| {
        ctx.notices().info(Info::WaitingForSignIn {
            session: session.label().to_owned(),
            pid,
        });
    })?;
    let token = match entry {
        LockOutcome::Ready(token) => token,
        LockOutcome::Failed(_) => return Err(Error::new(ErrorKind::Service, "the sign-in failed")),
        LockOutcome::TimedOut(pid) => {
            return Err(Error::sign_in(format!(
                "the sign-in to {label} that process {pid} has begun is not finished"
            ))
            .hint("finish it in the browser, then run this again"));
        }
        LockOutcome::Acquired(_guard) => {
            let method = choose_method(&client, options)?;
            check_writable(&client)?;
            let start_url = start_url::resolved(&client)?;
            if options.force {
                logout::end(&client)?;
            }
            let (registered, reply, tabs) =
                sign_in(&client, &start_url, method, options.browser_only)?;
            let stored = store(&client, reply, registered);
            if let Some(tabs) = tabs {
                tabs.show(callback_page::end(stored.is_ok()));
            }
            stored?
        }
    };
    Ok((How::SignedIn, token.expires_at))
}

/// The token, when it has more time than the one staleness rule asks for.
fn good_token(client: &SessionClient) -> Result<Option<StoredToken>> {
    let now = client.ctx.now();
    let found = client.ctx.store().token(&client.key)?;
    let good =
        |token: &&StoredToken| plan(token, now) == Plan::Use && !token.expires_at.is_stale(now);
    Ok(found.of(&client.session).ok().filter(good).cloned())
}

fn without_signing_in(client: &SessionClient) -> Result<Option<(How, Timestamp)>> {
    if let Some(token) = good_token(client)? {
        return Ok(Some((How::Valid, token.expires_at)));
    }
    let found = client.ctx.store().token(&client.key)?;
    let refreshable = found
        .of(&client.session)
        .is_ok_and(|token| token.refreshable(client.ctx.now()).is_some());
    if !refreshable {
        return Ok(None);
    }
    match get::token(client, None) {
        Ok((token, _))
            if !token.expires_at.is_past(client.ctx.now()) && good_token(client)?.is_some() =>
        {
            Ok(Some((How::Refreshed, token.expires_at)))
        }
        Ok(_) => Ok(None),
        Err(trouble) => {
            client
                .ctx
                .notices()
                .trace(|| Trace::RefreshBeforeSignInFailed {
                    error: format!("{trouble:?}"),
                });
            Ok(None)
        }
    }
}

fn choose_method(client: &SessionClient, options: LoginOptions) -> Result<Method> {
    let ctx = client.ctx;
    let legacy = client.session.name.is_none();
    let method = login_flow::choose(legacy, options.wanted, ctx.surroundings(), &|name| {
        ctx.var(name)
    })?;
    ctx.notices().trace(|| Trace::SigningIn {
        flow: method.to_string(),
    });
    if options.browser_only && !matches!(method, Method::Pkce { open: true, .. }) {
        return Err(no_browser(client));
    }
    Ok(method)
}

/// Looks early whether the result can be stored: after a sign-in would be a pity.
fn check_writable(client: &SessionClient) -> Result<()> {
    let store = client.ctx.store();
    store.check_token_writable(&client.key).map_err(|error| {
        Error::storage(format!(
            "cannot sign in, because {} cannot be written: {error}",
            store.location(Item::Token(&client.key))
        ))
        .hint("free some space or make the directory writable")
    })
}

fn sign_in(
    client: &SessionClient,
    start_url: &str,
    method: Method,
    browser_only: bool,
) -> Result<(Client, TokenReply, Option<Tabs>)> {
    match method {
        Method::Pkce { open, paste } => {
            let (registered, reply, tabs) =
                pkce::sign_in(client, start_url, open, paste, browser_only)?;
            Ok((registered, reply, Some(tabs)))
        }
        Method::Device { open } => {
            let (registered, reply) = device::sign_in(client, start_url, open)?;
            Ok((registered, reply, None))
        }
    }
}

fn store(client: &SessionClient, reply: TokenReply, registered: Client) -> Result<StoredToken> {
    let ctx = client.ctx;
    let token = StoredToken::signed_in(reply, registered, &client.session, ctx.now());
    // The sign-in may have used up its own time; storing it must not fail for that.
    let deadline = Deadline::after(Duration::from_secs(30));
    let request = LockRequest {
        name: LockName::Token(&client.key),
        deadline,
        scope: None,
    };
    let guard = match request.acquire(ctx, || Ok(None::<()>), |_| {})? {
        LockOutcome::Acquired(guard) => guard,
        LockOutcome::TimedOut(pid) => {
            return Err(get::held_too_long(pid, "refreshing this session"));
        }
        LockOutcome::Ready(()) | LockOutcome::Failed(_) => {
            return Err(Error::busy("the session is locked"));
        }
    };
    let written = ctx.store().write_token(&client.session, &token);
    drop(guard);
    written.map_err(|error| {
        Error::storage(format!(
            "signed in, but {} cannot be written: {error}",
            ctx.store().location(Item::Token(&client.key))
        ))
        .hint("free some space or make the directory writable, then sign in again")
    })?;
    Ok(token)
}
