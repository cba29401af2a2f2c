//! Rewriting `~/.aws/config`: one process at a time, and only while nobody else does.

use std::path::PathBuf;
use std::time::Duration;

use crate::context::Context;
use crate::domain::config::{EditedConfig, SectionEdit, edit};
use crate::domain::hash::sha1_hex;
use crate::error::{Error, Result};
use crate::notice::{LockPurpose, Trace};
use crate::os::clock::Deadline;
use crate::os::config_file::{self, EditError};
use crate::os::store::LockKind;

use super::single_flight::{LockOutcome, LockRequest};

/// How long to wait for others who write it.
const PATIENCE: Duration = Duration::from_secs(30);

/// How often to begin anew because somebody without a lock has written it.
const ROUNDS: usize = 5;

/// What came of it.
pub struct Rewrite {
    /// What it held.
    pub before: Vec<u8>,
    /// What it holds now, or would hold.
    pub edited: EditedConfig,
    /// Where what it held is kept, when there was something and it was replaced.
    pub copy: Option<PathBuf>,
}

impl std::fmt::Debug for Rewrite {
    /// Without the text, which may have secrets in it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Rewrite").field(&self.edited).finish()
    }
}

impl Rewrite {
    /// The changes in the unified form; nothing, where there are none.
    pub fn diff(&self, ctx: &Context) -> String {
        let hunks = self.edited.diff(&self.before);
        if hunks.is_empty() {
            return hunks;
        }
        let path = ctx.in_short(ctx.config_file());
        format!("--- {path}\n+++ {path}\n{hunks}")
    }
}

/// Edits the file. `edits` is asked what to do with what the file holds, once more when it
/// holds something else by the time it is to be replaced. Nothing to do writes nothing.
pub fn rewrite<'e>(
    ctx: &Context,
    mut edits: impl FnMut(&[u8]) -> Result<Vec<SectionEdit<'e>>>,
) -> Result<Rewrite> {
    let path = ctx.config_file();
    let failed = |error: std::io::Error| cannot_write(ctx, &error.to_string());
    let place = config_file::place(path).map_err(failed)?;
    let stem = sha1_hex(&place.to_string_lossy());
    let request = LockRequest {
        kind: LockKind::Config,
        stem: &stem,
        deadline: Deadline::after(PATIENCE),
        scope: None,
    };
    let shown = ctx.in_short(path);
    let entry = request.acquire(
        ctx,
        || Ok(None::<()>),
        |pid| {
            ctx.notices().trace(|| Trace::WaitingForLock {
                pid,
                purpose: LockPurpose::WriteConfig {
                    path: shown.to_string(),
                },
            });
        },
    )?;
    let _guard = match entry {
        LockOutcome::Acquired(guard) => guard,
        LockOutcome::TimedOut(pid) => {
            return Err(Error::busy(format!(
                "process {pid} has been writing {shown} for too long"
            ))
            .hint(format!("look at what it is doing: ps -p {pid}")));
        }
        LockOutcome::Ready(()) | LockOutcome::Failed(_) => {
            return Err(cannot_write(ctx, "it is locked"));
        }
    };
    config_file::sweep(path);
    for _ in 0..ROUNDS {
        let known = ctx.read_config()?;
        let before = known.as_deref().unwrap_or_default();
        let edited = edit(before, &edits(before)?)?;
        if !edited.is_changed() {
            return Ok(done(known, edited, None));
        }
        match config_file::replace(path, known.as_deref(), &edited.bytes) {
            Ok(copy) => return Ok(done(known, edited, copy)),
            Err(EditError::Changed) => {}
            Err(EditError::Mounted) => {
                return Err(cannot_write(ctx, "something is mounted on it").hint(
                    "a file that is mounted on its own cannot be replaced in one step: mount \
                     its directory instead",
                ));
            }
            Err(EditError::Copy(error)) => {
                return Err(Error::storage(format!(
                    "cannot keep a copy of {shown} beside it, so it was not changed: {error}"
                ))
                .hint("free some space, or look at its directory with `ls -ld`"));
            }
            Err(EditError::Failed(error)) => return Err(failed(error)),
        }
    }
    Err(cannot_write(ctx, "something else keeps writing it"))
}

/// The same without writing.
pub fn preview<'e>(
    ctx: &Context,
    edits: impl FnOnce(&[u8]) -> Result<Vec<SectionEdit<'e>>>,
) -> Result<Rewrite> {
    let known = ctx.read_config()?;
    let before = known.as_deref().unwrap_or_default();
    let edited = edit(before, &edits(before)?)?;
    Ok(done(known, edited, None))
}

fn done(known: Option<Vec<u8>>, edited: EditedConfig, copy: Option<PathBuf>) -> Rewrite {
    Rewrite {
        before: known.unwrap_or_default(),
        edited,
        copy,
    }
}

fn cannot_write(ctx: &Context, why: &str) -> Error {
    let path = ctx.in_short(ctx.config_file());
    Error::storage(format!("cannot write {path}: {why}; it is as it was"))
        .hint("look at it with `ls -l`, and at its directory")
}
