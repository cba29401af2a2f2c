//! `sso configure`: writes a profile from options and answers.

mod choose_session;
mod dialog;
mod migrate;
mod role_picker;
mod write;

use self::choose_session::ChosenSession;
use self::dialog::Dialog;
use self::role_picker::ChosenRole;
use crate::cli::args::ConfigureArgs;
use crate::cli::ui::output;
use crate::cli::ui::questions::Prompter;
use crate::context::Context;
use crate::domain::profiles::configure::{
    RoleProfile, check_output, check_profile_name, check_region, check_source, profile_not_found,
    suggest_profile_name,
};
use crate::domain::target::config_view::ConfigView;
use crate::domain::target::profile::Profile;
use crate::domain::text::sanitize;
use crate::error::{Error, Result};
use crate::flow::config_file;
use crate::flow::configure::SignInRollback;

pub fn run(ctx: &Context, args: ConfigureArgs) -> Result<u8> {
    if !args.dry_run {
        config_file::check_writable(ctx)?;
    }
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
    let profile = profile.as_ref();
    for region in args.region.iter().chain(&args.sso_region) {
        check_region(region)?;
    }
    args.output.as_deref().map_or(Ok(()), check_output)?;
    let dialog = Dialog {
        ctx,
        args: &args,
        view: &view,
        prompter: Prompter::new(ctx, args.yes),
    };
    let chosen = dialog.choose_session(profile)?;
    let session = &chosen.instance.session;
    let rollback = SignInRollback::begin(ctx, session, !chosen.is_new);
    let outcome = dialog.configure_profile(&chosen, profile);
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

impl Dialog<'_> {
    /// Asks for role, name, region and output format, and writes the profile.
    fn configure_profile(&self, chosen: &ChosenSession, profile: Option<&Profile>) -> Result<()> {
        let role = self.choose_role(chosen, profile)?;
        let name = match self.args.profiles.first() {
            Some(name) => name.clone(),
            None => self.choose_name(&role),
        };
        // The user may have answered with the name of another profile.
        let before = Profile::find(&name, self.view);
        before.as_ref().map_or(Ok(()), check_source)?;
        let (region, output) = self.choose_settings(before.is_some());
        let wanted = RoleProfile {
            profile: &name,
            session: &chosen.instance.session,
            new_session: chosen.is_new,
            account: &role.account,
            role: &role.role,
            region: region.as_deref(),
            output: output.as_deref(),
        };
        let edits = wanted.edits();
        let subject = format!("profile \"{}\"", sanitize(&name));
        let written = write::write(self.ctx, self.args, &subject, before.is_some(), |_| {
            Ok(edits.clone())
        })?;
        if let Some(written) = written {
            let (role, account) = (sanitize(wanted.role), sanitize(wanted.account));
            let session = sanitize(wanted.session.label());
            let text = format!("{subject}: role {role} in account {account}, session {session}");
            write::report(self.ctx, &written, &text);
        }
        Ok(())
    }

    fn choose_name(&self, role: &ChosenRole) -> String {
        let account_name = role.account_name.as_deref();
        let proposed = suggest_profile_name(account_name, &role.account, &role.role);
        let check = |name: &str| check_profile_name(name, self.view);
        let name = self
            .prompter
            .ask_optional("profile name", Some(&proposed), check);
        name.unwrap_or(proposed)
    }

    /// Chooses region and output format. Those of an existing profile change only by option.
    fn choose_settings(&self, exists: bool) -> (Option<String>, Option<String>) {
        let (mut region, mut output) = (self.args.region.clone(), self.args.output.clone());
        if exists || self.args.pick || self.prompter.is_silent {
            return (region, output);
        }
        if region.is_none() {
            let default = Profile::find("default", self.view);
            let default = default.as_ref().and_then(|it| it.value("region"));
            region = self.prompter.ask_optional("region", default, check_region);
        }
        if output.is_none() {
            let text = "output of the AWS CLI (json, yaml, text, table; empty for none)";
            output = self.prompter.ask_optional(text, None, check_output);
        }
        (region, output)
    }
}
