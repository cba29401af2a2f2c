//! The profiles that a config file should have, made from the listed accounts.

use crate::domain::config::{SectionKind, check_section_name};
use crate::domain::listing::inventory::Account;
use crate::domain::profiles::naming::{AllowedCharacters, NameParts};
use crate::domain::sort::sort_by;
use crate::domain::text::sanitize;
use crate::error::{Error, Hint, Result};

use super::options::PopulateOptions;

/// A profile that the config file should have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DesiredProfile {
    /// Name of the profile.
    pub name: String,
    /// Account id.
    pub account: String,
    /// Role name.
    pub role: String,
    /// Region of the profile.
    pub region: Option<String>,
}

/// Limit on the collisions that an error lists.
const MAX_LISTED: usize = 3;

/// Names a profile from its parts and the number of regions of the role, or leaves it out with
/// `None`.
pub type NameProfile<'n> = dyn FnMut(&NameParts, usize) -> Result<Option<String>> + 'n;

/// Collects the profiles account by account: names are made while the portal is still listing,
/// which costs no time.
#[derive(Debug)]
pub struct DesiredProfiles<'a> {
    options: &'a PopulateOptions,
    allowed: AllowedCharacters,
    all: Vec<DesiredProfile>,
}

impl<'a> DesiredProfiles<'a> {
    /// Creates an empty collection. `allowed` applies to account names.
    pub fn new(options: &'a PopulateOptions, allowed: AllowedCharacters) -> DesiredProfiles<'a> {
        DesiredProfiles {
            options,
            allowed,
            all: Vec::new(),
        }
    }

    /// Adds the profiles of an account.
    ///
    /// # Errors
    /// Fails if naming fails, or on a name that some AWS tool cannot read.
    pub fn add_account(&mut self, account: &Account, name: &mut NameProfile) -> Result<()> {
        let account_name = self
            .allowed
            .replace_others(account.name.as_deref(), &account.id);
        let roles = account.roles.iter();
        for role in roles.filter(|role| self.options.includes(account, role)) {
            self.add_role(account, &account_name, role, name)?;
        }
        Ok(())
    }

    fn add_role(
        &mut self,
        account: &Account,
        account_name: &str,
        role: &str,
        name: &mut NameProfile,
    ) -> Result<()> {
        let regions = self.options.regions_of(account, role);
        let role_name = match self.allowed {
            AllowedCharacters::Portable => self.allowed.replace_others(Some(role), role),
            AllowedCharacters::NoBlanks | AllowedCharacters::Any => role.to_owned(),
        };
        // Without regions the role gets one profile without a region.
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
            let profile = DesiredProfile {
                name,
                account: account.id.clone(),
                role: role.to_owned(),
                region: region.cloned(),
            };
            if let Err(why) = check_section_name(SectionKind::Profile, &profile.name) {
                let role = profile.describe();
                let why = format!("no profile can be made for {role}: {why}");
                return Err(Error::configuration(why).hint(Hint::RenameOrExclude));
            }
            self.all.push(profile);
        }
        Ok(())
    }

    /// Returns all profiles, sorted by name.
    ///
    /// # Errors
    /// Fails if two profiles have the same name.
    pub fn finish(mut self) -> Result<Vec<DesiredProfile>> {
        sort_by(&mut self.all, |a, b| a.name.cmp(&b.name));
        check_unique(&self.all)?;
        Ok(self.all)
    }
}

fn check_unique(sorted: &[DesiredProfile]) -> Result<()> {
    let pairs = sorted.windows(2).filter_map(|pair| match pair {
        [a, b] if a.name == b.name => Some((a, b)),
        _ => None,
    });
    let pairs: Vec<(&DesiredProfile, &DesiredProfile)> = pairs.collect();
    if pairs.is_empty() {
        return Ok(());
    }
    let listed = pairs.iter().take(MAX_LISTED).map(|(a, b)| {
        format!(
            "{} for {} and for {}",
            sanitize(&a.name),
            a.describe(),
            b.describe()
        )
    });
    let listed: Vec<String> = listed.collect();
    let differs =
        |field: fn(&DesiredProfile) -> &str| pairs.iter().any(|(a, b)| field(a) != field(b));
    let placeholders = [
        ("account_id", differs(|profile| &profile.account)),
        ("role_name", differs(|profile| &profile.role)),
        (
            "region",
            differs(|profile| profile.region.as_deref().unwrap_or_default()),
        ),
    ];
    let placeholders = placeholders.iter().filter(|it| it.1);
    let more = match pairs.len() - listed.len() {
        0 => String::new(),
        more => format!(", and {more} more"),
    };
    Err(Error::configuration(format!(
        "profiles would get the same name: {}{more}",
        listed.join(", ")
    ))
    .hint(Hint::DistinguishNames {
        placeholders: placeholders.map(|it| it.0).collect(),
    }))
}

impl DesiredProfile {
    /// Describes role, account and region for messages.
    pub fn describe(&self) -> String {
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
