//! The accounts that a listing has collected so far, with their roles, and what is missing.

use std::collections::{HashMap, HashSet};

use crate::domain::listing::inventory::{Account, Coverage, Inventory, MissingPart};
use crate::domain::listing::pattern::AccountPattern;
use crate::domain::names::is_account_id;
use crate::domain::net::failure::{Failure, FailureKind};
use crate::domain::session::definition::Session;
use crate::domain::text::sanitize;
use crate::domain::time::Timestamp;

/// Limit on the approximate memory of everything collected, in bytes. An organization of 10,000
/// accounts with 50 roles each stays below it.
const MAX_SIZE: usize = 64 << 20;
/// Approximate memory of an account, a role or a missing part, in addition to its texts.
const ACCOUNT_SIZE: usize = 512;
const ROLE_SIZE: usize = 64;
const MISSING_SIZE: usize = 128;

/// Accounts and roles collected so far.
#[derive(Debug, Default)]
pub struct Collected {
    /// Approximate memory, in bytes.
    size: usize,
    coverage: Coverage,
    missing: Vec<MissingPart>,
    patterns: Vec<AccountPattern>,
    accounts: Vec<CollectedAccount>,
    /// Index in `accounts` by account id.
    index: HashMap<String, usize>,
    /// Number of leading accounts that [`Collected::next_ready`] has passed.
    reported: usize,
    done: usize,
}

/// An account, and the state of its role list.
#[derive(Debug)]
struct CollectedAccount {
    account: Account,
    /// Roles seen so far: a page may repeat some of the page before.
    roles: HashSet<String>,
    /// Whether the list has ended, by its last page or by a failure.
    is_done: bool,
    is_failed: bool,
}

impl Collected {
    pub(super) fn new(coverage: Coverage, patterns: &[AccountPattern]) -> Collected {
        Collected {
            coverage,
            patterns: patterns.to_vec(),
            ..Collected::default()
        }
    }

    /// Returns `true` if there is more than any organization has: the portal is not one.
    pub(super) fn is_full(&self) -> bool {
        self.size > MAX_SIZE
    }

    /// Adds an account. Returns `true` if its roles are to be requested.
    pub(super) fn add_account(&mut self, account: Account) -> bool {
        if !is_account_id(&account.id) {
            let id = sanitize(&account.id);
            let detail = format!("\"{id}\" is listed as an account, and an id is 12 digits");
            self.fail_list(None, &Failure::new(FailureKind::NotTheService, detail));
            return false;
        }
        let is_selected = AccountPattern::any_matches(&self.patterns, &account);
        if !is_selected || self.index.contains_key(&account.id) {
            return false;
        }
        let texts = [&account.name, &account.email].into_iter().flatten();
        self.size += ACCOUNT_SIZE + texts.map(String::len).sum::<usize>();
        let needs_roles = self.coverage != Coverage::AccountsOnly;
        self.index.insert(account.id.clone(), self.accounts.len());
        self.done += usize::from(!needs_roles);
        self.accounts.push(CollectedAccount {
            account,
            roles: HashSet::new(),
            is_done: !needs_roles,
            is_failed: false,
        });
        needs_roles
    }

    /// Takes the names of accounts that have none, being requested by id, from a stored inventory.
    pub fn add_names(&mut self, stored: &Inventory) {
        let unnamed = self.accounts.iter_mut().map(|it| &mut it.account);
        for account in unnamed.filter(|account| account.name.is_none()) {
            if let Some(known) = stored.account(&account.id) {
                account.name.clone_from(&known.name);
                account.email.clone_from(&known.email);
            }
        }
    }

    pub(super) fn add_roles(&mut self, account: &str, roles: Vec<String>) {
        let mut size = 0;
        if let Some(entry) = self.entry(account) {
            for role in roles.into_iter().filter(|role| !role.is_empty()) {
                if entry.roles.insert(role.clone()) {
                    size += ROLE_SIZE + role.len();
                    entry.account.roles.push(role);
                }
            }
        }
        self.size += size;
    }

    /// Ends the role list of an account; `None` ends the list of accounts.
    pub(super) fn finish_list(&mut self, account: Option<&str>) {
        let entry = account.and_then(|account| self.entry(account));
        if let Some(entry) = entry.filter(|entry| !entry.is_done) {
            entry.is_done = true;
            entry.roles = HashSet::new();
            self.done += 1;
        }
    }

    /// Records that a list could not be read to its end.
    pub(super) fn fail_list(&mut self, account: Option<&str>, failure: &Failure) {
        self.size += MISSING_SIZE + failure.detail.len();
        self.missing.push(MissingPart {
            account: account.map(str::to_owned),
            kind: failure.kind,
            detail: failure.detail.clone(),
        });
        if let Some(entry) = account.and_then(|account| self.entry(account)) {
            // Some of the roles would look like all of them.
            entry.account.roles.clear();
            entry.is_failed = true;
        }
        self.finish_list(account);
    }

    fn entry(&mut self, account: &str) -> Option<&mut CollectedAccount> {
        let index = *self.index.get(account)?;
        self.accounts.get_mut(index)
    }

    /// Returns the next account, in the portal's order, whose roles are known now.
    pub fn next_ready(&mut self) -> Option<&Account> {
        loop {
            let entry = self.accounts.get(self.reported)?;
            if !entry.is_done {
                return None;
            }
            self.reported += 1;
            if !entry.is_failed {
                return Some(&entry.account);
            }
        }
    }

    /// Returns the number of accounts that are done and the number of known ones.
    pub fn progress(&self) -> (usize, usize) {
        (self.done, self.accounts.len())
    }

    /// Returns the inventory, which includes accounts whose roles are missing.
    pub(super) fn into_inventory(self, session: &Session, taken_at: Timestamp) -> Inventory {
        let accounts = self.accounts.into_iter();
        Inventory {
            coverage: self.coverage,
            accounts: accounts.map(|entry| entry.account).collect(),
            missing: self.missing,
            ..Inventory::empty(session, taken_at)
        }
    }
}
