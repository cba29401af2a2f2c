//! Sign-in for a role, its environment, and notices about it, for `env`, `exec` and `console`.

use crate::cli::args::TargetArgs;
use crate::cli::ui::output;
use crate::context::Context;
use crate::domain::directory::hook::protect;
use crate::domain::role::environment_variables::{Change, changes};
use crate::domain::target::Target;
use crate::domain::text::sanitize;
use crate::error::Result;
use crate::flow::credentials::{self, SignIn};
use crate::flow::login::LoginOptions;
use crate::flow::{listing, resolve, resolve_config};

/// Allows a sign-in with the defaults of `sso login`, or none.
pub fn sign_in_if(allowed: bool) -> SignIn {
    match allowed {
        true => SignIn::Allowed(LoginOptions::default()),
        false => SignIn::No,
    }
}

/// Gets credentials and returns the changes that put them into the environment.
pub fn load(ctx: &Context, args: TargetArgs, sign_in: SignIn) -> Result<Vec<Change>> {
    let target = resolve::target(ctx, &args.into())?;
    let credentials = credentials::get(ctx, &target, sign_in)?;
    report_region_override(ctx, &target);
    report_confirm_match(ctx, &target);
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

/// Marks a role that matches `SSO_CONFIRM`, which the hook never loads.
pub fn report_confirm_match(ctx: &Context, target: &Target) {
    let patterns = ctx.var("SSO_CONFIRM").unwrap_or_default();
    let account_name = || {
        let instance = resolve_config::instance_of(ctx, target).ok()?;
        listing::account_name(ctx, &instance.session, &target.id.account)
    };
    if protect::is_protected(&patterns, target, account_name) {
        output::eprintln(&format!("sso: {} !! matches SSO_CONFIRM", target.label()));
    }
}
