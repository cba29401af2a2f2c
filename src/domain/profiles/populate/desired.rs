//! The profiles that there should be.

use crate::domain::config::{SectionKind, check_section_name};
use crate::domain::listing::inventory::Account;
use crate::domain::order;
use crate::domain::profiles::naming::{AllowedCharacters, NameParts};
use crate::domain::text::sanitize;
use crate::error::{Error, Hint, Result};

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

/// What names a profile, or leaves it out; it is told how many regions the role gets.
pub type Naming<'n> = dyn FnMut(&NameParts, usize) -> Result<Option<String>> + 'n;

/// The profiles of the accounts so far. Accounts come while the portal is being asked, and
/// making names takes no time then.
#[derive(Debug)]
pub struct Wanting<'a> {
    wishes: &'a Wishes,
    allowed: AllowedCharacters,
    all: Vec<Wanted>,
}

impl<'a> Wanting<'a> {
    /// None yet.
    pub fn new(wishes: &'a Wishes, allowed: AllowedCharacters) -> Wanting<'a> {
        Wanting {
            wishes,
            allowed,
            all: Vec::new(),
        }
    }

    /// Those of one more account.
    pub fn account(&mut self, account: &Account, name: &mut Naming) -> Result<()> {
        let account_name = self
            .allowed
            .replace_others(account.name.as_deref(), &account.id);
        let roles = account.roles.iter();
        for role in roles.filter(|role| self.wishes.means(account, role)) {
            self.role(account, &account_name, role, name)?;
        }
        Ok(())
    }

    fn role(
        &mut self,
        account: &Account,
        account_name: &str,
        role: &str,
        name: &mut Naming,
    ) -> Result<()> {
        let regions = self.wishes.regions_of(account, role);
        let role_name = match self.allowed {
            AllowedCharacters::Portable => self.allowed.replace_others(Some(role), role),
            AllowedCharacters::NoBlanks | AllowedCharacters::Any => role.to_owned(),
        };
        // Without any region there is one profile, which has none.
        for index in 0..regions.len().max(1) {
            let region = regions.get(index);
            let parts = NameParts {
                account_name,
                account_id: &account.id,
                role_name: &role_name,
                region: region.map(String::as_str),
                region_index: index,
            };
            let Some(name) = name(&parts, regions.len())? else {
                continue;
            };
            let one = Wanted {
                name,
                account: account.id.clone(),
                role: role.to_owned(),
                region: region.cloned(),
            };
            if let Err(why) = check_section_name(SectionKind::Profile, &one.name) {
                let role = one.described();
                let why = format!("no profile can be made for {role}: {why}");
                return Err(Error::configuration(why).hint(Hint::RenameOrExclude));
            }
            self.all.push(one);
        }
        Ok(())
    }

    /// All of them, sorted by name.
    pub fn finish(mut self) -> Result<Vec<Wanted>> {
        order::sort(&mut self.all, |a, b| a.name.cmp(&b.name));
        collisions(&self.all)?;
        Ok(self.all)
    }
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
            sanitize(&a.name),
            a.described(),
            b.described()
        )
    });
    let told: Vec<String> = told.collect();
    let differs = |what: fn(&Wanted) -> &str| pairs.iter().any(|(a, b)| what(a) != what(b));
    let places = [
        ("account_id", differs(|one| &one.account)),
        ("role_name", differs(|one| &one.role)),
        (
            "region",
            differs(|one| one.region.as_deref().unwrap_or_default()),
        ),
    ];
    let places: Vec<&str> = places.iter().filter(|it| it.1).map(|it| it.0).collect();
    let more = match pairs.len() - told.len() {
        0 => String::new(),
        more => format!(", and {more} more"),
    };
    Err(Error::configuration(format!(
        "profiles would get the same name: {}{more}",
        told.join(", ")
    ))
    .hint(Hint::DistinguishNames {
        placeholders: places,
    }))
}

impl Wanted {
    /// Role, account and region in words.
    pub fn described(&self) -> String {
        let region = self
            .region
            .as_deref()
            .map(|it| format!(" in {}", sanitize(it)));
        let region = region.unwrap_or_default();
        format!(
            "{}@{}{region}",
            sanitize(&self.role),
            sanitize(&self.account)
        )
    }
}
