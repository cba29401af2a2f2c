//! Accounts and roles assigned to the user, and the default ones.
//!
//! The default names are difficult to display, sort, quote and write on purpose, as are some
//! that real portals return.

use serde_json::{Value, json};

/// An account and the roles assigned in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// Twelve digits; the first may be 0.
    pub id: String,
    /// Account name; some accounts have none.
    pub name: Option<String>,
    /// Email address; some accounts have none.
    pub email: Option<String>,
    /// Role names in the order in which the portal lists them.
    pub roles: Vec<String>,
}

impl Account {
    /// Creates an account with a name, an email address made from its id, and roles.
    #[must_use]
    pub fn new(id: &str, name: &str, roles: &[&str]) -> Self {
        let roles = roles.iter().map(|&role| role.to_owned()).collect();
        let email = Some(format!("aws+{id}@example.com"));
        Self {
            id: id.to_owned(),
            name: Some(name.to_owned()),
            email,
            roles,
        }
    }

    /// Removes the name.
    #[must_use]
    pub fn without_name(mut self) -> Self {
        self.name = None;
        self
    }

    /// Removes the email address.
    #[must_use]
    pub fn without_email(mut self) -> Self {
        self.email = None;
        self
    }

    /// Returns the account as the portal lists it: absent members are omitted, not null.
    pub(crate) fn to_portal_json(&self) -> Value {
        let mut entry = json!({ "accountId": self.id });
        if let Some(name) = &self.name {
            entry["accountName"] = json!(name);
        }
        if let Some(email) = &self.email {
            entry["emailAddress"] = json!(email);
        }
        entry
    }
}

/// All accounts, in the order in which the portal lists them.
#[derive(Clone, Debug)]
pub(crate) struct Assignments {
    pub(crate) accounts: Vec<Account>,
}

impl Default for Assignments {
    fn default() -> Self {
        let accounts = vec![
            Account::new(
                "111122223333",
                "Production",
                &["AdministratorAccess", "ReadOnlyAccess"],
            ),
            Account::new("012345678901", "Leading Zero", &["ReadOnlyAccess"]),
            Account::new("222233334444", "", &["PowerUserAccess"]).without_name(),
            Account::new("333344445555", "", &["Auditor"])
                .without_name()
                .without_email(),
            Account::new(
                "444455556666",
                "Ops \"blue\" [eu] (old)",
                &["Ops+team=1,2.x@corp_-"],
            ),
            Account::new(
                "555566667777",
                "Dev's $(id) `id`; rm <b>&amp;",
                &["ReadOnlyAccess", "O'Brien;$(id)"],
            ),
            Account::new("666677778888", "Prüfung 東京", &["ReadOnlyAccess"]),
        ];
        Self { accounts }
    }
}

impl Assignments {
    pub(crate) fn account(&self, id: &str) -> Option<&Account> {
        self.accounts.iter().find(|account| account.id == id)
    }

    pub(crate) fn is_assigned(&self, id: &str, role: &str) -> bool {
        self.account(id)
            .is_some_and(|account| account.roles.iter().any(|name| name == role))
    }

    /// Adds an account, or replaces the one with the same id at its position.
    pub(crate) fn put(&mut self, account: Account) {
        match self
            .accounts
            .iter_mut()
            .find(|known| known.id == account.id)
        {
            Some(known) => *known = account,
            None => self.accounts.push(account),
        }
    }

    pub(crate) fn remove(&mut self, id: &str) {
        self.accounts.retain(|account| account.id != id);
    }

    /// Assigns a role; an unknown account is created without name and email address.
    pub(crate) fn assign(&mut self, id: &str, role: &str) {
        if self.is_assigned(id, role) {
            return;
        }
        match self.accounts.iter_mut().find(|known| known.id == id) {
            Some(known) => known.roles.push(role.to_owned()),
            None => self.put(Account::new(id, "", &[role]).without_name().without_email()),
        }
    }

    pub(crate) fn unassign(&mut self, id: &str, role: &str) {
        if let Some(known) = self.accounts.iter_mut().find(|known| known.id == id) {
            known.roles.retain(|name| name != role);
        }
    }

    /// Replaces all accounts by `accounts` generated ones with `roles` roles each.
    pub(crate) fn fill(&mut self, accounts: usize, roles: usize) {
        let role_names: Vec<String> = (1..=roles)
            .map(|number| format!("Role{number:03}"))
            .collect();
        self.accounts = (1..=accounts)
            .map(|number| {
                let account = Account::new(
                    &format!("{number:012}"),
                    &format!("Account {number:04}"),
                    &[],
                );
                Account {
                    roles: role_names.clone(),
                    ..account
                }
            })
            .collect();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_can_be_assigned_and_removed() {
        let mut assignments = Assignments::default();
        assert!(assignments.is_assigned("012345678901", "ReadOnlyAccess"));
        assignments.unassign("012345678901", "ReadOnlyAccess");
        assert!(!assignments.is_assigned("012345678901", "ReadOnlyAccess"));
        assignments.assign("999900001111", "New");
        assignments.assign("999900001111", "New");
        assert_eq!(
            assignments.account("999900001111").map(|a| a.roles.len()),
            Some(1)
        );
        assignments.remove("999900001111");
        assert!(assignments.account("999900001111").is_none());
    }

    #[test]
    fn absent_members_are_omitted() {
        let listed = Assignments::default()
            .account("333344445555")
            .unwrap()
            .to_portal_json();
        assert_eq!(listed, json!({ "accountId": "333344445555" }));
    }
}
