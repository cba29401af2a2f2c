//! Rewrites `~/.aws/config` under a lock, and retries if a program without the lock changed it.

use std::path::PathBuf;
use std::time::Duration;

use crate::context::Context;
use crate::domain::config::{EditedConfig, SectionEdit, edit};
use crate::error::{Error, Result};
use crate::os::clock::Deadline;
use crate::os::file;
use crate::os::private_dir::Mode;
use crate::os::store::lock_name::LockName;
use crate::os::user_file::{self, ReplaceError};

use super::single_flight::{lock, trace_waiting};

/// Time to wait for the lock.
const LOCK_TIMEOUT: Duration = Duration::from_secs(30);

/// Limit on attempts while programs without the lock keep changing the file.
const MAX_ATTEMPTS: usize = 5;

/// Result of a rewrite or of its preview.
pub struct Rewrite {
    /// Content before the edits.
    pub before: Vec<u8>,
    pub edited: EditedConfig,
    /// Path of the backup of an existing file that was replaced.
    pub backup: Option<PathBuf>,
}

impl Rewrite {
    fn new(before: Option<Vec<u8>>, edited: EditedConfig, backup: Option<PathBuf>) -> Rewrite {
        Rewrite {
            before: before.unwrap_or_default(),
            edited,
            backup,
        }
    }

    /// Returns the changes as a unified diff; empty if there are none.
    pub fn diff(&self, ctx: &Context) -> String {
        let hunks = self.edited.diff(&self.before);
        if hunks.is_empty() {
            return hunks;
        }
        let path = ctx.display_path(ctx.config_path());
        format!("--- {path}\n+++ {path}\n{hunks}")
    }
}

/// Checks that the file can be replaced, before the user is asked for anything.
///
/// # Errors
/// Fails for a pipe, `/dev/null` or another device.
pub fn check_writable(ctx: &Context) -> Result<()> {
    let path = ctx.config_path();
    if !user_file::is_stream(path) {
        return Ok(());
    }
    let path = ctx.display_path(path);
    let error = Error::usage(format!(
        "cannot write {path}: it is a pipe or a device, which is only read"
    ));
    Err(error.hint("write another file: unset AWS_CONFIG_FILE"))
}

/// Edits the file. `edits` gets the content, again if the file changes before it is replaced.
/// Without a change nothing is written.
pub fn rewrite(
    ctx: &Context,
    mut edits: impl FnMut(&[u8]) -> Result<Vec<SectionEdit>>,
) -> Result<Rewrite> {
    check_writable(ctx)?;
    let path = ctx.config_path();
    let failed = |error: std::io::Error| cannot_write(ctx, &error.to_string());
    let target = file::destination(path).map_err(failed)?;
    let shown = ctx.display_path(path);
    let does = format!("writes {shown}");
    let (name, deadline) = (LockName::Config(&target), Deadline::after(LOCK_TIMEOUT));
    let _guard = lock(ctx, name, deadline, trace_waiting(ctx, &does)).map_err(|pid| {
        Error::busy(format!(
            "process {pid} has been writing {shown} for too long"
        ))
        .hint(format!("look at what it is doing: ps -p {pid}"))
    })?;
    user_file::remove_leftovers(path);
    for _ in 0..MAX_ATTEMPTS {
        let current = ctx.reread_config()?;
        let before = current.as_deref().unwrap_or_default();
        let edited = edit(before, &edits(before)?)?;
        if !edited.is_changed() {
            return Ok(Rewrite::new(current, edited, None));
        }
        let replaced = user_file::replace(path, current.as_deref(), &edited.bytes, Mode::Private);
        match replaced {
            Ok(backup) => return Ok(Rewrite::new(current, edited, backup)),
            Err(ReplaceError::Changed) => {}
            Err(ReplaceError::Mounted(_)) => {
                return Err(cannot_write(ctx, "something is mounted on it").hint(
                    "a file that is mounted on its own cannot be replaced in one step: mount \
                     its directory instead",
                ));
            }
            Err(ReplaceError::Backup(error)) => {
                return Err(Error::storage(format!(
                    "cannot keep a copy of {shown} beside it, so it was not changed: {error}"
                ))
                .hint("free some space, or look at its directory with `ls -ld`"));
            }
            Err(ReplaceError::Failed(error)) => return Err(failed(error)),
        }
    }
    Err(cannot_write(ctx, "something else keeps writing it"))
}

/// Returns the result of a rewrite without writing.
pub fn preview(
    ctx: &Context,
    edits: impl FnOnce(&[u8]) -> Result<Vec<SectionEdit>>,
) -> Result<Rewrite> {
    let current = ctx.config_content()?.map(<[u8]>::to_vec);
    let before = current.as_deref().unwrap_or_default();
    let edited = edit(before, &edits(before)?)?;
    Ok(Rewrite::new(current, edited, None))
}

fn cannot_write(ctx: &Context, why: &str) -> Error {
    let path = ctx.display_path(ctx.config_path());
    Error::storage(format!("cannot write {path}: {why}; it is as it was"))
        .hint("look at it with `ls -l`, and at its directory")
}
