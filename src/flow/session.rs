//! The access token of a session: from the cache, or refreshed once for everybody.

use std::time::Duration;

use crate::aws::GrantRequest;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::secret::Secret;
use crate::domain::text::shown;
use crate::domain::token::{Absent, Found, Plan, StoredToken, plan};
use crate::domain::verdict::fingerprint;
use crate::error::{Error, Result};
use crate::os::atomic::Pending;
use crate::os::cache::LockKind;
use crate::os::clock::{self, Deadline};
use crate::os::signals::Held;

use super::job::Job;
use super::single_flight::{Door, Entry, Guard, holder};
use crate::domain::trouble::{Trouble, Why};

/// A refresh is not waited for longer than this, because signals wait meanwhile.
const REFRESH_LIMIT: Duration = Duration::from_secs(10);

/// How long a refresh token that somebody else may have spent is given to show a successor.
const SUCCESSOR_LIMIT: Duration = Duration::from_millis(700);

type Outcome<T> = std::result::Result<T, Trouble>;

/// What is in the file, and what may be done with it. `bad` is an access token that the
/// portal has refused: it has no time left, whatever the file says.
fn look(job: &Job, bad: Option<&Secret>) -> Result<std::result::Result<(StoredToken, Plan), Why>> {
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
        Ok((token, _)) => refresh(job, token, bad).map(|token| (token, Source::Refresh)),
        Err(Why::Refused) => {
            discard(job, bad)?;
            Err(Why::Refused.into())
        }
        Err(why) => Err(why.into()),
    }
}

fn door<'a>(job: &'a Job, stem: &'a str) -> Door<'a> {
    Door {
        kind: LockKind::Token,
        stem,
        deadline: job.deadline,
        scope: Some(&job.scope),
    }
}

fn refresh(job: &Job, stale: StoredToken, bad: Option<&Secret>) -> Outcome<StoredToken> {
    let ctx = job.ctx;
    let stem = job.session.key().token_file();
    let ready = || {
        Ok(look(job, bad)?
            .ok()
            .and_then(|(token, plan)| (plan == Plan::Use).then_some(token)))
    };
    // A token that still has time is used whatever becomes of its refresh.
    let usable = |token: &StoredToken| {
        bad != Some(&token.access_token) && !token.expires_at.is_past(ctx.now())
    };
    let mut door = door(job, &stem);
    if usable(&stale) {
        // It also needs some of our own time, to be used in.
        door.deadline = job.deadline.half();
    }
    let entry = door.enter(ctx, ready, |pid| {
        ctx.note(|| format!("waiting for process {pid}, which refreshes this session"));
    })?;
    match entry {
        Entry::Ready(token) => Ok(token),
        Entry::Failed(_) if usable(&stale) => Ok(stale),
        Entry::Failed(kind) => Err(Trouble::shared(kind)),
        Entry::TimedOut(_) if usable(&stale) => Ok(stale),
        Entry::TimedOut(pid) => Err(Trouble::Other(held_too_long(
            pid,
            "refreshing this session",
        ))),
        Entry::Alone(guard) => {
            // Declared before the lock's guard and so released after it: a held Ctrl-Z must
            // not stop us with the lock in our hands.
            let held = Held::new();
            let mut guard = guard;
            let token = match look(job, bad)? {
                Ok((token, Plan::Use)) => return Ok(token),
                Ok((token, _)) => token,
                Err(why) => return Err(why.into()),
            };
            let deadline = if usable(&token) {
                job.deadline.half()
            } else {
                job.deadline
            };
            let outcome = refresh_alone(job, &token, deadline, &mut guard, &held);
            match outcome {
                Err(trouble) if usable(&token) => {
                    ctx.note(|| {
                        format!("the refresh failed ({trouble:?}); the token still has time")
                    });
                    Ok(token)
                }
                Err(trouble @ Trouble::SignIn { .. }) if bad.is_some() => {
                    discard_alone(job, bad)?;
                    Err(trouble)
                }
                outcome => outcome,
            }
        }
    }
}

/// The error of a waiter whose time is up.
pub fn held_too_long(pid: u32, what: &str) -> Error {
    Error::failure(format!("process {pid} has been {what} for too long")).hint(format!(
        "look at it with `ps -p {pid}`; if it is stopped, continue or end it"
    ))
}

fn refresh_alone(
    job: &Job,
    token: &StoredToken,
    deadline: Deadline,
    guard: &mut Guard,
    held: &Held,
) -> Outcome<StoredToken> {
    let ctx = job.ctx;
    let cache = ctx.cache();
    let key = job.session.key();
    let Some((client, refresh_token)) = token.refreshable(ctx.now()) else {
        return Err(Why::Absent(Absent::Expired).into());
    };
    if let Some(kind) = guard.note().refused(refresh_token, ctx.now()) {
        ctx.note(|| "the server has refused this refresh token a moment ago");
        return Err(Why::NotRefreshed(kind).into());
    }
    let path = cache.token_path(&key);
    cache.sweep(&path);
    // The server spends the refresh token: where its successor could not be stored, the
    // old one is better kept.
    let pending = Pending::reserve(&path, cache.owner()).map_err(|error| {
        Trouble::Other(
            Error::failure(format!(
                "the token of {} cannot be refreshed, because {} cannot be written: {error}",
                shown(job.session.label()),
                path.display()
            ))
            .hint("free some space or make the directory writable"),
        )
    })?;
    let aws = job.aws()?;
    ctx.note(|| "refreshing the access token");
    let told = std::cell::Cell::new(false);
    let tick = || {
        if held.interrupted() && !told.replace(true) {
            ctx.say("sso: a token is being renewed; stopping right after it");
        }
    };
    let had = deadline.left();
    let limit = REFRESH_LIMIT.min(had);
    let reply = aws.create_token(
        client,
        GrantRequest::RefreshToken(refresh_token),
        limit,
        Some(&tick),
    );
    match reply {
        Ok(reply) => {
            let new = token.refreshed(reply, &job.session, ctx.now());
            // What cannot be read any more has been replaced by somebody else's.
            let found = cache.token(&key).unwrap_or(Found::Nothing);
            if found.yields_to_refresh_of(token, &job.session) {
                if let Err(error) = pending.commit(new.to_json(&job.session).as_bytes()) {
                    ctx.warn_once(&format!("the refreshed token could not be stored: {error}"));
                }
            } else {
                ctx.note(|| "the session was signed out or signed in meanwhile; the new token is not stored");
            }
            Ok(new)
        }
        Err(failure) => {
            drop(pending);
            after_failure(job, token, failure, had, guard)
        }
    }
}

fn after_failure(
    job: &Job,
    token: &StoredToken,
    failure: Failure,
    had: Duration,
    guard: &mut Guard,
) -> Outcome<StoredToken> {
    if let Some(other) = successor(job, token, failure.kind)? {
        return Ok(other);
    }
    let ends = failure.kind.ends_refresh();
    let trouble = if ends {
        Trouble::from(Why::NotRefreshed(failure.kind)).at(failure.server_time)
    } else {
        Trouble::Failed(failure)
    };
    if let Some(mut record) = job.record(&trouble, had) {
        let refused = token.refresh_token.as_ref().filter(|_| ends);
        record.refused = refused.map(fingerprint);
        guard.fail(record);
    }
    Err(trouble)
}

/// What a tool that knows no locks has stored meanwhile. When it spent the refresh token
/// just before us, we are refused before it has even read its own answer.
fn successor(job: &Job, token: &StoredToken, kind: FailureKind) -> Result<Option<StoredToken>> {
    const BEAT: Duration = Duration::from_millis(20);
    let patience = match kind {
        FailureKind::InvalidGrant => SUCCESSOR_LIMIT,
        _ => Duration::ZERO,
    };
    let patience = Deadline::after(patience.min(job.deadline.left()));
    loop {
        match look(job, Some(&token.access_token))? {
            Ok((other, Plan::Use)) => return Ok(Some(other)),
            _ if patience.is_over() => return Ok(None),
            _ => clock::sleep(BEAT),
        }
    }
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

fn discard_alone(job: &Job, bad: Option<&Secret>) -> Result<()> {
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
