//! Sessions of a configuration, and the choice among them: the sso-sessions, and the legacy
//! sessions that profiles define with keys of their own.

use std::collections::HashSet;

use super::config_view::{ConfigView, malformed_section_error, missing_key_error};
use super::misspelt_key;
use super::profile::{Profile, ProfileKind};
use crate::domain::config::Section;
use crate::domain::names::is_region;
use crate::domain::net::url::HttpUrl;
use crate::domain::session::definition::{Session, same_start_url};
use crate::domain::text::{is_hostile, sanitize};
use crate::error::{Error, ErrorKind, Hint, Result};

/// Key with which a profile defines a legacy session.
pub const START_URL_KEY: &str = "sso_start_url";

/// Returns the sso-session of this name.
pub fn by_name(name: &str, view: &ConfigView) -> Result<Session> {
    let Some(section) = view.config.session(name) else {
        return Err(no_session(name).hint(known_sessions_hint(name, view)));
    };
    from_section(section, view)
}

fn no_session(name: &str) -> Error {
    Error::configuration(format!("there is no sso-session \"{}\"", sanitize(name)))
}

fn from_section(section: &Section, view: &ConfigView) -> Result<Session> {
    let what = || format!("sso-session \"{}\"", sanitize(&section.name));
    let location = |line: u32| format!("{}:{line}", view.config_path);
    if let Some(problem) = section.problems.first() {
        return Err(malformed_section_error(&what(), problem, view.config_path));
    }
    let need = |key: &str| match section.value(key) {
        Some(value) if !value.is_empty() => Ok(value),
        _ => {
            let misspelt = misspelt_key::hint(section, key, view.config_path);
            let location = location(section.line);
            Err(missing_key_error(&what(), key, &location, misspelt))
        }
    };
    let (name, start_url) = (section.name.as_str(), need("sso_start_url")?);
    let session = Session {
        scopes: section.value("sso_registration_scopes").map(parse_scopes),
        ..Session::new(Some(name), start_url, need("sso_region")?)
    };
    validate(session, |key| {
        let line = section.get(key).map_or(section.line, |own| own.line);
        format!("{}, {}", what(), location(line))
    })
}

/// Parses a comma-separated list of scopes as the AWS CLI does: trimmed, without empty ones.
pub fn parse_scopes(text: &str) -> Vec<String> {
    let parts = text.split(',').map(str::trim);
    let scopes = parts.filter(|scope| !scope.is_empty());
    scopes.map(str::to_owned).collect()
}

/// Returns the session if its start URL and region are valid. They become part of URLs that
/// receive secrets, so the checks are strict. `location` returns the location of one of the
/// two keys, for the error.
pub fn validate(session: Session, location: impl Fn(&str) -> String) -> Result<Session> {
    let url = sanitize(&session.start_url);
    let is_https = HttpUrl::parse(&session.start_url).is_some_and(|url| url.is_https());
    if !is_https || session.start_url.chars().any(is_hostile) {
        let location = location("sso_start_url");
        let message = format!("sso_start_url \"{url}\" is not an https address ({location})");
        let hint = "a start URL looks like https://NAME.awsapps.com/start";
        return Err(Error::configuration(message).hint(hint));
    }
    if !is_region(&session.region) {
        let (region, location) = (sanitize(&session.region), location("sso_region"));
        let message = format!("sso_region \"{region}\" is not a region ({location})");
        return Err(Error::configuration(message).hint("a region looks like eu-west-1"));
    }
    Ok(session)
}

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

/// Returns the session that a profile names, or that its legacy keys define.
pub fn of_profile(profile: &Profile, view: &ConfigView) -> Result<Option<Session>> {
    if let Some(name) = profile.value("sso_session") {
        let Some(section) = view.config.session(name) else {
            let hint = known_sessions_hint(name, view);
            let (title, name) = (profile.title(), sanitize(name));
            let location = profile.location_of("sso_session");
            return Err(Error::configuration(format!(
                "{title} names the sso-session \"{name}\", which does not exist ({location})"
            ))
            .hint(hint));
        };
        check_agreement(profile, section, view)?;
        return from_section(section, view).map(Some);
    }
    match (profile.value(START_URL_KEY), profile.value("sso_region")) {
        (Some(url), Some(region)) => {
            let session = Session {
                profile: Some(profile.name.to_owned()),
                is_profile_shadowed: view.config.session(profile.name).is_some(),
                ..Session::new(None, url, region)
            };
            let location = |key: &str| format!("{}, {}", profile.title(), profile.location_of(key));
            validate(session, location).map(Some)
        }
        (None, None) if profile.kind() != ProfileKind::SsoRole => Ok(None),
        (None, None) => Err(profile.missing_key_error("sso_session", view)),
        (None, Some(_)) => Err(profile.missing_key_error(START_URL_KEY, view)),
        (Some(_), None) => Err(profile.missing_key_error("sso_region", view)),
    }
}

/// Fails if a key differs between a profile and its sso-session: the AWS CLI and the SDKs refuse
/// that too.
fn check_agreement(profile: &Profile, section: &Section, view: &ConfigView) -> Result<()> {
    for of_session in &section.properties {
        let Some((of_profile, path)) = profile.property(&of_session.key) else {
            continue;
        };
        if of_profile.value != of_session.value {
            let key = sanitize(&of_session.key);
            return Err(Error::configuration(format!(
                "{} and sso-session \"{}\" disagree about {key} ({path}:{} and {}:{})",
                profile.title(),
                sanitize(&section.name),
                of_profile.line,
                view.config_path,
                of_session.line
            ))
            .hint(format!("remove {key} from the profile")));
        }
    }
    Ok(())
}

/// Returns every session, each once: the sso-sessions, then the legacy ones. An invalid session
/// yields its error. A legacy session of the instance of an sso-session is not a second one.
pub fn all(view: &ConfigView) -> Vec<Result<Session>> {
    distinct(view, |_| false)
}

/// Returns every session like [`all`], and also the legacy ones beside an sso-session whose
/// profiles need a token of their own.
pub fn with_own_token(view: &ConfigView) -> Vec<Result<Session>> {
    distinct(view, |profile| profile.kind() == ProfileKind::SsoRole)
}

/// Returns the sessions that a sign-out of this one ends too: the legacy ones of its instance,
/// and for a legacy one the sso-sessions.
pub fn twins(session: &Session, view: &ConfigView) -> Vec<Session> {
    let mut found: Vec<Session> = distinct(view, |_| true).into_iter().flatten().collect();
    // A token of a legacy profile may outlive the profile.
    let url = &session.start_url;
    if session.name.is_some()
        && !found
            .iter()
            .any(|it| it.name.is_none() && it.start_url == *url)
    {
        found.push(Session::new(None, url, &session.region));
    }
    let has_legacy = |it: &Session| session.name.is_none() || it.name.is_none();
    found.retain(|it| it.is_same_instance(session) && has_legacy(it) && it.key() != session.key());
    found
}

fn distinct(view: &ConfigView, is_kept: impl Fn(&Profile) -> bool) -> Vec<Result<Session>> {
    let sections = view.config.sessions();
    let mut found: Vec<_> = sections
        .map(|section| from_section(section, view))
        .collect();
    let named: Vec<Session> = found.iter().flatten().cloned().collect();
    let mut seen = HashSet::new();
    for profile in Profile::all(view) {
        let (None, Some(url)) = (profile.value("sso_session"), profile.value(START_URL_KEY)) else {
            continue;
        };
        let region = profile.value("sso_region");
        let is_instance = |named: &Session| {
            same_start_url(&named.start_url, url) && region == Some(named.region.as_str())
        };
        let is_listed = is_kept(&profile) || !named.iter().any(is_instance);
        if is_listed && seen.insert((url, region)) {
            found.extend(of_profile(&profile, view).transpose());
        }
    }
    found
}

/// Returns the only session of the configuration. If there are several, the hint lists them.
pub fn only(view: &ConfigView) -> Result<Session> {
    let mut all = all(view);
    match all.len() {
        0 => Err(no_sessions_error(view)),
        1 => all.remove(0),
        _ => {
            let error = Error::usage("there are several sessions, and none was named");
            Err(error.hint(name_session_hint(view)))
        }
    }
}

/// Returns the error for a configuration without a session.
pub fn no_sessions_error(view: &ConfigView) -> Error {
    let hint = view.malformed_line();
    let message = format!("no sso-session is configured in {}", view.config_path);
    Error::configuration(message).hint(hint.map_or(Hint::AddSession, Hint::Text))
}

/// Returns the session for a start URL that the user gave. With a region, the configuration need
/// not know the instance.
pub fn by_start_url(url: &str, region: Option<&str>, view: &ConfigView) -> Result<Session> {
    let matches = |session: &Session| {
        same_start_url(&session.start_url, url)
            && region.is_none_or(|region| region == session.region)
    };
    let known: Vec<Session> = all(view).into_iter().flatten().filter(matches).collect();
    match (preferred(&known, url).as_slice(), region) {
        ([session], _) => Ok((*session).clone()),
        ([], Some(region)) => validate(Session::new(None, url, region), |key| match key {
            "sso_region" => "from --sso-region".to_owned(),
            _ => "from the command line".to_owned(),
        })
        .map_err(|error| error.with_kind(ErrorKind::Usage)),
        ([], None) => Err(
            Error::usage(format!("no session uses the start URL {}", sanitize(url)))
                .hint(Hint::AddSessionRegion),
        ),
        (several, _) => {
            let (url, labels) = (sanitize(url), labels(several.iter().copied()).join(", "));
            let error = Error::usage(format!("several sessions use {url}: {labels}"));
            Err(error.hint(Hint::NameSessionOrRegion))
        }
    }
}

/// Returns the matches of a term, or only the legacy session whose start URL it spells exactly.
fn preferred<'a>(found: &'a [Session], term: &str) -> Vec<&'a Session> {
    let is_spelled = |session: &&Session| session.start_url == term;
    match found.iter().filter(is_spelled).collect::<Vec<_>>()[..] {
        [session] if session.name.is_none() => vec![session],
        _ => found.iter().collect(),
    }
}

/// Returns the session with this name or start URL.
pub fn by_name_or_url(term: &str, view: &ConfigView) -> Result<Session> {
    match term.contains("://") && view.config.session(term).is_none() {
        true => by_start_url(term, None, view),
        false => by_name(term, view),
    }
}

/// Returns the session that a term selects: a name, a start URL, or a part of either that occurs
/// in only one session.
pub fn by_term(term: &str, view: &ConfigView) -> Result<Session> {
    if term.contains("://") || view.config.session(term).is_some() {
        return by_name_or_url(term, view);
    }
    let contains_term =
        |session: &Session| session.label().contains(term) || session.start_url.contains(term);
    let valid = all(view).into_iter().flatten();
    let found: Vec<Session> = valid.filter(contains_term).collect();
    match preferred(&found, term).as_slice() {
        [session] => Ok((*session).clone()),
        [] => by_name(term, view),
        several => {
            let (term, labels) = (sanitize(term), labels(several.iter().copied()).join(", "));
            let message = format!("\"{term}\" is part of several sessions: {labels}");
            Err(Error::usage(message).hint("name one of them in full"))
        }
    }
}

/// Returns the hint to name one of the sessions.
pub(super) fn name_session_hint(view: &ConfigView) -> Hint {
    Hint::NameSession {
        names: known_names(view),
        config: view.config_path.into(),
    }
}

/// Returns a hint at the header that was meant as the session, or else the sessions that exist.
fn known_sessions_hint(name: &str, view: &ConfigView) -> Hint {
    let names = known_names(view);
    let any = || view.malformed_line().filter(|_| names.is_empty());
    match view.misspelt_header("sso-session", name).or_else(any) {
        Some(hint) => hint.into(),
        None => Hint::KnownSessions {
            names,
            config: view.config_path.into(),
        },
    }
}

fn known_names(view: &ConfigView) -> Vec<String> {
    labels(all(view).iter().flatten())
}

fn labels<'a>(sessions: impl Iterator<Item = &'a Session>) -> Vec<String> {
    sessions.map(|session| sanitize(session.label())).collect()
}
