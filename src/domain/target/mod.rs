//! Resolves options, variables and configuration to the target of a command.

pub mod config_view;
pub mod instance;
pub mod network;
pub mod precedence;
pub mod profile;
pub mod request;
pub mod resolve;
pub mod sessions;
pub mod sso_role;

use self::sso_role::SsoRole;

/// Identity for which a command gets credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// Role of an IAM Identity Center session.
    SsoRole(SsoRole),
}

impl Target {
    /// Returns the same target, chosen by a profile whose `credential_process` leads to it. The
    /// region of that profile wins.
    #[must_use]
    pub fn chosen_as(self, profile: String, region: Option<String>) -> Target {
        let Target::SsoRole(role) = self;
        Target::SsoRole(SsoRole {
            profile: Some(profile),
            region: region.or(role.region),
            ..role
        })
    }

    /// Returns the id of the account that the credentials are for.
    pub fn account(&self) -> &str {
        let Target::SsoRole(role) = self;
        &role.id.account
    }

    /// Returns the name of the role.
    pub fn role(&self) -> &str {
        let Target::SsoRole(role) = self;
        &role.id.role
    }

    /// Returns the region to pass on, if one is known.
    pub fn region(&self) -> Option<&str> {
        let Target::SsoRole(role) = self;
        role.region.as_deref()
    }

    /// Returns the name of the profile that was chosen, if one was.
    pub fn profile(&self) -> Option<&str> {
        let Target::SsoRole(role) = self;
        role.profile.as_deref()
    }

    /// Returns the value of `AWS_SSO_PROFILE`.
    pub fn display_name(&self) -> Option<String> {
        let Target::SsoRole(role) = self;
        role.display_name()
    }

    /// Returns the target as messages show it: `dev (111122223333 Admin, eu-west-1)`.
    pub fn label(&self) -> String {
        let Target::SsoRole(role) = self;
        role.label()
    }
}
