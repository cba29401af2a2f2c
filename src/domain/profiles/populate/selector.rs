//! Selectors of roles in accounts, `[ROLE@]ACCOUNT`, with the patterns of `sso roles`.

use crate::domain::listing::account::Account;
use crate::domain::listing::pattern::{AccountPattern, RolePattern};
use crate::domain::text::sanitize;
use crate::error::{Error, Hint, Result};

/// Patterns for a role and an account. A missing pattern matches everything.
#[derive(Clone, Debug)]
pub struct RoleSelector {
    role: Option<RolePattern>,
    account: Option<AccountPattern>,
}

impl RoleSelector {
    /// Parses `ACCOUNT`, `ROLE@ACCOUNT` or `ROLE@`.
    ///
    /// # Errors
    /// Fails if both are empty, and on an invalid regular expression.
    pub fn parse(text: &str) -> Result<RoleSelector> {
        let (role, account) = match text.rsplit_once('@') {
            Some((role, account)) => (role, account),
            None => ("", text),
        };
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
            role: role.map(RolePattern::parse).transpose()?,
            account: account.map(AccountPattern::parse).transpose()?,
        })
    }

    /// Parses the `[ROLE@]ACCOUNT=REGION[,REGION…]` of `--region-for`.
    ///
    /// # Errors
    /// Fails on an invalid selector and without regions.
    pub fn parse_with_regions(text: &str) -> Result<(RoleSelector, Vec<String>)> {
        let Some((selector, regions)) = text.rsplit_once('=') else {
            return Err(Error::usage("a rule for regions has no `=`").hint(Hint::RegionRuleExample));
        };
        let regions: Vec<String> = regions.split(',').map(|it| it.trim().to_owned()).collect();
        if regions.iter().any(String::is_empty) {
            return Err(Error::usage("a region is empty in a rule for regions")
                .hint(Hint::RegionRuleExample));
        }
        Ok((RoleSelector::parse(selector)?, regions))
    }

    /// Returns `true` if this role in this account is selected.
    pub fn matches(&self, account: &Account, role: &str) -> bool {
        let matches_account = |pattern: &AccountPattern| pattern.matches(account);
        self.role.as_ref().is_none_or(|it| it.matches(role))
            && self.account.as_ref().is_none_or(matches_account)
    }
}
