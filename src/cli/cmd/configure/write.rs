//! Writes the configuration file after consent, and reports it.

use crate::cli::args::ConfigureArgs;
use crate::cli::ui::output;
use crate::context::Context;
use crate::domain::config::SectionEdit;
use crate::error::{Error, Result};
use crate::flow::config_file::{Rewrite, preview, rewrite};
use crate::os::terminal;

/// Writes the edits. `subject` is the object of the questions and messages. If it exists, the
/// user sees a diff and is asked. Returns `None` if nothing is written: the file is as wanted, or
/// this is a dry run.
pub fn write(
    ctx: &Context,
    args: &ConfigureArgs,
    subject: &str,
    exists: bool,
    mut edits: impl FnMut(&[u8]) -> Result<Vec<SectionEdit>>,
) -> Result<Option<Rewrite>> {
    let planned = preview(ctx, &mut edits)?;
    if !planned.edited.is_changed() {
        output::eprintln(&format!("{subject} says that already; nothing was changed"));
        return Ok(None);
    }
    if args.dry_run {
        output::print(&planned.diff(ctx))?;
        return Ok(None);
    }
    if exists && !args.yes {
        output::eprintln(planned.diff(ctx).trim_end());
        if !terminal::confirm(&format!("Change {subject}?")) {
            return Err(Error::declined(format!("nothing was changed in {subject}"))
                .hint("to change it without being asked, add --yes"));
        }
    }
    rewrite(ctx, edits).map(Some)
}

/// Prints what was written.
pub fn report(ctx: &Context, written: &Rewrite, text: &str) {
    let path = ctx.display_path(ctx.config_path());
    output::eprintln(&format!("{path}: {text}"));
    if let Some(copy) = &written.backup {
        ctx.trace(|| format!("what {path} held before is in {}", ctx.display_path(copy)));
    }
}
