//! First two stages: configuration with profile, and instance.

use crate::context::Context;
use crate::domain::check::{Finding, Stage, exit, instance};
use crate::domain::target::config_view::ConfigView;
use crate::domain::target::precedence::{
    ProfileChoice, ProfileOrigin, choose_profile, choose_region,
};
use crate::domain::target::profile::{Profile, ProfileKind};
use crate::domain::target::request::Request;
use crate::domain::target::{Instance, Target};
use crate::domain::text::sanitize;
use crate::error::Result;
use crate::os::file;

use super::Check;
use crate::flow::{directory, resolve, resolve_config};

/// Results that the warnings stage needs.
#[derive(Debug)]
pub(super) struct Resolved {
    /// Variable that names the profile.
    pub named_by: Option<&'static str>,
    /// Whether an error of the `.aws-sso` file was reported.
    pub told_of_directory: bool,
}

/// Parts of the target, not yet reported.
struct TargetLookup {
    profile: Option<String>,
    instance: Result<Instance>,
    /// Whether an option or the profile names the session.
    named: bool,
    account: Option<String>,
    role: Option<String>,
    region: Option<String>,
}

impl Check<'_> {
    /// Runs both stages. Returns `None` if the configuration is unreadable.
    pub(super) fn resolve(&mut self, request: &Request) -> Option<Resolved> {
        const WHY_NOT: &str = "the configuration cannot be used";
        let unreadable = |error| Finding::of_error("config_unreadable", exit::CONFIG, &error);
        let view = self.ctx.view().map_err(unreadable);
        let view = self.ok_or_fail(Stage::Config, view, WHY_NOT)?;
        let choice = choose_profile(request, &|name| self.ctx.var_without_hook(name));
        let origin = choice.as_ref().map(|choice| choice.origin);
        let mut resolved = Resolved {
            named_by: match origin {
                Some(ProfileOrigin::Variable(name)) => Some(name),
                _ => None,
            },
            told_of_directory: false,
        };
        let by_directory = match origin {
            Some(ProfileOrigin::Default) if !request.names_session() => {
                directory::complete_request(self.ctx, request)
            }
            _ => Ok(None),
        };
        let lookup = match by_directory {
            Ok(found) => {
                let (inner, choice) = found.unwrap_or_else(|| (request.clone(), choice));
                look_up_target(self.ctx, &view, request, inner, choice)
            }
            Err(error) => {
                resolved.told_of_directory = true;
                Err(Finding::of_error(
                    "directory_not_usable",
                    exit::CONFIG,
                    &error,
                ))
            }
        };
        let Some(lookup) = self.ok_or_fail(Stage::Config, lookup, WHY_NOT) else {
            return Some(resolved);
        };
        let path = view.config_path;
        let exists = file::exists(self.ctx.config_path());
        let detail = match &lookup.profile {
            Some(name) => format!("{path}, profile {}", sanitize(name)),
            None if exists => path.to_owned(),
            None => format!("there is no {path}"),
        };
        self.ok(Stage::Config, detail);
        self.target.profile = lookup.profile;
        self.target.account = lookup.account;
        self.target.role = lookup.role;
        self.target.region = lookup.region;
        let found = lookup
            .instance
            .map_err(|error| instance(&error, request, lookup.named, &view));
        self.target.instance = self.ok_or_fail(Stage::Instance, found, "no instance is known");
        if let Some(Instance { session, .. }) = &self.target.instance {
            let url = sanitize(&session.start_url);
            let detail = match &session.name {
                Some(name) => format!("{}  {url}  {}", sanitize(name), session.region),
                None => format!("{url}  {}", session.region),
            };
            self.ok(Stage::Instance, detail);
        }
        Some(resolved)
    }
}

/// Looks up the target. Fails only for errors in the profile itself.
fn look_up_target(
    ctx: &Context,
    view: &ConfigView,
    options: &Request,
    request: Request,
    choice: Option<ProfileChoice>,
) -> std::result::Result<TargetLookup, Finding> {
    let profile = choice
        .as_ref()
        .and_then(|choice| Profile::find(&choice.name, view));
    let own = |key: &str| profile.as_ref()?.value(key).map(str::to_owned);
    let by_options = options.account.is_some() || options.role.is_some();
    let target =
        (!by_options).then(|| resolve_config::target(ctx, request.clone(), choice.clone()));
    let instance = match &target {
        Some(Ok(target)) => resolve_config::instance_of(ctx, target),
        _ => {
            let request = match (&choice, request.names_session()) {
                (Some(choice), false) if choice.origin == ProfileOrigin::Directory => Request {
                    profile: Some(choice.name.clone()),
                    ..request.clone()
                },
                _ => request.clone(),
            };
            resolve::instance(ctx, &request)
        }
    };
    let named = options.names_session()
        || ["sso_session", "sso_start_url", "sso_region"]
            .iter()
            .any(|key| own(key).is_some());
    let missing = choice
        .as_ref()
        .is_some_and(|choice| choice.origin != ProfileOrigin::Default && profile.is_none());
    let broken = profile.as_ref().is_some_and(|profile| {
        let usable = matches!(
            profile.kind(),
            ProfileKind::SsoRole
                | ProfileKind::Helper(_)
                | ProfileKind::SessionOnly
                | ProfileKind::Nothing
        );
        profile.check_syntax().is_err() || !(usable || by_options)
    });
    let asks_for_more = profile.as_ref().is_some_and(|profile| {
        matches!(
            profile.kind(),
            ProfileKind::SsoRole | ProfileKind::Helper(_)
        ) && instance.is_ok()
    });
    if missing || broken || asks_for_more {
        let error = match (&target, &instance) {
            (Some(Err(error)), _) => Some(error),
            (None, Err(error)) => Some(error),
            _ => None,
        };
        let code = match missing {
            true => "profile_not_found",
            false => "profile_not_usable",
        };
        if let Some(error) = error {
            return Err(Finding::of_error(code, exit::CONFIG, error));
        }
    }
    let resolved = target.and_then(Result::ok);
    let of = |part: fn(&Target) -> &str| resolved.as_ref().map(|it| part(it).to_owned());
    let vars = |name: &str| ctx.var_without_hook(name);
    Ok(TargetLookup {
        account: of(|target| &target.id.account)
            .or(request.account)
            .or_else(|| own("sso_account_id")),
        role: of(|target| &target.id.role)
            .or(request.role)
            .or_else(|| own("sso_role_name")),
        region: match &resolved {
            Some(target) => target.region.clone(),
            None => choose_region(request.region.as_deref(), own("region").as_deref(), &vars),
        },
        profile: profile.map(|profile| profile.name.to_owned()),
        instance,
        named,
    })
}
