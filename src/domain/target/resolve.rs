//! From options, variables and configuration to the target (contract of the AWS config
//! dialect: AWS SDK reference, "Shared config and credentials files").
//!
//! It answers from the sections it is given and never reads more. Where they are only a
//! part of the files and the answer is an error, the caller asks again with all of them.

use crate::error::{Error, Hint, Result};

use super::Target;
use super::config_view::{ConfigView, Extent};
use super::precedence::{ProfileChoice, ProfileOrigin, choose_region};
use super::profile::{Kind, Profile};
use super::request::Request;
use super::sessions;
use super::sso_role::SsoRole;
use crate::domain::cache::key::{RoleId, SessionKey};
use crate::domain::names::{ACCOUNT_ID_FORM, is_account_id, is_profile_account_id};
use crate::domain::session::definition::Session;
use crate::domain::vars::Vars;

/// What resolving came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolution {
    /// A target.
    Target(Target),
    /// The profile's only source is our own `credential_process`: resolve this request
    /// instead, then put the outer profile's name and region over the result.
    Helper {
        /// What the line asks for.
        request: Request,
        /// The profile that holds the line.
        profile: String,
        /// That profile's region.
        region: Option<String>,
    },
}

/// Resolves a request.
pub fn resolve(
    request: &Request,
    choice: Option<&ProfileChoice>,
    view: &ConfigView,
    vars: Vars,
) -> Result<Resolution> {
    let profile = match choice {
        Some(choice) => chosen_profile(choice, view)?,
        None => None,
    };
    if let Some(profile) = &profile {
        profile.check_syntax()?;
    }
    let own = |key| profile.as_ref().and_then(|profile| profile.value(key));
    let region = choose_region(request.region.as_deref(), own("region"), vars);
    let by_options = request.account.is_some() && request.role.is_some();
    if let Some(profile) = &profile {
        match profile.kind() {
            Kind::Helper(line) => {
                let inner = Request::from_credential_process(line);
                return Ok(Resolution::Helper {
                    request: inner
                        .ok_or_else(|| profile.unusable())?
                        .overridden_by(request),
                    profile: profile.name.to_owned(),
                    region,
                });
            }
            Kind::SsoRole | Kind::SessionOnly | Kind::Nothing => {}
            _ if by_options => {}
            Kind::RoleChain
            | Kind::WebIdentity
            | Kind::StaticKeys
            | Kind::LoginSession
            | Kind::ForeignProcess => {
                return Err(profile.unusable());
            }
        }
    }
    let account = request.account.as_deref().or(own("sso_account_id"));
    let role = request.role.as_deref().or(own("sso_role_name"));
    let (account, role) = match (account, role) {
        (Some(account), Some(role)) => (account, role),
        (account, role) => {
            return Err(incomplete(
                request,
                choice,
                profile.as_ref(),
                view,
                account,
                role,
            ));
        }
    };
    let written_in = profile.as_ref().filter(|_| request.account.is_none());
    let is_valid = match written_in {
        Some(_) => is_profile_account_id(account),
        None => is_account_id(account),
    };
    if !is_valid {
        return Err(no_account(account, written_in));
    }
    let (key, session) = match session_ref(request, profile.as_ref(), view)? {
        SessionRef::Named(name) => (SessionKey::Name(name), None),
        SessionRef::Known(session) => (session.key(), Some(session)),
    };
    Ok(Resolution::Target(Target::SsoRole(SsoRole {
        id: RoleId {
            session: key,
            account: account.to_owned(),
            role: role.to_owned(),
        },
        session,
        region,
        // Where the options say otherwise, the profile's name would stand for another role.
        profile: profile
            .filter(|_| !request.overrides_profile())
            .map(|profile| profile.name.to_owned()),
        settings: profile.map(|profile| profile.name.to_owned()),
    })))
}

/// The session of a request, for the commands that need no account and role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SessionResolution {
    /// This one.
    Session(Session),
    /// The profile's only source is our own `credential_process`: resolve its request.
    Helper(Request),
}

/// Resolves the session of a request.
pub fn session(
    request: &Request,
    choice: Option<&ProfileChoice>,
    view: &ConfigView,
) -> Result<SessionResolution> {
    let profile = match choice {
        Some(choice) => chosen_profile(choice, view)?,
        None => None,
    };
    if let Some(Kind::Helper(line)) = profile.as_ref().map(Profile::kind)
        && !request.names_session()
        && let Some(inner) = Request::from_credential_process(line)
    {
        return Ok(SessionResolution::Helper(inner));
    }
    let session = match session_ref(request, profile.as_ref(), view)? {
        SessionRef::Known(session) => session,
        SessionRef::Named(name) => sessions::named(&name, view)?,
    };
    Ok(SessionResolution::Session(session))
}

/// A session by its name only, or with its definition.
enum SessionRef {
    Named(String),
    Known(Session),
}

fn session_ref(
    request: &Request,
    profile: Option<&Profile>,
    view: &ConfigView,
) -> Result<SessionRef> {
    if let Some(url) = request
        .session
        .as_deref()
        .filter(|name| name.contains("://"))
    {
        // Where sessions are listed, a legacy one is listed by its start URL.
        view.demand_whole()?;
        return sessions::by_word(url, view).map(SessionRef::Known);
    }
    if let Some(name) = &request.session {
        // Nothing but the name is needed for a cache look-up, and a request that is
        // complete by its options is promised to read no configuration.
        return if request.is_complete() && view.extent == Extent::Nothing {
            Ok(SessionRef::Named(name.clone()))
        } else {
            sessions::named(name, view).map(SessionRef::Known)
        };
    }
    if let Some(url) = &request.start_url {
        view.demand_whole()?;
        return sessions::by_start_url(url, request.sso_region.as_deref(), view)
            .map(SessionRef::Known);
    }
    if let Some(session) = profile
        .map(|profile| profile.session(view))
        .transpose()?
        .flatten()
    {
        return Ok(SessionRef::Known(session));
    }
    view.demand_instances()?;
    sessions::only(view).map(SessionRef::Known)
}

/// The chosen profile. `default` that nobody asked for may be missing.
fn chosen_profile<'a>(
    choice: &'a ProfileChoice,
    view: &ConfigView<'a>,
) -> Result<Option<Profile<'a>>> {
    if let Some(profile) = Profile::find(&choice.name, view) {
        return Ok(Some(profile));
    }
    let asked = match choice.origin {
        ProfileOrigin::Default => return Ok(None),
        ProfileOrigin::Option => "--profile",
        ProfileOrigin::Variable(name) => name,
        ProfileOrigin::Directory => ".aws-sso",
    };
    let similar = || {
        Some(format!(
            "did you mean {}?",
            view.similar_profile(&choice.name)?
        ))
    };
    let hint = view
        .refused(Some(&format!("`[{}]`", choice.name)))
        .or_else(similar)
        .or_else(|| view.refused(None))
        .unwrap_or_else(|| {
            let names = view.profile_names(8);
            if names.is_empty() {
                format!("{} has no profiles", view.config_path)
            } else {
                format!("there are: {}", names.join(", "))
            }
        });
    let shown = crate::domain::text::sanitize(&choice.name);
    Err(
        Error::configuration(format!("profile \"{shown}\" (from {asked}) does not exist"))
            .hint(hint),
    )
}

fn incomplete(
    request: &Request,
    choice: Option<&ProfileChoice>,
    profile: Option<&Profile>,
    view: &ConfigView,
    account: Option<&str>,
    role: Option<&str>,
) -> Error {
    let missing = match (account, role) {
        (Some(_), None) => "role",
        (None, Some(_)) => "account",
        _ => "account and role",
    };
    if request.account.is_some() || request.role.is_some() {
        let hint = match missing {
            "role" => Hint::GiveRole,
            _ => Hint::GiveAccount,
        };
        return Error::usage(format!("no {missing} given")).hint(hint);
    }
    match (profile, choice) {
        (Some(profile), _) if profile.kind() == Kind::SsoRole => {
            profile.missing(if missing == "role" {
                "sso_role_name"
            } else {
                "sso_account_id"
            })
        }
        (Some(profile), _) => Error::configuration(format!(
            "profile \"{}\" names no account and role ({})",
            profile.shown_name(),
            profile.place()
        ))
        .hint(Hint::CompleteProfile),
        (None, Some(_)) | (None, None) => Error::usage(
            "no profile was chosen, and there is no default one",
        )
        .hint(Hint::ChooseProfile {
            names: view.profile_names(8),
            config: view.config_path.into(),
        }),
    }
}

/// The error for what is no account id, from a profile or from the command line.
fn no_account(account: &str, profile: Option<&Profile>) -> Error {
    let shown = crate::domain::text::sanitize(account);
    let error = match profile {
        Some(profile) => Error::configuration(format!(
            "profile \"{}\": sso_account_id \"{shown}\" is not an account id ({})",
            profile.shown_name(),
            profile.place_of("sso_account_id")
        )),
        None => Error::usage(format!("\"{shown}\" is not an account id")),
    };
    error.hint(ACCOUNT_ID_FORM)
}
