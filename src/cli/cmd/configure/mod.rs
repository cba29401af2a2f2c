//! `sso configure`: writes a profile from options and answers.

mod choose_role;
mod choose_session;
mod migrate;
mod write;

use crate::cli::args::ConfigureArgs;
use crate::cli::ui::output;
use crate::cli::ui::questions::{Prompter, Question};
use crate::context::Context;
use crate::domain::profiles::configure::{
    RoleProfile, check_output, check_profile_name, check_region, check_source, profile_not_found,
    suggest_profile_name,
};
use crate::domain::target::config_view::ConfigView;
use crate::domain::target::profile::Profile;
use crate::domain::text::sanitize;
use crate::error::{Error, Result};
use crate::flow::configure::SignInRollback;

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
    let view = ctx.view()?;
    let profile = existing_profile(&args, &view)?;
    for region in args.region.iter().chain(&args.sso_region) {
        check_region(region)?;
    }
    if let Some(format) = &args.output {
        check_output(format)?;
    }
    let prompter = Prompter::new(ctx, args.yes);
    let chosen = choose_session::choose(ctx, &prompter, &args, profile.as_ref(), &view)?;
    let session = &chosen.instance.session;
    let rollback = SignInRollback::begin(ctx, session, !chosen.is_new);
    let outcome = configure_profile(ctx, &prompter, &args, &chosen, profile.as_ref(), &view);
    if outcome.is_err() || args.dry_run {
        match rollback.sign_out() {
            None => {}
            Some(Ok(())) => output::eprintln(&format!(
                "signed out of {} again: it is not configured",
                sanitize(session.label())
            )),
            Some(Err(error)) => output::report(&error),
        }
    }
    outcome.map(|()| 0)
}

/// Finds the profile that the arguments name, and checks that it can be changed.
fn existing_profile<'a>(
    args: &'a ConfigureArgs,
    view: &'a ConfigView<'a>,
) -> Result<Option<Profile<'a>>> {
    let name = match args.profiles.first() {
        Some(name) => name,
        None if args.pick => {
            return Err(Error::usage("no profile was given")
                .hint("add its name: sso configure --pick PROFILE"));
        }
        None => return Ok(None),
    };
    let profile = Profile::find(name, view);
    check_profile_name(name, view)?;
    match &profile {
        Some(profile) => check_source(profile)?,
        None if args.pick => return Err(profile_not_found(name)),
        None => {}
    }
    Ok(profile)
}

/// Asks for role, name, region and output format, and writes the profile.
fn configure_profile(
    ctx: &Context,
    prompter: &Prompter,
    args: &ConfigureArgs,
    chosen: &choose_session::ChosenSession,
    profile: Option<&Profile>,
    view: &ConfigView,
) -> Result<()> {
    let role = choose_role::choose(ctx, prompter, args, chosen, profile)?;
    let name = match args.profiles.first() {
        Some(name) => name.clone(),
        None => choose_name(prompter, &role, view)?,
    };
    // The user may have answered with the name of another profile.
    let before = Profile::find(&name, view);
    if let Some(profile) = &before {
        check_source(profile)?;
    }
    let (region, output_format) = match args.pick {
        true => (args.region.clone(), args.output.clone()),
        false => (
            choose_region(prompter, args, before.as_ref(), view)?,
            choose_output_format(prompter, args, before.as_ref())?,
        ),
    };
    let wanted = RoleProfile {
        profile: &name,
        session: &chosen.instance.session,
        new_session: chosen.is_new,
        account: &role.account,
        role: &role.role,
        region: region.as_deref(),
        output: output_format.as_deref(),
    };
    let edits = wanted.edits();
    let subject = format!("profile \"{}\"", sanitize(&name));
    let written = write::write(ctx, prompter, args, &subject, before.is_some(), |_| {
        Ok(edits.clone())
    })?;
    if let Some(written) = written {
        let (role, account) = (sanitize(wanted.role), sanitize(wanted.account));
        let session = sanitize(wanted.session.label());
        let text = format!("{subject}: role {role} in account {account}, session {session}");
        write::report(ctx, &written, &text);
    }
    Ok(())
}

fn choose_name(
    prompter: &Prompter,
    role: &choose_role::ChosenRole,
    view: &ConfigView,
) -> Result<String> {
    let proposed = suggest_profile_name(role.account_name.as_deref(), &role.account, &role.role);
    let question = Question {
        text: "profile name",
        default: Some(&proposed),
        option: "its name behind `sso configure`",
    };
    let name = prompter.ask_optional(&question, |name| check_profile_name(name, view))?;
    Ok(name.unwrap_or(proposed))
}

fn choose_region(
    prompter: &Prompter,
    args: &ConfigureArgs,
    profile: Option<&Profile>,
    view: &ConfigView,
) -> Result<Option<String>> {
    // The region of an existing profile changes only by option.
    if args.region.is_some() || prompter.is_silent() || profile.is_some() {
        return Ok(args.region.clone());
    }
    let default = Profile::find("default", view);
    let question = Question {
        text: "region",
        default: default.as_ref().and_then(|it| it.value("region")),
        option: "--region REGION",
    };
    prompter.ask_optional(&question, check_region)
}

fn choose_output_format(
    prompter: &Prompter,
    args: &ConfigureArgs,
    profile: Option<&Profile>,
) -> Result<Option<String>> {
    // The output format of an existing profile changes only by option.
    if args.output.is_some() || prompter.is_silent() || profile.is_some() {
        return Ok(args.output.clone());
    }
    let question = Question {
        text: "output of the AWS CLI (json, yaml, text, table; empty for none)",
        default: None,
        option: "--output FORM",
    };
    prompter.ask_optional(&question, check_output)
}
