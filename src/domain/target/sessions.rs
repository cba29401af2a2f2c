//! The Identity Center instances that a configuration knows, and choosing among them.

use crate::error::{Error, ErrorKind, Hint, Result};

use super::config_view::ConfigView;
use super::profile::Profile;
use crate::domain::config::Section;
use crate::domain::names::is_region;
use crate::domain::net::url::HttpUrl;
use crate::domain::session::definition::{Session, same_start_url};
use crate::domain::text::{is_hostile, sanitize};

/// The sso-session of this name.
pub fn named(name: &str, view: &ConfigView) -> Result<Session> {
    let Some(section) = view.config.session(name) else {
        return Err(no_session(name).hint(list_hint(view)));
    };
    from_section(section, view)
}

fn no_session(name: &str) -> Error {
    Error::configuration(format!("there is no sso-session \"{}\"", sanitize(name)))
}

fn from_section(section: &Section, view: &ConfigView) -> Result<Session> {
    let name = sanitize(&section.name);
    let place = |line: u32| format!("{}:{line}", view.config_path);
    if let Some(problem) = section.problems.first() {
        return Err(Error::configuration(format!(
            "sso-session \"{name}\" cannot be read: {}",
            problem.what
        ))
        .hint(format!("look at {}:{}", view.config_path, problem.line)));
    }
    let need = |key: &str| {
        section
            .value(key)
            .filter(|value| !value.is_empty())
            .ok_or_else(|| {
                let place = place(section.line);
                Error::configuration(format!("sso-session \"{name}\" has no {key} ({place})"))
                    .hint(format!("add `{key} = …` to that section"))
            })
    };
    let session = Session {
        scopes: section.value("sso_registration_scopes").map(scopes),
        ..Session::new(
            Some(&section.name),
            need("sso_start_url")?,
            need("sso_region")?,
        )
    };
    checked(session, |key| {
        let line = section
            .get(key)
            .map_or(section.line, |property| property.line);
        format!("sso-session \"{name}\", {}", place(line))
    })
}

/// Comma separated, trimmed, empty ones dropped, as the CLI reads them.
pub fn scopes(text: &str) -> Vec<String> {
    let parts = text
        .split(',')
        .map(str::trim)
        .filter(|scope| !scope.is_empty());
    parts.map(str::to_owned).collect()
}

/// The session, when its address and region can mean something. They become part of
/// addresses that receive secrets, so nothing doubtful passes. `place` says where one of the two keys is.
pub fn checked(session: Session, place: impl Fn(&str) -> String) -> Result<Session> {
    let url = sanitize(&session.start_url);
    let address = HttpUrl::parse(&session.start_url);
    let secure = address.is_some_and(|address| address.is_https());
    if !secure || session.start_url.chars().any(is_hostile) {
        return Err(Error::configuration(format!(
            "sso_start_url \"{url}\" is not an https address ({})",
            place("sso_start_url")
        ))
        .hint("a start URL looks like https://NAME.awsapps.com/start"));
    }
    let region = &session.region;
    if !is_region(region) {
        return Err(Error::configuration(format!(
            "sso_region \"{}\" is not a region ({})",
            sanitize(region),
            place("sso_region")
        ))
        .hint("a region looks like eu-west-1"));
    }
    Ok(session)
}

/// The key with which a profile brings an instance of its own.
pub const OF_LEGACY: &str = "sso_start_url";

/// Returns file and line of a session's `sso_region`, if the configuration sets it.
pub fn region_setting(session: &Session, view: &ConfigView) -> Option<String> {
    let (property, path) = match (&session.name, &session.profile) {
        (Some(name), _) => {
            let property = view.config.session(name)?.get("sso_region")?;
            (property, view.config_path)
        }
        (None, profile) => Profile::find(profile.as_ref()?, view)?.property("sso_region")?,
    };
    Some(format!("{path}:{}", property.line))
}

/// Every instance: the sso-sessions, then the start URLs of legacy profiles, each once.
/// Sections that cannot be used come as their error.
pub fn all(view: &ConfigView) -> Vec<Result<Session>> {
    let mut found: Vec<Result<Session>> = view
        .config
        .sessions()
        .map(|section| from_section(section, view))
        .collect();
    found.extend(legacy(view));
    found
}

fn legacy(view: &ConfigView) -> Vec<Result<Session>> {
    let mut found: Vec<Result<Session>> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for profile in Profile::all(view) {
        let (None, Some(url)) = (profile.value("sso_session"), profile.value(OF_LEGACY)) else {
            continue;
        };
        if seen.insert((url, profile.value("sso_region"))) {
            found.extend(profile.session(view).transpose());
        }
    }
    found
}

/// The only instance there is; otherwise the error lists them.
pub fn only(view: &ConfigView) -> Result<Session> {
    let mut all = all(view);
    match all.len() {
        0 => Err(none(view)),
        1 => all.remove(0),
        _ => Err(
            Error::usage("there are several sessions, and none was named").hint(
                Hint::NameSession {
                    names: known_names(view),
                    config: view.config_path.into(),
                },
            ),
        ),
    }
}

/// The error where no session is configured.
pub fn none(view: &ConfigView) -> Error {
    let hint = view.refused(None).map_or(Hint::AddSession, Hint::Text);
    Error::configuration(format!(
        "no sso-session is configured in {}",
        view.config_path
    ))
    .hint(hint)
}

/// A start URL given by hand: an sso-session with that URL before a legacy profile with
/// it, and an instance that the configuration does not know when the region comes along.
pub fn by_start_url(url: &str, region: Option<&str>, view: &ConfigView) -> Result<Session> {
    let fits = |session: &Session| {
        same_start_url(&session.start_url, url)
            && region.is_none_or(|region| region == session.region)
    };
    let known: Vec<Session> = all(view).into_iter().flatten().filter(fits).collect();
    match (preferred(&known, url).as_slice(), region) {
        ([session], _) => Ok((*session).clone()),
        ([], Some(region)) => checked(Session::new(None, url, region), |key| match key {
            "sso_region" => "from --sso-region".to_owned(),
            _ => "from the command line".to_owned(),
        })
        .map_err(|error| error.with_kind(ErrorKind::Usage)),
        ([], None) => Err(
            Error::usage(format!("no session uses the start URL {}", sanitize(url)))
                .hint(Hint::AddSessionRegion),
        ),
        (several, _) => {
            let names: Vec<String> = several
                .iter()
                .map(|session| sanitize(session.label()))
                .collect();
            Err(Error::usage(format!(
                "several sessions use {}: {}",
                sanitize(url),
                names.join(", ")
            ))
            .hint(Hint::NameSessionOrRegion))
        }
    }
}

/// Of the sessions that a word fits, those that are meant: an sso-session before a legacy
/// profile with its start URL, and the very word before other spellings.
fn preferred<'a>(found: &'a [Session], word: &str) -> Vec<&'a Session> {
    let outranked = |legacy: &Session| {
        legacy.name.is_none()
            && found.iter().any(|other| {
                other.name.is_some() && same_start_url(&other.start_url, &legacy.start_url)
            })
    };
    let left: Vec<&Session> = found.iter().filter(|session| !outranked(session)).collect();
    match left.iter().find(|session| session.label() == word) {
        Some(session) => vec![session],
        None => left,
    }
}

/// The instance a word means: a name, a start URL, or a part that only one has.
pub fn by_word(word: &str, view: &ConfigView) -> Result<Session> {
    if view.config.session(word).is_some() {
        return named(word, view);
    }
    if word.contains("://") {
        return by_start_url(word, None, view);
    }
    let part =
        |session: &Session| session.label().contains(word) || session.start_url.contains(word);
    let found: Vec<Session> = all(view).into_iter().flatten().filter(part).collect();
    match preferred(&found, word).as_slice() {
        [session] => Ok((*session).clone()),
        [] if Profile::find(word, view).is_some() => {
            Err(no_session(word).hint(Hint::WordIsProfile {
                name: word.to_owned(),
            }))
        }
        [] => named(word, view),
        several => {
            let names: Vec<String> = several
                .iter()
                .map(|session| sanitize(session.label()))
                .collect();
            Err(Error::usage(format!(
                "\"{}\" is part of several sessions: {}",
                sanitize(word),
                names.join(", ")
            ))
            .hint("name one of them in full"))
        }
    }
}

/// Lists the sessions of the configuration, for a hint.
pub fn list_hint(view: &ConfigView) -> Hint {
    Hint::KnownSessions {
        names: known_names(view),
        config: view.config_path.into(),
    }
}

fn known_names(view: &ConfigView) -> Vec<String> {
    all(view)
        .iter()
        .flatten()
        .map(|session| sanitize(session.label()))
        .collect()
}
