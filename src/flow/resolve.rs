//! Resolves a request from options, environment variables, directory and configuration.

use crate::context::Context;
use crate::domain::target::precedence::{ProfileOrigin, choose_profile};
use crate::domain::target::profile::Profile;
use crate::domain::target::request::Request;
use crate::domain::target::resolve::{self as rules, SessionResolution};
use crate::domain::target::{Instance, Target};
use crate::error::Result;

use super::directory;
use super::resolve_config::{self, MAX_STEPS, loops};

/// Resolves the target whose credentials a command needs.
pub fn target(ctx: &Context, request: &Request) -> Result<Target> {
    let choice = choose_profile(request, &|name| ctx.var_without_hook(name));
    let origin = choice.as_ref().map(|choice| choice.origin);
    let by_directory = match origin {
        Some(ProfileOrigin::Default) => directory::complete_request(ctx, request)?,
        _ => None,
    };
    let (request, choice) = by_directory.unwrap_or_else(|| (request.clone(), choice));
    let target = resolve_config::target(ctx, request, choice)?;
    if let Some(ProfileOrigin::Variable(variable)) = origin {
        directory::report_outranked(ctx, variable, &target);
    }
    Ok(target)
}

/// Resolves the instance of a command that needs no account and role.
pub fn instance(ctx: &Context, request: &Request) -> Result<Instance> {
    let mut request = request.clone();
    for _ in 0..MAX_STEPS {
        let choice = choose_profile(&request, &|name| ctx.var_without_hook(name));
        let is_default = choice
            .as_ref()
            .is_some_and(|it| it.origin == ProfileOrigin::Default);
        if is_default
            && !request.names_session()
            && let Some(found) = directory::instance(ctx)
        {
            return Ok(found);
        }
        let choice = choice.filter(|_| request.profile.is_some() || !request.names_session());
        let profile = choice.as_ref().map(|choice| choice.name.as_str());
        let (resolution, exists) = ctx.query_config(profile, |view| {
            let exists = profile.is_some_and(|name| Profile::find(name, view).is_some());
            Ok((
                rules::resolve_session(&request, choice.as_ref(), view)?,
                exists,
            ))
        })?;
        match resolution {
            SessionResolution::Session(session) => {
                return Ok(Instance {
                    session,
                    settings: profile.filter(|_| exists).map(str::to_owned),
                });
            }
            SessionResolution::Helper(inner) => request = inner,
        }
    }
    Err(loops(request.profile.as_deref().unwrap_or_default()))
}
