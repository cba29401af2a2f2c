//! Rules of the stages that choose the instance, the account and the role.

use crate::domain::listing::inventory::{Account, Inventory};
use crate::domain::session::definition::{Session, same_start_url};
use crate::domain::target::config_view::ConfigView;
use crate::domain::target::request::Request;
use crate::domain::target::sessions;
use crate::domain::text::{counted, sanitize};
use crate::error::{Error, Hint};

use super::finding::{Finding, exit, quoted};

/// Selected account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// Account id.
    pub id: String,
    /// Id and name, for messages.
    pub label: String,
}

/// Returns why no instance could be chosen. `named`: an option or the profile names one.
pub fn instance(error: &Error, request: &Request, named: bool, view: &ConfigView) -> Finding {
    let usable: Vec<Session> = sessions::all(view).into_iter().flatten().collect();
    let fits = |session: &&Session| match &request.start_url {
        Some(url) => same_start_url(&session.start_url, url),
        None => !named,
    };
    let meant = usable.iter().filter(fits).count();
    let (code, exit) = match usable.len() {
        0 => ("no_instance", exit::NO_INSTANCE),
        _ if meant > 1 => ("instance_not_unique", exit::NOT_UNIQUE),
        _ => ("instance_not_found", exit::NO_MATCH),
    };
    Finding::of_error(code, exit, error)
}

/// Returns the account with this id or exact name.
pub fn account(wanted: &str, inventory: &Inventory, session: &Session) -> Result<Chosen, Finding> {
    let fits = |account: &&Account| account.id == wanted || account.name.as_deref() == Some(wanted);
    let found: Vec<&Account> = inventory.accounts.iter().filter(fits).collect();
    let by_id = found.iter().find(|account| account.id == wanted);
    match (by_id, found.as_slice()) {
        (Some(account), _) | (None, [account]) => Ok(Chosen {
            id: account.id.clone(),
            label: label(account),
        }),
        (None, []) => {
            let what = format!(
                "no access to account {}: it is not among the {} of {}",
                sanitize(wanted),
                counted(inventory.accounts.len(), "account"),
                sanitize(session.label())
            );
            let similar = inventory.accounts.iter().find(|account| {
                let name = account.name.as_deref().unwrap_or_default();
                name.eq_ignore_ascii_case(wanted)
            });
            let fix = match similar {
                Some(account) => format!("did you mean {}? case matters", label(account)).into(),
                None => Hint::ListAccounts {
                    session: session.selector(),
                },
            };
            Err(Finding::error("account_not_found", exit::ACCOUNT, what).fix(fix))
        }
        (None, several) => {
            let ids: Vec<&str> = several.iter().map(|account| account.id.as_str()).collect();
            let what = format!(
                "several accounts are called {}: {}",
                quoted(wanted),
                ids.join(", ")
            );
            Err(Finding::error("account_not_unique", exit::ACCOUNT, what).fix(Hint::GiveAccountId))
        }
    }
}

/// Checks that the account has the role, or any role without `wanted`, and returns the names.
pub fn role(wanted: Option<&str>, chosen: &Chosen, roles: &[String]) -> Result<String, Finding> {
    if roles.is_empty() {
        let what = format!("no role in account {} may be used", chosen.label);
        return Err(Finding::error("no_roles", exit::ACCOUNT, what)
            .fix("ask your administrator for an assignment"));
    }
    let Some(wanted) = wanted else {
        return Ok(named(roles));
    };
    if roles.iter().any(|role| role == wanted) {
        return Ok(sanitize(wanted));
    }
    let what = format!("no role {} in account {}", sanitize(wanted), chosen.label);
    let similar = roles.iter().find(|role| role.eq_ignore_ascii_case(wanted));
    let fix = match similar {
        Some(role) => format!("did you mean {}? case matters", sanitize(role)),
        None => format!("there are: {}", named(roles)),
    };
    Err(Finding::error("role_not_in_account", exit::ROLE, what).fix(fix))
}

/// Lists the accounts that have a role.
pub fn role_anywhere(
    wanted: &str,
    inventory: &Inventory,
    session: &Session,
) -> Result<String, Finding> {
    let has = |account: &&Account| account.roles.iter().any(|role| role == wanted);
    let found: Vec<String> = inventory.accounts.iter().filter(has).map(label).collect();
    match found.len() {
        0 => {
            let what = format!(
                "no role {} in any of the {} of {}",
                sanitize(wanted),
                counted(inventory.accounts.len(), "account"),
                sanitize(session.label())
            );
            let fix = Hint::ListRoles {
                session: session.selector(),
            };
            Err(Finding::error("role_nowhere", exit::ROLE_NOWHERE, what).fix(fix))
        }
        _ => Ok(format!("{} in {}", sanitize(wanted), some_of(&found))),
    }
}

/// Returns an error for an incomplete listing, which cannot prove that something is absent.
pub fn listing(inventory: &Inventory) -> Option<Finding> {
    let missing = inventory.missing.first()?;
    let what = match &missing.account {
        Some(account) => format!(
            "the roles of account {account} could not be read: {}",
            missing.detail
        ),
        None => format!("the accounts could not all be read: {}", missing.detail),
    };
    let (code, exit) = super::code_of(missing.kind).unwrap_or(("service_failed", exit::SERVICE));
    Some(Finding::error(code, exit, what).fix("wait a moment, then run this again"))
}

fn label(account: &Account) -> String {
    match &account.name {
        Some(name) => format!("{} ({})", account.id, sanitize(name)),
        None => account.id.clone(),
    }
}

fn named(roles: &[String]) -> String {
    some_of(&roles.iter().map(|role| sanitize(role)).collect::<Vec<_>>())
}

fn some_of(names: &[String]) -> String {
    const MOST: usize = 8;
    let first = names
        .iter()
        .take(MOST)
        .cloned()
        .collect::<Vec<_>>()
        .join(", ");
    match names.len().saturating_sub(MOST) {
        0 => first,
        more => format!("{first} and {more} more"),
    }
}
