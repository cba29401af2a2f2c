//! Signing out: what is here goes first, then the server is told.

use std::time::Duration;

use crate::aws::GrantRequest;
use crate::context::Context;
use crate::domain::credentials::CachedRole;
use crate::domain::failure::FailureKind;
use crate::domain::session::Session;
use crate::domain::time::Timestamp;
use crate::domain::token::StoredToken;
use crate::error::Result;
use crate::os::cache::LockKind;
use crate::os::clock::Deadline;

use super::job::Job;
use super::session::held_too_long;
use super::single_flight::{Door, Entry};
use super::trouble::Trouble;
use super::{candidates, login, session};

/// The server is not waited for longer than this.
const LIMIT: Duration = Duration::from_secs(10);

/// What signing out came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// There was no token.
    NotSignedIn,
    /// Here and on the server.
    Everywhere,
    /// Here; the server could not be told, for this reason, and the token lives until then.
    OnlyHere(String, Timestamp),
}

/// Signs out of one session. Gives what became of it, and how many roles' credentials went.
pub fn logout(ctx: &Context, session: &Session, profile: Option<&str>) -> Result<(Ended, usize)> {
    let job = Job::new(ctx, session.clone(), profile, Some(LIMIT + LIMIT))?;
    let (token, roles) = forget(&job)?;
    let Some(token) = token else {
        return Ok((Ended::NotSignedIn, roles));
    };
    Ok((tell_server(&job, &token), roles))
}

/// The same as part of a sign-in by force. Here the server is told first: where it cannot
/// be reached no sign-in can follow, and the session that there is had better stay.
pub fn end(job: &Job) -> Result<()> {
    let told = match session::token(job, None) {
        Ok((token, _)) => {
            let limit = LIMIT.min(job.request_limit());
            job.aws()?.logout(&token.access_token, limit)
        }
        // What needs a sign-in has ended on the server already.
        Err(Trouble::SignIn { .. }) => Ok(()),
        Err(trouble) => return Err(trouble.into_error(&job.session, None, job.ctx.now())),
    };
    match told {
        Err(failure) if failure.kind != FailureKind::Unauthorized => {
            Err(login::flow_error(job, failure))
        }
        _ => forget(job).map(|_| ()),
    }
}

/// Removes the token and the role credentials that came from it, with nobody able to put
/// them back: whoever stores something for this session holds its lock and looks again.
fn forget(job: &Job) -> Result<(Option<StoredToken>, usize)> {
    let ctx = job.ctx;
    let cache = ctx.cache();
    let key = job.session.key();
    let stem = key.token_file();
    let deadline = Deadline::after(LIMIT + Duration::from_secs(2));
    let door = Door {
        kind: LockKind::Token,
        stem: &stem,
        deadline,
        scope: None,
    };
    let entry = door.enter(
        ctx,
        || Ok(None::<()>),
        |pid| {
            ctx.note(|| format!("waiting for process {pid}, which refreshes this session"));
        },
    )?;
    let _guard = match entry {
        Entry::Alone(guard) => guard,
        Entry::TimedOut(pid) => return Err(held_too_long(pid, "refreshing this session")),
        Entry::Ready(()) | Entry::Failed(_) => return Ok((None, 0)),
    };
    let path = cache.token_path(&key);
    let found = cache.token(&key)?;
    let token = match found.of(&job.session) {
        Ok(token) => Some(token.clone()),
        // The token of another instance is not this session's to end.
        Err(crate::domain::token::Absent::OtherInstance) => return Ok((None, 0)),
        Err(_) => None,
    };
    let gone = |error: std::io::Error, path: &std::path::Path| {
        crate::error::Error::failure(format!("cannot remove {}: {error}", path.display()))
    };
    cache.sweep(&path);
    cache.remove(&path).map_err(|error| gone(error, &path))?;
    let mut roles = 0;
    for candidate in candidates::of(ctx, &key) {
        let path = cache.role_path(&key, &candidate.account, &candidate.role);
        if matches!(
            cache.role(&path)?,
            CachedRole::Credentials(_) | CachedRole::Corrupt
        ) {
            roles += usize::from(cache.remove(&path).map_err(|error| gone(error, &path))?);
        }
    }
    Ok((token, roles))
}

/// Ends the session on the server. A token that has ended cannot do that; the refresh
/// token, which nobody will need any more, gives one that can.
fn tell_server(job: &Job, token: &StoredToken) -> Ended {
    let ended = |outcome: std::result::Result<(), Trouble>| match outcome {
        Ok(()) => Ended::Everywhere,
        Err(trouble) => {
            let error = trouble.into_error(&job.session, None, job.ctx.now());
            Ended::OnlyHere(error.message().to_owned(), token.expires_at)
        }
    };
    let now = job.ctx.now();
    let call = || -> std::result::Result<(), Trouble> {
        let aws = job.aws()?;
        let refreshed = match token.refreshable(now) {
            Some((client, refresh_token)) if token.expires_at.is_past(now) => {
                let limit = LIMIT.min(job.request_limit());
                match aws.create_token(
                    client,
                    GrantRequest::RefreshToken(refresh_token),
                    limit,
                    None,
                ) {
                    Ok(reply) => Some(reply.access_token),
                    // The session has ended by itself.
                    Err(failure) if failure.kind.ends_refresh() => return Ok(()),
                    Err(failure) => return Err(failure.into()),
                }
            }
            _ => None,
        };
        let bearer = refreshed.as_ref().unwrap_or(&token.access_token);
        match aws.logout(bearer, LIMIT.min(job.request_limit())) {
            Ok(()) => Ok(()),
            // A token that the portal does not know needs no ending.
            Err(failure) if failure.kind == FailureKind::Unauthorized => Ok(()),
            Err(failure) => Err(failure.into()),
        }
    };
    ended(call())
}
