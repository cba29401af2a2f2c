//! Options of `sso populate`.

use super::ownership::MANAGED_KEYS;
use super::selector::RoleSelector;
use crate::domain::listing::account::Account;
use crate::domain::text::sanitize;
use crate::error::{Error, Hint, Result};

/// Selection and content of the profiles to generate.
#[derive(Clone, Debug)]
pub struct PopulateOptions {
    /// Selectors of the roles to include; all roles without one.
    pub include: Vec<RoleSelector>,
    /// Selectors of the roles to exclude.
    pub exclude: Vec<RoleSelector>,
    /// Regions for selected roles. The first matching selector counts.
    pub regions_for: Vec<(RoleSelector, Vec<String>)>,
    /// Regions for all other roles.
    pub regions: Vec<String>,
    /// How a profile gets its credentials.
    pub format: ProfileFormat,
    /// Further keys of every profile.
    pub set: Vec<(String, String)>,
    /// Whether to remove profiles whose role is no longer granted.
    pub prune: bool,
    /// Whether to take over profiles of other origin.
    pub adopt: bool,
}

/// How a profile gets its credentials. A profile never has the keys of both formats, because SDKs
/// disagree about which of them counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProfileFormat {
    /// `sso_session`, `sso_account_id` and `sso_role_name`.
    SsoSession,
    /// `credential_process` that calls the program at this path.
    CredentialProcess(String),
}

impl PopulateOptions {
    /// Returns `true` if the role gets a profile.
    pub(super) fn includes(&self, account: &Account, role: &str) -> bool {
        let any = |selectors: &[RoleSelector]| selectors.iter().any(|it| it.matches(account, role));
        (self.include.is_empty() || any(&self.include)) && !any(&self.exclude)
    }

    /// Returns the regions of the role. A role without regions gets one profile without a region.
    pub(super) fn regions_of(&self, account: &Account, role: &str) -> &[String] {
        let mut rules = self.regions_for.iter();
        let rule = rules.find(|(selector, _)| selector.matches(account, role));
        rule.map_or(&self.regions, |(_, regions)| regions)
    }
}

/// Parses a `KEY=VALUE` of `--set`.
///
/// # Errors
/// Fails without `=`, and on a key that decides where credentials come from or that `populate`
/// writes itself.
pub fn parse_setting(text: &str) -> Result<(String, String)> {
    let Some((key, value)) = text.split_once('=') else {
        return Err(Error::usage("a setting has no `=`").hint(Hint::SettingExample));
    };
    let (key, value) = (key.trim().to_ascii_lowercase(), value.trim());
    let is_reserved = key.starts_with("sso_")
        || key.starts_with("aws_")
        || MANAGED_KEYS.contains(&key.as_str())
        || matches!(
            key.as_str(),
            "role_arn" | "source_profile" | "credential_source"
        );
    if is_reserved {
        let key = sanitize(&key);
        return Err(
            Error::usage(format!("{key} cannot be set for all profiles")).hint(Hint::KeyIsReserved),
        );
    }
    Ok((key, value.to_owned()))
}
