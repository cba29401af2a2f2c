//! The access token of a session: which one there is, and what must not happen to it.

use std::time::Duration;

use crate::domain::secret::Secret;
use crate::domain::session::auth_error::{Trouble, Why};
use crate::domain::session::token::{Absent, Plan, StoredToken, plan};
use crate::domain::text::shown;
use crate::error::{Error, Result};
use crate::os::clock::Deadline;
use crate::os::store::LockKind;

use super::refresh::refresh;
use crate::flow::session_client::Job;
use crate::flow::single_flight::{Door, Entry, holder};

pub(super) type Outcome<T> = std::result::Result<T, Trouble>;

/// What is in the file, and what may be done with it. `bad` is an access token that the
/// portal has refused: it has no time left, whatever the file says.
pub(super) fn look(
    job: &Job,
    bad: Option<&Secret>,
) -> Result<std::result::Result<(StoredToken, Plan), Why>> {
    let found = job.ctx.cache().token(&job.session.key())?;
    let token = match found.of(&job.session) {
        Ok(token) => token.clone(),
        Err(Absent::Corrupt) => {
            let path = job.ctx.cache().token_path(&job.session.key());
            return Ok(Err(Why::Broken(path.display().to_string())));
        }
        Err(absent) => return Ok(Err(Why::Absent(absent))),
    };
    let now = job.ctx.now();
    if bad == Some(&token.access_token) {
        return Ok(match token.refreshable(now) {
            Some(_) => Ok((token, Plan::Refresh)),
            None => Err(Why::Refused),
        });
    }
    Ok(match plan(&token, now) {
        Plan::SignIn(absent) => Err(Why::Absent(absent)),
        plan => Ok((token, plan)),
    })
}

/// Where a token comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// It was there.
    Cache,
    /// It needed a refresh, ours or the one that we waited for.
    Refresh,
}

/// A token to call the portal with.
pub fn token(job: &Job, bad: Option<&Secret>) -> Outcome<(StoredToken, Source)> {
    match look(job, bad)? {
        Ok((token, Plan::Use)) => Ok((token, Source::Cache)),
        Ok((token, _)) if !job.refreshes => {
            let usable = bad.is_none() && !token.expires_at.is_past(job.ctx.now());
            usable
                .then_some((token, Source::Cache))
                .ok_or_else(|| Why::Refused.into())
        }
        Ok((token, _)) => refresh(job, token, bad).map(|token| (token, Source::Refresh)),
        Err(Why::Refused) => {
            discard(job, bad)?;
            Err(Why::Refused.into())
        }
        Err(why) => Err(why.into()),
    }
}

pub(super) fn door<'a>(job: &'a Job, stem: &'a str) -> Door<'a> {
    Door {
        kind: LockKind::Token,
        stem,
        deadline: job.deadline,
        scope: Some(&job.scope),
    }
}

/// The error of a waiter whose time is up.
pub fn held_too_long(pid: u32, what: &str) -> Error {
    Error::failure(format!("process {pid} has been {what} for too long")).hint(format!(
        "look at it with `ps -p {pid}`; if it is stopped, continue or end it"
    ))
}

/// Whether the file still holds the token that we began with.
fn is_unchanged(job: &Job, token: &StoredToken) -> Result<bool> {
    let found = job.ctx.cache().token(&job.session.key())?;
    Ok(found.is_still(token, &job.session))
}

/// Deletes a token that the portal refused and that nothing can renew. Otherwise a sign-in
/// would find it valid and do nothing, for ever.
fn discard(job: &Job, bad: Option<&Secret>) -> Result<()> {
    let stem = job.session.key().token_file();
    let nothing = || Ok(None::<()>);
    let door = Door {
        scope: None,
        ..door(job, &stem)
    };
    match door.enter(job.ctx, nothing, |_| {})? {
        Entry::Alone(_guard) => discard_alone(job, bad),
        _ => Ok(()),
    }
}

pub(super) fn discard_alone(job: &Job, bad: Option<&Secret>) -> Result<()> {
    let cache = job.ctx.cache();
    let key = job.session.key();
    let found = cache.token(&key)?;
    if found
        .of(&job.session)
        .is_ok_and(|token| bad == Some(&token.access_token))
    {
        let path = cache.token_path(&key);
        job.ctx.note(|| {
            format!(
                "removing {}: the portal does not accept it any more",
                path.display()
            )
        });
        if let Err(error) = cache.remove(&path) {
            job.ctx
                .warn_once(&format!("{} could not be removed: {error}", path.display()));
        }
    }
    Ok(())
}

/// Whether something was done under a session's lock.
#[derive(Debug)]
pub enum Unchanged<T> {
    /// It was.
    Done(T),
    /// The token is another one now, or gone.
    No,
    /// This process keeps the lock.
    Locked(u32),
}

/// Runs `publish` while this session's token is still the one that was used, with nobody
/// able to change it meanwhile.
pub fn while_unchanged<T>(
    job: &Job,
    token: &StoredToken,
    publish: impl FnOnce() -> T,
) -> Result<Unchanged<T>> {
    let stem = job.session.key().token_file();
    let deadline = Deadline::after(job.deadline.left().min(Duration::from_secs(5)));
    let door = Door {
        scope: None,
        deadline,
        ..door(job, &stem)
    };
    match door.enter(job.ctx, || Ok(None::<()>), |_| {})? {
        Entry::Alone(_guard) if is_unchanged(job, token)? => Ok(Unchanged::Done(publish())),
        Entry::TimedOut(pid) => Ok(Unchanged::Locked(pid)),
        _ => Ok(Unchanged::No),
    }
}

/// The error for somebody who may not sign in now: who does, if anybody.
pub fn in_progress(job: &Job) -> Option<Error> {
    let pid = holder(job.ctx, LockKind::SignIn, &job.session.key().token_file())?;
    let label = shown(job.session.label());
    Some(
        Error::sign_in(format!(
            "a sign-in to {label} is in progress (process {pid})"
        ))
        .hint("finish it in the browser, then run this again"),
    )
}
