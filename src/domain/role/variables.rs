//! The environment that a child or a shell gets: one list for `exec`, `env` and hooks.
//!
//! Source of the names: AWS SDK reference, "Environment variables".

use super::credentials::RoleCredentials;
use crate::domain::directory::hook::state::VARIABLE as HOOK_STATE;
use crate::domain::secret::Secret;
use crate::domain::target::Target;

/// What is always set with credentials.
pub const SET: [&str; 8] = [
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_CREDENTIAL_EXPIRATION",
    "AWS_ACCOUNT_ID",
    "AWS_SSO_PROFILE",
    "AWS_REGION",
    "AWS_DEFAULT_REGION",
];

/// What is always removed, because it would outrank or mislead what is set.
pub const REMOVED: [&str; 11] = [
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_SECURITY_TOKEN",
    "AWS_CREDENTIAL_SCOPE",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
    "AWS_ROLE_ARN",
    "AWS_ROLE_SESSION_NAME",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
];

/// Every variable of that family goes, also one that a later SDK invents.
pub const REMOVED_PREFIX: &str = "AWS_CONTAINER_";

/// One change of the environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Set it.
    Set(&'static str, Secret),
    /// Remove it.
    Remove(String),
}

/// All changes for these credentials. `present` are the names that are set now.
pub fn changes<'a>(
    target: &Target,
    credentials: &RoleCredentials,
    present: impl Iterator<Item = &'a str>,
) -> Vec<Change> {
    let mut changes: Vec<Change> = removals(present);
    let set = |name, value: &str| Change::Set(name, Secret::new(value));
    changes.push(set("AWS_ACCESS_KEY_ID", &credentials.access_key_id));
    changes.push(Change::Set(
        "AWS_SECRET_ACCESS_KEY",
        credentials.secret_access_key.clone(),
    ));
    changes.push(Change::Set(
        "AWS_SESSION_TOKEN",
        credentials.session_token.clone(),
    ));
    changes.push(set(
        "AWS_CREDENTIAL_EXPIRATION",
        &credentials.expiration.to_string(),
    ));
    changes.push(set("AWS_ACCOUNT_ID", target.account()));
    match target.display_name() {
        Some(name) => changes.push(set("AWS_SSO_PROFILE", &name)),
        // One that is left over would name another role.
        None => changes.push(Change::Remove("AWS_SSO_PROFILE".to_owned())),
    }
    if let Some(region) = target.region() {
        changes.push(set("AWS_REGION", region));
        changes.push(set("AWS_DEFAULT_REGION", region));
    }
    changes
}

fn removals<'a>(present: impl Iterator<Item = &'a str>) -> Vec<Change> {
    let mut names: Vec<String> = REMOVED.map(str::to_owned).to_vec();
    // What a hook remembers of this environment would not be true of the changed one.
    let too = |name: &&str| name.starts_with(REMOVED_PREFIX) || *name == HOOK_STATE;
    for name in present.filter(too) {
        // A name that no shell can assign is no AWS variable either.
        let plain = name
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
        if plain && !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    names.into_iter().map(Change::Remove).collect()
}

/// The removal of everything that is set.
pub fn unset() -> Vec<Change> {
    SET.map(|name| Change::Remove(name.to_owned())).to_vec()
}
