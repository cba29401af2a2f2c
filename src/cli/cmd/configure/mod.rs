//! `sso configure`: what a profile is to say, asked for or given, and written.

mod migrate;
mod role;
mod session;

use crate::cli::args::ConfigureArgs;
use crate::cli::ui::output;
use crate::cli::ui::questions::{Asker, Question};
use crate::context::Context;
use crate::domain::config::SectionEdit;
use crate::domain::profiles::configure::{
    RoleProfile, check_output, check_profile_name, check_region, check_source, profile_not_found,
    suggest_profile_name,
};
use crate::domain::session::token::Found;
use crate::domain::target::config_view::ConfigView;
use crate::domain::target::instance::Instance;
use crate::domain::target::profile::Profile;
use crate::domain::text::sanitize;
use crate::error::{Error, Result};
use crate::flow::config_file::{Rewrite, preview, rewrite};
use crate::flow::logout;
use crate::notice::Trace;

/// Runs it.
pub fn run(ctx: &Context, args: ConfigureArgs) -> Result<u8> {
    if args.migrate {
        return migrate::run(ctx, &args);
    }
    if let [_, second, ..] = args.profiles.as_slice() {
        let second = sanitize(second);
        return Err(Error::usage(format!(
            "one profile at a time; \"{second}\" is a second one"
        )));
    }
    let asker = Asker::new(ctx, args.yes);
    let view = ctx.view()?;
    let given = args.profiles.first().map(String::as_str);
    let there = given.and_then(|name| Profile::find(name, &view));
    if let Some(name) = given {
        check_profile_name(name, &view)?;
        if there.is_none() && args.pick {
            return Err(profile_not_found(name));
        }
    }
    if given.is_none() && args.pick {
        return Err(
            Error::usage("no profile was given").hint("add its name: sso configure --pick PROFILE")
        );
    }
    if let Some(profile) = &there {
        check_source(profile)?;
    }
    for region in args.region.iter().chain(&args.sso_region) {
        check_region(region)?;
    }
    if let Some(form) = &args.output {
        check_output(form)?;
    }
    let chosen = session::choose(&asker, &args, there.as_ref(), &view)?;
    let session = &chosen.instance.session;
    let key = session.key();
    let has_token = || matches!(ctx.store().token(&key), Ok(Found::Token(_)));
    let is_signed_out = chosen.is_new && !has_token();
    let outcome = profile(ctx, &asker, &args, &chosen, there.as_ref(), view);
    // No command finds the sign-in of a session that nothing names.
    let unwritten = outcome.is_err() || args.dry_run;
    if unwritten && is_signed_out && has_token() {
        let unconfigured = Instance {
            session: session.clone(),
            settings: None,
        };
        let session = sanitize(session.label());
        match logout::logout(ctx, &unconfigured) {
            Ok(_) => output::eprintln(&format!(
                "signed out of {session} again: it is not configured"
            )),
            Err(error) => output::report(&error),
        }
    }
    outcome
}

/// Everything about a profile of a session.
fn profile(
    ctx: &Context,
    asker: &Asker,
    args: &ConfigureArgs,
    chosen: &session::Chosen,
    there: Option<&Profile>,
    view: ConfigView,
) -> Result<u8> {
    let role = role::choose(ctx, asker, args, chosen, there)?;
    let name = match args.profiles.first() {
        Some(name) => name.clone(),
        None => name_for(asker, &role, &view)?,
    };
    let before = Profile::find(&name, &view);
    if let Some(profile) = &before {
        check_source(profile)?;
    }
    let (region, output_form) = match args.pick {
        true => (args.region.clone(), args.output.clone()),
        false => (
            region(asker, args, before.as_ref(), &view)?,
            output_form(asker, args, before.as_ref())?,
        ),
    };
    let wanted = RoleProfile {
        profile: &name,
        session: &chosen.instance.session,
        new_session: chosen.is_new,
        account: &role.account,
        role: &role.role,
        region: region.as_deref(),
        output: output_form.as_deref(),
    };
    let edits = wanted.edits();
    let what = format!("profile \"{}\"", sanitize(&name));
    let Some(written) = put(ctx, asker, args, &what, before.is_some(), |_| {
        Ok(edits.clone())
    })?
    else {
        return Ok(0);
    };
    let (role, account) = (sanitize(wanted.role), sanitize(wanted.account));
    let session = sanitize(wanted.session.label());
    tell(
        ctx,
        &written,
        &format!("{what}: role {role} in account {account}, session {session}"),
    );
    Ok(0)
}

/// The name of a new profile.
fn name_for(asker: &Asker, role: &role::Role, view: &ConfigView) -> Result<String> {
    let proposed = suggest_profile_name(role.account_name.as_deref(), &role.account, &role.role);
    let question = Question {
        text: "profile name",
        default: Some(&proposed),
        option: "its name behind `sso configure`",
    };
    if asker.is_silent() {
        return Ok(proposed);
    }
    let name = asker.optional(&question, |name| check_profile_name(name, view))?;
    Ok(name.unwrap_or(proposed))
}

fn region(
    asker: &Asker,
    args: &ConfigureArgs,
    there: Option<&Profile>,
    view: &ConfigView,
) -> Result<Option<String>> {
    if args.region.is_some() {
        return Ok(args.region.clone());
    }
    // Of a profile that is there only what was asked for changes.
    if asker.is_silent() || there.is_some() {
        return Ok(None);
    }
    let usual = Profile::find("default", view);
    let question = Question {
        text: "region",
        default: usual.as_ref().and_then(|it| it.value("region")),
        option: "--region REGION",
    };
    asker.optional(&question, check_region)
}

fn output_form(
    asker: &Asker,
    args: &ConfigureArgs,
    there: Option<&Profile>,
) -> Result<Option<String>> {
    if args.output.is_some() {
        return Ok(args.output.clone());
    }
    if asker.is_silent() || there.is_some() {
        return Ok(None);
    }
    let question = Question {
        text: "output of the AWS CLI (json, yaml, text, table; empty for none)",
        default: None,
        option: "--output FORM",
    };
    asker.optional(&question, check_output)
}

/// Writes, after showing what changes where something is there that could be lost. `None`:
/// there was nothing to do, or it was not to be done.
fn put<'e>(
    ctx: &Context,
    asker: &Asker,
    args: &ConfigureArgs,
    what: &str,
    is_there: bool,
    mut edits: impl FnMut(&[u8]) -> Result<Vec<SectionEdit<'e>>>,
) -> Result<Option<Rewrite>> {
    let planned = preview(ctx, &mut edits)?;
    if !planned.edited.is_changed() {
        output::eprintln(&format!("{what} says that already; nothing was changed"));
        return Ok(None);
    }
    if args.dry_run {
        output::print(&planned.diff(ctx))?;
        return Ok(None);
    }
    if is_there && !args.yes {
        output::eprintln(planned.diff(ctx).trim_end());
        if !asker.agrees(&format!("Change {what}?")) {
            return Err(Error::declined(format!("nothing was changed in {what}"))
                .hint("to change it without being asked, add --yes"));
        }
    }
    rewrite(ctx, edits).map(Some)
}

fn tell(ctx: &Context, written: &Rewrite, what: &str) {
    let path = ctx.in_short(ctx.config_file());
    output::eprintln(&format!("{path}: {what}"));
    if let Some(copy) = &written.backup {
        ctx.notices().trace(|| Trace::ConfigCopied {
            path: path.clone(),
            copy: ctx.in_short(copy),
        });
    }
}
