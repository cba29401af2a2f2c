//! From the options to the target, reading as little of the configuration as that takes.

use crate::context::{Context, Documents};
use crate::domain::session::definition::Session;
use crate::domain::target::precedence::{ProfileChoice, ProfileOrigin, choose_profile};
use crate::domain::target::profile::Profile;
use crate::domain::target::request::Request;
use crate::domain::target::resolve::{Resolution, SessionResolution, resolve};
use crate::domain::target::sso_role::{SessionRef, SsoRole, Target};
use crate::domain::target::{resolve as rules, sessions};
use crate::domain::text::sanitize;
use crate::error::{Error, Hint, Result};
use crate::notice::Trace;

use super::directory;

/// A helper line may lead to a profile with a helper line; more steps than this are a loop.
const MAX_STEPS: usize = 8;

/// The role that the options, the variables, the directory and the configuration mean.
pub fn role(ctx: &Context, request: &Request) -> Result<SsoRole> {
    let choice = choose_profile(request, &|name| ctx.given(name));
    let origin = choice.as_ref().map(|choice| choice.origin);
    let by_directory = match origin {
        Some(ProfileOrigin::Default) => directory::named(ctx, request)?,
        _ => None,
    };
    let (request, choice) = by_directory.unwrap_or_else(|| (request.clone(), choice));
    let role = role_of(ctx, request, choice)?;
    if let Some(ProfileOrigin::Variable(variable)) = origin {
        directory::tell_outranked(ctx, variable, &role);
    }
    Ok(role)
}

/// The role of a request with this profile.
pub(super) fn role_of(
    ctx: &Context,
    mut request: Request,
    mut choice: Option<ProfileChoice>,
) -> Result<SsoRole> {
    let mut outer: Option<(String, Option<String>)> = None;
    for _ in 0..MAX_STEPS {
        match step(ctx, &request, choice.as_ref())? {
            Resolution::Target(Target::SsoRole(mut role)) => {
                if let Some((profile, region)) = outer {
                    role.profile = Some(profile);
                    role.region = region.or(role.region);
                }
                ctx.notices().trace(|| Trace::RoleResolved {
                    role: role.role.clone(),
                    account: role.account.clone(),
                    session: role.session.label().to_owned(),
                });
                return Ok(role);
            }
            Resolution::Helper {
                request: inner,
                profile,
                region,
            } => {
                ctx.notices().trace(|| Trace::FollowingHelper {
                    profile: profile.clone(),
                });
                outer.get_or_insert((profile, region));
                choice = choose_profile(&inner, &|name| ctx.given(name));
                request = inner;
            }
        }
    }
    Err(loops(&outer.map(|(name, _)| name).unwrap_or_default()))
}

fn step(ctx: &Context, request: &Request, choice: Option<&ProfileChoice>) -> Result<Resolution> {
    let vars = |name: &str| ctx.given(name);
    if choice.is_none() && request.session.is_some() {
        let nothing = Documents::default();
        if let Ok(resolution) = resolve(request, None, &ctx.unread_view(&nothing), &vars) {
            return Ok(resolution);
        }
    }
    // Only the whole configuration knows what else there is, and legacy instances.
    ctx.by_part(choice.map(|choice| choice.name.as_str()), |view| {
        resolve(request, choice, view, &vars)
    })
}

/// Everything about a session, which so far may only have its name.
pub fn known_session(ctx: &Context, role: &SsoRole) -> Result<Session> {
    match &role.session {
        SessionRef::Known(session) => Ok(session.clone()),
        SessionRef::Named(name) => sessions::named(name, &ctx.view()?),
    }
}

/// The session that the options mean, for commands that need no role, and the profile that
/// led to it.
pub fn session(ctx: &Context, request: &Request) -> Result<(Session, Option<String>)> {
    let mut request = request.clone();
    for _ in 0..MAX_STEPS {
        let choice = choose_profile(&request, &|name| ctx.given(name));
        let by_nothing = choice
            .as_ref()
            .is_some_and(|it| it.origin == ProfileOrigin::Default);
        if by_nothing
            && !request.names_session()
            && let Some(found) = directory::session(ctx)
        {
            return Ok(found);
        }
        let choice = choice.filter(|_| request.profile.is_some() || !request.names_session());
        let profile = choice.as_ref().map(|choice| choice.name.as_str());
        let (resolution, exists) = ctx.by_part(profile, |view| {
            let exists = profile.is_some_and(|name| Profile::find(name, view).is_some());
            Ok((rules::session(&request, choice.as_ref(), view)?, exists))
        })?;
        match resolution {
            SessionResolution::Session(session) => {
                let profile = profile.filter(|_| exists).map(str::to_owned);
                return Ok((session, profile));
            }
            SessionResolution::Helper(inner) => request = inner,
        }
    }
    Err(loops(request.profile.as_deref().unwrap_or_default()))
}

fn loops(profile: &str) -> Error {
    let profile = sanitize(profile);
    Error::configuration(format!(
        "the credential_process of profile \"{profile}\" leads back to itself"
    ))
    .hint(Hint::NameRoleInHelper)
}
