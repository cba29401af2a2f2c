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
    pub name: String,
    /// Account id.
    pub account: String,
    pub role: String,
    pub region: Option<String>,
}

/// Limit on the profiles that an error lists.
pub(super) const MAX_LISTED: usize = 3;

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

    /// Adds the profiles of an account. Fails on a name that some AWS tool cannot read.
    pub fn add_account(&mut self, account: &Account, name: &mut NameProfile) -> Result<()> {
        let name_of_account = account.name.as_deref();
        let account_name = self.allowed.replace_others(name_of_account, &account.id);
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

    /// Returns all profiles, sorted by name. Fails if two have the same name.
    pub fn finish(mut self) -> Result<Vec<DesiredProfile>> {
        sort_by(&mut self.all, |a, b| a.name.cmp(&b.name));
        check_unique(&self.all)?;
        Ok(self.all)
    }
}

fn check_unique(sorted: &[DesiredProfile]) -> Result<()> {
    type ProfileField = fn(&DesiredProfile) -> &str;
    let pairs = sorted.iter().zip(sorted.iter().skip(1));
    let pairs: Vec<_> = pairs.filter(|(a, b)| a.name == b.name).collect();
    if pairs.is_empty() {
        return Ok(());
    }
    let listed = pairs.iter().take(MAX_LISTED).map(|(a, b)| {
        let name = sanitize(&a.name);
        format!("{name} for {} and for {}", a.describe(), b.describe())
    });
    let listed: Vec<String> = listed.collect();
    let mut fields: Vec<(&str, ProfileField)> = vec![
        ("account_id", |profile| &profile.account),
        ("role_name", |profile| &profile.role),
        ("region", |profile| {
            profile.region.as_deref().unwrap_or_default()
        }),
    ];
    fields.retain(|(_, field)| pairs.iter().any(|(a, b)| field(a) != field(b)));
    let more = match pairs.len() - listed.len() {
        0 => String::new(),
        more => format!(", and {more} more"),
    };
    Err(Error::configuration(format!(
        "profiles would get the same name: {}{more}",
        listed.join(", ")
    ))
    .hint(Hint::DistinguishNames {
        placeholders: fields.into_iter().map(|(name, _)| name).collect(),
    }))
}

impl DesiredProfile {
    /// Describes role, account and region for messages.
    pub fn describe(&self) -> String {
        let (role, account) = (sanitize(&self.role), sanitize(&self.account));
        match &self.region {
            Some(region) => format!("{role}@{account} in {}", sanitize(region)),
            None => format!("{role}@{account}"),
        }
    }
}
