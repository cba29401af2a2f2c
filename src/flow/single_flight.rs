//! Single flight across processes: one does the work, and those that wait share the result.

use std::convert::Infallible;
use std::time::Duration;

use crate::context::Context;
use crate::domain::cache::lock_note::{LockNote, RecordedFailure, Scope};
use crate::domain::net::failure::FailureKind;
use crate::error::Error;
use crate::notice::Warning;
use crate::os::clock::{self, Deadline};
use crate::os::lock::{LockFile, Tried, Unavailable};
use crate::os::store::lock_name::LockName;

/// First wait for a lock; later waits grow to 40 ms.
const FIRST_WAIT: Duration = Duration::from_millis(4);

/// Extra wait after the deadline. Callers that started together time out together: the lock holder
/// is about to record the cause, a better error than "locked".
const GRACE: Duration = Duration::from_millis(300);

/// Held lock, or permission to continue without one if locks are unavailable.
#[derive(Debug)]
pub struct Guard {
    file: Option<LockFile>,
    note: LockNote,
}

/// Result of a wait for a lock.
#[derive(Debug)]
pub enum LockOutcome<S> {
    /// This process does the work.
    Acquired(Guard),
    /// Another process has done the work.
    Shared(S),
    /// The deadline passed; the process with this id holds the lock.
    TimedOut(u32),
}

/// Request for the lock on work whose result all waiting processes share.
#[derive(Clone, Copy, Debug)]
pub struct LockRequest<'a> {
    pub name: LockName<'a>,
    /// Time limit of the wait.
    pub deadline: Deadline,
    /// Scope in which another process's failure applies here; `None` ignores all failures.
    pub scope: Option<&'a Scope>,
}

impl LockRequest<'_> {
    /// Acquires the lock. `ready` returns the result if the work is done; it is called while
    /// waiting and with the lock held. `waiting` is called once, with the holder's process id.
    pub fn acquire<T>(
        self,
        ctx: &Context,
        ready: impl Fn() -> Result<Option<T>, Error>,
        waiting: impl FnOnce(u32),
    ) -> Result<LockOutcome<Result<T, FailureKind>>, Error> {
        let mut seen = None;
        wait_for_lock(ctx, self.name, self.deadline, waiting, |note, is_held| {
            if !is_held {
                seen.get_or_insert(note.failures);
            }
            if let Some(value) = ready()? {
                return Ok(Some(LockOutcome::Shared(Ok(value))));
            }
            let (Some(seen), Some(scope)) = (seen, self.scope) else {
                return Ok(None);
            };
            // The failure may be in the file while other waiters still compete for the lock.
            if let Some(kind) = note.for_waiter(seen, scope) {
                return Ok(Some(LockOutcome::Shared(ready()?.ok_or(kind))));
            }
            // Too late: a request without time for its response would waste a refresh token.
            let is_late = is_held && self.deadline.is_nearly_over();
            Ok(is_late.then_some(LockOutcome::TimedOut(note.pid)))
        })
    }
}

/// Acquires a lock for work whose result is not shared. Fails with the holder's process id.
pub fn lock(
    ctx: &Context,
    name: LockName,
    deadline: Deadline,
    waiting: impl FnOnce(u32),
) -> Result<Guard, u32> {
    let Ok(outcome): Result<LockOutcome<Infallible>, Infallible> =
        wait_for_lock(ctx, name, deadline, waiting, |_, _| Ok(None));
    match outcome {
        LockOutcome::Acquired(guard) => Ok(guard),
        LockOutcome::Shared(never) => match never {},
        LockOutcome::TimedOut(pid) => Err(pid),
    }
}

/// Waits for a lock, or until `check` returns an outcome. `check` gets the note, and whether this
/// process holds the lock.
pub fn wait_for_lock<S, E>(
    ctx: &Context,
    name: LockName,
    deadline: Deadline,
    waiting: impl FnOnce(u32),
    mut check: impl FnMut(&LockNote, bool) -> Result<Option<LockOutcome<S>>, E>,
) -> Result<LockOutcome<S>, E> {
    let opened = ctx.store().lock(name);
    let mut file = opened.inspect_err(|error| report(ctx, error)).ok();
    let mut waiting = Some(waiting);
    let mut pause = FIRST_WAIT;
    while let Some(lock) = &file {
        match lock.try_lock() {
            Tried::Held => break,
            Tried::Unsupported => {
                ctx.trace(|| "this file system has no locks; going on without".to_owned());
                file = None;
                continue;
            }
            Tried::Busy => {}
        }
        let note = lock.note();
        if let Some(outcome) = check(&note, false)? {
            return Ok(outcome);
        }
        if deadline.overdue() >= GRACE {
            return Ok(LockOutcome::TimedOut(note.pid));
        }
        // A process that only checks for a holder releases the lock before the second try.
        if pause > FIRST_WAIT
            && let Some(waiting) = waiting.take()
        {
            waiting(note.pid);
        }
        clock::sleep(pause);
        pause = (pause * 3 / 2).min(Duration::from_millis(40));
    }
    let mut note = file.as_ref().map(LockFile::note).unwrap_or_default();
    if let Some(outcome) = check(&note, true)? {
        return Ok(outcome);
    }
    if let Some(file) = &file {
        note.pid = std::process::id();
        file.write_note(&note);
    }
    Ok(LockOutcome::Acquired(Guard { file, note }))
}

impl Guard {
    /// Returns the note of earlier holders.
    pub fn note(&self) -> &LockNote {
        &self.note
    }

    /// Records a failure for waiting processes.
    pub fn fail(&mut self, failure: RecordedFailure) {
        self.note.failures += 1;
        self.note.last = Some(failure);
        if let Some(file) = &self.file {
            file.write_note(&self.note);
        }
    }
}

/// Returns the process id of a lock's holder, without waiting.
pub fn holder(ctx: &Context, name: LockName) -> Option<u32> {
    let file = ctx.store().lock(name).ok()?;
    file.is_held().then(|| file.note().pid)
}

/// Returns what traces a wait for a lock whose holder `does` something.
pub fn trace_waiting<'a>(ctx: &'a Context, does: &'a str) -> impl FnOnce(u32) + use<'a> {
    move |pid| ctx.trace(|| format!("waiting for process {pid}, which {does}"))
}

fn report(ctx: &Context, unavailable: &Unavailable) {
    let directory = ctx.store().lock_directory().display().to_string();
    match unavailable {
        Unavailable::Unsupported(error) => {
            ctx.trace(|| format!("no lock can be made in {directory}: {error}; going on without"));
        }
        Unavailable::Unopenable(error) => {
            ctx.notices().warn(Warning::LockNotOpened {
                directory,
                error: error.to_string(),
            });
        }
    }
}
