//! Resolves options, variables and configuration to the target of a command.

pub mod config_view;
pub mod misspelt_key;
pub mod network;
pub mod precedence;
pub mod profile;
pub mod request;
pub mod resolve;
pub mod sessions;

use crate::domain::cache::key::RoleId;
use crate::domain::names::is_plain_name;
use crate::domain::session::definition::Session;
use crate::domain::text::sanitize;

/// A session and the profile whose network settings apply to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instance {
    pub session: Session,
    /// Profile whose network settings apply; without one, those of the sso-session and of
    /// `[default]`.
    pub settings: Option<String>,
}

/// A resolved role, for which a command gets credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    pub id: RoleId,
    /// Definition of the session; `None` until the configuration is read, which a warm call
    /// with all of the target in its options never does.
    pub session: Option<Session>,
    /// Region to pass on.
    pub region: Option<String>,
    /// Profile that was chosen, unless options override its role.
    pub profile: Option<String>,
    /// Profile whose network settings apply. It differs from `profile` if the
    /// `credential_process` of that one names it.
    pub settings: Option<String>,
}

impl Target {
    /// Returns the value of `AWS_SSO_PROFILE`: the profile, or `ROLE@ACCOUNT`. Prompt themes
    /// evaluate it, so a name with other than plain characters gives `None`.
    pub fn display_name(&self) -> Option<String> {
        let name = match &self.profile {
            Some(profile) => profile.clone(),
            None => format!("{}@{}", self.id.role, self.id.account),
        };
        is_plain_name(&name).then_some(name)
    }

    /// Returns the name of the profile, or `Admin@111122223333` without one, for messages.
    pub fn name(&self) -> String {
        match &self.profile {
            Some(profile) => sanitize(profile),
            None => format!("{}@{}", sanitize(&self.id.role), self.id.account),
        }
    }

    /// Returns the role as messages show it: `dev (111122223333 Admin, eu-west-1)`, or
    /// `Admin@111122223333 (corp, eu-west-1)` without a profile.
    pub fn label(&self) -> String {
        let name = self.name();
        let first = match self.profile {
            Some(_) => format!("{} {}", self.id.account, sanitize(&self.id.role)),
            None => sanitize(self.id.session.label()),
        };
        match &self.region {
            Some(region) => format!("{name} ({first}, {})", sanitize(region)),
            None => format!("{name} ({first})"),
        }
    }
}

#[cfg(test)]
impl Target {
    /// Returns a role of the session `corp`.
    pub fn for_test(account: &str, role: &str) -> Target {
        let session = crate::domain::cache::key::SessionKey::Name("corp".to_owned());
        Target {
            id: RoleId::new(session, account, role),
            session: None,
            region: None,
            profile: None,
            settings: None,
        }
    }
}
