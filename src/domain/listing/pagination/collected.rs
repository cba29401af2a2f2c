//! What a walk has found so far: accounts, each with its roles when they are known, and
//! what could not be read.

use std::collections::{HashMap, HashSet};

use crate::domain::listing::inventory::{Account, AccountPattern, Extent, Inventory, Missing};
use crate::domain::names::is_account_id;
use crate::domain::net::failure::{Failure, FailureKind};
use crate::domain::text::sanitize;

/// What was found.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) extent: Extent,
    pub(super) missing: Vec<Missing>,
    patterns: Vec<AccountPattern>,
    places: Vec<Place>,
    /// Where an account stands in `places`.
    at: HashMap<String, usize>,
    /// How many of the first places have been told.
    told: usize,
    settled: usize,
}

/// An account, and whether its roles are known, or lost.
#[derive(Debug)]
struct Place {
    account: Account,
    /// Its roles once more: a page may repeat some of the page before.
    roles: HashSet<String>,
    settled: bool,
    lost: bool,
}

impl Found {
    pub(super) fn new(extent: Extent, patterns: &[AccountPattern]) -> Found {
        Found {
            extent,
            missing: Vec::new(),
            patterns: patterns.to_vec(),
            places: Vec::new(),
            at: HashMap::new(),
            told: 0,
            settled: 0,
        }
    }

    /// An account is listed. Whether its roles are to be asked for.
    pub(super) fn add(&mut self, account: Account) -> bool {
        if !is_account_id(&account.id) {
            let id = sanitize(&account.id);
            self.missing.push(Missing {
                account: None,
                kind: FailureKind::NotTheService,
                detail: format!("\"{id}\" is listed as an account, and an id is 12 digits"),
            });
            return false;
        }
        if !AccountPattern::any(&self.patterns, &account) || self.at.contains_key(&account.id) {
            return false;
        }
        let names_only = self.extent == Extent::Names;
        self.at.insert(account.id.clone(), self.places.len());
        self.settled += usize::from(names_only);
        self.places.push(Place {
            account,
            roles: HashSet::new(),
            settled: names_only,
            lost: false,
        });
        !names_only
    }

    /// What is kept of accounts whose names nobody has asked for.
    pub(super) fn name_by(&mut self, kept: &Inventory) {
        for place in self
            .places
            .iter_mut()
            .filter(|it| it.account.name.is_none())
        {
            if let Some(known) = kept.account(&place.account.id) {
                place.account.name.clone_from(&known.name);
                place.account.email.clone_from(&known.email);
            }
        }
    }

    /// Roles of an account.
    pub(super) fn add_roles(&mut self, account: &str, roles: Vec<String>) {
        if let Some(place) = self.place(account) {
            for role in roles.into_iter().filter(|role| !role.is_empty()) {
                if place.roles.insert(role.clone()) {
                    place.account.roles.push(role);
                }
            }
        }
    }

    /// A list has ended; `None` is the one of accounts.
    pub(super) fn settle(&mut self, account: Option<&str>) {
        let place = account.and_then(|account| self.place(account));
        if let Some(place) = place.filter(|place| !place.settled) {
            place.settled = true;
            self.settled += 1;
        }
    }

    /// A list could not be read to its end.
    pub(super) fn miss(&mut self, account: Option<&str>, failure: &Failure) {
        self.missing.push(Missing {
            account: account.map(str::to_owned),
            kind: failure.kind,
            detail: failure.detail.clone(),
        });
        if let Some(place) = account.and_then(|account| self.place(account)) {
            // A part of the roles would look like all of them.
            place.account.roles.clear();
            place.lost = true;
        }
        self.settle(account);
    }

    fn place(&mut self, account: &str) -> Option<&mut Place> {
        let at = *self.at.get(account)?;
        self.places.get_mut(at)
    }

    /// The next account, in the portal's order, whose roles are known now.
    pub(super) fn next_ready(&mut self) -> Option<&Account> {
        let rest = self.places.get(self.told..)?.iter();
        let mut ready = rest.take_while(|place| place.settled);
        let at = ready.position(|place| !place.lost);
        let at = at.map(|at| self.told + at);
        self.told = match at {
            Some(at) => at + 1,
            None => {
                let rest = self.places.get(self.told..)?.iter();
                self.told + rest.take_while(|place| place.settled).count()
            }
        };
        self.places.get(at?).map(|place| &place.account)
    }

    /// How many accounts are done, and how many are known.
    pub(super) fn progress(&self) -> (usize, usize) {
        (self.settled, self.places.len())
    }

    /// The accounts, those too whose roles are missing.
    pub(super) fn into_parts(self) -> (Vec<Account>, Vec<Missing>) {
        let places = self.places.into_iter();
        (places.map(|place| place.account).collect(), self.missing)
    }
}
