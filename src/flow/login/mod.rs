//! Signing in: nothing while the token is good, a refresh when that is enough, and one
//! sign-in for everybody who waits for it otherwise.

mod device;
mod pkce;
mod register;
pub mod start_url;

use std::time::Duration;

use crate::context::Context;
use crate::domain::cache::key::SessionKey;
use crate::domain::net::failure::Failure;
use crate::domain::session::auth_error::Trouble;
use crate::domain::session::callback_page;
use crate::domain::session::definition::Session;
use crate::domain::session::login_flow::{self, Method, Wanted};
use crate::domain::session::token::{Client, Plan, StoredToken, TokenReply, plan};
use crate::domain::text::shown;
use crate::domain::time::{Timestamp, humane};
use crate::error::{Error, Result};
use crate::os::atomic::Pending;
use crate::os::clock::Deadline;
use crate::os::store::LockKind;

use self::pkce::Tabs;
use super::logout;
use super::session_client::Job;
use super::single_flight::{Door, Entry};
use super::token::get;

/// How long a sign-in may take.
pub const LIMIT: Duration = Duration::from_secs(600);

/// How to sign in.
#[derive(Clone, Copy, Debug)]
pub struct Wish {
    /// Sign in even while the session is good, and end the old one first.
    pub force: bool,
    /// What the options say about the flow.
    pub wanted: Wanted,
    /// Only in a browser, because nobody would see a code.
    pub browser_only: bool,
    /// How long to wait for it.
    pub limit: Duration,
}

impl Default for Wish {
    fn default() -> Self {
        Wish {
            force: false,
            wanted: Wanted::default(),
            browser_only: false,
            limit: LIMIT,
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
    session: &Session,
    profile: Option<&str>,
    wish: Wish,
) -> Result<(How, Timestamp)> {
    if !wish.force {
        let job = Job::new(ctx, session.clone(), profile, None)?;
        if let Some(done) = without_signing_in(&job)? {
            return Ok(done);
        }
    }
    let job = Job::new(ctx, session.clone(), profile, Some(wish.limit))?;
    // Only by force is a good token not what was asked for.
    let before = match wish.force {
        true => good_token(&job)?.map(|token| token.access_token),
        false => None,
    };
    let stem = session.key().token_file();
    let label = shown(session.label());
    let ready =
        || Ok(good_token(&job)?.filter(|token| Some(&token.access_token) != before.as_ref()));
    let door = Door {
        kind: LockKind::SignIn,
        stem: &stem,
        deadline: job.deadline,
        scope: None,
    };
    let entry = door.enter(ctx, ready, |pid| {
        ctx.say(&format!(
            "waiting for the sign-in to {label} that process {pid} has begun"
        ));
    })?;
    let token = match entry {
        Entry::Ready(token) => token,
        Entry::Failed(_) => return Err(Error::failure("the sign-in failed")),
        Entry::TimedOut(pid) => {
            return Err(Error::sign_in(format!(
                "the sign-in to {label} that process {pid} has begun is not finished"
            ))
            .hint("finish it in the browser, then run this again"));
        }
        Entry::Alone(_guard) => {
            let method = choose_method(&job, wish)?;
            check_writable(&job)?;
            let start_url = start_url::resolved(&job)?;
            if wish.force {
                logout::end(&job)?;
            }
            let (client, reply, tabs) = sign_in(&job, &start_url, method, wish.browser_only)?;
            let stored = store(&job, reply, client);
            if let Some(tabs) = tabs {
                tabs.show(callback_page::end(stored.is_ok()));
            }
            stored?
        }
    };
    Ok((How::SignedIn, token.expires_at))
}

/// The token, when it has more time than the one staleness rule asks for.
fn good_token(job: &Job) -> Result<Option<StoredToken>> {
    let now = job.ctx.now();
    let found = job.ctx.cache().token(&job.session.key())?;
    let good =
        |token: &&StoredToken| plan(token, now) == Plan::Use && !token.expires_at.is_stale(now);
    Ok(found.of(&job.session).ok().filter(good).cloned())
}

fn without_signing_in(job: &Job) -> Result<Option<(How, Timestamp)>> {
    if let Some(token) = good_token(job)? {
        return Ok(Some((How::Valid, token.expires_at)));
    }
    let found = job.ctx.cache().token(&job.session.key())?;
    let refreshable = found
        .of(&job.session)
        .is_ok_and(|token| token.refreshable(job.ctx.now()).is_some());
    if !refreshable {
        return Ok(None);
    }
    match get::token(job, None) {
        Ok((token, _))
            if !token.expires_at.is_past(job.ctx.now()) && good_token(job)?.is_some() =>
        {
            Ok(Some((How::Refreshed, token.expires_at)))
        }
        Ok(_) => Ok(None),
        Err(trouble) => {
            job.ctx
                .note(|| format!("the session cannot be refreshed ({trouble:?}); signing in"));
            Ok(None)
        }
    }
}

fn choose_method(job: &Job, wish: Wish) -> Result<Method> {
    let ctx = job.ctx;
    let legacy = job.session.name.is_none();
    let method = login_flow::choose(legacy, wish.wanted, ctx.surroundings(), &|name| {
        ctx.var(name)
    })?;
    ctx.note(|| format!("signing in with {method}"));
    if wish.browser_only && !matches!(method, Method::Pkce { open: true, .. }) {
        return Err(no_browser(job));
    }
    Ok(method)
}

/// Looks early whether the result can be stored: after a sign-in would be a pity.
fn check_writable(job: &Job) -> Result<()> {
    let path = job.ctx.cache().token_path(&job.session.key());
    Pending::reserve(&path, job.ctx.cache().owner())
        .map(drop)
        .map_err(|error| {
            Error::failure(format!(
                "cannot sign in, because {} cannot be written: {error}",
                path.display()
            ))
            .hint("free some space or make the directory writable")
        })
}

fn sign_in(
    job: &Job,
    start_url: &str,
    method: Method,
    browser_only: bool,
) -> Result<(Client, TokenReply, Option<Tabs>)> {
    match method {
        Method::Pkce { open, paste } => {
            let (client, reply, tabs) = pkce::sign_in(job, start_url, open, paste, browser_only)?;
            Ok((client, reply, Some(tabs)))
        }
        Method::Device { open } => {
            let (client, reply) = device::sign_in(job, start_url, open)?;
            Ok((client, reply, None))
        }
    }
}

fn store(job: &Job, reply: TokenReply, client: Client) -> Result<StoredToken> {
    let ctx = job.ctx;
    let cache = ctx.cache();
    let key: SessionKey = job.session.key();
    let stem = key.token_file();
    let path = cache.token_path(&key);
    let token = StoredToken::signed_in(reply, client, &job.session, ctx.now());
    // The sign-in may have used up its own time; storing it must not fail for that.
    let deadline = Deadline::after(Duration::from_secs(30));
    let door = Door {
        kind: LockKind::Token,
        stem: &stem,
        deadline,
        scope: None,
    };
    let guard = match door.enter(ctx, || Ok(None::<()>), |_| {})? {
        Entry::Alone(guard) => guard,
        Entry::TimedOut(pid) => return Err(get::held_too_long(pid, "refreshing this session")),
        Entry::Ready(()) | Entry::Failed(_) => return Err(Error::failure("the session is locked")),
    };
    cache.sweep(&path);
    let text = token.to_json(&job.session);
    // A disk that failed once is no reason to ask the user again.
    let written = cache.write(&path, &text);
    let written = written.or_else(|_| cache.write(&path, &text));
    drop(guard);
    written.map_err(|error| {
        Error::failure(format!(
            "signed in, but {} cannot be written: {error}",
            path.display()
        ))
        .hint("free some space or make the directory writable, then sign in again")
    })?;
    Ok(token)
}

/// What is said while nobody has answered yet.
pub fn tell_to_wait(job: &Job) {
    let seconds = job.deadline.left().as_secs().saturating_add(1);
    let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
    let most = humane(seconds);
    job.ctx.say(&format!(
        "Waiting for the answer, for at most {most}; Ctrl-C stops."
    ));
}

/// An answer of the token service in words, for the end of a flow.
pub fn flow_error(job: &Job, failure: Failure) -> Error {
    Trouble::Failed(failure).into_error(&job.session, None, job.ctx.now())
}

/// The words for a user who said no, or who was told no.
pub fn denied(job: &Job, reason: &str) -> Error {
    let label = shown(job.session.label());
    Error::sign_in(format!("the sign-in to {label} was denied: {reason}"))
        .hint(job.session.login_command())
}

/// The words for a sign-in that needs a browser and has none.
pub fn no_browser(job: &Job) -> Error {
    let label = shown(job.session.label());
    Error::sign_in(format!(
        "not signed in to {label}, and there is no browser to sign in with"
    ))
    .hint(job.session.login_command())
}

/// The words for a sign-in that nobody finished.
pub fn unfinished(job: &Job) -> Error {
    let label = shown(job.session.label());
    Error::sign_in(format!("the sign-in to {label} was not finished in time"))
        .hint(job.session.login_command())
}
