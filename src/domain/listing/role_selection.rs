//! Roles of a listing as rows: selected by patterns and sorted.

use regex_lite::Regex;

use super::inventory::{Account, Inventory};
use super::pattern::AccountPattern;
use crate::domain::sort::sort_by;

/// A role in an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RoleRow<'a> {
    pub account: &'a Account,
    pub role: &'a str,
}

/// Sort order of rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RowOrder {
    /// Account id, then role.
    IdRole,
    /// Account name, then role.
    #[default]
    NameRole,
    /// Role, then account id.
    RoleId,
    /// Role, then account name.
    RoleName,
}

impl Inventory {
    /// Returns the accounts that one of the patterns matches; all, if there is no pattern.
    pub fn matching_accounts(&self, patterns: &[AccountPattern]) -> impl Iterator<Item = &Account> {
        let all = self.accounts.iter();
        all.filter(|account| AccountPattern::any_matches(patterns, account))
    }

    /// Returns the roles that the patterns match, in the portal's order.
    pub fn rows(&self, accounts: &[AccountPattern], roles: &[Regex]) -> Vec<RoleRow<'_>> {
        let accounts = self.matching_accounts(accounts);
        accounts.flat_map(|account| account.rows(roles)).collect()
    }
}

impl Account {
    /// Returns the roles that one of the patterns matches; all, if there is no pattern.
    pub fn rows(&self, patterns: &[Regex]) -> impl Iterator<Item = RoleRow<'_>> {
        let rows = self.roles.iter().map(|role| RoleRow {
            account: self,
            role,
        });
        rows.filter(|row| {
            patterns.is_empty() || patterns.iter().any(|pattern| pattern.is_match(row.role))
        })
    }
}

impl RowOrder {
    /// Sorts rows by bytes, so that the result does not depend on the locale.
    pub fn sort(self, rows: &mut Vec<RoleRow>) {
        sort_by(rows, |a, b| self.key(a).cmp(&self.key(b)));
    }

    fn key<'a>(self, row: &RoleRow<'a>) -> [&'a str; 3] {
        let name = row.account.name.as_deref().unwrap_or_default();
        let (id, role) = (row.account.id.as_str(), row.role);
        match self {
            RowOrder::IdRole => [id, role, ""],
            RowOrder::NameRole => [name, role, id],
            RowOrder::RoleId => [role, id, ""],
            RowOrder::RoleName => [role, name, id],
        }
    }
}
