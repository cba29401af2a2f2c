//! Single flight across processes: one does the work, and those that wait share the result.

use std::time::Duration;

use crate::context::Context;
use crate::domain::cache::lock_note::{LockNote, RecordedFailure, Scope};
use crate::domain::net::failure::FailureKind;
use crate::error::Result;
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

/// Result of a lock request.
#[derive(Debug)]
pub enum LockOutcome<T> {
    /// This process does the work.
    Acquired(Guard),
    /// Another process has done the work.
    Ready(T),
    /// Another process failed while this one waited, and the failure applies here.
    Failed(FailureKind),
    /// The deadline passed; the process with this id holds the lock.
    TimedOut(u32),
}

/// Request for a lock.
#[derive(Clone, Copy, Debug)]
pub struct LockRequest<'a> {
    /// Name of the lock.
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
        ready: impl Fn() -> Result<Option<T>>,
        waiting: impl FnOnce(u32),
    ) -> Result<LockOutcome<T>> {
        let file = match ctx.store().lock(self.name) {
            Ok(file) => file,
            Err(unavailable) => {
                report(ctx, &unavailable);
                return Ok(ready()?.map_or_else(
                    || LockOutcome::Acquired(Guard::without()),
                    LockOutcome::Ready,
                ));
            }
        };
        let mut tried = file.try_lock();
        let mut seen = None;
        let mut waiting = Some(waiting);
        let mut wait = FIRST_WAIT;
        while tried == Tried::Busy {
            let note = file.note();
            let seen = *seen.get_or_insert(note.failures);
            if let Some(value) = ready()? {
                return Ok(LockOutcome::Ready(value));
            }
            // The failure may be in the file while other waiters still compete for the lock.
            if let Some(kind) = self.scope.and_then(|scope| note.for_waiter(seen, scope)) {
                return Ok(ready()?.map_or(LockOutcome::Failed(kind), LockOutcome::Ready));
            }
            if self.deadline.overdue() >= GRACE {
                return Ok(LockOutcome::TimedOut(note.pid));
            }
            // A process that only checks for a holder releases the lock before the second try.
            if wait > FIRST_WAIT
                && let Some(waiting) = waiting.take()
            {
                waiting(note.pid);
            }
            clock::sleep(wait);
            wait = (wait * 3 / 2).min(Duration::from_millis(40));
            tried = file.try_lock();
        }
        if tried == Tried::Unsupported {
            ctx.trace(|| "this file system has no locks; going on without".to_owned());
            return Ok(ready()?.map_or_else(
                || LockOutcome::Acquired(Guard::without()),
                LockOutcome::Ready,
            ));
        }
        let mut note = file.note();
        if let Some(value) = ready()? {
            return Ok(LockOutcome::Ready(value));
        }
        if let (Some(seen), Some(scope)) = (seen, self.scope) {
            if let Some(kind) = note.for_waiter(seen, scope) {
                return Ok(LockOutcome::Failed(kind));
            }
            // Too late: a request without time for its response would waste a refresh token.
            if self.deadline.is_nearly_over() {
                return Ok(LockOutcome::TimedOut(note.pid));
            }
        }
        note.pid = std::process::id();
        file.write_note(&note);
        Ok(LockOutcome::Acquired(Guard {
            file: Some(file),
            note,
        }))
    }
}

impl Guard {
    fn without() -> Guard {
        Guard {
            file: None,
            note: LockNote::default(),
        }
    }

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
