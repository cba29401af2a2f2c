//! What the commands with a target share.

use std::time::Duration;

use crate::cli::args::SessionArgs;
use crate::cli::exit;
use crate::cli::ui::output;
use crate::context::Context;
use crate::domain::directory::hook::protect;
use crate::domain::session::definition::Session;
use crate::domain::target::instance::Instance;
use crate::domain::target::request::Request;
use crate::domain::target::{Target, sessions};
use crate::domain::text::sanitize;
use crate::error::Result;
use crate::flow::credentials::SignIn;
use crate::flow::login::LoginOptions;
use crate::flow::{listing, resolve, resolve_config};

/// A sign-in as `sso login` would do it.
pub fn sign_in(allowed: bool) -> SignIn {
    if allowed {
        SignIn::Allowed(LoginOptions::default())
    } else {
        SignIn::No
    }
}

/// The same, of which somebody sees the end only when it comes soon.
pub fn sign_in_within(limit: Duration, browser_only: bool) -> SignIn {
    SignIn::Allowed(LoginOptions {
        browser_only,
        limit,
        ..LoginOptions::default()
    })
}

/// AWS tools let the variable win over the profile, and we do not; and both variables get
/// the one region. Says so when it matters.
pub fn tell_about_region(ctx: &Context, target: &Target) {
    let Some(region) = target.region() else {
        return;
    };
    for variable in ["AWS_REGION", "AWS_DEFAULT_REGION"] {
        if let Some(value) = ctx.given(variable).filter(|value| value != region) {
            let (region, value) = (sanitize(region), sanitize(&value));
            output::eprintln(&format!(
                "sso: the region is {region}, not {value} of {variable}"
            ));
            return;
        }
    }
}

/// Shows the mark of a role that is never loaded by itself.
pub fn tell_about_confirm(ctx: &Context, target: &Target) {
    let patterns = ctx.var("SSO_CONFIRM").unwrap_or_default();
    let name = || {
        let instance = resolve_config::instance_of(ctx, target).ok()?;
        listing::account_name(ctx, &instance.session, target.account())
    };
    if protect::is_protected(&patterns, target, name) {
        output::eprintln(&format!("sso: {} !! matches SSO_CONFIRM", target.label()));
    }
}

/// Does something with each of the sessions that `login` and `logout` mean, and prints what
/// it says. Of several each gets its turn, whatever becomes of the others; the first error
/// is the outcome.
pub fn for_each(
    ctx: &Context,
    words: &[String],
    args: SessionArgs,
    all: bool,
    mut act: impl FnMut(&Instance) -> Result<String>,
) -> Result<u8> {
    let chosen = sessions(ctx, words, args, all)?;
    let several = chosen.len() > 1;
    let mut code = 0;
    for chosen in chosen {
        match chosen.and_then(|instance| act(&instance)) {
            Ok(text) => output::eprintln(&text),
            Err(error) if several => {
                output::report(&error);
                code = if code == 0 { exit::code(&error) } else { code };
            }
            Err(error) => return Err(error),
        }
    }
    Ok(code)
}

fn sessions(
    ctx: &Context,
    words: &[String],
    args: SessionArgs,
    all: bool,
) -> Result<Vec<Result<Instance>>> {
    let view = ctx.view()?;
    let by_options = args.profile.clone();
    let chosen = |session: Result<Session>| {
        session.map(|session| Instance {
            session,
            settings: by_options.clone(),
        })
    };
    if all {
        let all = sessions::all(&view);
        if all.is_empty() {
            return sessions::only(&view).map(|_| Vec::new());
        }
        return Ok(all.into_iter().map(chosen).collect());
    }
    if words.is_empty() {
        return Ok(vec![resolve::instance(ctx, &Request::from(args))]);
    }
    Ok(words
        .iter()
        .map(|word| chosen(sessions::by_word(word, &view)))
        .collect())
}
