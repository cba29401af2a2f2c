//! Plans the edits that give a config file the desired profiles.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap, HashSet};

use crate::domain::config::{Document, Section, SectionEdit, SectionKind};
use crate::domain::listing::inventory::Inventory;
use crate::domain::session::definition::Session;
use crate::domain::sort::sort_by;
use crate::domain::text::sanitize;
use crate::error::{Error, Hint, Result};

use super::desired::DesiredProfile;
use super::options::{PopulateOptions, ProfileFormat};
use super::ownership::{
    MARK_KEY, ProfileOwner, SOURCE_KEYS, find_owner, find_role, granted_roles, is_of_session,
    nonempty_value,
};

/// Limit on the profiles that an error lists.
const MAX_LISTED: usize = 3;

/// Edits of the config file, and counts for the summary.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PopulatePlan<'a> {
    /// Edits for [`crate::domain::config::edit()`].
    pub edits: Vec<SectionEdit<'a>>,
    /// Number of new profiles.
    pub new: usize,
    /// Number of changed profiles that `sso` generated.
    pub changed: usize,
    /// Number of unchanged profiles.
    pub same: usize,
    /// Number of profiles that are taken over.
    pub adopted: usize,
    /// Names of the profiles to remove.
    pub pruned: Vec<String>,
    /// Number of profiles generated for this session that are not desired and stay.
    pub kept: usize,
    /// Names of desired profiles that the credentials file has too.
    pub in_credentials: Vec<String>,
}

/// Plans the edits. The inventory must be complete, because `--prune` removes the profiles of
/// all roles that are not in it.
///
/// # Errors
/// Fails if a profile of another origin has the name of a desired one, and if `--prune` would
/// remove every profile.
pub fn plan<'a>(
    document: &Document,
    credentials: &Document,
    session: &'a Session,
    inventory: &Inventory,
    desired: &'a [DesiredProfile],
    options: &'a PopulateOptions,
) -> Result<PopulatePlan<'a>> {
    let granted = match options.prune {
        true => granted_roles(inventory),
        false => BTreeSet::new(),
    };
    if options.prune && granted.is_empty() {
        return Err(Error::configuration(
            "no role is assigned to you, so --prune would remove every profile",
        )
        .hint(Hint::RefreshBeforePrune));
    }
    let mut sections: HashMap<&str, &Section> = document
        .profiles()
        .map(|section| (section.name.as_str(), section))
        .collect();
    let name = session.name.as_deref().unwrap_or_default();
    let formatter = ProfileFormatter {
        session: name,
        options,
    };
    let mut plan = PopulatePlan::default();
    let mut other_role = Vec::new();
    let mut same_role = Vec::new();
    for profile in desired {
        let Some(section) = sections.remove(profile.name.as_str()) else {
            plan.new += 1;
            let keys = formatter.keys(profile);
            plan.edits
                .push(SectionEdit::set(SectionKind::Profile, &profile.name, keys));
            continue;
        };
        let is_same_role = || {
            let role = find_role(section);
            role.is_some_and(|(account, role)| account == profile.account && role == profile.role)
                && is_of_session(section, session)
        };
        match find_owner(section, session) {
            ProfileOwner::ThisSession => {
                let edits = formatter.update(section, profile);
                plan.changed += usize::from(!edits.is_empty());
                plan.same += usize::from(edits.is_empty());
                plan.edits.extend(edits);
            }
            ProfileOwner::OtherGenerator | ProfileOwner::User
                if options.adopt && is_same_role() =>
            {
                plan.adopted += 1;
                plan.edits.extend(formatter.update(section, profile));
            }
            ProfileOwner::OtherGenerator | ProfileOwner::User if is_same_role() => {
                same_role.push(section)
            }
            _ => other_role.push(section),
        }
    }
    check_conflicts(&other_role, &same_role)?;
    let mut others: Vec<&Section> = sections.into_values().collect();
    sort_by(&mut others, |a, b| a.line.cmp(&b.line));
    for section in others {
        let owner = find_owner(section, session);
        let is_generated = owner == ProfileOwner::ThisSession;
        let is_adopted = owner == ProfileOwner::OtherGenerator && options.adopt;
        if !is_generated && !is_adopted {
            continue;
        }
        // A profile whose role is unknown is kept, because it may be granted.
        let role = find_role(section);
        let role = role
            .as_ref()
            .map(|(account, role)| (account.as_str(), role.as_str()));
        match role {
            Some(role) if options.prune && !granted.contains(&role) => {
                let name = section.name.clone();
                plan.edits
                    .push(SectionEdit::remove(SectionKind::Profile, name));
                plan.pruned.push(section.name.clone());
            }
            Some((account, role)) if !is_generated => {
                let region = nonempty_value(section, "region").map(str::to_owned);
                let profile = DesiredProfile {
                    name: section.name.clone(),
                    account: account.to_owned(),
                    role: role.to_owned(),
                    region,
                };
                plan.adopted += 1;
                for edit in formatter.update(section, &profile) {
                    plan.edits.push(edit.into_owned());
                }
            }
            _ => plan.kept += usize::from(is_generated),
        }
    }
    plan.in_credentials = names_in_credentials(credentials, desired);
    Ok(plan)
}

/// Formats profiles as keys and values.
struct ProfileFormatter<'a> {
    /// Name of the session.
    session: &'a str,
    options: &'a PopulateOptions,
}

impl<'a> ProfileFormatter<'a> {
    /// Returns the keys of a profile in the order in which they are written.
    fn keys<'k>(&self, profile: &'k DesiredProfile) -> Vec<(&'k str, Cow<'k, str>)>
    where
        'a: 'k,
    {
        let mut keys = Vec::with_capacity(5 + self.options.set.len());
        let mut set = |key: &'k str, value: &'k str| keys.push((key, Cow::Borrowed(value)));
        match &self.options.format {
            ProfileFormat::SsoSession => {
                set("sso_session", self.session);
                set("sso_account_id", &profile.account);
                set("sso_role_name", &profile.role);
            }
            ProfileFormat::CredentialProcess(program) => {
                let words = [
                    program,
                    "credential-process",
                    "--session",
                    self.session,
                    "--account",
                    &profile.account,
                    "--role",
                    &profile.role,
                ];
                // Quoting only fails on a NUL byte, which no config file contains.
                let line = shlex::try_join(words).unwrap_or_default();
                keys.push(("credential_process", Cow::Owned(line)));
            }
        }
        let mut set = |key: &'k str, value: &'k str| keys.push((key, Cow::Borrowed(value)));
        if let Some(region) = &profile.region {
            set("region", region);
        }
        for (key, value) in &self.options.set {
            set(key, value);
        }
        set(MARK_KEY, self.session);
        keys
    }

    /// Returns the edits of an existing profile. Keys of the user stay.
    fn update<'k>(&self, section: &Section, profile: &'k DesiredProfile) -> Vec<SectionEdit<'k>>
    where
        'a: 'k,
    {
        let keys = self.keys(profile);
        // Nearly all profiles are as `sso` has written them.
        let as_written = section.properties.iter().map(|it| (&*it.key, &*it.value));
        if as_written.eq(keys.iter().map(|(key, value)| (*key, &**value))) {
            return Vec::new();
        }
        let has = |key: &str| keys.iter().any(|(known, _)| *known == key);
        let existing = section.properties.iter().map(|it| it.key.as_str());
        let removed = existing.filter(|key| SOURCE_KEYS.contains(key) && !has(key));
        let removed: Vec<String> = removed.map(str::to_owned).collect();
        let differs = keys
            .iter()
            .any(|(key, value)| section.value(key) != Some(value));
        let mut edits = Vec::new();
        let kind = SectionKind::Profile;
        if !removed.is_empty() {
            edits.push(SectionEdit::unset(kind, &profile.name, removed));
        }
        if differs {
            edits.push(SectionEdit::set(kind, &profile.name, keys));
        }
        edits
    }
}

/// Fails if existing profiles of other origin have the names of desired ones.
fn check_conflicts(other_role: &[&Section], same_role: &[&Section]) -> Result<()> {
    if let Some(first) = other_role.first() {
        return Err(Error::configuration(format!(
            "{} in the way, and something else than the role of that name: {}",
            format_count(other_role.len()),
            format_names(other_role)
        ))
        .hint(Hint::RenameOrInspect { line: first.line }));
    }
    if !same_role.is_empty() {
        return Err(Error::configuration(format!(
            "{} there already and not generated by sso: {}",
            format_count(same_role.len()),
            format_names(same_role)
        ))
        .hint(Hint::AdoptProfiles));
    }
    Ok(())
}

fn format_count(profiles: usize) -> String {
    match profiles {
        1 => "1 profile is".to_owned(),
        several => format!("{several} profiles are"),
    }
}

fn format_names(sections: &[&Section]) -> String {
    let names = sections.iter().take(MAX_LISTED);
    let names: Vec<String> = names
        .map(|section| format!("{} (line {})", sanitize(&section.name), section.line))
        .collect();
    match sections.len() - names.len() {
        0 => names.join(", "),
        more => format!("{} and {more} more", names.join(", ")),
    }
}

/// Returns the names of desired profiles that the credentials file has too.
fn names_in_credentials(credentials: &Document, desired: &[DesiredProfile]) -> Vec<String> {
    if credentials.sections.is_empty() {
        return Vec::new();
    }
    let names: HashSet<&str> = desired.iter().map(|it| it.name.as_str()).collect();
    let profiles = credentials.profiles().map(|section| &section.name);
    let shadowed = profiles.filter(|name| names.contains(name.as_str()));
    shadowed.cloned().collect()
}
