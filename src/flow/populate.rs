//! Writing the profiles of a session into `~/.aws/config`.

use crate::context::Context;
use crate::domain::config::{Dialect, read};
use crate::domain::listing::inventory::Inventory;
use crate::domain::profiles::populate::{Plan, Wanted, Wishes, plan};
use crate::domain::session::definition::Session;
use crate::error::Result;
use crate::os::process;

use super::config_file::{self, Rewrite};

/// Edits the file so that it has the profiles, or only says what that would change. The
/// listing must be complete.
pub fn write<'a>(
    ctx: &Context,
    session: &'a Session,
    inventory: &Inventory,
    wanted: &'a [Wanted],
    wishes: &'a Wishes,
    dry_run: bool,
) -> Result<(Plan<'a>, Rewrite)> {
    let mut made = Plan::default();
    let credentials = ctx.view()?.credentials;
    let edits = |text: &[u8]| {
        let read_anew;
        let document = match ctx.known(text) {
            Some(document) => document,
            None => {
                read_anew = read(text, Dialect::Config);
                &read_anew
            }
        };
        made = plan(document, credentials, session, inventory, wanted, wishes)?;
        Ok(std::mem::take(&mut made.edits))
    };
    let rewrite = match dry_run {
        true => config_file::preview(ctx, edits)?,
        false => config_file::rewrite(ctx, edits)?,
    };
    Ok((made, rewrite))
}

/// What a program of the user's calls a profile; `None`: it wants none.
pub fn ask_for_name(program: &[String], arguments: &[&str]) -> Result<Option<String>> {
    let failed = |why: String| {
        crate::error::Error::configuration(format!(
            "no profile name from {}: {why}",
            program.join(" ")
        ))
        .hint("it must print one name, or SKIP, and end with 0")
    };
    let Some((name, first)) = program.split_first() else {
        return Err(failed("the command is empty".to_owned()));
    };
    let mut words: Vec<&str> = first.iter().map(String::as_str).collect();
    words.extend(arguments);
    let text = process::output_of(name, &words).map_err(|error| failed(error.to_string()))?;
    match text.trim() {
        "" => Err(failed("it printed nothing".to_owned())),
        "SKIP" => Ok(None),
        name => Ok(Some(name.to_owned())),
    }
}
