//! The environment variables that `sso` sets or removes: one table for `exec`, `env` and the
//! shell hook.
//!
//! Source of the names: AWS SDKs and Tools Reference Guide, "Environment variables".

use super::credentials::RoleCredentials;
use crate::domain::secret::Secret;
use crate::domain::target::Target;

/// How `exec`, `env` and the hook treat a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Handling {
    /// Signing key, set with credentials. The hook never changes one that it did not set.
    Key,
    /// Non-secret variable, set with credentials.
    Set,
    /// Removed by `exec` and `env` because it overrides or contradicts the credentials. The hook
    /// hides it while credentials are loaded.
    Remove,
    /// Removed by `exec` and `env`. The hook leaves it set: restoring it would mean storing a
    /// secret.
    RemoveSecret,
}

use Handling::{Key, Remove, RemoveSecret, Set};

/// Every variable, in the order in which `exec`, `env` and the hook apply them.
const VARIABLES: [(&str, Handling); 19] = [
    ("AWS_ACCESS_KEY_ID", Key),
    ("AWS_SECRET_ACCESS_KEY", Key),
    ("AWS_SESSION_TOKEN", Key),
    ("AWS_CREDENTIAL_EXPIRATION", Set),
    ("AWS_ACCOUNT_ID", Set),
    ("AWS_SSO_PROFILE", Set),
    ("AWS_REGION", Set),
    ("AWS_DEFAULT_REGION", Set),
    ("AWS_PROFILE", Remove),
    ("AWS_DEFAULT_PROFILE", Remove),
    (LEGACY_SESSION_TOKEN, RemoveSecret),
    ("AWS_CREDENTIAL_SCOPE", Remove),
    ("AWS_CONTAINER_CREDENTIALS_FULL_URI", Remove),
    ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", Remove),
    ("AWS_CONTAINER_AUTHORIZATION_TOKEN", RemoveSecret),
    ("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", RemoveSecret),
    ("AWS_ROLE_ARN", Remove),
    ("AWS_ROLE_SESSION_NAME", Remove),
    ("AWS_WEB_IDENTITY_TOKEN_FILE", Remove),
];

/// Older name of `AWS_SESSION_TOKEN`. If it is set, the user has set keys.
pub const LEGACY_SESSION_TOKEN: &str = "AWS_SECURITY_TOKEN";

/// Prefix of further variables that `exec` and `env` remove, for container variables of later
/// SDKs.
const REMOVED_PREFIX: &str = "AWS_CONTAINER_";

/// Variables that choose a profile.
pub const PROFILE_VARIABLES: [&str; 2] = ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"];

/// Variable in which the shell hook keeps its state between prompts. `exec` and `env` remove it:
/// the state does not describe the environment that they change.
pub const HOOK_STATE: &str = "__SSO_STATE";

fn names_with(handlings: &'static [Handling]) -> impl Iterator<Item = &'static str> {
    let rows = VARIABLES.iter();
    rows.filter_map(|(name, handling)| handlings.contains(handling).then_some(*name))
}

/// Signing keys.
pub fn keys() -> impl Iterator<Item = &'static str> {
    names_with(&[Key])
}

/// Variables that `exec` and `env` set, and `env --unset` removes.
pub fn exported() -> impl Iterator<Item = &'static str> {
    names_with(&[Key, Set])
}

/// Variables that `exec` and `env` always remove. They also remove [`HOOK_STATE`] and variables
/// that start with [`REMOVED_PREFIX`], if set.
pub fn removed() -> impl Iterator<Item = &'static str> {
    names_with(&[Remove, RemoveSecret])
}

/// Variables that the hook may set or hide, apart from [`HOOK_STATE`].
pub fn changed_by_hook() -> impl Iterator<Item = &'static str> {
    names_with(&[Key, Set, Remove])
}

/// Variables that the hook hides while it has loaded credentials.
pub fn hidden_by_hook() -> impl Iterator<Item = &'static str> {
    names_with(&[Remove])
}

/// One change of an environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    Set(&'static str, Secret),
    Remove(String),
}

impl Change {
    /// Returns the name of the variable.
    pub fn name(&self) -> &str {
        match self {
            Change::Set(name, _) => name,
            Change::Remove(name) => name,
        }
    }
}

/// Returns the changes that export these credentials. `present` are the names of the variables
/// that are set.
pub fn changes<'a>(
    target: &Target,
    credentials: &RoleCredentials,
    present: impl Iterator<Item = &'a str>,
) -> Vec<Change> {
    let mut changes = removals(present);
    let values = values(target, credentials);
    if values.iter().all(|(name, _)| *name != "AWS_SSO_PROFILE") {
        // A value set earlier would name another role.
        changes.push(Change::Remove("AWS_SSO_PROFILE".to_owned()));
    }
    let values = values.into_iter();
    changes.extend(values.map(|(name, value)| Change::Set(name, value)));
    changes
}

/// Returns the variables that carry these credentials, with their values.
pub fn values(target: &Target, credentials: &RoleCredentials) -> Vec<(&'static str, Secret)> {
    let plain = |name, value: &str| (name, Secret::new(value));
    let secret_key = credentials.secret_access_key.clone();
    let expiration = credentials.expiration.to_string();
    let mut values = vec![
        plain("AWS_ACCESS_KEY_ID", &credentials.access_key_id),
        ("AWS_SECRET_ACCESS_KEY", secret_key),
        ("AWS_SESSION_TOKEN", credentials.session_token.clone()),
        plain("AWS_CREDENTIAL_EXPIRATION", &expiration),
        plain("AWS_ACCOUNT_ID", &target.id.account),
    ];
    let name = target.display_name();
    values.extend(name.map(|name| plain("AWS_SSO_PROFILE", &name)));
    values.extend(region_values(target));
    values
}

/// Returns the variables that carry the target's region, with their values.
pub fn region_values(target: &Target) -> Vec<(&'static str, Secret)> {
    let Some(region) = target.region.as_deref() else {
        return Vec::new();
    };
    ["AWS_REGION", "AWS_DEFAULT_REGION"]
        .map(|name| (name, Secret::new(region)))
        .to_vec()
}

fn removals<'a>(present: impl Iterator<Item = &'a str>) -> Vec<Change> {
    let mut names: Vec<String> = removed().map(str::to_owned).collect();
    let is_removed = |name: &&str| name.starts_with(REMOVED_PREFIX) || *name == HOOK_STATE;
    for name in present.filter(is_removed) {
        // Shells cannot assign to any other name, so `env` could not remove it.
        let is_assignable = |byte| matches!(byte, b'A'..=b'Z' | b'0'..=b'9' | b'_');
        if name.bytes().all(is_assignable) && !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    names.into_iter().map(Change::Remove).collect()
}

/// Returns the removal of every variable that carries credentials.
pub fn unset() -> Vec<Change> {
    exported()
        .map(|name| Change::Remove(name.to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::Timestamp;

    fn target(profile: Option<&str>) -> Target {
        Target {
            region: Some("eu-west-1".to_owned()),
            profile: profile.map(str::to_owned),
            ..Target::for_test("111122223333", "ReadOnly")
        }
    }

    fn credentials() -> RoleCredentials {
        RoleCredentials::for_test("ASIA", "secret", "token", Timestamp(0))
    }

    #[test]
    fn every_exported_variable_gets_a_value() {
        let values = values(&target(Some("dev")), &credentials());
        let names: Vec<_> = values.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, exported().collect::<Vec<_>>());
    }

    #[test]
    fn a_name_that_prompts_cannot_show_is_removed() {
        let changes = changes(&target(Some("a b")), &credentials(), std::iter::empty());
        assert!(changes.contains(&Change::Remove("AWS_SSO_PROFILE".to_owned())));
        let is_set = |change: &Change| matches!(change, Change::Set("AWS_SSO_PROFILE", _));
        assert!(!changes.iter().any(is_set));
    }

    #[test]
    fn container_variables_and_the_hook_state_are_removed_where_present() {
        let container = ["AWS_CONTAINER_LATER", "AWS_CONTAINER_bad;"].into_iter();
        let present = container.chain([HOOK_STATE, "AWS_ROLE_ARN", "PATH"]);
        let names = removed().chain(["AWS_CONTAINER_LATER", HOOK_STATE]);
        let expected: Vec<_> = names.map(|name| Change::Remove(name.to_owned())).collect();
        assert_eq!(removals(present), expected);
    }

    #[test]
    fn the_hook_hides_what_exec_removes_except_secrets() {
        let secrets = removed().filter(|name| hidden_by_hook().all(|hidden| hidden != *name));
        let expected = [
            "AWS_SECURITY_TOKEN",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
        ];
        assert_eq!(secrets.collect::<Vec<_>>(), expected);
        assert!(hidden_by_hook().all(|hidden| removed().any(|name| name == hidden)));
        assert!(exported().all(|name| changed_by_hook().any(|changed| changed == name)));
        let mut profile_variables = PROFILE_VARIABLES.into_iter();
        assert!(profile_variables.all(|name| removed().any(|removed| removed == name)));
    }

    #[test]
    fn no_variable_is_in_the_table_twice() {
        let mut names: Vec<_> = VARIABLES.iter().map(|(name, _)| *name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), VARIABLES.len());
    }
}
