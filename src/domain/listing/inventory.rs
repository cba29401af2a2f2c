//! The accounts and roles of a session, as far as they were read, and what is missing.

use std::collections::BTreeSet;

use crate::domain::net::failure::FailureKind;
use crate::domain::session::definition::{Session, same_start_url};
use crate::domain::time::Timestamp;

/// Seconds after which a cached inventory is requested anew.
pub const FRESH_FOR: i64 = 24 * 60 * 60;

/// An account and its roles.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// Account id: 12 digits.
    pub id: String,
    /// Name of the account, if it has one. Foreign input: see `text::sanitize`.
    pub name: Option<String>,
    /// E-mail address of its owner, if the portal tells it.
    pub email: Option<String>,
    /// Names of the roles, in the portal's order, each once. Foreign input as well.
    pub roles: Vec<String>,
}

/// The accounts and roles of one session, as far as they were read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inventory {
    pub start_url: String,
    pub region: String,
    /// Name of the sso-session; a legacy session has none.
    pub session: Option<String>,
    /// Time at which the listing ended.
    pub taken_at: Timestamp,
    pub coverage: Coverage,
    /// Accounts in the portal's order, each id once.
    pub accounts: Vec<Account>,
    /// Lists that could not be read.
    pub missing: Vec<MissingPart>,
}

/// The lists that a listing requested.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Coverage {
    /// All accounts, with their roles.
    Everything,
    /// The roles of some accounts.
    #[default]
    SomeAccounts,
    /// All accounts, without their roles.
    AccountsOnly,
}

/// A list that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingPart {
    /// Account whose roles are missing; `None` if the list of accounts is incomplete.
    pub account: Option<String>,
    pub kind: FailureKind,
    /// Description of the failure, fit for a terminal.
    pub detail: String,
}

impl Inventory {
    /// Returns an inventory of a session with nothing in it.
    pub fn empty(session: &Session, taken_at: Timestamp) -> Inventory {
        Inventory {
            start_url: session.start_url.clone(),
            region: session.region.clone(),
            session: session.name.clone(),
            taken_at,
            coverage: Coverage::default(),
            accounts: Vec::new(),
            missing: Vec::new(),
        }
    }

    /// Returns `true` if this is all that the session may use. Only then may a caller
    /// conclude that an absent role is not granted, and remove something for it.
    pub fn is_complete(&self) -> bool {
        self.coverage == Coverage::Everything && self.missing.is_empty()
    }

    /// Returns `true` if this is an inventory of the session. Names are not compared: two
    /// configurations may both use `corp`.
    pub fn is_of(&self, session: &Session) -> bool {
        self.region == session.region && same_start_url(&self.start_url, &session.start_url)
    }

    /// Returns the age in seconds, or `None` for an inventory from the future.
    pub fn age(&self, now: Timestamp) -> Option<i64> {
        Some(now.left(self.taken_at)).filter(|age| *age >= 0)
    }

    /// Returns `true` if it can replace a listing: it is complete and younger than [`FRESH_FOR`].
    pub fn is_fresh(&self, now: Timestamp) -> bool {
        self.is_complete() && self.age(now).is_some_and(|age| age < FRESH_FOR)
    }

    pub fn account(&self, id: &str) -> Option<&Account> {
        self.accounts.iter().find(|account| account.id == id)
    }

    /// Returns the inventory to store after this listing, over the one stored before.
    ///
    /// Lists that were read replace stored ones. Lists that failed or were not requested stay, and
    /// the failures are added to `missing`, so that nobody takes old lists for current ones.
    #[must_use]
    pub fn merged_over(&self, stored: Option<Inventory>) -> Inventory {
        let Some(stored) = stored else {
            return self.clone();
        };
        let failed = failed_accounts(&self.missing);
        // A stored listing of everything knows every account, so another id was mistyped.
        let is_unknown = |id: &str| {
            stored.coverage == Coverage::Everything
                && failed.contains(id)
                && stored.account(id).is_none()
        };
        let completed = |account: &Account| {
            let old = stored.account(&account.id);
            let lacks_roles =
                self.coverage == Coverage::AccountsOnly || failed.contains(account.id.as_str());
            let lacks_name = self.coverage == Coverage::SomeAccounts && account.name.is_none();
            let mut account = account.clone();
            if let Some(old) = old.filter(|_| lacks_roles) {
                account.roles.clone_from(&old.roles);
            }
            if let Some(old) = old.filter(|_| lacks_name) {
                account.name.clone_from(&old.name);
                account.email.clone_from(&old.email);
            }
            account
        };
        let mut accounts: Vec<Account> = self.accounts.iter().map(completed).collect();
        if self.coverage == Coverage::Everything {
            return Inventory {
                accounts,
                ..self.clone()
            };
        }
        if self.coverage == Coverage::AccountsOnly && stored.coverage == Coverage::Everything {
            // A new account whose roles were not read would look like one without roles.
            accounts.retain(|account| stored.account(&account.id).is_some());
        }
        let is_requested = |id: &str| failed.contains(id) || self.account(id).is_some();
        let mut result = stored.clone();
        if self.coverage == Coverage::SomeAccounts {
            let missing = &mut result.missing;
            missing.retain(|it| !it.account.as_deref().is_some_and(is_requested));
            let failed = self.missing.iter();
            let known = failed.filter(|it| !it.account.as_deref().is_some_and(is_unknown));
            missing.extend(known.cloned());
            accounts.retain(|account| !is_unknown(&account.id));
        }
        for account in accounts {
            match result.accounts.iter_mut().find(|it| it.id == account.id) {
                Some(old) => *old = account,
                None => result.accounts.push(account),
            }
        }
        result
    }

    /// Returns the inventory without the role lists that an older listing has read.
    #[must_use]
    pub fn without_old_roles(mut self) -> Inventory {
        let failed = failed_accounts(&self.missing);
        for account in &mut self.accounts {
            if failed.contains(account.id.as_str()) {
                account.roles.clear();
            }
        }
        self
    }
}

/// Returns the ids of the accounts whose roles are missing.
fn failed_accounts(missing: &[MissingPart]) -> BTreeSet<&str> {
    let ids = missing.iter().map(|missing| missing.account.as_deref());
    ids.flatten().collect()
}

#[cfg(test)]
mod tests;
