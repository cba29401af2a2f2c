//! What is loaded into this environment, for the prompt. Reads files only; no network.

use crate::context::Context;
use crate::domain::directory::hook::state::HookState;
use crate::domain::role::variables::HOOK_STATE;
use crate::domain::session::state::State;
use crate::domain::target::Target;
use crate::domain::target::precedence::{ProfileChoice, ProfileOrigin};
use crate::domain::target::request::Request;
use crate::domain::time::{Timestamp, format_duration};
use crate::os::store::lock_name::LockName;

use super::{credentials, resolve_config};

/// Credentials, or the name of a profile, in the environment.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// `AWS_SSO_PROFILE`, or `AWS_PROFILE` where a hook has set that.
    pub name: String,
    /// `AWS_REGION`.
    pub region: Option<String>,
    /// When the credentials end.
    pub expires_at: Option<Timestamp>,
    account: Option<String>,
    by_profile: bool,
}

/// What there is to say about it.
#[derive(Clone, Debug)]
pub struct Details {
    /// Account id.
    pub account: Option<String>,
    /// Role name.
    pub role: Option<String>,
    /// What is left, in words; the state where nothing is.
    pub left: String,
    /// Whether it can be used.
    pub state: State,
}

/// What is loaded, if anything is.
pub fn find(ctx: &Context) -> Option<Loaded> {
    let region = ctx.var("AWS_REGION");
    if let (Some(name), Some(_)) = (ctx.var("AWS_SSO_PROFILE"), ctx.var("AWS_ACCESS_KEY_ID")) {
        let expires_at = ctx.var("AWS_CREDENTIAL_EXPIRATION");
        return Some(Loaded {
            name,
            region,
            expires_at: expires_at.as_deref().and_then(Timestamp::parse),
            account: ctx.var("AWS_ACCOUNT_ID"),
            by_profile: false,
        });
    }
    let name = ctx.var("AWS_PROFILE")?;
    let state = HookState::parse(&ctx.var(HOOK_STATE)?)?;
    state.is_ours("AWS_PROFILE", &name).then_some(Loaded {
        name,
        region,
        expires_at: None,
        account: None,
        by_profile: true,
    })
}

impl Loaded {
    /// The rest. With `role` the configuration is read where the environment does not say
    /// the role.
    pub fn details(&self, ctx: &Context, role: bool) -> Details {
        let now = ctx.now();
        let ended = self.expires_at.is_none_or(|at| at.is_past(now));
        let resolved = (role || self.by_profile || ended)
            .then(|| self.target(ctx))
            .flatten();
        let by_name = self.name.split_once('@').filter(|_| resolved.is_none());
        let of = |part: fn(&Target) -> &str| resolved.as_ref().map(|it| part(it).to_owned());
        let expires_at = match &resolved {
            Some(target) if self.by_profile => {
                credentials::cached_for(ctx, target).map(|cached| cached.expiration)
            }
            _ => self.expires_at,
        };
        let left = expires_at.map_or(0, |at| at.left(now));
        let state = match &resolved {
            _ if left > 0 => State::Valid,
            Some(target) => renewable(ctx, target),
            None => State::Expired,
        };
        Details {
            account: self.account.clone().or(of(Target::account)),
            role: of(Target::role).or(by_name.map(|(role, _)| role.to_owned())),
            left: if left > 0 {
                format_duration(left)
            } else {
                state.name().to_owned()
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

/// Whether the next use brings new credentials without a sign-in.
fn renewable(ctx: &Context, target: &Target) -> State {
    let Ok(instance) = resolve_config::instance_of(ctx, target) else {
        return State::Expired;
    };
    let session = &instance.session;
    let key = session.key();
    let note = ctx.store().lock_note(LockName::Token(&key));
    let found = ctx.store().token(&key);
    let state = found.map(|found| State::of(&found, session, &note, ctx.now()));
    match state {
        Ok(state) if state.is_usable() => State::Refreshable,
        _ => State::Expired,
    }
}
