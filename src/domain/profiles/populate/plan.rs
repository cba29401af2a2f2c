//! From the profiles that there should be to the edits of a config file.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use crate::domain::config::{Document, Section, SectionEdit, SectionKind};
use crate::domain::listing::inventory::Inventory;
use crate::domain::order;
use crate::domain::session::definition::Session;
use crate::domain::text::sanitize;
use crate::error::{Error, Hint, Result};

use super::ownership::{self, MARK, Owner, SOURCES, granted, in_credentials, role_of, value};
use super::{Shape, Wanted, Wishes};

/// How many profiles an error names.
const NAMED: usize = 3;

/// What is to be done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan<'a> {
    /// For the editor.
    pub edits: Vec<SectionEdit<'a>>,
    /// Profiles that are new.
    pub new: usize,
    /// Profiles of ours that change.
    pub changed: usize,
    /// Profiles that are as they should be.
    pub same: usize,
    /// Profiles that are taken over.
    pub adopted: usize,
    /// The names of those that go.
    pub pruned: Vec<String>,
    /// Profiles generated for this session that were not asked for and stay.
    pub kept: usize,
    /// Names that the credentials file has as well.
    pub in_credentials: Vec<String>,
}

/// What has to be edited. The listing must be complete: what it does not grant counts as
/// not granted.
pub fn plan<'a>(
    document: &Document,
    credentials: &Document,
    session: &'a Session,
    inventory: &Inventory,
    wanted: &'a [Wanted],
    wishes: &'a Wishes,
) -> Result<Plan<'a>> {
    let granted = match wishes.prune {
        true => granted(inventory),
        false => BTreeSet::new(),
    };
    if wishes.prune && granted.is_empty() {
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
    let maker = Maker { name, wishes };
    let mut plan = Plan::default();
    let mut foreign = Vec::new();
    let mut own = Vec::new();
    for one in wanted {
        let Some(section) = sections.remove(one.name.as_str()) else {
            plan.new += 1;
            let keys = maker.keys(one);
            plan.edits
                .push(SectionEdit::set(SectionKind::Profile, &one.name, keys));
            continue;
        };
        let same = || {
            let role = role_of(section);
            role.is_some_and(|(account, role)| account == one.account && role == one.role)
                && ownership::is_of(section, session)
        };
        match ownership::owner(section, session) {
            Owner::Ours => {
                let edits = maker.update(section, one);
                plan.changed += usize::from(!edits.is_empty());
                plan.same += usize::from(edits.is_empty());
                plan.edits.extend(edits);
            }
            Owner::Generator | Owner::Somebody if wishes.adopt && same() => {
                plan.adopted += 1;
                plan.edits.extend(maker.update(section, one));
            }
            Owner::Generator | Owner::Somebody if same() => own.push(section),
            _ => foreign.push(section),
        }
    }
    refuse(&foreign, &own)?;
    let mut others: Vec<&Section> = sections.into_values().collect();
    order::sort(&mut others, |a, b| a.line.cmp(&b.line));
    for section in others {
        let owner = ownership::owner(section, session);
        let ours = owner == Owner::Ours;
        let to_adopt = owner == Owner::Generator && wishes.adopt;
        if !ours && !to_adopt {
            continue;
        }
        // What it stands for must be known, or nothing can be said about it.
        let role = role_of(section);
        let role = role
            .as_ref()
            .map(|(account, role)| (account.as_str(), role.as_str()));
        match role {
            Some(role) if wishes.prune && !granted.contains(&role) => {
                let name = section.name.clone();
                plan.edits
                    .push(SectionEdit::remove(SectionKind::Profile, name));
                plan.pruned.push(section.name.clone());
            }
            Some((account, role)) if !ours => {
                let region = value(section, "region").map(str::to_owned);
                let one = Wanted {
                    name: section.name.clone(),
                    account: account.to_owned(),
                    role: role.to_owned(),
                    region,
                };
                plan.adopted += 1;
                for edit in maker.update(section, &one) {
                    plan.edits.push(edit.into_owned());
                }
            }
            _ => plan.kept += usize::from(ours),
        }
    }
    plan.in_credentials = in_credentials(credentials, wanted);
    Ok(plan)
}

/// Makes keys.
struct Maker<'a> {
    name: &'a str,
    wishes: &'a Wishes,
}

impl<'a> Maker<'a> {
    /// The keys of a profile, in their order.
    fn keys<'k>(&self, one: &'k Wanted) -> Vec<(&'k str, Cow<'k, str>)>
    where
        'a: 'k,
    {
        let mut keys = Vec::with_capacity(5 + self.wishes.set.len());
        let mut set = |key: &'k str, value: &'k str| keys.push((key, Cow::Borrowed(value)));
        match &self.wishes.shape {
            Shape::Native => {
                set("sso_session", self.name);
                set("sso_account_id", &one.account);
                set("sso_role_name", &one.role);
            }
            Shape::Helper(program) => {
                let words = [
                    program,
                    "credential-process",
                    "--session",
                    self.name,
                    "--account",
                    &one.account,
                    "--role",
                    &one.role,
                ];
                // Only a NUL byte cannot be quoted, and no config file gives us one.
                let line = shlex::try_join(words).unwrap_or_default();
                keys.push(("credential_process", Cow::Owned(line)));
            }
        }
        let mut set = |key: &'k str, value: &'k str| keys.push((key, Cow::Borrowed(value)));
        if let Some(region) = &one.region {
            set("region", region);
        }
        for (key, value) in &self.wishes.set {
            set(key, value);
        }
        set(MARK, self.name);
        keys
    }

    /// What has to change in a profile that is there. Keys of the user's stay.
    fn update<'k>(&self, section: &Section, one: &'k Wanted) -> Vec<SectionEdit<'k>>
    where
        'a: 'k,
    {
        let keys = self.keys(one);
        // Nearly all profiles are as we have written them.
        let as_written = section.properties.iter().map(|it| (&*it.key, &*it.value));
        if as_written.eq(keys.iter().map(|(key, value)| (*key, &**value))) {
            return Vec::new();
        }
        let has = |key: &str| keys.iter().any(|(known, _)| *known == key);
        let there = section.properties.iter().map(|it| it.key.as_str());
        let gone = there.filter(|key| SOURCES.contains(key) && !has(key));
        let gone: Vec<String> = gone.map(str::to_owned).collect();
        let differs = keys
            .iter()
            .any(|(key, value)| section.value(key) != Some(value));
        let mut edits = Vec::new();
        if !gone.is_empty() {
            edits.push(SectionEdit::unset(SectionKind::Profile, &one.name, gone));
        }
        if differs {
            edits.push(SectionEdit::set(SectionKind::Profile, &one.name, keys));
        }
        edits
    }
}

/// Profiles that are in the way.
fn refuse(foreign: &[&Section], own: &[&Section]) -> Result<()> {
    if let Some(first) = foreign.first() {
        return Err(Error::configuration(format!(
            "{} in the way, and something else than the role of that name: {}",
            counted(foreign.len()),
            listed(foreign)
        ))
        .hint(Hint::RenameOrInspect { line: first.line }));
    }
    if !own.is_empty() {
        return Err(Error::configuration(format!(
            "{} there already and not generated by sso: {}",
            counted(own.len()),
            listed(own)
        ))
        .hint(Hint::AdoptProfiles));
    }
    Ok(())
}

fn counted(profiles: usize) -> String {
    match profiles {
        1 => "1 profile is".to_owned(),
        several => format!("{several} profiles are"),
    }
}

fn listed(sections: &[&Section]) -> String {
    let names = sections.iter().take(NAMED);
    let names: Vec<String> = names
        .map(|section| format!("{} (line {})", sanitize(&section.name), section.line))
        .collect();
    match sections.len() - names.len() {
        0 => names.join(", "),
        more => format!("{} and {more} more", names.join(", ")),
    }
}
