//! Warnings about settings that other tools treat differently or that keep a sign-in short.

use crate::error::Hint;
use std::collections::BTreeMap;

use crate::domain::session::definition::{DEFAULT_SCOPE, Session, trimmed};
use crate::domain::target::config_view::ConfigView;
use crate::domain::target::profile::{Profile, ProfileKind};
use crate::domain::target::request::Request;
use crate::domain::text::{counted, sanitize};

use super::finding::{Finding, quoted};

/// Returns the warnings about all profiles and the selected session.
pub fn profiles(view: &ConfigView, session: Option<&Session>) -> Vec<Finding> {
    let all = Profile::all(view);
    let mut findings = Vec::new();
    findings.extend(shadowed(&all));
    findings.extend(keys_beside(&all));
    findings.extend(chains(&all));
    findings.extend(spellings(view, &all));
    findings.extend(session.and_then(|session| renewal(session, view)));
    findings.extend(lines(view));
    findings
}

/// Merges the same finding about several profiles into one.
fn several(
    code: &'static str,
    found: &[(&Profile, &str)],
    one: impl Fn(&str) -> String,
    fix: &str,
) -> Option<Finding> {
    let (first, key) = found.first()?;
    let name = quoted(first.name);
    let more = match found.len() - 1 {
        0 => String::new(),
        more => format!("; so have {more} more"),
    };
    Some(
        Finding::warning(code, one(&name) + &more)
            .at(first.location_of(key))
            .fix(fix),
    )
}

fn with<'a>(
    all: &'a [Profile<'a>],
    kind: ProfileKind,
    keys: &[&'static str],
) -> Vec<(&'a Profile<'a>, &'static str)> {
    let found = all.iter().filter(|profile| profile.kind() == kind);
    found
        .filter_map(|profile| {
            let key = keys.iter().find(|key| profile.value(key).is_some())?;
            Some((profile, *key))
        })
        .collect()
}

fn shadowed(all: &[Profile]) -> Option<Finding> {
    several(
        "shadowed_credential_process",
        &with(all, ProfileKind::SsoRole, &["credential_process"]),
        |name| {
            format!(
                "profile {name} has sso_* keys and a credential_process: the AWS CLI never calls \
                 the process, some SDKs call nothing else"
            )
        },
        "remove the credential_process, or the sso_* keys: a profile needs one source",
    )
}

fn keys_beside(all: &[Profile]) -> Option<Finding> {
    several(
        "static_keys_beside_sso",
        &with(all, ProfileKind::SsoRole, &["aws_access_key_id"]),
        |name| {
            format!(
                "profile {name} has sso_* keys and static keys: the AWS CLI uses the sso_* keys, \
                 some SDKs the static ones"
            )
        },
        "remove the static keys, or the sso_* keys",
    )
}

fn chains(all: &[Profile]) -> Option<Finding> {
    let sso = [
        "sso_account_id",
        "sso_role_name",
        "sso_session",
        "sso_start_url",
    ];
    several(
        "role_chain_over_sso",
        &with(all, ProfileKind::RoleChain, &sso),
        |name| format!("profile {name} is a role chain, so nothing reads its sso_* keys"),
        "remove the sso_* keys, or role_arn and its source",
    )
}

/// Finds different spellings of one start URL: each has a cache file and a sign-in of its own.
fn spellings(view: &ConfigView, all: &[Profile]) -> Vec<Finding> {
    let mut by_instance: BTreeMap<&str, BTreeMap<&str, String>> = BTreeMap::new();
    let mut add = |url, location| {
        let spelled = by_instance.entry(trimmed(url)).or_default();
        spelled.entry(url).or_insert(location);
    };
    for section in view.config.sessions() {
        if let Some(property) = section
            .get("sso_start_url")
            .filter(|it| !it.value.is_empty())
        {
            add(
                &property.value,
                format!("{}:{}", view.config_path, property.line),
            );
        }
    }
    for profile in all {
        if let Some(url) = profile.value("sso_start_url") {
            add(url, profile.location_of("sso_start_url"));
        }
    }
    let several = by_instance
        .into_values()
        .filter(|spelled| spelled.len() > 1);
    several
        .map(|spelled| {
            let urls: Vec<String> = spelled.keys().map(|url| sanitize(url)).collect();
            let locations: Vec<&str> = spelled.values().map(String::as_str).collect();
            Finding::warning(
                "start_url_spellings",
                format!("one instance is written in {} ways: {}", urls.len(), urls.join(", ")),
            )
            .at(locations.join(", "))
            .fix("write it in one way everywhere: legacy profiles share a sign-in only letter by letter")
        })
        .collect()
}

/// Finds a session that cannot be renewed, whatever its server supports.
fn renewal(session: &Session, view: &ConfigView) -> Option<Finding> {
    let Some(name) = &session.name else {
        let location = session.profile.as_deref().and_then(|name| {
            let profile = Profile::find(name, view)?;
            Some(profile.location_of("sso_start_url"))
        });
        let finding = Finding::warning(
            "legacy_profile",
            "without an sso-session a sign-in is never renewed: it ends after some hours",
        );
        let finding = finding.fix(Hint::MigrateProfiles);
        return Some(match location {
            Some(location) => finding.at(location),
            None => finding,
        });
    };
    let scopes = session.requested_scopes()?;
    if scopes.iter().any(|scope| scope == DEFAULT_SCOPE) {
        return None;
    }
    let property = view.config.session(name)?.get("sso_registration_scopes")?;
    Some(
        Finding::warning(
            "scopes_without_renewal",
            format!("the scopes lack {DEFAULT_SCOPE}, without which a sign-in is never renewed"),
        )
        .at(format!("{}:{}", view.config_path, property.line))
        .fix(Hint::AddScope {
            scope: DEFAULT_SCOPE,
            session: session.selector(),
        }),
    )
}

/// Finds malformed lines, and lines that other tools read differently.
fn lines(view: &ConfigView) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (document, path) in [
        (view.config, view.config_path),
        (view.credentials, view.credentials_path),
    ] {
        let inside = document
            .sections
            .iter()
            .flat_map(|section| &section.problems);
        for problem in document.problems.iter().chain(inside) {
            findings.push(
                Finding::warning("line_not_read", sanitize(&problem.what))
                    .at(format!("{path}:{}", problem.line)),
            );
        }
        for quirk in &document.quirks {
            findings.push(
                Finding::warning("line_read_otherwise", sanitize(&quirk.what))
                    .at(format!("{path}:{}", quirk.line)),
            );
        }
    }
    findings
}

/// Program of a `credential_process` line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Helper {
    /// Name of the profile.
    pub profile: String,
    /// `FILE:LINE` of the key.
    pub location: String,
    /// Program as written in the line.
    pub program: String,
    /// Whether the line calls `sso`.
    pub ours: bool,
}

/// Returns the programs of all `credential_process` lines.
pub fn helpers(view: &ConfigView) -> Vec<Helper> {
    let helper = |profile: &Profile| {
        let line = profile.value("credential_process")?;
        let program = shlex::split(line)?.into_iter().next()?;
        Some(Helper {
            profile: profile.name.to_owned(),
            location: profile.location_of("credential_process"),
            ours: Request::from_credential_process(line).is_some(),
            program,
        })
    };
    Profile::all(view).iter().filter_map(helper).collect()
}

/// Returns the warnings about these programs. `exists` checks for an executable at a path.
pub fn helper_lines(helpers: &[Helper], exists: impl Fn(&str) -> bool, own: &str) -> Vec<Finding> {
    let absolute = |helper: &&Helper| helper.program.starts_with('/');
    let missing: Vec<&Helper> = helpers
        .iter()
        .filter(absolute)
        .filter(|helper| !exists(&helper.program))
        .collect();
    let relative: Vec<&Helper> = helpers
        .iter()
        .filter(|helper| helper.ours && !absolute(helper))
        .collect();
    let finding = |code, found: &[&Helper], what: String, fix: String| {
        let first = found.first()?;
        let more = match found.len() - 1 {
            0 => String::new(),
            more => format!(" ({} more like it)", counted(more, "line")),
        };
        Some(
            Finding::warning(code, format!("{}: {what}{more}", quoted(&first.profile)))
                .at(&first.location)
                .fix(fix),
        )
    };
    let program = |found: &[&Helper]| {
        let first = found.first();
        first.map_or_else(String::new, |helper| sanitize(&helper.program))
    };
    let own = sanitize(own);
    let one = finding(
        "helper_missing",
        &missing,
        format!(
            "its credential_process names {}, which is no program here",
            program(&missing)
        ),
        match missing.iter().any(|helper| helper.ours) {
            true => format!("name {own} there"),
            false => "correct the path".to_owned(),
        },
    );
    let other = finding(
        "helper_not_absolute",
        &relative,
        format!(
            "its credential_process names {} without its path, which programs started outside a \
             shell do not find",
            program(&relative)
        ),
        format!("name {own} there"),
    );
    one.into_iter().chain(other).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::config::{Dialect, read};
    use crate::domain::target::config_view::ConfigExtent;

    fn codes(config: &str, credentials: &str) -> Vec<(&'static str, String)> {
        let config = read(config.as_bytes(), Dialect::Config);
        let credentials = read(credentials.as_bytes(), Dialect::Credentials);
        let view = ConfigView {
            config: &config,
            credentials: &credentials,
            config_path: "c",
            credentials_path: "s",
            extent: ConfigExtent::Whole,
        };
        let exists = |path: &str| path == "/bin/sso";
        let helpers = helper_lines(&helpers(&view), exists, "/bin/sso");
        let found = profiles(&view, None).into_iter().chain(helpers);
        found
            .map(|finding| (finding.code, finding.location.unwrap_or_default()))
            .collect()
    }

    #[test]
    fn sources_that_exclude_each_other() {
        let role = "sso_session = x\nsso_account_id = 1\nsso_role_name = r\n";
        let config = format!(
            "[profile a]\n{role}credential_process = /bin/sso credential-process -p b\n\
             [profile b]\n{role}\n[profile c]\n{role}role_arn = x\nsource_profile = b\n\
             [profile d]\n{role}credential_process = /bin/sso credential-process -p b\n"
        );
        assert_eq!(
            codes(&config, "[b]\naws_access_key_id = A\n"),
            [
                ("shadowed_credential_process", "c:5".to_owned()),
                ("static_keys_beside_sso", "s:2".to_owned()),
                ("role_chain_over_sso", "c:13".to_owned()),
            ]
        );
    }

    #[test]
    fn helpers_that_are_not_found() {
        let config = "[profile a]\ncredential_process = sso credential-process -p b\n\
                      [profile b]\ncredential_process = '/no where/sso' credential-process -p c\n\
                      [profile c]\ncredential_process = /bin/sso credential-process -s x -a 1 -r y\n\
                      [profile d]\ncredential_process = other\n";
        assert_eq!(
            codes(config, ""),
            [
                ("helper_missing", "c:4".to_owned()),
                ("helper_not_absolute", "c:2".to_owned()),
            ]
        );
    }

    #[test]
    fn one_instance_in_two_spellings() {
        let config = "[sso-session x]\nsso_start_url = https://a/start\n\
                      [profile b]\nsso_start_url = https://a/start/#\n\
                      [profile c]\nsso_start_url = https://a/start/#\n\
                      [profile d]\nsso_start_url = https://b/start\n";
        assert_eq!(
            codes(config, ""),
            [("start_url_spellings", "c:2, c:4".to_owned())]
        );
    }

    #[test]
    fn lines_are_listed_with_their_numbers() {
        assert_eq!(
            codes("[dev]\na = b\n[profile x]\nregion = y # z\nrubbish\n", ""),
            [
                ("line_not_read", "c:1".to_owned()),
                ("line_not_read", "c:5".to_owned()),
                ("line_read_otherwise", "c:4".to_owned()),
            ]
        );
    }
}
