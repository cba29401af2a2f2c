//! What `sso configure` writes: the keys of a profile and of its session, in the order in
//! which the AWS CLI writes them, and the names that it proposes.
//!
//! How the answers come about is not its business.

use std::borrow::Cow;

use crate::error::{Error, ErrorKind, Hint, Result};

use super::naming::AllowedCharacters;
use super::populate::MARK;
use crate::domain::config::{SectionEdit, SectionKind, check_section_name};
use crate::domain::names::is_region;
use crate::domain::net::url::HttpUrl;
use crate::domain::session::definition::{DEFAULT_SCOPE, Session, same_start_url};
use crate::domain::target::config_view::ConfigView;
use crate::domain::target::profile::{Kind as Source, Profile};
use crate::domain::target::sessions::{checked, named};
use crate::domain::text::sanitize;

pub use super::migrate::migration;

/// What generators write beside a role, and what is about the role before.
const OF_GENERATORS: [&str; 4] = [
    MARK,
    "credential_process",
    "sso_account_name",
    "sso_auto_populated",
];

/// Keys that an sso-session makes superfluous, and that disagree with it sooner or later.
pub(super) const OF_THE_SESSION: [&str; 3] =
    ["sso_start_url", "sso_region", "sso_registration_scopes"];

/// What a profile is to say.
#[derive(Clone, Debug)]
pub struct Wanted<'a> {
    /// Its name.
    pub profile: &'a str,
    /// Its session.
    pub session: &'a Session,
    /// The session is to be written as well.
    pub new_session: bool,
    /// The account.
    pub account: &'a str,
    /// The role.
    pub role: &'a str,
    /// The region to hand on; without one, what is there stays.
    pub region: Option<&'a str>,
    /// The form of output of the AWS CLI; without one, what is there stays.
    pub output: Option<&'a str>,
}

impl Wanted<'_> {
    /// What is to be done in the file.
    pub fn edits(&self) -> Vec<SectionEdit<'_>> {
        let mut edits = Vec::new();
        if self.new_session {
            edits.push(session(self.session));
        }
        // It is a person's now, and the next `populate` leaves it alone.
        let mut gone = OF_GENERATORS.to_vec();
        let mut keys = Vec::new();
        if let Some(name) = &self.session.name {
            gone.extend(OF_THE_SESSION);
            keys.push(("sso_session", name.as_str()));
        }
        keys.push(("sso_account_id", self.account));
        keys.push(("sso_role_name", self.role));
        keys.extend(self.region.map(|region| ("region", region)));
        keys.extend(self.output.map(|output| ("output", output)));
        edits.push(SectionEdit::unset(SectionKind::Profile, self.profile, gone));
        edits.push(SectionEdit::set(SectionKind::Profile, self.profile, keys));
        edits
    }
}

pub(super) fn session(session: &Session) -> SectionEdit<'_> {
    let scopes = match &session.scopes {
        Some(scopes) if !scopes.is_empty() => Cow::Owned(scopes.join(",")),
        _ => Cow::Borrowed(DEFAULT_SCOPE),
    };
    let keys = [
        ("sso_start_url", Cow::Borrowed(session.start_url.as_str())),
        ("sso_region", Cow::Borrowed(session.region.as_str())),
        ("sso_registration_scopes", scopes),
    ];
    SectionEdit::set(SectionKind::SsoSession, session.label(), keys)
}

/// Refuses a profile that gets its credentials by other means: they would outrank the role,
/// or be lost.
pub fn check_source(profile: &Profile) -> Result<()> {
    profile.check_syntax()?;
    match profile.kind() {
        Source::SsoRole | Source::Helper(_) | Source::SessionOnly | Source::Nothing => Ok(()),
        _ => {
            let error = profile.unusable();
            Err(error.hint("give the role another profile, or remove those keys from this one"))
        }
    }
}

/// The error where a profile must be there.
pub fn no_profile(name: &str) -> Error {
    Error::configuration(format!("there is no profile \"{}\"", sanitize(name))).hint(
        Hint::CreateProfile {
            name: name.to_owned(),
        },
    )
}

/// Refuses a name that some AWS tool would not see, unless a profile has it already.
pub fn check_profile_name(name: &str, view: &ConfigView) -> Result<()> {
    match check_section_name(SectionKind::Profile, name) {
        Err(why) if view.config.profile(name).is_none() => Err(Error::usage(why)),
        _ => Ok(()),
    }
}

/// The same for a session.
pub fn check_session_name(name: &str) -> Result<()> {
    check_section_name(SectionKind::SsoSession, name).map_err(Error::usage)
}

/// A session given by hand, when its address and region can mean something.
pub fn given_session(name: &str, start_url: &str, region: &str) -> Result<Session> {
    let session = Session::new(Some(name), start_url, region);
    checked(session, |_| "as given".to_owned()).map_err(|error| error.with_kind(ErrorKind::Usage))
}

/// The sessions of the configuration with this start URL, and this region where one is said.
pub fn sessions_with(start_url: &str, region: Option<&str>, view: &ConfigView) -> Vec<Session> {
    let all = view.config.sessions();
    let all = all.filter_map(|section| named(&section.name, view).ok());
    all.filter(|known| {
        same_start_url(&known.start_url, start_url)
            && region.is_none_or(|region| region == known.region)
    })
    .collect()
}

/// A name for the session of a start URL, which `taken` does not know.
pub fn session_name(start_url: &str, taken: impl Fn(&str) -> bool) -> String {
    /// Hosts are called so everywhere.
    const NO_NAMES: [&str; 7] = ["aws", "login", "portal", "signin", "sso", "start", "www"];
    let address = HttpUrl::parse(start_url);
    let host = address.as_ref().map(HttpUrl::host).unwrap_or_default();
    let path = address.as_ref().map(HttpUrl::path).unwrap_or_default();
    // Where one host serves many, the last word of the path is whose it is.
    let last = path.trim_end_matches('/').rsplit('/').next();
    let of_path =
        last.filter(|_| path.starts_with("/directory/") || host.starts_with("identitycenter."));
    let mut words = of_path.into_iter().chain(host.split('.'));
    let word = words.find(|word| !NO_NAMES.contains(word)).map(plain);
    let word = word.filter(|word| !word.is_empty());
    let word = word.unwrap_or_else(|| "sso".to_owned());
    let numbered = (2..).map(|number| format!("{word}-{number}"));
    let mut names = std::iter::once(word.clone()).chain(numbered);
    names.find(|name| !taken(name)).unwrap_or(word)
}

/// A name for the profile of a role, as `sso populate` makes them.
pub fn profile_name(account: Option<&str>, id: &str, role: &str) -> String {
    format!(
        "{}.{}",
        AllowedCharacters::Portable.replace_others(account, id),
        plain(role)
    )
}

/// The text in the characters that every tool takes in a name.
fn plain(text: &str) -> String {
    AllowedCharacters::Portable.replace_others(Some(text), "")
}

/// Whether the text is a region, or could become one.
pub fn check_region(text: &str) -> Result<()> {
    if is_region(text) {
        return Ok(());
    }
    Err(
        Error::usage(format!("\"{}\" is not a region", sanitize(text)))
            .hint("a region looks like eu-west-1"),
    )
}

/// Whether the AWS CLI knows this form of output.
pub fn check_output(text: &str) -> Result<()> {
    const KNOWN: [&str; 6] = ["json", "yaml", "yaml-stream", "text", "table", "off"];
    if KNOWN.contains(&text) {
        return Ok(());
    }
    let text = sanitize(text);
    Err(Error::usage(format!("\"{text}\" is no form of output"))
        .hint(format!("the AWS CLI knows {}", KNOWN.join(", "))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sessions_are_named_by_whose_they_are() {
        let name = |url| session_name(url, |_| false);
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
        let taken = |name: &str| ["corp", "corp-2"].contains(&name);
        assert_eq!(
            session_name("https://corp.awsapps.com/start", taken),
            "corp-3"
        );
    }

    #[test]
    fn profiles_are_named_by_account_and_role() {
        for (account, expected) in [
            (Some("Prod EU"), "Prod-EU.Admin"),
            (Some(" a;$(b)\n"), "a-b.Admin"),
            (Some("ünï"), "n.Admin"),
            (Some("()"), "1.Admin"),
            (None, "1.Admin"),
        ] {
            assert_eq!(profile_name(account, "1", "Admin"), expected);
        }
    }
}
