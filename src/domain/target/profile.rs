//! Profiles, as both configuration files together define them.

use std::borrow::Cow;
use std::collections::HashMap;

use super::config_view::ConfigView;
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
        (config.is_some() || credentials.is_some()).then_some(Profile {
            name,
            config,
            credentials,
            config_path: view.config_path,
            credentials_path: view.credentials_path,
        })
    }

    /// Returns every profile of both files, in one pass: a file may hold thousands.
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
            let slot = if in_config {
                &mut found[at].config
            } else {
                &mut found[at].credentials
            };
            *slot = Some(section);
        }
        found
    }

    /// Returns the first `limit` names, safe to print on a terminal.
    pub fn names(view: &ConfigView, limit: usize) -> Vec<String> {
        let profiles = Profile::all(view);
        profiles
            .iter()
            .take(limit)
            .map(Profile::display_name)
            .collect()
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
        self.property(key).map_or_else(
            || self.location(),
            |(property, path)| format!("{path}:{}", property.line),
        )
    }

    /// Fails if a line of the profile is malformed: it may have been meant as the key that
    /// decides.
    pub fn check_syntax(&self) -> Result<()> {
        for (section, path) in [
            (self.config, self.config_path),
            (self.credentials, self.credentials_path),
        ] {
            if let Some(problem) = section.and_then(|section| section.problems.first()) {
                let name = self.display_name();
                return Err(Error::configuration(format!(
                    "profile \"{name}\" cannot be read: {}",
                    problem.what
                ))
                .hint(format!("look at {path}:{}", problem.line)));
            }
        }
        Ok(())
    }

    /// Returns the source of the profile's credentials.
    pub fn kind(&self) -> ProfileKind<'a> {
        let has = |key| self.value(key).is_some();
        if has("role_arn") && (has("source_profile") || has("credential_source")) {
            return ProfileKind::RoleChain;
        }
        if has("role_arn") && has("web_identity_token_file") {
            return ProfileKind::WebIdentity;
        }
        if has("sso_account_id") || has("sso_role_name") {
            return ProfileKind::SsoRole;
        }
        if has("aws_access_key_id") {
            return ProfileKind::StaticKeys;
        }
        if has("login_session") {
            return ProfileKind::LoginSession;
        }
        if let Some(line) = self.value("credential_process") {
            return match Request::from_credential_process(line) {
                Some(_) => ProfileKind::Helper(line),
                None => ProfileKind::ForeignProcess,
            };
        }
        if has("sso_session") || has("sso_start_url") {
            return ProfileKind::SessionOnly;
        }
        ProfileKind::Nothing
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
    pub fn missing_key_error(&self, key: &str) -> Error {
        Error::configuration(format!(
            "profile \"{}\" has no {key} ({})",
            self.display_name(),
            self.location()
        ))
        .hint(format!("add `{key} = …` to that section"))
    }

    /// Returns the error for a profile whose credentials do not come from Identity Center.
    pub fn foreign_source_error(&self) -> Error {
        let (what, kind) = match (self.kind(), self.value("source_profile")) {
            (ProfileKind::RoleChain, Some(source)) => {
                let source = sanitize(source);
                (
                    format!("it is a role chain from \"{source}\""),
                    ForeignProfile::RoleChain { source },
                )
            }
            (ProfileKind::RoleChain, None) => {
                let source = sanitize(self.value("credential_source").unwrap_or_default());
                (
                    format!("it is a role chain from {source}"),
                    ForeignProfile::Other,
                )
            }
            (ProfileKind::WebIdentity, _) => (
                "it takes its role with a web identity token".to_owned(),
                ForeignProfile::Other,
            ),
            (ProfileKind::StaticKeys, _) => {
                ("it holds static keys".to_owned(), ForeignProfile::Other)
            }
            (ProfileKind::LoginSession, _) => (
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
            self.display_name(),
            self.location()
        ))
        .hint(Hint::UseOtherTool {
            profile: shlex::try_quote(self.name).ok().map(Cow::into_owned),
            kind,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::config::{Dialect, Document, read};
    use crate::domain::target::config_view::ConfigExtent;

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
            assert_eq!(
                Profile::similar_name(name, &view).as_deref(),
                similar,
                "{name}"
            );
        }
    }
}
