//! First two stages: configuration with profile, and instance.

use crate::context::Context;
use crate::domain::check::{
    Finding, Stage, StageReport, exit, invalid_region, no_instance, no_profile, no_role,
};
use crate::domain::names::is_region;
use crate::domain::target::config_view::ConfigView;
use crate::domain::target::precedence::{
    ProfileChoice, ProfileOrigin, choose_profile, choose_region,
};
use crate::domain::target::profile::{Profile, ProfileKind};
use crate::domain::target::request::Request;
use crate::domain::target::{Instance, Target};
use crate::domain::text::sanitize;
use crate::os::file;

use super::{Check, CheckedTarget};
use crate::flow::{directory, resolve, resolve_config};

/// Results that the warnings stage needs.
#[derive(Debug)]
pub(super) struct Resolved {
    /// Variable that names the profile.
    pub named_by: Option<&'static str>,
    /// Whether an error of the `.aws-sso` file was reported.
    pub told_of_directory: bool,
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
        let Some((target, instance, findings)) = self.ok_or_fail(Stage::Config, lookup, WHY_NOT)
        else {
            return Some(resolved);
        };
        let path = view.config_path;
        let exists = file::exists(self.ctx.config_path());
        let detail = match &target.profile {
            Some(name) => format!("{path}, profile {}", sanitize(name)),
            None if exists => path.to_owned(),
            None => format!("there is no {path}"),
        };
        match findings.is_empty() {
            true => self.ok(Stage::Config, detail),
            false => self.report(StageReport::new(Stage::Config, "", findings)),
        }
        self.target = target;
        self.target.instance = self.ok_or_fail(Stage::Instance, instance, "no instance is known");
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

/// The target, its instance apart from the rest, and errors of the first stage.
type Lookup = (CheckedTarget, Result<Instance, Finding>, Vec<Finding>);

/// Looks up the target, its instance apart from the rest, and errors that do not keep the later
/// stages from running. Fails only for errors in the profile itself.
fn look_up_target(
    ctx: &Context,
    view: &ConfigView,
    options: &Request,
    request: Request,
    choice: Option<ProfileChoice>,
) -> Result<Lookup, Finding> {
    let profile = choice
        .as_ref()
        .and_then(|choice| Profile::find(&choice.name, view));
    let is_missing = profile.is_none()
        && choice
            .as_ref()
            .is_some_and(|it| it.origin != ProfileOrigin::Default);
    let own = |key: &str| profile.as_ref()?.value(key).map(str::to_owned);
    let by_options = options.account.is_some() || options.role.is_some();
    let target =
        (!by_options).then(|| resolve_config::target(ctx, request.clone(), choice.clone()));
    let instance = match &target {
        Some(Ok(target)) => resolve_config::instance_of(ctx, target),
        _ => {
            let mut request = request.clone();
            let by_file = |it: &&ProfileChoice| it.origin == ProfileOrigin::Directory;
            if let Some(choice) = choice.as_ref().filter(by_file)
                && !request.names_session()
            {
                request.profile = Some(choice.name.clone());
            }
            resolve::instance(ctx, &request)
        }
    };
    let kind = profile.as_ref().map(Profile::kind);
    let has_role = matches!(kind, Some(ProfileKind::SsoRole | ProfileKind::Helper(_)));
    let is_usable = match kind {
        None | Some(ProfileKind::SessionOnly | ProfileKind::Nothing) => true,
        Some(_) => has_role || by_options,
    };
    let is_valid = profile.as_ref().is_none_or(|it| it.check_syntax().is_ok()) && is_usable;
    if let (Some(Err(error)), _) | (None, Err(error)) = (&target, &instance)
        && (is_missing || !is_valid || has_role && instance.is_ok())
    {
        return Err(match choice.filter(|_| is_missing) {
            Some(choice) => no_profile(error, &choice, view),
            None => Finding::of_error("profile_not_usable", exit::CONFIG, error),
        });
    }
    let mut findings = Vec::new();
    if let (Some(Err(error)), Ok(_)) = (&target, &instance)
        && !options.names_session()
    {
        findings.push(no_role(error));
    }
    let instance = instance.map_err(|error| {
        let session_keys = ["sso_session", "sso_start_url", "sso_region"];
        let is_named = options.names_session() || session_keys.iter().any(|key| own(key).is_some());
        no_instance(&error, options, is_named, view)
    });
    let resolved = target.and_then(Result::ok);
    let of = |part: fn(&Target) -> &String| resolved.as_ref().map(|it| part(it).clone());
    let vars = |name: &str| ctx.var_without_hook(name);
    let target = CheckedTarget {
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
        profile: profile.as_ref().map(|profile| profile.name.to_owned()),
        instance: None,
    };
    let region = target.region.as_deref();
    if let Some(region) = region.filter(|region| !is_region(region)) {
        let of_profile = profile.filter(|it| it.value("region") == Some(region));
        let variables = ["AWS_REGION", "AWS_DEFAULT_REGION"];
        let mut variables = variables.into_iter();
        let location = match (options.region.is_some(), of_profile) {
            (true, _) => Some("--region".to_owned()),
            (false, Some(profile)) => Some(profile.location_of("region")),
            (false, None) => variables
                .find(|name| vars(name).as_deref() == Some(region))
                .map(str::to_owned),
        };
        findings.push(invalid_region(region, location));
    }
    Ok((target, instance, findings))
}
