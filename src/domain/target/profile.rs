//! Profiles, as both configuration files together define them.

use std::collections::HashMap;

use super::config_view::{ConfigExtent, ConfigView, malformed_section_error, missing_key_error};
use super::misspelt_key;
use super::request::Request;
use crate::domain::cache::key::{RoleId, SessionKey};
use crate::domain::config::{Property, Section};
use crate::domain::text::sanitize;
use crate::error::{Error, ForeignProfile, Hint, Result};

/// A profile. Keys of the credentials file take precedence over those of the config file.
#[derive(Clone, Copy, Debug)]
pub struct Profile<'a> {
    /// Name of the profile.
    pub name: &'a str,
    config: Option<&'a Section>,
    credentials: Option<&'a Section>,
    config_path: &'a str,
    credentials_path: &'a str,
}

/// Source of a profile's credentials, in the order in which AWS CLI v2 looks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProfileKind<'a> {
    /// `role_arn` with a source, which outranks `sso_*` keys in the same profile.
    RoleChain,
    /// `role_arn` with a token file.
    WebIdentity,
    /// `sso_account_id` or `sso_role_name`.
    SsoRole,
    /// Access keys in a file.
    StaticKeys,
    /// `login_session` of `aws login`, which is not Identity Center.
    LoginSession,
    /// `credential_process` with this command, which calls `sso`.
    Helper(&'a str),
    /// Any other `credential_process`.
    ForeignProcess,
    /// A session without account and role.
    SessionOnly,
    /// No source.
    Nothing,
}

impl<'a> Profile<'a> {
    /// Returns the profile of this name, if either file has it.
    pub fn find(name: &'a str, view: &ConfigView<'a>) -> Option<Profile<'a>> {
        let config = view.config.profile(name);
        let credentials = view.credentials.profile(name);
        let exists = config.is_some() || credentials.is_some();
        exists.then_some(Profile::new(name, config, credentials, view))
    }

    fn new(
        name: &'a str,
        config: Option<&'a Section>,
        credentials: Option<&'a Section>,
        view: &ConfigView<'a>,
    ) -> Profile<'a> {
        Profile {
            name,
            config,
            credentials,
            config_path: view.config_path,
            credentials_path: view.credentials_path,
        }
    }

    /// Returns every profile of both files, in one pass: a file may hold thousands.
    pub fn all(view: &ConfigView<'a>) -> Vec<Profile<'a>> {
        let mut by_name: HashMap<&str, usize> = HashMap::new();
        let mut found: Vec<Profile<'a>> = Vec::new();
        for section in view.config.profiles() {
            by_name.insert(&section.name, found.len());
            found.push(Profile::new(&section.name, Some(section), None, view));
        }
        for section in view.credentials.profiles() {
            match by_name.get(section.name.as_str()) {
                Some(at) => found[*at].credentials = Some(section),
                None => found.push(Profile::new(&section.name, None, Some(section), view)),
            }
        }
        found
    }

    /// Returns the first `limit` names, safe to print on a terminal.
    pub fn names(view: &ConfigView, limit: usize) -> Vec<String> {
        let profiles = Profile::all(view).into_iter().take(limit);
        profiles.map(|profile| profile.display_name()).collect()
    }

    /// Returns the name that differs least from `name`, by at most two characters.
    pub fn similar_name(name: &str, view: &ConfigView) -> Option<String> {
        /// The time grows with the product of both lengths, and nobody mistypes a longer name.
        const MAX_LENGTH: usize = 128;
        if name.len() > MAX_LENGTH {
            return None;
        }
        let candidates = Profile::names(view, usize::MAX).into_iter();
        let (distance, candidate) = candidates
            .map(|candidate| (strsim::levenshtein(name, &candidate), candidate))
            .min_by_key(|(distance, _)| *distance)?;
        // Two changes turn any name of two characters into any other.
        (distance <= 2.min(name.len().saturating_sub(1))).then_some(candidate)
    }

    /// Returns the key that takes effect, and the path of its file.
    pub fn property(&self, key: &str) -> Option<(&'a Property, &'a str)> {
        let of = |section: Option<&'a Section>, path| Some((section?.get(key)?, path));
        of(self.credentials, self.credentials_path).or_else(|| of(self.config, self.config_path))
    }

    /// Returns the value of a key. An empty value counts as absent.
    pub fn value(&self, key: &str) -> Option<&'a str> {
        let (property, _) = self.property(key)?;
        (!property.value.is_empty()).then_some(property.value.as_str())
    }

    /// Returns the name, safe to print on a terminal.
    pub fn display_name(&self) -> String {
        sanitize(self.name)
    }

    /// Returns the subject of a message about the profile: `profile "NAME"`.
    pub fn title(&self) -> String {
        format!("profile \"{}\"", self.display_name())
    }

    /// Returns `FILE:LINE` of the profile's header.
    pub fn location(&self) -> String {
        match (self.config, self.credentials) {
            (Some(section), _) => format!("{}:{}", self.config_path, section.line),
            (None, Some(section)) => format!("{}:{}", self.credentials_path, section.line),
            (None, None) => self.config_path.to_owned(),
        }
    }

    /// Returns `FILE:LINE` of a key, or of the header if the key is absent.
    pub fn location_of(&self, key: &str) -> String {
        match self.property(key) {
            Some((property, path)) => format!("{path}:{}", property.line),
            None => self.location(),
        }
    }

    /// Fails if a line of the profile is malformed.
    pub fn check_syntax(&self) -> Result<()> {
        let problem = |section: Option<&'a Section>, path| Some((section?.problems.first()?, path));
        let Some((problem, path)) = problem(self.config, self.config_path)
            .or_else(|| problem(self.credentials, self.credentials_path))
        else {
            return Ok(());
        };
        Err(malformed_section_error(&self.title(), problem, path))
    }

    /// Returns the source of the profile's credentials.
    pub fn kind(&self) -> ProfileKind<'a> {
        let has = |key| self.value(key).is_some();
        if has("role_arn") && (has("source_profile") || has("credential_source")) {
            ProfileKind::RoleChain
        } else if has("role_arn") && has("web_identity_token_file") {
            ProfileKind::WebIdentity
        } else if has("sso_account_id") || has("sso_role_name") {
            ProfileKind::SsoRole
        } else if has("aws_access_key_id") {
            ProfileKind::StaticKeys
        } else if has("login_session") {
            ProfileKind::LoginSession
        } else if let Some(line) = self.value("credential_process") {
            match Request::from_credential_process(line) {
                Some(_) => ProfileKind::Helper(line),
                None => ProfileKind::ForeignProcess,
            }
        } else if has("sso_session") || has("sso_start_url") {
            ProfileKind::SessionOnly
        } else {
            ProfileKind::Nothing
        }
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

    /// Returns the error for a required key that the profile lacks.
    pub fn missing_key_error(&self, key: &str, view: &ConfigView) -> Error {
        let misspelt = self.misspelt_key(key, view);
        missing_key_error(&self.title(), key, &self.location(), misspelt)
    }

    /// Returns a hint at a key that was probably meant as this key of the profile.
    pub fn misspelt_key(&self, key: &str, view: &ConfigView) -> Option<String> {
        let of = |section: Option<&Section>, path| misspelt_key::hint(section?, key, path);
        of(self.config, self.config_path)
            .or_else(|| of(self.credentials, self.credentials_path))
            .or_else(|| misspelt_key::hint_in_session(self.value("sso_session")?, key, view))
    }

    /// Returns the profile that this one gets its session from: the source of a role chain, or
    /// the profile itself. Fails for a missing source, and for a loop.
    pub fn session_source(self, view: &ConfigView<'a>) -> Result<Profile<'a>> {
        /// Limit on profiles that name each other; more are a loop.
        const MAX_STEPS: usize = 8;
        let mut found = self;
        for _ in 0..MAX_STEPS {
            let source = found.value("source_profile");
            let (ProfileKind::RoleChain, Some(source)) = (found.kind(), source) else {
                return Ok(found);
            };
            view.require(ConfigExtent::Whole)?;
            found = Profile::find(source, view).ok_or_else(|| {
                let (title, source) = (found.title(), sanitize(source));
                let location = found.location_of("source_profile");
                Error::configuration(format!(
                    "{title} names the profile \"{source}\", which does not exist ({location})"
                ))
                .hint(format!("correct source_profile at {location}"))
            })?;
        }
        let (title, location) = (self.title(), self.location_of("source_profile"));
        Err(
            Error::configuration(format!("the source_profile of {title} leads in a loop"))
                .hint(format!("correct source_profile at {location}")),
        )
    }

    /// Returns the error for a profile that was named for its session and has none.
    pub fn no_session_error(&self) -> Error {
        let (title, location) = (self.title(), self.location());
        let source = self.source();
        Error::configuration(format!("{title} has no session: {source} ({location})"))
    }

    /// Describes the source of the credentials, for messages.
    fn source(&self) -> String {
        let value = |key| self.value(key).map(sanitize).unwrap_or_default();
        match self.kind() {
            ProfileKind::RoleChain if self.value("source_profile").is_some() => {
                format!("it is a role chain from \"{}\"", value("source_profile"))
            }
            ProfileKind::RoleChain => {
                format!("it is a role chain from {}", value("credential_source"))
            }
            ProfileKind::WebIdentity => "it takes its role with a web identity token".into(),
            ProfileKind::StaticKeys => "it holds static keys".into(),
            ProfileKind::LoginSession => "it is a console session of `aws login`".into(),
            ProfileKind::Helper(_) | ProfileKind::ForeignProcess => {
                "it calls another credential_process".into()
            }
            ProfileKind::SsoRole | ProfileKind::SessionOnly | ProfileKind::Nothing => {
                "it names no source of credentials".into()
            }
        }
    }

    /// Returns the error for a profile whose credentials do not come from Identity Center.
    pub fn foreign_source_error(&self) -> Error {
        let kind = match (self.kind(), self.value("source_profile")) {
            (ProfileKind::RoleChain, Some(source)) => ForeignProfile::RoleChain {
                source: sanitize(source),
            },
            (ProfileKind::LoginSession, _) => ForeignProfile::LoginSession,
            _ => ForeignProfile::Other,
        };
        let what = self.source();
        let (title, location) = (self.title(), self.location());
        let message = format!("{title} is no Identity Center role: {what} ({location})");
        Error::configuration(message).hint(Hint::UseOtherTool {
            profile: Some(self.name.to_owned()),
            kind,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::config::{Dialect, Document, read};

    #[test]
    fn similar_name_differs_by_two_characters_at_most() {
        let text = "[profile prdo]\n[profile devv]\n[profile deev]\n[profile züri]\n[profile ab]\n";
        let config = read(text.as_bytes(), Dialect::Config);
        let view = ConfigView {
            config: &config,
            credentials: &Document::default(),
            config_path: "config",
            credentials_path: "credentials",
            extent: ConfigExtent::Whole,
        };
        for (name, similar) in [
            ("prod", Some("prdo")),
            ("dev", Some("devv")),
            ("devv", Some("devv")),
            ("zürich", Some("züri")),
            ("staging", None),
            ("c", None),
        ] {
            let found = Profile::similar_name(name, &view);
            assert_eq!(found.as_deref(), similar, "{name}");
        }
    }
}
