//! What the commands with a target share.

use crate::context::Context;
use crate::domain::method::Wanted;
use crate::domain::target::SsoRole;
use crate::domain::text::shown;
use crate::error::Result;
use crate::flow::credentials::SignIn;
use crate::flow::login::Wish;
use crate::flow::target;

use super::super::args::SessionArgs;
use crate::domain::instances;
use crate::domain::request::Request;
use crate::domain::session::Session;

/// A sign-in as `sso login` would do it.
pub fn sign_in(allowed: bool) -> SignIn {
    if allowed {
        SignIn::Allowed(Wish::default())
    } else {
        SignIn::No
    }
}

/// A sign-in that wants only a browser.
pub fn browser_only(limit: std::time::Duration) -> SignIn {
    SignIn::Allowed(Wish {
        browser_only: true,
        wanted: Wanted::default(),
        limit,
        ..Wish::default()
    })
}

/// AWS tools let the variable win over the profile, and we do not: say so when it matters.
pub fn tell_about_region(ctx: &Context, role: &SsoRole) {
    let Some(region) = role
        .region
        .as_ref()
        .filter(|region| region.outranks_variables)
    else {
        return;
    };
    for variable in ["AWS_REGION", "AWS_DEFAULT_REGION"] {
        if let Some(value) = ctx.var(variable).filter(|value| *value != region.name) {
            let (region, value) = (shown(&region.name), shown(&value));
            ctx.say(&format!(
                "sso: the region is {region}, not {value} of {variable}"
            ));
            return;
        }
    }
}

/// The sessions that `login` and `logout` mean.
pub fn sessions(
    ctx: &Context,
    words: &[String],
    args: SessionArgs,
    all: bool,
) -> Result<Vec<Session>> {
    let view = ctx.view()?;
    if all {
        return instances::all(&view).into_iter().collect();
    }
    if words.is_empty() {
        return Ok(vec![target::session(ctx, &Request::from(args))?]);
    }
    words
        .iter()
        .map(|word| instances::by_word(word, &view))
        .collect()
}
