//! Sign-in for a role, its environment, and notices about it, for `env`, `exec` and `console`.

use crate::cli::args::TargetArgs;
use crate::cli::ui::output;
use crate::context::Context;
use crate::domain::role::environment_variables::{Change, changes};
use crate::domain::target::Target;
use crate::domain::text::sanitize;
use crate::error::{Error, Hint, Result};
use crate::flow::credentials::{self, SignIn};
use crate::flow::login::LoginOptions;
use crate::flow::{protection, resolve};
use crate::os::terminal;

/// Allows a sign-in with the defaults of `sso login`, or none.
pub fn sign_in_if(allowed: bool) -> SignIn {
    match allowed {
        true => SignIn::Allowed(LoginOptions::default()),
        false => SignIn::No,
    }
}

/// Gets credentials and returns the changes that put them into the environment. `yes` answers
/// for a protected role.
pub fn load(
    ctx: &Context,
    args: TargetArgs,
    sign_in: SignIn,
    yes: bool,
    command: &'static str,
) -> Result<Vec<Change>> {
    let target = resolve::target(ctx, &args.into())?;
    confirm_protected(ctx, &target, yes, command)?;
    let credentials = credentials::get(ctx, &target, sign_in)?;
    report_region_override(ctx, &target);
    let names = ctx.var_names();
    let names = names.iter().map(String::as_str);
    Ok(changes(&target, &credentials, names))
}

/// Tells the user that the role's region replaces another one of the environment: for the AWS
/// tools the variable outranks the profile, for `sso` it does not.
fn report_region_override(ctx: &Context, target: &Target) {
    let Some(region) = target.region.as_deref() else {
        return;
    };
    let mut variables = ["AWS_REGION", "AWS_DEFAULT_REGION"].into_iter();
    let overridden = variables.find_map(|variable| {
        let value = ctx.var_without_hook(variable);
        value.filter(|it| it != region).map(|it| (variable, it))
    });
    if let Some((variable, value)) = overridden {
        let (region, value) = (sanitize(region), sanitize(&value));
        output::eprintln(&format!(
            "sso: the region is {region}, not {value} of {variable}"
        ));
    }
}

/// Asks whether to go on with a role that matches `SSO_PROTECT`, on the controlling terminal: in a
/// pipeline or in `$(…)` stdin and stdout are none.
pub fn confirm_protected(
    ctx: &Context,
    target: &Target,
    yes: bool,
    command: &'static str,
) -> Result<()> {
    if yes {
        return Ok(());
    }
    let Some(protection) = protection::of(ctx, target, false)? else {
        return Ok(());
    };
    let what = format!("{} is protected: {protection}", target.label());
    match terminal::confirm_on_terminal(&format!("sso: {what}. Continue?")) {
        Some(true) => Ok(()),
        Some(false) => Err(Error::declined(format!("{what}, and was not confirmed"))),
        None => {
            let message = format!("{what}, and there is no terminal to ask on");
            Err(Error::declined(message).hint(Hint::AnswerYes { command }))
        }
    }
}
