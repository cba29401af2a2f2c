//! Whose a profile in a config file is, and which role it stands for.

use std::collections::{BTreeSet, HashSet};

use crate::domain::config::{Document, Section};
use crate::domain::listing::inventory::Inventory;
use crate::domain::session::definition::{Session, same_start_url};
use crate::domain::target::request::Request;

use super::Wanted;

/// The key that marks a profile as generated here, for the session that it names. Not with
/// `sso_` in front: AWS tools read meaning into such keys.
pub const MARK: &str = "x_sso_session";

/// The keys that a generated profile has from us.
pub(super) const OURS: [&str; 3] = ["credential_process", "region", MARK];

/// Keys that say where credentials come from, in our shapes and in those of other generators.
/// A profile that is ours has no other than those of its shape.
pub(super) const SOURCES: [&str; 14] = [
    "credential_process",
    "sso_session",
    "sso_account_id",
    "sso_role_name",
    "sso_start_url",
    "sso_region",
    "sso_registration_scopes",
    "sso_account_name",
    "sso_auto_populated",
    "granted_sso_start_url",
    "granted_sso_region",
    "granted_sso_account_id",
    "granted_sso_role_name",
    "common_fate_generated_from",
];

/// What other generators mark their profiles with.
const FOREIGN_MARKS: [&str; 3] = [
    "sso_auto_populated",
    "common_fate_generated_from",
    "granted_sso_start_url",
];

/// Keys with which a profile is something else than an Identity Center role, whatever else
/// it says.
const OTHER_SOURCES: [&str; 6] = [
    "role_arn",
    "source_profile",
    "credential_source",
    "aws_access_key_id",
    "web_identity_token_file",
    "login_session",
];

/// Whose a profile is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Owner {
    /// Generated here for this session.
    Ours,
    /// Generated here for another one.
    OtherSession,
    /// Made by another generator, for the same instance.
    Generator,
    /// Anybody's.
    Somebody,
}

pub(super) fn value<'a>(section: &'a Section, key: &str) -> Option<&'a str> {
    section.value(key).filter(|value| !value.is_empty())
}

pub(super) fn owner(section: &Section, session: &Session) -> Owner {
    match value(section, MARK) {
        Some(name) if session.name.as_deref() == Some(name) => Owner::Ours,
        Some(_) => Owner::OtherSession,
        None if !is_of(section, session) => Owner::Somebody,
        None if FOREIGN_MARKS.iter().any(|it| value(section, it).is_some()) => Owner::Generator,
        None => Owner::Somebody,
    }
}

/// Whether its keys lead to the same instance.
pub(super) fn is_of(section: &Section, session: &Session) -> bool {
    if OTHER_SOURCES
        .iter()
        .any(|key| value(section, key).is_some())
    {
        return false;
    }
    if let Some(name) = value(section, "sso_session") {
        return session.name.as_deref() == Some(name);
    }
    for (url, region) in [
        ("sso_start_url", "sso_region"),
        ("granted_sso_start_url", "granted_sso_region"),
    ] {
        if let Some(url) = value(section, url) {
            return same_start_url(url, &session.start_url)
                && value(section, region).is_none_or(|it| it == session.region);
        }
    }
    helper(section).is_some_and(|request| request.session == session.name)
}

/// The account and the role that it stands for, by whichever of its keys say so.
pub(super) fn role_of(section: &Section) -> Option<(String, String)> {
    for (account, role) in [
        ("sso_account_id", "sso_role_name"),
        ("granted_sso_account_id", "granted_sso_role_name"),
    ] {
        if let (Some(account), Some(role)) = (value(section, account), value(section, role)) {
            return Some((account.to_owned(), role.to_owned()));
        }
    }
    let request = helper(section)?;
    Some((request.account?, request.role?))
}

fn helper(section: &Section) -> Option<Request> {
    Request::from_credential_process(value(section, "credential_process")?)
}

/// Every role that is granted.
pub(super) fn granted(inventory: &Inventory) -> BTreeSet<(&str, &str)> {
    let accounts = inventory.accounts.iter();
    accounts
        .flat_map(|account| {
            let roles = account.roles.iter();
            roles.map(|role| (account.id.as_str(), role.as_str()))
        })
        .collect()
}

/// The profiles that the credentials file has as well.
pub(super) fn in_credentials(credentials: &Document, wanted: &[Wanted]) -> Vec<String> {
    if credentials.sections.is_empty() {
        return Vec::new();
    }
    let names: HashSet<&str> = wanted.iter().map(|one| one.name.as_str()).collect();
    let profiles = credentials.profiles().map(|section| &section.name);
    let doubled = profiles.filter(|name| names.contains(name.as_str()));
    doubled.cloned().collect()
}
