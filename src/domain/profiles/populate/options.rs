//! Options of `sso populate`.

use regex_lite::Regex;

use super::ownership::MANAGED_KEYS;
use crate::domain::listing::inventory::Account;
use crate::domain::listing::pattern::{AccountPattern, compile_regex};
use crate::domain::text::sanitize;
use crate::error::{Error, Hint, Result};

/// Selection and content of the profiles to generate.
#[derive(Clone, Debug, Default)]
pub struct PopulateOptions {
    /// Selectors of the roles to include; all roles without one.
    pub include: Vec<RoleSelector>,
    pub exclude: Vec<RoleSelector>,
    /// Regions for selected roles. The first matching selector counts.
    pub regions_for: Vec<(RoleSelector, Vec<String>)>,
    /// Regions for all other roles.
    pub regions: Vec<String>,
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
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ProfileFormat {
    /// `sso_session`, `sso_account_id` and `sso_role_name`.
    #[default]
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

/// Selects roles in accounts, with the patterns of `sso roles`. A missing pattern matches everything.
#[derive(Clone, Debug)]
pub struct RoleSelector {
    role: Option<Regex>,
    account: Option<AccountPattern>,
}

impl RoleSelector {
    /// Parses `ACCOUNT`, `ROLE@ACCOUNT` or `ROLE@`.
    pub fn parse(text: &str) -> Result<RoleSelector> {
        let (role, account) = text.rsplit_once('@').unwrap_or(("", text));
        if role.is_empty() && account.is_empty() {
            return Err(Error::usage(format!(
                "\"{}\" means neither a role nor an account",
                sanitize(text)
            ))
            .hint("such as prod, Admin@prod or Admin@"));
        }
        let role = Some(role).filter(|role| !role.is_empty());
        let account = Some(account).filter(|account| !account.is_empty());
        Ok(RoleSelector {
            role: role.map(compile_regex).transpose()?,
            account: account.map(AccountPattern::parse).transpose()?,
        })
    }

    /// Parses the `[ROLE@]ACCOUNT=REGION[,REGION…]` of `--region-for`.
    pub fn parse_with_regions(text: &str) -> Result<(RoleSelector, Vec<String>)> {
        let invalid = |why| Err(Error::usage(why).hint(Hint::RegionRuleExample));
        let Some((selector, regions)) = text.rsplit_once('=') else {
            return invalid("a rule for regions has no `=`");
        };
        let regions: Vec<String> = regions.split(',').map(|it| it.trim().to_owned()).collect();
        if regions.iter().any(String::is_empty) {
            return invalid("a region is empty in a rule for regions");
        }
        Ok((RoleSelector::parse(selector)?, regions))
    }

    /// Returns `true` if this role in this account is selected.
    pub fn matches(&self, account: &Account, role: &str) -> bool {
        self.role.as_ref().is_none_or(|it| it.is_match(role))
            && self.account.as_ref().is_none_or(|it| it.matches(account))
    }
}

/// Parses a `KEY=VALUE` of `--set`. Fails on a key that decides where credentials come from or that
/// `populate` writes itself.
pub fn parse_setting(text: &str) -> Result<(String, String)> {
    let Some((key, value)) = text.split_once('=') else {
        return Err(Error::usage("a setting has no `=`").hint(Hint::SettingExample));
    };
    let (key, value) = (key.trim().to_ascii_lowercase(), value.trim());
    let is_reserved = key.starts_with("sso_")
        || key.starts_with("aws_")
        || MANAGED_KEYS.contains(&key.as_str())
        || ["role_arn", "source_profile", "credential_source"].contains(&key.as_str());
    if is_reserved {
        let text = format!("{} cannot be set for all profiles", sanitize(&key));
        return Err(Error::usage(text).hint(Hint::KeyIsReserved));
    }
    Ok((key, value.to_owned()))
}
