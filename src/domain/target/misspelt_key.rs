//! Keys of sessions and profiles that are misspelt or in the wrong section.

use super::config_view::ConfigView;
use crate::domain::config::{Property, Section, SectionKind};
use crate::domain::text::sanitize;

/// Keys of an sso-session.
const SESSION_KEYS: [&str; 3] = ["sso_start_url", "sso_region", "sso_registration_scopes"];

/// Keys of a profile that select its role.
const PROFILE_KEYS: [&str; 5] = [
    "sso_session",
    "sso_account_id",
    "sso_role_name",
    "sso_start_url",
    "sso_region",
];

/// Length from which a part of a key is taken for the key: that of `sso_role`.
const MIN_PART: usize = 8;

/// Returns the keys that have no effect, each with a description.
pub fn find(section: &Section) -> Vec<(&Property, String)> {
    let properties = section.properties.iter();
    properties
        .filter_map(|property| Some((property, describe(section, &property.key)?)))
        .collect()
}

/// Returns a hint at the key that was meant as `key` in a section of the config file.
pub fn hint(section: &Section, key: &str, path: &str) -> Option<String> {
    let is_meant = |property: &&Property| meant_key(section, &property.key) == Some(key);
    let property = section.properties.iter().find(is_meant)?;
    let what = describe(section, &property.key)?;
    Some(format!("look at {path}:{}: {what}", property.line))
}

/// Returns a hint at a key of a profile that is in its sso-session instead.
pub fn hint_in_session(session: &str, key: &str, view: &ConfigView) -> Option<String> {
    let section = view.config.session(session)?;
    let line = section.get(key)?.line;
    let what = describe(section, key)?;
    Some(format!("look at {}:{line}: {what}", view.config_path))
}

fn describe(section: &Section, key: &str) -> Option<String> {
    let is_session = section.kind == SectionKind::SsoSession;
    if is_session && PROFILE_KEYS.contains(&key) && !SESSION_KEYS.contains(&key) {
        return Some(format!(
            "`{key}` belongs in the profile, not in the sso-session"
        ));
    }
    let (meant, key) = (meant_key(section, key)?, sanitize(key));
    Some(format!("nothing reads the key `{key}`; write `{meant}`"))
}

/// Returns the key that the section lacks and that an unknown one was probably meant as.
fn meant_key(section: &Section, key: &str) -> Option<&'static str> {
    let is_session = section.kind == SectionKind::SsoSession;
    let known: &[&str] = match is_session {
        true => &SESSION_KEYS,
        false => &PROFILE_KEYS,
    };
    if PROFILE_KEYS.contains(&key) || SESSION_KEYS.contains(&key) {
        return None;
    }
    let is_meant = |known: &str| {
        let bare = known.strip_prefix("sso_").unwrap_or(known);
        // A profile has a `region` of its own.
        let is_bare = key == bare && (is_session || bare != "region");
        let is_part = key.len() >= MIN_PART && known.starts_with(key);
        is_bare || is_part || strsim::levenshtein(key, known) <= 2
    };
    let mut lacking = known.iter().filter(|known| section.get(known).is_none());
    lacking.find(|known| is_meant(known)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::config::{Dialect, read};

    #[test]
    fn misspelt_keys_are_found_and_those_of_other_tools_are_not() {
        let found = |text: &str| {
            let document = read(text.as_bytes(), Dialect::Config);
            let found = find(&document.sections[0]);
            let keys = found.iter().map(|(property, _)| property.key.clone());
            keys.collect::<Vec<_>>().join(" ")
        };
        for key in [
            "sso_registration_scope",
            "sso_role_name",
            "sso_account_id",
            "sso-start-url",
            "start_url",
            "region",
        ] {
            assert_eq!(found(&format!("[sso-session a]\n{key} = x\n")), key);
        }
        for key in [
            "sso_acount_id",
            "sso_role",
            "sso-session",
            "account_id",
            "sso_regoin",
        ] {
            assert_eq!(found(&format!("[profile a]\n{key} = x\n")), key);
        }
        for key in [
            "region",
            "output",
            "sso_auto_populated",
            "sso_account_name",
            "sso_registration_scopes",
            "granted_sso_region",
            "session",
        ] {
            let profile = format!("[profile a]\nsso_session = b\n{key} = x\n");
            assert_eq!(found(&profile), "", "{key}");
        }
        let both = "[profile a]\nsso_role_name = x\nsso_role = y\n";
        assert_eq!(found(both), "");
    }
}
