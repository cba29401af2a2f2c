//! The role that is loaded into this environment, for the prompt. Reads files only; no network.

use crate::context::Context;
use crate::domain::directory::hook::state::HookState;
use crate::domain::role::environment_variables::HOOK_STATE;
use crate::domain::session::state::SessionState;
use crate::domain::target::Target;
use crate::domain::target::precedence::{ProfileChoice, ProfileOrigin};
use crate::domain::target::request::Request;
use crate::domain::time::{Timestamp, format_duration};

use super::{credentials, resolve_config, status};

/// A role whose credentials, or whose profile's name, are in the environment.
#[derive(Clone, Debug)]
pub struct LoadedRole {
    /// Value of `AWS_SSO_PROFILE`, or of `AWS_PROFILE` if the hook has set it.
    pub name: String,
    /// Value of `AWS_REGION`.
    pub region: Option<String>,
    /// Expiry of the credentials.
    pub expires_at: Option<Timestamp>,
    account: Option<String>,
    /// Whether only the profile's name is loaded.
    is_profile: bool,
}

/// Details of a loaded role.
#[derive(Clone, Debug)]
pub struct LoadedDetails {
    pub account: Option<String>,
    pub role: Option<String>,
    /// Time left; the name of the state if the credentials have expired.
    pub left: String,
    /// `None` if no expiry is known, as for credentials of another tool.
    pub state: Option<SessionState>,
}

/// Returns the loaded role.
pub fn find(ctx: &Context) -> Option<LoadedRole> {
    let region = ctx.var("AWS_REGION");
    if let (Some(name), Some(_)) = (ctx.var("AWS_SSO_PROFILE"), ctx.var("AWS_ACCESS_KEY_ID")) {
        let expires_at = ctx.var("AWS_CREDENTIAL_EXPIRATION");
        return Some(LoadedRole {
            name,
            region,
            expires_at: expires_at.as_deref().and_then(Timestamp::parse),
            account: ctx.var("AWS_ACCOUNT_ID"),
            is_profile: false,
        });
    }
    let name = ctx.var("AWS_PROFILE")?;
    let state = HookState::parse(&ctx.var(HOOK_STATE)?)?;
    state.is_ours("AWS_PROFILE", &name).then_some(LoadedRole {
        name,
        region,
        expires_at: None,
        account: None,
        is_profile: true,
    })
}

impl LoadedRole {
    /// Returns the details. With `needs_role`, the configuration is read for the role, which
    /// the environment does not hold.
    pub fn details(&self, ctx: &Context, needs_role: bool) -> LoadedDetails {
        let now = ctx.now();
        let has_ended = self.expires_at.is_some_and(|at| at.is_past(now));
        let reads_config = needs_role || self.is_profile || has_ended;
        let resolved = reads_config.then(|| self.target(ctx)).flatten();
        let by_name = self.name.split_once('@').filter(|_| resolved.is_none());
        let of = |part: fn(&Target) -> &str| resolved.as_ref().map(|it| part(it).to_owned());
        let expires_at = match &resolved {
            Some(target) if self.is_profile => {
                credentials::cached_credentials(ctx, &target.id).map(|cached| cached.expiration)
            }
            _ => self.expires_at,
        };
        let left = expires_at.map_or(0, |at| at.left(now));
        let expired = expires_at.map(|_| SessionState::Expired);
        let state = match &resolved {
            _ if left > 0 => Some(SessionState::Valid),
            Some(target) if self.is_profile || expired.is_some() => {
                renewable(ctx, target).or(expired)
            }
            _ => expired,
        };
        LoadedDetails {
            account: self.account.clone().or(of(|target| &target.id.account)),
            role: of(|target| &target.id.role).or(by_name.map(|(role, _)| role.to_owned())),
            left: match left {
                1.. => format_duration(left),
                _ => state.map_or("", SessionState::name).to_owned(),
            },
            state,
        }
    }

    fn target(&self, ctx: &Context) -> Option<Target> {
        let choice = ProfileChoice {
            name: self.name.clone(),
            origin: ProfileOrigin::Variable("AWS_SSO_PROFILE"),
        };
        resolve_config::target(ctx, Request::default(), Some(choice)).ok()
    }
}

/// Returns the state of a role without valid credentials: whether the next use gets new ones
/// without a sign-in. `None` if the session has no token that could have expired.
fn renewable(ctx: &Context, target: &Target) -> Option<SessionState> {
    let instance = resolve_config::instance_of(ctx, target).ok()?;
    match status::session_state(ctx, &instance.session).ok()? {
        SessionState::Valid | SessionState::Refreshable => Some(SessionState::Refreshable),
        SessionState::Expired => Some(SessionState::Expired),
        SessionState::SignedOut | SessionState::Corrupt => None,
    }
}
