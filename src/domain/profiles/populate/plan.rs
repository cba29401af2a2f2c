//! Plans the edits that give a config file the desired profiles.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap, HashSet};

use crate::domain::config::{Document, Section, SectionEdit, SectionKind};
use crate::domain::listing::inventory::Inventory;
use crate::domain::session::definition::Session;
use crate::domain::target::request::option_text;
use crate::domain::text::sanitize;
use crate::error::{Error, Hint, Result};

use super::desired::{DesiredProfile, MAX_LISTED};
use super::options::{PopulateOptions, ProfileFormat};
use super::ownership::{
    MARK_KEY, ProfileOwner, SOURCE_KEYS, find_owner, find_role, is_of_session, nonempty_value,
};

/// Edits of the config file, and counts for the summary.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PopulatePlan {
    pub edits: Vec<SectionEdit>,
    pub new: usize,
    /// Number of changed profiles that `sso` generated.
    pub changed: usize,
    pub same: usize,
    /// Number of profiles of other origin that are taken over.
    pub adopted: usize,
    /// Names of the profiles to remove.
    pub pruned: Vec<String>,
    /// Number of profiles generated for this session that are not desired and stay.
    pub kept: usize,
    /// Names of desired profiles that the credentials file has too.
    pub in_credentials: Vec<String>,
}

/// Plans the edits. The inventory must be complete, because `--prune` removes the profiles of
/// all roles that are not in it. Fails if a profile of another origin has the name of a desired
/// one, and if `--prune` would remove every profile.
pub fn plan(
    document: &Document,
    credentials: &Document,
    session: &Session,
    inventory: &Inventory,
    desired: &[DesiredProfile],
    options: &PopulateOptions,
) -> Result<PopulatePlan> {
    let mut granted = BTreeSet::new();
    if options.prune {
        let rows = inventory.rows(&[], &[]);
        granted.extend(rows.iter().map(|row| (row.account.id.as_str(), row.role)));
        if granted.is_empty() {
            let why = "no role is assigned to you, so --prune would remove every profile";
            return Err(Error::configuration(why).hint(Hint::RefreshBeforePrune));
        }
    }
    let kind = SectionKind::Profile;
    let profiles = document.profiles();
    let mut sections: HashMap<&str, &Section> = profiles
        .map(|section| (section.name.as_str(), section))
        .collect();
    let session_name = session.name.as_deref().unwrap_or_default();
    let mut plan = PopulatePlan::default();
    let mut other_role = Vec::new();
    let mut same_role = Vec::new();
    for profile in desired {
        let Some(section) = sections.remove(profile.name.as_str()) else {
            plan.new += 1;
            let keys = profile_keys(session_name, options, profile);
            plan.edits.push(SectionEdit::set(kind, &profile.name, keys));
            continue;
        };
        let is_same_role = || {
            let role = find_role(section);
            role.is_some_and(|(account, role)| account == profile.account && role == profile.role)
                && is_of_session(section, session)
        };
        let update = || update_profile(session_name, options, section, profile);
        match find_owner(section, session) {
            ProfileOwner::ThisSession => {
                let edits = update();
                plan.changed += usize::from(!edits.is_empty());
                plan.same += usize::from(edits.is_empty());
                plan.edits.extend(edits);
            }
            ProfileOwner::OtherSession => other_role.push(section),
            ProfileOwner::OtherGenerator | ProfileOwner::User => {
                match (is_same_role(), options.adopt) {
                    (false, _) => other_role.push(section),
                    (true, false) => same_role.push(section),
                    (true, true) => {
                        plan.adopted += 1;
                        plan.edits.extend(update());
                    }
                }
            }
        }
    }
    check_conflicts(&other_role, &same_role)?;
    let others = document.profiles();
    for section in others.filter(|section| sections.contains_key(section.name.as_str())) {
        let is_generated = match find_owner(section, session) {
            ProfileOwner::ThisSession => true,
            ProfileOwner::OtherGenerator if options.adopt => false,
            _ => continue,
        };
        match find_role(section) {
            Some((account, role))
                if options.prune && !granted.contains(&(account.as_str(), role.as_str())) =>
            {
                plan.edits.push(SectionEdit::remove(kind, &section.name));
                plan.pruned.push(section.name.clone());
            }
            Some((account, role)) if !is_generated => {
                let profile = DesiredProfile {
                    name: section.name.clone(),
                    account,
                    role,
                    region: nonempty_value(section, "region").map(str::to_owned),
                };
                plan.adopted += 1;
                let edits = update_profile(session_name, options, section, &profile);
                plan.edits.extend(edits);
            }
            // Also a profile whose role is unknown, because it may be granted.
            _ => plan.kept += usize::from(is_generated),
        }
    }
    plan.in_credentials = names_in_credentials(credentials, desired);
    Ok(plan)
}

/// Returns the keys of a profile in the order in which they are written.
fn profile_keys<'a>(
    session: &'a str,
    options: &'a PopulateOptions,
    profile: &'a DesiredProfile,
) -> Vec<(&'a str, Cow<'a, str>)> {
    let mut keys: Vec<(&str, Cow<str>)> = Vec::with_capacity(5 + options.set.len());
    match &options.format {
        ProfileFormat::SsoSession => keys.extend([
            ("sso_session", session.into()),
            ("sso_account_id", profile.account.as_str().into()),
            ("sso_role_name", profile.role.as_str().into()),
        ]),
        ProfileFormat::CredentialProcess(program) => {
            // Quoting only fails on a NUL byte, which no config file contains.
            let program = shlex::try_quote(program).unwrap_or_default();
            let options = [
                ("--session", session),
                ("--account", &profile.account),
                ("--role", &profile.role),
            ];
            let options = options.map(|(option, value)| option_text(option, value));
            let line = format!("{program} credential-process {}", options.join(" "));
            keys.push(("credential_process", line.into()));
        }
    }
    keys.extend(
        profile
            .region
            .iter()
            .map(|region| ("region", region.into())),
    );
    keys.extend(
        options
            .set
            .iter()
            .map(|(key, value)| (key.as_str(), value.into())),
    );
    keys.push((MARK_KEY, session.into()));
    keys
}

/// Returns the edits of an existing profile. Keys of the user stay.
fn update_profile(
    session: &str,
    options: &PopulateOptions,
    section: &Section,
    profile: &DesiredProfile,
) -> Vec<SectionEdit> {
    let keys = profile_keys(session, options, profile);
    // Nearly all profiles are as `sso` has written them.
    let as_written = section.properties.iter().map(|it| (&*it.key, &*it.value));
    if as_written.eq(keys.iter().map(|(key, value)| (*key, &**value))) {
        return Vec::new();
    }
    let has = |key: &str| keys.iter().any(|(known, _)| *known == key);
    let existing = section.properties.iter().map(|it| it.key.as_str());
    let removed = existing.filter(|key| SOURCE_KEYS.contains(key) && !has(key));
    let removed: Vec<&str> = removed.collect();
    let differs = keys
        .iter()
        .any(|(key, value)| section.value(key) != Some(value));
    let (kind, name) = (SectionKind::Profile, &profile.name);
    let unset = (!removed.is_empty()).then(|| SectionEdit::unset(kind, name, removed));
    let set = differs.then(|| SectionEdit::set(kind, name, keys));
    unset.into_iter().chain(set).collect()
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
    let names = names.map(|it| format!("{} (line {})", sanitize(&it.name), it.line));
    let names: Vec<String> = names.collect();
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
