//! Precedence of options, environment variables and defaults for the profile and the region.

use super::request::Request;
use crate::domain::vars::Vars;

/// The profile that applies, and the origin of its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileChoice {
    pub name: String,
    pub origin: ProfileOrigin,
}

/// Origin of the name of a profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProfileOrigin {
    /// `--profile`
    Option,
    /// The environment variable of this name.
    Variable(&'static str),
    /// The nearest `.aws-sso` file.
    Directory,
    /// Nothing: `default`.
    Default,
}

/// Chooses the profile: `--profile`, `AWS_PROFILE`, `AWS_DEFAULT_PROFILE`, then `default`.
/// Before the last, the caller asks whether a directory names a profile.
///
/// With account, role and session in the options only `--profile` counts: SDKs pass the
/// `AWS_PROFILE` of a role chain on to the helper that is its source.
pub fn choose_profile(request: &Request, vars: Vars) -> Option<ProfileChoice> {
    let choice = |name, origin| Some(ProfileChoice { name, origin });
    if let Some(name) = &request.profile {
        return choice(name.clone(), ProfileOrigin::Option);
    }
    if request.is_complete() {
        return None;
    }
    let by_variable = |name| choice(vars(name)?, ProfileOrigin::Variable(name));
    by_variable("AWS_PROFILE")
        .or_else(|| by_variable("AWS_DEFAULT_PROFILE"))
        .or_else(|| choice("default".to_owned(), ProfileOrigin::Default))
}

/// Chooses the region to pass on: `--region`, the profile's, `AWS_REGION`,
/// `AWS_DEFAULT_REGION`, then none.
pub fn choose_region(option: Option<&str>, profile: Option<&str>, vars: Vars) -> Option<String> {
    let chosen = option.or(profile).filter(|name| !name.is_empty());
    chosen
        .map(str::to_owned)
        .or_else(|| vars("AWS_REGION"))
        .or_else(|| vars("AWS_DEFAULT_REGION"))
}
