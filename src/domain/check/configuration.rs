//! Rules of the stages that read the configuration: the instance, the profile and the region.

use crate::domain::session::definition::{Session, same_start_url};
use crate::domain::target::config_view::ConfigView;
use crate::domain::target::precedence::{ProfileChoice, ProfileOrigin};
use crate::domain::target::profile::Profile;
use crate::domain::target::request::Request;
use crate::domain::target::sessions;
use crate::error::{Error, Hint};

use super::finding::{Finding, exit, quoted};

/// Returns why no instance could be chosen. `named`: an option or the profile names one.
pub fn no_instance(error: &Error, request: &Request, named: bool, view: &ConfigView) -> Finding {
    let usable: Vec<Session> = sessions::all(view).into_iter().flatten().collect();
    let fits = |session: &&Session| match &request.start_url {
        Some(url) => same_start_url(&session.start_url, url),
        None => !named,
    };
    let meant = usable.iter().filter(fits).count();
    let (code, exit) = match usable.len() {
        0 => ("no_instance", exit::NO_INSTANCE),
        _ if meant > 1 => ("instance_not_unique", exit::NOT_UNIQUE),
        _ => ("instance_not_found", exit::NO_MATCH),
    };
    let finding = Finding::of_error(code, exit, error);
    let name = usable.iter().find_map(|session| session.name.as_deref());
    match (
        &finding.fix,
        name.and_then(|name| shlex::try_quote(name).ok()),
    ) {
        (Some(Hint::AddSessionRegion | Hint::NameSessionOrRegion), Some(_)) => {
            let session = name.unwrap_or_default().to_owned();
            finding.fix(Hint::CheckSession { session })
        }
        _ => finding,
    }
}

/// Returns the error of `sso env` where nothing selects a role.
pub fn no_role(error: &Error) -> Finding {
    let finding = Finding::of_error("no_role", exit::CONFIG, error);
    match &finding.fix {
        Some(Hint::ChooseProfile { names, .. }) => match names.first() {
            Some(name) => {
                let (advice, profile) = ("name a profile, as in".into(), name.as_str().into());
                finding.fix(Hint::CheckProfile { advice, profile })
            }
            None => finding.fix(Hint::WriteProfile),
        },
        _ => finding,
    }
}

/// Returns the error for a profile that does not exist, with a command that names another one.
pub fn no_profile(error: &Error, choice: &ProfileChoice, view: &ConfigView) -> Finding {
    let finding = Finding::of_error("profile_not_found", exit::CONFIG, error);
    let name = Profile::similar_name(&choice.name, view);
    let name = name.or_else(|| Profile::names(view, 1).pop());
    let profile = name.filter(|name| shlex::try_quote(name).is_ok());
    let (None, Some(Hint::Text(hint)), Some(profile)) = (&finding.location, &finding.fix, profile)
    else {
        return finding;
    };
    let advice = format!("{}:", hint.trim_end_matches('?'));
    let fix = match choice.origin {
        ProfileOrigin::Variable(variable) => {
            let profile = shlex::try_quote(&profile).unwrap_or_default();
            Hint::Text(format!("{advice} `export {variable}={profile}`"))
        }
        ProfileOrigin::Directory => Hint::UseProfile {
            advice: advice.into(),
            profile: profile.into(),
        },
        ProfileOrigin::Option | ProfileOrigin::Default => Hint::CheckProfile {
            advice: advice.into(),
            profile: profile.into(),
        },
    };
    finding.fix(fix)
}

/// Returns the error for a region to pass on. `location` is an option, variable, or file and line.
pub fn invalid_region(region: &str, location: Option<String>) -> Finding {
    let what = format!("{} is not a region", quoted(region));
    let location = location.unwrap_or_default();
    let fix = match location.get(..4) {
        Some("AWS_") => Hint::Text(format!("unset {location}")),
        Some("--re") => Hint::CheckRegion,
        _ => "a region looks like eu-west-1".into(),
    };
    Finding::error("invalid_region", exit::CONFIG, what)
        .at(location)
        .fix(fix)
}
