//! `sso allow`: showing what a directory's file means, and trusting it.

use std::path::Path;

use crate::cli::args::AllowArgs;
use crate::cli::ui::output;
use crate::context::Context;
use crate::domain::directory::dotfile::NAME;
use crate::domain::directory::trust::{Record, TrustState};
use crate::domain::net::endpoint::Address;
use crate::domain::session::definition::Session;
use crate::domain::target::sso_role::SsoRole;
use crate::domain::text::sanitize;
use crate::error::{Error, Result};
use crate::flow::directory::{self, DirectoryFile};
use crate::flow::listing;
use crate::os::trust_store::{Access, TrustStore};
use crate::os::{dotfile as files, terminal};

/// Runs it. What is shown was read once, and those very bytes are what is trusted.
pub fn run(ctx: &Context, args: AllowArgs) -> Result<u8> {
    let place = chosen(ctx, args.path.as_deref())?;
    let dotfile = place.says.as_ref().map_err(|why| {
        Error::failure(format!("{} cannot be used: {why}", place.shown))
            .hint("mend it, then run `sso allow` again")
    })?;
    let (role, session) = directory::means(ctx, dotfile)?;
    let name = listing::account_name(ctx, &session, &role.account);
    let account = match name {
        Some(name) => format!("{} ({})", role.account, sanitize(&name)),
        None => role.account.clone(),
    };
    let exports = dotfile.export_profile;
    output::eprintln(&described(&place, &role, &account, &session, exports));
    if place.standing == TrustState::Trusted && place.role(ctx).is_ok() {
        output::eprintln("it is trusted already");
        return Ok(0);
    }
    if !args.yes && !asked("Allow it?")? {
        return Err(Error::failure(format!("{} is not trusted", place.shown))
            .hint("`sso deny` silences what the hook says about it"));
    }
    store(ctx, &place.allowed(ctx, &role, &session))?;
    output::eprintln("it is trusted from now on");
    Ok(0)
}

/// The file that the argument means, or the nearest.
pub fn chosen(ctx: &Context, path: Option<&Path>) -> Result<DirectoryFile> {
    let place = match path {
        None => directory::nearest_of_all(ctx),
        Some(path) => {
            let directory = files::directory_of(path).map_err(|error| {
                let path = sanitize(&path.to_string_lossy());
                Error::failure(format!("cannot look at {path}: {error}"))
            })?;
            directory::in_directory(ctx, &directory)
        }
    };
    let place = place.ok_or_else(|| match path {
        Some(path) => {
            let path = sanitize(&path.to_string_lossy());
            Error::failure(format!("there is no {NAME} in {path}"))
        }
        None => Error::failure(format!("there is no {NAME} here or above"))
            .hint("`sso use PROFILE` writes one"),
    })?;
    if place.path.is_empty() {
        return Err(Error::failure(format!(
            "{} cannot be trusted or denied: its path is not UTF-8",
            place.shown
        )));
    }
    Ok(place)
}

/// The records, where they count.
pub fn records(ctx: &Context) -> Result<&TrustStore> {
    let store = ctx.store().trust();
    let directory = ctx.in_short(store.directory());
    match store.access() {
        Access::Ours | Access::Absent => Ok(store),
        Access::Open => Err(Error::failure(format!(
            "others can get at {directory}, so nothing in it counts"
        ))
        .hint(format!(
            "look what is in it, then run `chmod 700 {directory}`"
        ))),
        Access::Foreign => Err(
            Error::failure(format!("{directory} belongs to another user"))
                .hint("under sudo, directories have no credentials"),
        ),
    }
}

/// Keeps a record, where records count.
pub fn store(ctx: &Context, record: &Record) -> Result<()> {
    let store = records(ctx)?;
    let directory = ctx.in_short(store.directory());
    store.put(record).map_err(|error| {
        Error::failure(format!("cannot write in {directory}: {error}"))
            .hint("free some space or make the directory writable")
    })
}

/// Asks, where there is somebody to ask.
pub fn asked(question: &str) -> Result<bool> {
    if !terminal::is_there() {
        return Err(Error::usage("there is no terminal to ask the question on").hint("pass --yes"));
    }
    Ok(terminal::asks(question))
}

fn described(
    place: &DirectoryFile,
    role: &SsoRole,
    account: &str,
    session: &Session,
    export_profile: bool,
) -> String {
    let mut lines = vec![place.shown.clone()];
    let mut line = |name: &str, value: &str| lines.push(format!("  {name:<9}{value}"));
    if let Some(profile) = &role.profile {
        line("profile", &sanitize(profile));
    }
    line("account", account);
    line("role", &sanitize(&role.role));
    line(
        "region",
        &role.region.as_deref().map_or("none".to_owned(), sanitize),
    );
    let address = Address::parse(&session.start_url);
    let host = address.as_ref().map_or("", Address::host);
    line(
        "session",
        &format!("{} ({})", sanitize(session.label()), sanitize(host)),
    );
    if export_profile {
        line("exports", "AWS_PROFILE, no credentials");
    }
    if !place.ours {
        lines.push("warning: the file belongs to another user".to_owned());
    }
    if place.group_writes {
        lines.push("warning: its group can change the file; sso then asks again".to_owned());
    }
    lines.join("\n")
}
