//! Which roles in which accounts are meant: `[ROLE@]ACCOUNT`, in the patterns of `sso roles`.

use crate::domain::listing::inventory::{Account, AccountPattern, RolePattern};
use crate::domain::text::sanitize;
use crate::error::{Error, Hint, Result};

/// Roles in accounts.
#[derive(Clone, Debug)]
pub struct Choice {
    role: Option<RolePattern>,
    account: Option<AccountPattern>,
}

impl Choice {
    /// Reads `ACCOUNT`, `ROLE@ACCOUNT` or `ROLE@`.
    pub fn parse(text: &str) -> Result<Choice> {
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
        Ok(Choice {
            role: role.map(RolePattern::parse).transpose()?,
            account: account.map(AccountPattern::parse).transpose()?,
        })
    }

    /// Reads `[ROLE@]ACCOUNT=REGION[,REGION…]`.
    pub fn with_regions(text: &str) -> Result<(Choice, Vec<String>)> {
        let Some((choice, regions)) = text.rsplit_once('=') else {
            return Err(Error::usage("a rule for regions has no `=`").hint(Hint::RegionRuleExample));
        };
        let regions: Vec<String> = regions.split(',').map(|it| it.trim().to_owned()).collect();
        if regions.iter().any(String::is_empty) {
            return Err(Error::usage("a region is empty in a rule for regions")
                .hint(Hint::RegionRuleExample));
        }
        Ok((Choice::parse(choice)?, regions))
    }

    /// Whether it means this role in this account.
    pub fn means(&self, account: &Account, role: &str) -> bool {
        let of = |pattern: &AccountPattern| pattern.matches(account);
        self.role.as_ref().is_none_or(|it| it.matches(role)) && self.account.as_ref().is_none_or(of)
    }
}
