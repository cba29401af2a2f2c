//! What a session may use: its accounts, and the roles in each.
//!
//! An inventory knows what is missing in it. How it is asked for is the business of `walk`,
//! how it is kept on disk, of `text`, and by which words parts of it are chosen, of `pattern`.

use std::collections::BTreeSet;

use crate::domain::net::failure::FailureKind;
use crate::domain::session::definition::{Session, same_start_url};
use crate::domain::sort::sort_by;
use crate::domain::time::Timestamp;

pub use super::inventory_file::{account_in, is_of, parse, to_text};
pub(in crate::domain) use super::pattern::expression;
pub use super::pattern::{AccountPattern, RolePattern};

/// Seconds after which a kept inventory is asked anew.
pub const FRESH_FOR: i64 = 24 * 60 * 60;

/// The accounts and roles of one session, as far as they were read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inventory {
    /// The start URL of the session.
    pub start_url: String,
    /// The region of its Identity Center instance.
    pub region: String,
    /// The name of the sso-session; a legacy one has none.
    pub session: Option<String>,
    /// When the listing ended.
    pub taken_at: Timestamp,
    /// What it is about.
    pub extent: Extent,
    /// In the portal's order, each id once.
    pub accounts: Vec<Account>,
    /// What could not be read.
    pub missing: Vec<Missing>,
}

/// What a listing was about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// All accounts, with their roles.
    All,
    /// The roles of some accounts.
    Some,
    /// All accounts, without their roles.
    Names,
}

/// An account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// 12 digits.
    pub id: String,
    /// Not every account has one. It is foreign input, letter by letter: see `text::sanitize`.
    pub name: Option<String>,
    /// The address of its owner, where the portal says it.
    pub email: Option<String>,
    /// The names of the roles, in the portal's order, each once. Foreign input as well.
    pub roles: Vec<String>,
}

/// Something that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// The account whose roles it is; `None`: the list of accounts itself is not complete.
    pub account: Option<String>,
    /// What kind of failure it was.
    pub kind: FailureKind,
    /// What exactly happened, fit to be shown.
    pub detail: String,
}

/// A role in an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row<'a> {
    /// The account.
    pub account: &'a Account,
    /// The role.
    pub role: &'a str,
}

/// The order of rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
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
    /// Of a session, with nothing in it yet.
    pub fn empty(session: &Session, taken_at: Timestamp) -> Inventory {
        Inventory {
            start_url: session.start_url.clone(),
            region: session.region.clone(),
            session: session.name.clone(),
            taken_at,
            extent: Extent::Some,
            accounts: Vec::new(),
            missing: Vec::new(),
        }
    }

    /// Whether it is all that the session may use: what is not in it is not granted. Only
    /// then may somebody conclude from it that something is to be removed.
    pub fn is_complete(&self) -> bool {
        self.extent == Extent::All && self.missing.is_empty()
    }

    /// Whether it is about this session. A name alone says too little: two configurations
    /// may both say `corp`.
    pub fn is_of(&self, session: &Session) -> bool {
        self.region == session.region && same_start_url(&self.start_url, &session.start_url)
    }

    /// Its age in seconds. One from the future has none that counts.
    pub fn age(&self, now: Timestamp) -> Option<i64> {
        let age = now.left(self.taken_at);
        (age >= 0).then_some(age)
    }

    /// Whether it may be used instead of asking: complete, and young enough.
    pub fn is_fresh(&self, now: Timestamp) -> bool {
        self.is_complete() && self.age(now).is_some_and(|age| age < FRESH_FOR)
    }

    /// An account by its id.
    pub fn account(&self, id: &str) -> Option<&Account> {
        self.accounts.iter().find(|account| account.id == id)
    }

    /// The accounts that one of the patterns means; all, where there is none.
    pub fn accounts_of<'a, 'p>(
        &'a self,
        patterns: &'p [AccountPattern],
    ) -> impl Iterator<Item = &'a Account> + use<'a, 'p> {
        let all = self.accounts.iter();
        all.filter(|account| AccountPattern::any(patterns, account))
    }

    /// The roles that the patterns mean, in the portal's order.
    pub fn rows(&self, accounts: &[AccountPattern], roles: &[RolePattern]) -> Vec<Row<'_>> {
        self.accounts_of(accounts)
            .flat_map(|account| account.rows(roles))
            .collect()
    }

    /// What is to be kept when a listing has ended, and `kept` is there from before. What was
    /// read replaces what was there. Where it could not be read, or was not asked for, the
    /// old lists stay, and what failed stays named in `missing`, so that nobody takes them
    /// for today's.
    #[must_use]
    pub fn over(&self, kept: Option<Inventory>) -> Inventory {
        let Some(kept) = kept else {
            return self.clone();
        };
        let failed: BTreeSet<&str> = self.failed().collect();
        // A complete listing knows every account: an id beside them was mistyped.
        let stranger = |id: &str| {
            kept.extent == Extent::All && failed.contains(id) && kept.account(id).is_none()
        };
        let as_before = |account: &Account| {
            let old = kept.account(&account.id);
            let unread = self.extent == Extent::Names || failed.contains(account.id.as_str());
            let unnamed = self.extent == Extent::Some && account.name.is_none();
            let mut account = account.clone();
            if let Some(old) = old.filter(|_| unread) {
                account.roles.clone_from(&old.roles);
            }
            if let Some(old) = old.filter(|_| unnamed) {
                account.name.clone_from(&old.name);
                account.email.clone_from(&old.email);
            }
            account
        };
        let mut merged: Vec<Account> = self.accounts.iter().map(as_before).collect();
        if self.extent == Extent::All {
            return Inventory {
                accounts: merged,
                ..self.clone()
            };
        }
        if self.extent == Extent::Names && kept.extent == Extent::All {
            // One whose roles nobody has read would look like one without roles.
            merged.retain(|account| kept.account(&account.id).is_some());
        }
        let asked = |id: &str| failed.contains(id) || self.account(id).is_some();
        let settled = |missing: &Missing| match &missing.account {
            Some(id) => self.extent == Extent::Some && asked(id),
            None => false,
        };
        let mut result = kept.clone();
        result.missing.retain(|missing| !settled(missing));
        if self.extent == Extent::Some {
            let known = |missing: &&Missing| !missing.account.as_deref().is_some_and(stranger);
            result
                .missing
                .extend(self.missing.iter().filter(known).cloned());
            merged.retain(|account| !stranger(&account.id));
        }
        for account in merged {
            match result.accounts.iter_mut().find(|it| it.id == account.id) {
                Some(old) => *old = account,
                None => result.accounts.push(account),
            }
        }
        result
    }

    /// The same, without the lists that are older than it.
    #[must_use]
    pub fn without_old(mut self) -> Inventory {
        let failed: BTreeSet<String> = self.failed().map(str::to_owned).collect();
        for account in &mut self.accounts {
            if failed.contains(&account.id) {
                account.roles.clear();
            }
        }
        self
    }

    fn failed(&self) -> impl Iterator<Item = &str> {
        let missing = self.missing.iter();
        missing.filter_map(|missing| missing.account.as_deref())
    }
}

impl Account {
    /// Its roles that one of the patterns means; all, where there is none.
    pub fn rows<'a, 'p>(
        &'a self,
        patterns: &'p [RolePattern],
    ) -> impl Iterator<Item = Row<'a>> + use<'a, 'p> {
        let meant = move |role: &&String| RolePattern::any(patterns, role);
        self.roles.iter().filter(meant).map(move |role| Row {
            account: self,
            role,
        })
    }

    /// Its name; an account without one sorts as if it were empty.
    fn sorted_as(&self) -> &str {
        self.name.as_deref().unwrap_or_default()
    }
}

impl Order {
    /// Puts rows in order, by bytes, so that the language of the computer does not count.
    pub fn sort(self, rows: &mut Vec<Row>) {
        sort_by(rows, |a, b| self.of_row(a).cmp(&self.of_row(b)));
    }

    fn of_row<'a>(self, row: &Row<'a>) -> [&'a str; 3] {
        let (id, name, role) = (row.account.id.as_str(), row.account.sorted_as(), row.role);
        match self {
            Order::IdRole => [id, role, ""],
            Order::NameRole => [name, role, id],
            Order::RoleId => [role, id, ""],
            Order::RoleName => [role, name, id],
        }
    }

    /// Puts accounts in order.
    pub fn sort_accounts(self, accounts: &mut Vec<&Account>) {
        sort_by(accounts, |a, b| self.of_account(a).cmp(&self.of_account(b)));
    }

    fn of_account(self, account: &Account) -> [&str; 2] {
        match self {
            Order::IdRole | Order::RoleId => [&account.id, ""],
            Order::NameRole | Order::RoleName => [account.sorted_as(), &account.id],
        }
    }
}

#[cfg(test)]
mod tests;
