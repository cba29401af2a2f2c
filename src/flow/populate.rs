//! Writes the profiles of a session into `~/.aws/config`.

use crate::context::Context;
use crate::domain::config::{Dialect, read};
use crate::domain::listing::inventory::Inventory;
use crate::domain::profiles::populate::{
    DesiredProfile, PopulateOptions, PopulatePlan, has_profiles_to_adopt, plan,
};
use crate::domain::session::definition::Session;
use crate::domain::target::request::Request;
use crate::domain::target::{Instance, sessions};
use crate::error::{ErrorKind, Result};
use crate::os::process;

use super::config_file::{self, Rewrite};
use super::resolve;

/// Resolves the instance whose roles get profiles. A legacy session means the sso-session of its
/// instance. With `adopt`, the profiles of other generators name a session that nothing else does.
///
/// # Errors
/// Fails if the request is ambiguous or the configuration invalid.
pub fn instance(ctx: &Context, request: &Request, adopt: bool) -> Result<Instance> {
    let found = resolve::instance(ctx, request);
    let view = ctx.view()?;
    let is_meant = |session: &Session| match &found {
        Ok(found) => found.session.is_same_instance(session),
        Err(_) => has_profiles_to_adopt(view.config, session),
    };
    match &found {
        Ok(instance) if instance.session.name.is_none() => {}
        Err(error) if adopt && error.kind() == ErrorKind::Usage => {}
        _ => return found,
    }
    let named = sessions::all(&view).into_iter().flatten();
    let named = named.filter(|session| session.name.is_some() && is_meant(session));
    let mut named: Vec<Session> = named.collect();
    match (named.pop(), named.is_empty()) {
        (Some(session), true) => Ok(Instance {
            session,
            settings: None,
        }),
        _ => found,
    }
}

/// Edits the file so that it has the desired profiles; a dry run only returns the changes. The
/// inventory must be complete.
pub fn write(
    ctx: &Context,
    session: &Session,
    inventory: &Inventory,
    desired: &[DesiredProfile],
    options: &PopulateOptions,
    dry_run: bool,
) -> Result<(PopulatePlan, Rewrite)> {
    let mut planned = PopulatePlan::default();
    let credentials = ctx.view()?.credentials;
    let edits = |text: &[u8]| {
        let changed_document;
        let document = match ctx.parsed_config(text) {
            Some(document) => document,
            None => {
                changed_document = read(text, Dialect::Config);
                &changed_document
            }
        };
        planned = plan(document, credentials, session, inventory, desired, options)?;
        Ok(std::mem::take(&mut planned.edits))
    };
    let rewrite = match dry_run {
        true => config_file::preview(ctx, edits)?,
        false => config_file::rewrite(ctx, edits)?,
    };
    Ok((planned, rewrite))
}

/// Runs the user's naming program. Returns `None` if it prints `SKIP`.
pub fn run_naming_program(program: &[String], arguments: &[&str]) -> Result<Option<String>> {
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
    let text = process::run(name, &words).map_err(|error| failed(error.to_string()))?;
    match text.trim() {
        "" => Err(failed("it printed nothing".to_owned())),
        "SKIP" => Ok(None),
        name => Ok(Some(name.to_owned())),
    }
}
