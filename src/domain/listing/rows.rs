//! Roles of a listing as rows: selected by patterns and sorted.

use super::account::Account;
use super::inventory::Inventory;
use super::pattern::{AccountPattern, RolePattern};
use crate::domain::sort::sort_by;

/// A role in an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RoleRow<'a> {
    /// The account.
    pub account: &'a Account,
    /// Name of the role.
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
    pub fn matching_accounts<'a, 'p>(
        &'a self,
        patterns: &'p [AccountPattern],
    ) -> impl Iterator<Item = &'a Account> + use<'a, 'p> {
        let all = self.accounts.iter();
        all.filter(|account| AccountPattern::any_matches(patterns, account))
    }

    /// Returns the roles that the patterns match, in the portal's order.
    pub fn rows(&self, accounts: &[AccountPattern], roles: &[RolePattern]) -> Vec<RoleRow<'_>> {
        self.matching_accounts(accounts)
            .flat_map(|account| account.rows(roles))
            .collect()
    }
}

impl Account {
    /// Returns the roles that one of the patterns matches; all, if there is no pattern.
    pub fn rows<'a, 'p>(
        &'a self,
        patterns: &'p [RolePattern],
    ) -> impl Iterator<Item = RoleRow<'a>> + use<'a, 'p> {
        let is_selected = move |role: &&String| RolePattern::any_matches(patterns, role);
        self.roles
            .iter()
            .filter(is_selected)
            .map(move |role| RoleRow {
                account: self,
                role,
            })
    }
}

impl RowOrder {
    /// Sorts rows by bytes, so that the result does not depend on the locale.
    pub fn sort(self, rows: &mut Vec<RoleRow>) {
        sort_by(rows, |a, b| self.row_key(a).cmp(&self.row_key(b)));
    }

    fn row_key<'a>(self, row: &RoleRow<'a>) -> [&'a str; 3] {
        let (id, name, role) = (row.account.id.as_str(), row.account.sort_name(), row.role);
        match self {
            RowOrder::IdRole => [id, role, ""],
            RowOrder::NameRole => [name, role, id],
            RowOrder::RoleId => [role, id, ""],
            RowOrder::RoleName => [role, name, id],
        }
    }

    /// Sorts accounts by id or by name, by bytes.
    pub fn sort_accounts(self, accounts: &mut Vec<&Account>) {
        sort_by(accounts, |a, b| {
            self.account_key(a).cmp(&self.account_key(b))
        });
    }

    fn account_key(self, account: &Account) -> [&str; 2] {
        match self {
            RowOrder::IdRole | RowOrder::RoleId => [&account.id, ""],
            RowOrder::NameRole | RowOrder::RoleName => [account.sort_name(), &account.id],
        }
    }
}
