//! One at a time across processes, and one result for all who waited.

use std::time::Duration;

use crate::context::Context;
use crate::domain::cache::lock_note::{LockNote, RecordedFailure, Scope};
use crate::domain::net::failure::FailureKind;
use crate::error::Result;
use crate::notice::{Trace, Warning};
use crate::os::clock::{self, Deadline};
use crate::os::lock::{LockFile, Tried, Unavailable};
use crate::os::process;
use crate::os::store::lock_name::LockName;

/// How long the first wait for a lock is; the others are longer and longer.
const FIRST_WAIT: Duration = Duration::from_millis(4);

/// How much longer a waiter waits than it may. Callers that began together have one limit:
/// who holds the lock is about to say what is wrong, which is better than to blame it.
const GRACE: Duration = Duration::from_millis(300);

/// The lock, held. Where there is none to be had, it stands for going on without.
#[derive(Debug)]
pub struct Guard {
    file: Option<LockFile>,
    note: LockNote,
}

/// How entering went.
#[derive(Debug)]
pub enum LockOutcome<T> {
    /// It is up to us.
    Acquired(Guard),
    /// Somebody else has done it.
    Ready(T),
    /// Somebody else has failed at it while we waited, and that counts for us.
    Failed(FailureKind),
    /// The time ran out; this process has the lock.
    TimedOut(u32),
}

/// A request: which lock, for how long, and for whom a failure counts.
#[derive(Clone, Copy, Debug)]
pub struct LockRequest<'a> {
    /// Which lock.
    pub name: LockName<'a>,
    /// How long to wait.
    pub deadline: Deadline,
    /// Whom a failure must concern to count for us; `None`: none does.
    pub scope: Option<&'a Scope>,
}

impl LockRequest<'_> {
    /// Enters. `ready` looks whether the work is done already; it is asked with the lock
    /// held, and while waiting. `waiting` is told once who has the lock.
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
            // The verdict may already stand in the file while a queue forms for the lock.
            if let Some(kind) = self.scope.and_then(|scope| note.for_waiter(seen, scope)) {
                return Ok(ready()?.map_or(LockOutcome::Failed(kind), LockOutcome::Ready));
            }
            if self.deadline.overdue() >= GRACE {
                return Ok(LockOutcome::TimedOut(note.pid));
            }
            // Somebody who only looks who has the lock is gone before the second try.
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
            ctx.notices().trace(|| Trace::LocksUnsupported);
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
            // Its turn has come too late: to ask and not to wait for the answer would spend
            // a refresh token for nothing.
            if self.deadline.is_nearly_over() {
                return Ok(LockOutcome::TimedOut(note.pid));
            }
        }
        note.pid = process::id();
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

    /// What earlier holders left.
    pub fn note(&self) -> &LockNote {
        &self.note
    }

    /// Leaves a failure for those who wait.
    pub fn fail(&mut self, failure: RecordedFailure) {
        self.note.failures += 1;
        self.note.last = Some(failure);
        if let Some(file) = &self.file {
            file.write_note(&self.note);
        }
    }
}

/// Who holds a lock, without waiting for it.
pub fn holder(ctx: &Context, name: LockName) -> Option<u32> {
    let file = ctx.store().lock(name).ok()?;
    file.is_held().then(|| file.note().pid)
}

fn report(ctx: &Context, unavailable: &Unavailable) {
    let directory = ctx.store().lock_location();
    match unavailable {
        Unavailable::Unsupported(error) => {
            ctx.notices().trace(|| Trace::LockNotCreated {
                directory,
                error: error.to_string(),
            });
        }
        Unavailable::Unopenable(error) => {
            ctx.notices().warn(Warning::LockNotOpened {
                directory,
                error: error.to_string(),
            });
        }
    }
}
