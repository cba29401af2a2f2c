//! Resolves options, variables and configuration to a target.
//!
//! Uses only the sections that it is given. If these are a part of the files and the result is an
//! error, the caller asks again with everything. The source of the rules is the AWS SDKs and
//! Tools Reference Guide, "Shared config and credentials files".

use super::Target;
use super::config_view::{ConfigExtent, ConfigView};
use super::precedence::{ProfileChoice, ProfileOrigin, choose_region};
use super::profile::{Profile, ProfileKind};
use super::request::Request;
use super::sessions;
use crate::domain::cache::key::{RoleId, SessionKey};
use crate::domain::names::{account_id_form, is_account_id, is_profile_account_id};
use crate::domain::session::definition::Session;
use crate::domain::text::sanitize;
use crate::domain::vars::Vars;
use crate::error::{Error, Hint, Result};

/// Number of profile names in a hint.
const MAX_NAMES: usize = 8;

/// Result of resolving a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolution {
    /// The target.
    Target(Target),
    /// The only source of the profile is a `credential_process` that calls `sso`. Its request is
    /// to be resolved instead, and this profile and region then replace those of the result.
    Helper {
        /// Request in the command.
        request: Request,
        /// Profile with the command.
        profile: String,
        /// Region of that profile.
        region: Option<String>,
    },
}

/// Resolves a request, given the profile that applies to it. Fails if the configuration is invalid
/// or incomplete for the request, or too little of it was read.
pub fn resolve(
    request: &Request,
    choice: Option<&ProfileChoice>,
    view: &ConfigView,
    vars: Vars,
) -> Result<Resolution> {
    let profile = chosen_profile(choice, view)?;
    if let Some(profile) = &profile {
        profile.check_syntax()?;
    }
    let own = |key| profile.as_ref().and_then(|profile| profile.value(key));
    let region = choose_region(request.region.as_deref(), own("region"), vars);
    let by_options = request.account.is_some() && request.role.is_some();
    if let Some(profile) = &profile {
        match profile.kind() {
            ProfileKind::Helper(line) => {
                let inner = Request::from_credential_process(line);
                let inner = inner.ok_or_else(|| profile.foreign_source_error())?;
                return Ok(Resolution::Helper {
                    request: inner.overridden_by(request),
                    profile: profile.name.to_owned(),
                    region,
                });
            }
            ProfileKind::SsoRole | ProfileKind::SessionOnly | ProfileKind::Nothing => {}
            _ if by_options => {}
            ProfileKind::RoleChain
            | ProfileKind::WebIdentity
            | ProfileKind::StaticKeys
            | ProfileKind::LoginSession
            | ProfileKind::ForeignProcess => {
                return Err(profile.foreign_source_error());
            }
        }
    }
    let account = request.account.as_deref().or(own("sso_account_id"));
    let role = request.role.as_deref().or(own("sso_role_name"));
    let (Some(account), Some(role)) = (account, role) else {
        let profile = profile.as_ref();
        return Err(incomplete(request, profile, view, account, role));
    };
    let source = profile.as_ref().filter(|_| request.account.is_none());
    let is_valid = match source {
        Some(_) => is_profile_account_id(account),
        None => is_account_id(account),
    };
    if !is_valid {
        return Err(invalid_account(account, source));
    }
    // The service would only say that there is no such role.
    if let Some(profile) = profile.as_ref().filter(|_| request.role.is_none())
        && role.trim() != role
    {
        return Err(Error::configuration(format!(
            "{}: sso_role_name \"{}\" is not a role name ({})",
            profile.title(),
            sanitize(role),
            profile.location_of("sso_role_name")
        )));
    }
    let (key, session) = match &request.session {
        // The name is enough to find cached credentials, and a request with all of the target in
        // its options must not read the configuration.
        Some(name)
            if request.is_complete()
                && view.extent == ConfigExtent::Nothing
                && !name.contains("://") =>
        {
            (SessionKey::Name(name.clone()), None)
        }
        _ => {
            let session = find_session(request, profile.as_ref(), view)?;
            (session.key(), Some(session))
        }
    };
    Ok(Resolution::Target(Target {
        id: RoleId {
            session: key,
            account: account.to_owned(),
            role: role.to_owned(),
        },
        session,
        region,
        // With overriding options, the name of the profile would stand for another role.
        profile: profile
            .filter(|_| !request.overrides_profile())
            .map(|profile| profile.name.to_owned()),
        settings: profile.map(|profile| profile.name.to_owned()),
    }))
}

/// Result of resolving the session of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SessionResolution {
    /// The session.
    Session(Session),
    /// The only source of the profile is a `credential_process` that calls `sso`. Its request is
    /// to be resolved instead.
    Helper(Request),
}

/// Resolves the session of a request, for commands that need no account and role.
pub fn resolve_session(
    request: &Request,
    choice: Option<&ProfileChoice>,
    view: &ConfigView,
) -> Result<SessionResolution> {
    let mut profile = chosen_profile(choice, view)?;
    if !request.names_session() {
        let source = profile.map(|profile| profile.session_source(view));
        profile = source.transpose()?;
    }
    if let Some(ProfileKind::Helper(line)) = profile.as_ref().map(Profile::kind)
        && !request.names_session()
        && let Some(inner) = Request::from_credential_process(line)
    {
        return Ok(SessionResolution::Helper(inner));
    }
    find_session(request, profile.as_ref(), view).map(SessionResolution::Session)
}

/// Returns the session that the options name, or else the profile, or else the only one.
fn find_session(
    request: &Request,
    profile: Option<&Profile>,
    view: &ConfigView,
) -> Result<Session> {
    if let Some(name) = &request.session {
        if !name.contains("://") {
            return sessions::by_name(name, view);
        }
        // Listings show a legacy session by its start URL.
        view.require(ConfigExtent::Whole)?;
        return sessions::by_term(name, view);
    }
    if let Some(url) = &request.start_url {
        view.require(ConfigExtent::Whole)?;
        return sessions::by_start_url(url, request.sso_region.as_deref(), view);
    }
    if let Some(profile) = profile {
        let profile = profile.session_source(view)?;
        let session = match profile.kind() {
            // Its own `sso_*` keys are not read.
            ProfileKind::RoleChain => None,
            _ => sessions::of_profile(&profile, view)?,
        };
        if let Some(session) = session {
            return Ok(session);
        }
        // The user has named the profile: no other session is meant.
        if request.profile.is_some() {
            let error = profile.no_session_error();
            view.require(ConfigExtent::Whole)?;
            let misspelt = profile.misspelt_key("sso_session", view);
            return Err(match misspelt {
                Some(hint) => error.hint(hint),
                None => error.hint(sessions::name_session_hint(view)),
            });
        }
    }
    view.require(ConfigExtent::Sessions)?;
    sessions::only(view)
}

/// Returns the chosen profile. The profile `default` may be absent if nothing named it.
fn chosen_profile<'a>(
    choice: Option<&'a ProfileChoice>,
    view: &ConfigView<'a>,
) -> Result<Option<Profile<'a>>> {
    let Some(choice) = choice else {
        return Ok(None);
    };
    if let Some(profile) = Profile::find(&choice.name, view) {
        return Ok(Some(profile));
    }
    let named_by = match choice.origin {
        ProfileOrigin::Default => return Ok(None),
        ProfileOrigin::Option => "--profile",
        ProfileOrigin::Variable(name) => name,
        ProfileOrigin::Directory => ".aws-sso",
    };
    let similar = || {
        let name = Profile::similar_name(&choice.name, view)?;
        Some(format!("did you mean {name}?"))
    };
    let hint = view
        .misspelt_header("profile", &choice.name)
        .or_else(|| view.misspelt_header("sso-session", &choice.name))
        .or_else(similar)
        .or_else(|| view.malformed_line());
    let names = || match Profile::names(view, MAX_NAMES) {
        names if names.is_empty() => format!("{} has no profiles", view.config_path),
        names => format!("there are: {}", names.join(", ")),
    };
    let name = sanitize(&choice.name);
    let message = format!("profile \"{name}\" (from {named_by}) does not exist");
    Err(Error::configuration(message).hint(hint.unwrap_or_else(names)))
}

/// Returns the error for a request without account or role.
fn incomplete(
    request: &Request,
    profile: Option<&Profile>,
    view: &ConfigView,
    account: Option<&str>,
    role: Option<&str>,
) -> Error {
    let (missing, key, hint) = match (account, role) {
        (Some(_), None) => ("role", "sso_role_name", Hint::GiveRole),
        (None, Some(_)) => ("account", "sso_account_id", Hint::GiveAccount),
        _ => ("account and role", "sso_account_id", Hint::GiveAccount),
    };
    if request.account.is_some() || request.role.is_some() {
        return Error::usage(format!("no {missing} given")).hint(hint);
    }
    let Some(profile) = profile else {
        let hint = Hint::ChooseProfile {
            names: Profile::names(view, MAX_NAMES),
            config: view.config_path.into(),
        };
        return Error::usage("no profile was chosen, and there is no default one").hint(hint);
    };
    if profile.kind() == ProfileKind::SsoRole {
        return profile.missing_key_error(key, view);
    }
    let (title, location) = (profile.title(), profile.location());
    let message = format!("{title} names no account and role ({location})");
    let mut keys = ["sso_account_id", "sso_role_name"].into_iter();
    let misspelt = keys.find_map(|key| profile.misspelt_key(key, view));
    Error::configuration(message).hint(misspelt.map_or(Hint::CompleteProfile, Hint::Text))
}

/// Returns the error for an invalid account id of a profile or of the command line.
fn invalid_account(account: &str, profile: Option<&Profile>) -> Error {
    let form = account_id_form(account);
    let account = sanitize(account);
    let error = match profile {
        Some(profile) => Error::configuration(format!(
            "{}: sso_account_id \"{account}\" is not an account id ({})",
            profile.title(),
            profile.location_of("sso_account_id")
        )),
        None => Error::usage(format!("\"{account}\" is not an account id")),
    };
    error.hint(form)
}
