//! Resolves a request against the configuration alone and reads as little of it as possible.
//! `resolve` applies the directory.

use crate::context::Context;
use crate::domain::cache::key::SessionKey;
use crate::domain::target::precedence::{ProfileChoice, choose_profile};
use crate::domain::target::request::Request;
use crate::domain::target::resolve::{Resolution, resolve};
use crate::domain::target::{Instance, Target, sessions};
use crate::domain::text::sanitize;
use crate::error::{Error, Hint, Result};

/// Limit on profiles that name each other in `credential_process`; more are a loop.
pub(super) const MAX_STEPS: usize = 8;

/// Resolves a request, given the profile that applies to it.
pub fn target(
    ctx: &Context,
    mut request: Request,
    mut choice: Option<ProfileChoice>,
) -> Result<Target> {
    let mut outer: Option<(String, Option<String>)> = None;
    for _ in 0..MAX_STEPS {
        match step(ctx, &request, choice.as_ref())? {
            Resolution::Target(mut target) => {
                if let Some((profile, region)) = outer {
                    target.profile = Some(profile);
                    target.region = region.or(target.region);
                }
                ctx.trace(|| {
                    let (name, account) = (sanitize(&target.id.role), &target.id.account);
                    let session = sanitize(target.id.session.label());
                    format!("role {name} in account {account}, session {session}")
                });
                return Ok(target);
            }
            Resolution::Helper {
                request: inner,
                profile,
                region,
            } => {
                ctx.trace(|| {
                    let profile = sanitize(&profile);
                    format!("profile {profile} calls sso itself; following its arguments")
                });
                outer.get_or_insert((profile, region));
                choice = choose_profile(&inner, &|name| ctx.var_without_hook(name));
                request = inner;
            }
        }
    }
    Err(loops(&outer.map(|(name, _)| name).unwrap_or_default()))
}

fn step(ctx: &Context, request: &Request, choice: Option<&ProfileChoice>) -> Result<Resolution> {
    let vars = |name: &str| ctx.var_without_hook(name);
    if choice.is_none()
        && request.session.is_some()
        && let Ok(resolution) = resolve(request, None, &ctx.unread_view(), &vars)
    {
        return Ok(resolution);
    }
    // Legacy sessions and the names in hints need the whole configuration.
    ctx.query_config(choice.map(|choice| choice.name.as_str()), |view| {
        resolve(request, choice, view, &vars)
    })
}

/// Returns the instance of a target. Reads the configuration if resolving did not.
pub fn instance_of(ctx: &Context, target: &Target) -> Result<Instance> {
    let session = match (&target.session, &target.id.session) {
        (Some(session), _) => session.clone(),
        (None, SessionKey::Name(name)) => sessions::by_name(name, &ctx.view()?)?,
        (None, SessionKey::StartUrl(url)) => sessions::by_start_url(url, None, &ctx.view()?)?,
    };
    Ok(Instance {
        session,
        settings: target.settings.clone(),
    })
}

/// Returns the error for a `credential_process` loop.
pub(super) fn loops(profile: &str) -> Error {
    let profile = sanitize(profile);
    Error::configuration(format!(
        "the credential_process of profile \"{profile}\" leads back to itself"
    ))
    .hint(Hint::NameRoleInHelper)
}
