//! Edits, checks and suggested names of `sso configure`.
//!
//! Keys are written in the order of `aws configure sso`.

use crate::error::{Error, ErrorKind, Hint, Result};

use super::naming::AllowedCharacters;
use super::populate::MARK_KEY;
use crate::domain::config::{SectionEdit, SectionKind, check_section_name};
use crate::domain::names::is_region;
use crate::domain::net::url::HttpUrl;
use crate::domain::session::definition::{DEFAULT_SCOPE, Session, same_start_url};
use crate::domain::target::config_view::ConfigView;
use crate::domain::target::profile::{Profile, ProfileKind};
use crate::domain::target::sessions;
use crate::domain::text::sanitize;

/// Keys of profile generators, removed because they mark the profile as generated or describe
/// the previous role.
const GENERATOR_KEYS: [&str; 4] = [
    MARK_KEY,
    "credential_process",
    "sso_account_name",
    "sso_auto_populated",
];

/// Keys of a legacy profile that an sso-session replaces. Left in the profile, they would
/// disagree with the session sooner or later.
pub(super) const SESSION_KEYS: [&str; 3] =
    ["sso_start_url", "sso_region", "sso_registration_scopes"];

/// A profile to write.
#[derive(Clone, Debug)]
pub struct RoleProfile<'a> {
    pub profile: &'a str,
    pub session: &'a Session,
    /// Whether the session is written too.
    pub new_session: bool,
    /// Account id.
    pub account: &'a str,
    pub role: &'a str,
    /// Region; `None` keeps the current one.
    pub region: Option<&'a str>,
    /// Output format of the AWS CLI; `None` keeps the current one.
    pub output: Option<&'a str>,
}

impl RoleProfile<'_> {
    /// Returns the edits of the config file.
    pub fn edits(&self) -> Vec<SectionEdit> {
        let mut edits = Vec::new();
        if self.new_session {
            edits.push(session_edit(self.session));
        }
        // Without the mark of a generator, `populate` leaves the profile alone.
        let mut removed = GENERATOR_KEYS.to_vec();
        let mut keys = Vec::new();
        if let Some(name) = &self.session.name {
            removed.extend(SESSION_KEYS);
            keys.push(("sso_session", name.as_str()));
        }
        keys.push(("sso_account_id", self.account));
        keys.push(("sso_role_name", self.role));
        keys.extend(self.region.map(|region| ("region", region)));
        keys.extend(self.output.map(|output| ("output", output)));
        let kind = SectionKind::Profile;
        edits.push(SectionEdit::unset(kind, self.profile, removed));
        edits.push(SectionEdit::set(kind, self.profile, keys));
        edits
    }
}

/// Returns the edit that writes a session.
pub(super) fn session_edit(session: &Session) -> SectionEdit {
    let scopes = match &session.scopes {
        Some(scopes) if !scopes.is_empty() => scopes.join(","),
        _ => DEFAULT_SCOPE.to_owned(),
    };
    let keys = [
        ("sso_start_url", session.start_url.as_str()),
        ("sso_region", session.region.as_str()),
        ("sso_registration_scopes", &scopes),
    ];
    SectionEdit::set(SectionKind::SsoSession, session.label(), keys)
}

/// Checks that the profile has no other source of credentials, which would outrank the role or
/// be lost.
pub fn check_source(profile: &Profile) -> Result<()> {
    profile.check_syntax()?;
    match profile.kind() {
        ProfileKind::SsoRole
        | ProfileKind::Helper(_)
        | ProfileKind::SessionOnly
        | ProfileKind::Nothing => Ok(()),
        _ => {
            let error = profile.foreign_source_error();
            Err(error.hint("give the role another profile, or remove those keys from this one"))
        }
    }
}

pub fn profile_not_found(name: &str) -> Error {
    let hint = Hint::CreateProfile {
        name: name.to_owned(),
    };
    Error::configuration(format!("there is no profile \"{}\"", sanitize(name))).hint(hint)
}

/// Checks that every AWS tool can read the name of a new profile. Any existing name is accepted.
pub fn check_profile_name(name: &str, view: &ConfigView) -> Result<()> {
    match check_section_name(SectionKind::Profile, name) {
        Err(why) if view.config.profile(name).is_none() => Err(Error::usage(why)),
        _ => Ok(()),
    }
}

/// Checks that every AWS tool can read the name of a session.
pub fn check_session_name(name: &str) -> Result<()> {
    check_section_name(SectionKind::SsoSession, name).map_err(Error::usage)
}

/// Builds a session from typed values; fails on an invalid start URL or region.
pub fn build_session(name: &str, start_url: &str, region: &str) -> Result<Session> {
    let session = Session::new(Some(name), start_url, region);
    sessions::validate(session, |_| "as given".to_owned())
        .map_err(|error| error.with_kind(ErrorKind::Usage))
}

/// Finds the configured sessions with this start URL and, if given, this region.
pub fn find_sessions(start_url: &str, region: Option<&str>, view: &ConfigView) -> Vec<Session> {
    let all = view.config.sessions();
    let all = all.filter_map(|section| sessions::by_name(&section.name, view).ok());
    all.filter(|known| {
        same_start_url(&known.start_url, start_url)
            && region.is_none_or(|region| region == known.region)
    })
    .collect()
}

/// Suggests a name for the session of a start URL; a number makes it differ from those taken.
pub fn suggest_session_name(start_url: &str, is_taken: impl Fn(&str) -> bool) -> String {
    /// Words in host names that do not tell organizations apart.
    const COMMON_WORDS: [&str; 7] = ["aws", "login", "portal", "signin", "sso", "start", "www"];
    let url = HttpUrl::parse(start_url);
    let host = url.as_ref().map(HttpUrl::host).unwrap_or_default();
    let path = url.as_ref().map(HttpUrl::path).unwrap_or_default();
    // These hosts serve many organizations; the last path segment names the organization.
    let last_segment = path.trim_end_matches('/').rsplit('/').next();
    let from_path = last_segment
        .filter(|_| path.starts_with("/directory/") || host.starts_with("identitycenter."));
    let mut words = from_path.into_iter().chain(host.split('.'));
    let word = words.find(|word| !COMMON_WORDS.contains(word));
    let word = AllowedCharacters::Portable.replace_others(word, "sso");
    let numbered = (2..).map(|number| format!("{word}-{number}"));
    let mut names = std::iter::once(word.clone()).chain(numbered);
    names.find(|name| !is_taken(name)).unwrap_or(word)
}

/// Suggests the name that `sso populate` would give to the profile of a role.
pub fn suggest_profile_name(account: Option<&str>, id: &str, role: &str) -> String {
    let portable = |text, default| AllowedCharacters::Portable.replace_others(text, default);
    format!("{}.{}", portable(account, id), portable(Some(role), ""))
}

/// Checks that the text has the form of a region.
pub fn check_region(text: &str) -> Result<()> {
    if is_region(text) {
        return Ok(());
    }
    let text = sanitize(text);
    Err(Error::usage(format!("\"{text}\" is not a region")).hint("a region looks like eu-west-1"))
}

/// Checks that the text is an output format of the AWS CLI.
pub fn check_output(text: &str) -> Result<()> {
    const FORMATS: [&str; 6] = ["json", "yaml", "yaml-stream", "text", "table", "off"];
    if FORMATS.contains(&text) {
        return Ok(());
    }
    let text = sanitize(text);
    Err(Error::usage(format!("\"{text}\" is no form of output"))
        .hint(format!("the AWS CLI knows {}", FORMATS.join(", "))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn session_names_come_from_the_organization_in_the_start_url() {
        let name = |url| suggest_session_name(url, |_| false);
        for (url, expected) in [
            ("https://corp.awsapps.com/start", "corp"),
            ("https://d-1234567890.awsapps.com/start#/", "d-1234567890"),
            (
                "https://start.us-gov-west-1.us-gov-home.awsapps.com/directory/gov",
                "gov",
            ),
            ("https://identitycenter.amazonaws.com/ssoins-1", "ssoins-1"),
            ("https://ssoins-1.portal.eu-west-1.app.aws", "ssoins-1"),
            ("https://sso.corp.example/", "corp"),
            ("https://aws", "sso"),
            ("nothing", "sso"),
        ] {
            assert_eq!(name(url), expected, "{url}");
        }
        let is_taken = |name: &str| ["corp", "corp-2"].contains(&name);
        let suggested = suggest_session_name("https://corp.awsapps.com/start", is_taken);
        assert_eq!(suggested, "corp-3");
    }

    #[test]
    fn profile_names_come_from_account_and_role() {
        for (account, expected) in [
            (Some("Prod EU"), "Prod-EU.Admin"),
            (Some(" a;$(b)\n"), "a-b.Admin"),
            (Some("ünï"), "n.Admin"),
            (Some("()"), "1.Admin"),
            (None, "1.Admin"),
        ] {
            assert_eq!(suggest_profile_name(account, "1", "Admin"), expected);
        }
    }
}
