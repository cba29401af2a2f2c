//! The profiles that there should be.

use crate::domain::config::{Kind, refuse_name};
use crate::domain::inventory::{Account, Inventory};
use crate::domain::naming::{Parts, Safety};
use crate::domain::order;
use crate::domain::text::shown;
use crate::error::{Error, Result};

use super::Wishes;

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Its name.
    pub name: String,
    /// The account's id.
    pub account: String,
    /// The role's name.
    pub role: String,
    /// The region that it hands on.
    pub region: Option<String>,
}

/// How many collisions an error names.
const NAMED: usize = 3;

/// All of them, sorted by name. `name` names one, or leaves it out; it is told how many
/// regions the role gets.
pub fn wanted(
    inventory: &Inventory,
    wishes: &Wishes,
    safety: Safety,
    name: &mut dyn FnMut(&Parts, usize) -> Result<Option<String>>,
) -> Result<Vec<Wanted>> {
    let mut all = Vec::new();
    for account in &inventory.accounts {
        let account_name = safety.of(account.name.as_deref(), &account.id);
        for role in account.roles.iter().filter(|it| wishes.means(account, it)) {
            one_role(account, &account_name, role, wishes, safety, name, &mut all)?;
        }
    }
    order::sort(&mut all, |a, b| a.name.cmp(&b.name));
    let refused = |one: &'_ Wanted| refuse_name(Kind::Profile, &one.name);
    let refused = all.iter().find_map(|one| Some((one, refused(one)?)));
    if let Some((one, why)) = refused {
        let role = one.described();
        return Err(
            Error::failure(format!("no profile can be made for {role}: {why}")).hint(
                "change the name with --name and its filters, or leave the role out with --exclude",
            ),
        );
    }
    collisions(&all)?;
    Ok(all)
}

fn one_role(
    account: &Account,
    account_name: &str,
    role: &str,
    wishes: &Wishes,
    safety: Safety,
    name: &mut dyn FnMut(&Parts, usize) -> Result<Option<String>>,
    all: &mut Vec<Wanted>,
) -> Result<()> {
    let regions = wishes.regions_of(account, role);
    let role_name = match safety {
        Safety::Strict => safety.of(Some(role), role),
        Safety::Blanks | Safety::Raw => role.to_owned(),
    };
    // Without any region there is one profile, which has none.
    for index in 0..regions.len().max(1) {
        let region = regions.get(index);
        let parts = Parts {
            account_name,
            account_id: &account.id,
            role_name: &role_name,
            region: region.map(String::as_str),
            index,
        };
        if let Some(name) = name(&parts, regions.len())? {
            all.push(Wanted {
                name,
                account: account.id.clone(),
                role: role.to_owned(),
                region: region.cloned(),
            });
        }
    }
    Ok(())
}

fn collisions(sorted: &[Wanted]) -> Result<()> {
    let pairs = sorted.windows(2).filter_map(|pair| match pair {
        [a, b] if a.name == b.name => Some((a, b)),
        _ => None,
    });
    let pairs: Vec<(&Wanted, &Wanted)> = pairs.collect();
    if pairs.is_empty() {
        return Ok(());
    }
    let told = pairs.iter().take(NAMED).map(|(a, b)| {
        format!(
            "{} for {} and for {}",
            shown(&a.name),
            a.described(),
            b.described()
        )
    });
    let told: Vec<String> = told.collect();
    let more = match pairs.len() - told.len() {
        0 => String::new(),
        more => format!(", and {more} more"),
    };
    Err(Error::failure(format!(
        "profiles would get the same name: {}{more}",
        told.join(", ")
    ))
    .hint("put {account_id} or {region} into --name, or leave one out with --exclude"))
}

impl Wanted {
    /// Role, account and region in words.
    pub fn described(&self) -> String {
        let region = self
            .region
            .as_deref()
            .map(|it| format!(" in {}", shown(it)));
        let region = region.unwrap_or_default();
        format!("{}@{}{region}", shown(&self.role), shown(&self.account))
    }
}
