//! One profile, as both files together define it, and which kind of profile it is.

use std::borrow::Cow;

use std::collections::HashMap;

use crate::error::{Error, ForeignProfile, Hint, Result};

use super::config_view::ConfigView;
use super::request::Request;
use super::sessions;
use crate::domain::cache::key::{RoleId, SessionKey};
use crate::domain::config::{Property, Section};
use crate::domain::session::definition::Session;
use crate::domain::text::sanitize;

/// A profile: the credentials file's keys lie over the config file's.
#[derive(Clone, Copy, Debug)]
pub struct Profile<'a> {
    /// Its name.
    pub name: &'a str,
    config: Option<&'a Section>,
    credentials: Option<&'a Section>,
    config_path: &'a str,
    credentials_path: &'a str,
}

/// Where a profile gets its credentials, in the order in which AWS CLI v2 asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind<'a> {
    /// `role_arn` with a source: outranks `sso_*` in the same profile.
    RoleChain,
    /// `role_arn` with a token file.
    WebIdentity,
    /// `sso_account_id` or `sso_role_name`.
    SsoRole,
    /// Keys in a file.
    StaticKeys,
    /// `login_session` of `aws login`, which is not Identity Center.
    LoginSession,
    /// A `credential_process` that calls us.
    Helper(&'a str),
    /// Any other `credential_process`.
    ForeignProcess,
    /// A session and nothing to use it for.
    SessionOnly,
    /// No source at all.
    Nothing,
}

impl<'a> Profile<'a> {
    /// The profile of this name, when either file has it.
    pub fn find(name: &'a str, view: &ConfigView<'a>) -> Option<Profile<'a>> {
        let config = view.config.profile(name);
        let credentials = view.credentials.profile(name);
        (config.is_some() || credentials.is_some()).then_some(Profile {
            name,
            config,
            credentials,
            config_path: view.config_path,
            credentials_path: view.credentials_path,
        })
    }

    /// Every profile of both files, in one pass: a file may hold thousands.
    pub fn all(view: &ConfigView<'a>) -> Vec<Profile<'a>> {
        let mut by_name: HashMap<&str, usize> = HashMap::new();
        let mut found: Vec<Profile<'a>> = Vec::new();
        let sections = view.config.profiles().map(|section| (section, true));
        let sections = sections.chain(view.credentials.profiles().map(|section| (section, false)));
        for (section, in_config) in sections {
            let at = *by_name.entry(&section.name).or_insert_with(|| {
                found.push(Profile {
                    name: &section.name,
                    config: None,
                    credentials: None,
                    config_path: view.config_path,
                    credentials_path: view.credentials_path,
                });
                found.len() - 1
            });
            let place = if in_config {
                &mut found[at].config
            } else {
                &mut found[at].credentials
            };
            *place = Some(section);
        }
        found
    }

    /// A key where it counts, and the path of its file.
    pub fn property(&self, key: &str) -> Option<(&'a Property, &'a str)> {
        let of = |section: Option<&'a Section>, path| Some((section?.get(key)?, path));
        of(self.credentials, self.credentials_path).or_else(|| of(self.config, self.config_path))
    }

    /// A value; an empty one counts as absent.
    pub fn value(&self, key: &str) -> Option<&'a str> {
        let (property, _) = self.property(key)?;
        (!property.value.is_empty()).then_some(property.value.as_str())
    }

    /// The name, fit for a terminal.
    pub fn shown_name(&self) -> String {
        sanitize(self.name)
    }

    /// `FILE:LINE` of the profile's header.
    pub fn place(&self) -> String {
        match (self.config, self.credentials) {
            (Some(section), _) => format!("{}:{}", self.config_path, section.line),
            (None, Some(section)) => format!("{}:{}", self.credentials_path, section.line),
            (None, None) => self.config_path.to_owned(),
        }
    }

    /// `FILE:LINE` of a key.
    pub fn place_of(&self, key: &str) -> String {
        self.property(key).map_or_else(
            || self.place(),
            |(property, path)| format!("{path}:{}", property.line),
        )
    }

    /// Lines of this profile that could not be read are an error: the key they were meant
    /// to hold may be the one that decides.
    pub fn check_syntax(&self) -> Result<()> {
        for (section, path) in [
            (self.config, self.config_path),
            (self.credentials, self.credentials_path),
        ] {
            if let Some(problem) = section.and_then(|section| section.problems.first()) {
                let name = self.shown_name();
                return Err(Error::configuration(format!(
                    "profile \"{name}\" cannot be read: {}",
                    problem.what
                ))
                .hint(format!("look at {path}:{}", problem.line)));
            }
        }
        Ok(())
    }

    /// Which kind it is.
    pub fn kind(&self) -> Kind<'a> {
        let has = |key| self.value(key).is_some();
        if has("role_arn") && (has("source_profile") || has("credential_source")) {
            return Kind::RoleChain;
        }
        if has("role_arn") && has("web_identity_token_file") {
            return Kind::WebIdentity;
        }
        if has("sso_account_id") || has("sso_role_name") {
            return Kind::SsoRole;
        }
        if has("aws_access_key_id") {
            return Kind::StaticKeys;
        }
        if has("login_session") {
            return Kind::LoginSession;
        }
        if let Some(line) = self.value("credential_process") {
            return match Request::from_credential_process(line) {
                Some(_) => Kind::Helper(line),
                None => Kind::ForeignProcess,
            };
        }
        if has("sso_session") || has("sso_start_url") {
            return Kind::SessionOnly;
        }
        Kind::Nothing
    }

    /// Returns the role whose cached credentials the profile uses, from its `sso_*` keys or from
    /// a `credential_process` that calls `sso`.
    pub fn role_id(&self) -> Option<RoleId> {
        let own = |key| self.value(key).map(str::to_owned);
        let session = match (own("sso_session"), own("sso_start_url")) {
            (Some(name), _) => Some(SessionKey::Name(name)),
            (None, url) => url.map(SessionKey::StartUrl),
        };
        if let Some(session) = session {
            return Some(RoleId {
                session,
                account: own("sso_account_id")?,
                role: own("sso_role_name")?,
            });
        }
        let request = Request::from_credential_process(self.value("credential_process")?)?;
        Some(RoleId {
            session: SessionKey::Name(request.session?),
            account: request.account?,
            role: request.role?,
        })
    }

    /// The session that the profile names, or that its legacy keys define.
    pub fn session(&self, view: &ConfigView) -> Result<Option<Session>> {
        if let Some(name) = self.value("sso_session") {
            let Some(section) = view.config.session(name) else {
                return Err(Error::configuration(format!(
                    "profile \"{}\" names the sso-session \"{}\", which does not exist ({})",
                    self.shown_name(),
                    sanitize(name),
                    self.place_of("sso_session")
                ))
                .hint(sessions::list_hint(view)));
            };
            self.check_agreement(name, section)?;
            return sessions::named(name, view).map(Some);
        }
        match (self.value("sso_start_url"), self.value("sso_region")) {
            (Some(url), Some(region)) => {
                let place = |key: &str| {
                    format!("profile \"{}\", {}", self.shown_name(), self.place_of(key))
                };
                let session = Session {
                    profile: Some(self.name.to_owned()),
                    ..Session::new(None, url, region)
                };
                sessions::checked(session, place).map(Some)
            }
            (None, None) if self.kind() != Kind::SsoRole => Ok(None),
            (None, None) => Err(self.missing("sso_session")),
            (None, Some(_)) => Err(self.missing("sso_start_url")),
            (Some(_), None) => Err(self.missing("sso_region")),
        }
    }

    /// A key in both places must say the same (AWS CLI and SDKs refuse it otherwise).
    fn check_agreement(&self, name: &str, section: &Section) -> Result<()> {
        for theirs in &section.properties {
            let Some((ours, path)) = self.property(&theirs.key) else {
                continue;
            };
            if ours.value != theirs.value {
                let key = sanitize(&theirs.key);
                return Err(Error::configuration(format!(
                    "profile \"{}\" and sso-session \"{}\" disagree about {key} ({path}:{} and {}:{})",
                    self.shown_name(),
                    sanitize(name),
                    ours.line,
                    self.config_path,
                    theirs.line
                ))
                .hint(format!("remove {key} from the profile")));
            }
        }
        Ok(())
    }

    /// The error for a key that must be there.
    pub fn missing(&self, key: &str) -> Error {
        Error::configuration(format!(
            "profile \"{}\" has no {key} ({})",
            self.shown_name(),
            self.place()
        ))
        .hint(format!("add `{key} = …` to that section"))
    }

    /// The error for a profile whose credentials do not come from Identity Center.
    pub fn unusable(&self) -> Error {
        let (what, kind) = match (self.kind(), self.value("source_profile")) {
            (Kind::RoleChain, Some(source)) => {
                let source = sanitize(source);
                (
                    format!("it is a role chain from \"{source}\""),
                    ForeignProfile::RoleChain { source },
                )
            }
            (Kind::RoleChain, None) => {
                let source = sanitize(self.value("credential_source").unwrap_or_default());
                (
                    format!("it is a role chain from {source}"),
                    ForeignProfile::Other,
                )
            }
            (Kind::WebIdentity, _) => (
                "it takes its role with a web identity token".to_owned(),
                ForeignProfile::Other,
            ),
            (Kind::StaticKeys, _) => ("it holds static keys".to_owned(), ForeignProfile::Other),
            (Kind::LoginSession, _) => (
                "it is a console session of `aws login`".to_owned(),
                ForeignProfile::LoginSession,
            ),
            _ => (
                "it calls another credential_process".to_owned(),
                ForeignProfile::Other,
            ),
        };
        Error::configuration(format!(
            "profile \"{}\" is no Identity Center role: {what} ({})",
            self.shown_name(),
            self.place()
        ))
        .hint(Hint::UseOtherTool {
            profile: shlex::try_quote(self.name).ok().map(Cow::into_owned),
            kind,
        })
    }
}
