//! Warnings about settings that other tools treat differently or that keep a sign-in short.

use std::collections::BTreeMap;

use crate::domain::config::SectionKind;
use crate::domain::session::definition::{DEFAULT_SCOPE, Session, trimmed};
use crate::domain::target::config_view::ConfigView;
use crate::domain::target::misspelt_key;
use crate::domain::target::profile::{Profile, ProfileKind};
use crate::domain::target::request::Request;
use crate::domain::text::{counted, sanitize};
use crate::error::Hint;

use super::finding::{Finding, quoted};

/// Returns the warnings about all profiles and the selected session.
pub fn profiles(view: &ConfigView, session: Option<&Session>) -> Vec<Finding> {
    let all = Profile::all(view);
    let mut findings = Vec::new();
    findings.extend(CONFLICTS.iter().filter_map(|it| conflicts(it, &all)));
    findings.extend(spellings(view, &all));
    findings.extend(session.and_then(|session| renewal(session, view)));
    findings.extend(misspelt_keys(view));
    findings.extend(lines(view));
    findings
}

/// Conflict between two sources of credentials in one profile.
struct Conflict {
    code: &'static str,
    kind: ProfileKind<'static>,
    /// Keys of the source that loses.
    keys: &'static [&'static str],
    /// Description, after the profile's name.
    what: &'static str,
    fix: &'static str,
}

const CONFLICTS: [Conflict; 3] = [
    Conflict {
        code: "shadowed_credential_process",
        kind: ProfileKind::SsoRole,
        keys: &["credential_process"],
        what: "has sso_* keys and a credential_process: the AWS CLI never calls the process, some \
               SDKs call nothing else",
        fix: "remove the credential_process, or the sso_* keys: a profile needs one source",
    },
    Conflict {
        code: "static_keys_beside_sso",
        kind: ProfileKind::SsoRole,
        keys: &["aws_access_key_id"],
        what: "has sso_* keys and static keys: the AWS CLI uses the sso_* keys, some SDKs the \
               static ones",
        fix: "remove the static keys, or the sso_* keys",
    },
    Conflict {
        code: "role_chain_over_sso",
        kind: ProfileKind::RoleChain,
        keys: &[
            "sso_account_id",
            "sso_role_name",
            "sso_session",
            "sso_start_url",
        ],
        what: "is a role chain, so nothing reads its sso_* keys",
        fix: "remove the sso_* keys, or role_arn and its source",
    },
];

/// Finds a conflict. Several profiles with the same one are one finding.
fn conflicts(conflict: &Conflict, all: &[Profile]) -> Option<Finding> {
    let of_kind = all.iter().filter(|profile| profile.kind() == conflict.kind);
    let mut found = of_kind.filter_map(|profile| {
        let key = conflict
            .keys
            .iter()
            .find(|key| profile.value(key).is_some())?;
        Some((profile, key))
    });
    let (first, key) = found.next()?;
    let more = match found.count() {
        0 => String::new(),
        more => format!("; so have {more} more"),
    };
    let what = format!("profile {} {}{more}", quoted(first.name), conflict.what);
    let finding = Finding::warning(conflict.code, what).at(first.location_of(key));
    Some(finding.fix(conflict.fix))
}

/// Finds different spellings of one start URL: each has a cache file and a sign-in of its own.
fn spellings(view: &ConfigView, all: &[Profile]) -> Vec<Finding> {
    const KEY: &str = "sso_start_url";
    let in_sessions = view.config.sessions().filter_map(|section| {
        let property = section.get(KEY).filter(|it| !it.value.is_empty())?;
        let location = format!("{}:{}", view.config_path, property.line);
        Some((property.value.as_str(), location))
    });
    let in_profiles = all.iter();
    let in_profiles = in_profiles.filter_map(|it| Some((it.value(KEY)?, it.location_of(KEY))));
    let mut by_instance: BTreeMap<&str, BTreeMap<&str, String>> = BTreeMap::new();
    for (url, location) in in_sessions.chain(in_profiles) {
        let spelled = by_instance.entry(trimmed(url)).or_default();
        spelled.entry(url).or_insert(location);
    }
    by_instance.retain(|_, spelled| spelled.len() > 1);
    let warning = |spelled: BTreeMap<&str, String>| {
        let urls: Vec<String> = spelled.keys().map(|url| sanitize(url)).collect();
        let locations: Vec<String> = spelled.into_values().collect();
        let what = format!(
            "one instance is written in {} ways: {}",
            urls.len(),
            urls.join(", ")
        );
        Finding::warning("start_url_spellings", what).at(locations.join(", ")).fix(
            "write it in one way everywhere: legacy profiles share a sign-in only letter by letter",
        )
    };
    by_instance.into_values().map(warning).collect()
}

/// Finds a session that cannot be renewed, whatever its server supports.
fn renewal(session: &Session, view: &ConfigView) -> Option<Finding> {
    let Some(name) = &session.name else {
        let location = session.profile.as_deref().and_then(|name| {
            let profile = Profile::find(name, view)?;
            Some(profile.location_of("sso_start_url"))
        });
        let what = "without an sso-session a sign-in is never renewed: it ends after some hours";
        let finding = Finding::warning("legacy_profile", what).fix(Hint::MigrateProfiles);
        return Some(Finding {
            location,
            ..finding
        });
    };
    let scopes = session.requested_scopes()?;
    if scopes.iter().any(|scope| scope == DEFAULT_SCOPE) {
        return None;
    }
    let property = view.config.session(name)?.get("sso_registration_scopes")?;
    let what = format!("the scopes lack {DEFAULT_SCOPE}, without which a sign-in is never renewed");
    let location = format!("{}:{}", view.config_path, property.line);
    let finding = Finding::warning("scopes_without_renewal", what).at(location);
    Some(finding.fix(Hint::AddScope {
        scope: DEFAULT_SCOPE,
        session: session.selector(),
    }))
}

/// Finds malformed lines, and lines that other tools read differently.
fn lines(view: &ConfigView) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (document, path) in [
        (view.config, view.config_path),
        (view.credentials, view.credentials_path),
    ] {
        let warning = |code, what: &str, line: u32| {
            Finding::warning(code, sanitize(what)).at(format!("{path}:{line}"))
        };
        let in_sections = document.sections.iter().flat_map(|it| &it.problems);
        let problems = document.problems.iter().chain(in_sections);
        findings.extend(problems.map(|it| warning("line_not_read", &it.what, it.line)));
        let quirks = document.quirks.iter();
        findings.extend(quirks.map(|it| warning("line_read_otherwise", &it.what, it.line)));
    }
    findings
}

/// Finds keys of sessions and profiles that have no effect.
fn misspelt_keys(view: &ConfigView) -> Vec<Finding> {
    let files = [
        (view.config, view.config_path),
        (view.credentials, view.credentials_path),
    ];
    let sections = files.iter().flat_map(|(document, path)| {
        let sections = document.sections.iter();
        sections.map(move |section| (section, *path))
    });
    sections
        .filter(|(section, _)| section.kind != SectionKind::Services)
        .flat_map(|(section, path)| {
            misspelt_key::find(section)
                .into_iter()
                .map(move |(property, what)| {
                    let location = format!("{path}:{}", property.line);
                    Finding::warning("key_without_effect", what).at(location)
                })
        })
        .collect()
}

/// Program of a profile's `credential_process` line.
struct Helper<'a> {
    profile: &'a Profile<'a>,
    /// Program as written in the line.
    program: String,
    /// Whether the line calls `sso`.
    is_own: bool,
}

/// Returns the warnings about programs in `credential_process` lines. `exists` checks for an
/// executable at a path; `own` is the path of this program.
pub fn helpers(view: &ConfigView, exists: impl Fn(&str) -> bool, own: &str) -> Vec<Finding> {
    const KEY: &str = "credential_process";
    let all = Profile::all(view);
    let helpers = all.iter().filter_map(|profile| {
        let line = profile.value(KEY)?;
        Some(Helper {
            profile,
            program: shlex::split(line)?.into_iter().next()?,
            is_own: Request::from_credential_process(line).is_some(),
        })
    });
    let (mut missing, mut relative): (Vec<Helper>, Vec<Helper>) =
        helpers.partition(|helper| helper.program.starts_with('/'));
    missing.retain(|helper| !exists(&helper.program));
    relative.retain(|helper| helper.is_own);
    [
        ("helper_missing", ", which is no program here", missing),
        (
            "helper_not_absolute",
            " without its path, which programs started outside a shell do not find",
            relative,
        ),
    ]
    .into_iter()
    .filter_map(|(code, problem, found)| {
        let Helper {
            profile, program, ..
        } = found.first()?;
        let more = match found.len() - 1 {
            0 => String::new(),
            more => format!(" ({} more like it)", counted(more, "line")),
        };
        let (name, program) = (quoted(profile.name), sanitize(program));
        let what = format!("{name}: its credential_process names {program}{problem}{more}");
        let finding = Finding::warning(code, what).at(profile.location_of(KEY));
        let names_own = found.iter().any(|helper| helper.is_own);
        Some(finding.fix(match names_own {
            true => format!("name {} there", sanitize(own)),
            false => "correct the path".to_owned(),
        }))
    })
    .collect()
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
        let helpers = helpers(&view, |path| path == "/bin/sso", "/bin/sso");
        let found = profiles(&view, None).into_iter().chain(helpers);
        found
            .map(|finding| (finding.code, finding.location.unwrap_or_default()))
            .collect()
    }

    #[test]
    fn conflicts_helpers_spellings_and_lines_are_located() {
        let role = "sso_session = x\nsso_account_id = 1\nsso_role_name = r\n";
        let conflicts = format!(
            "[profile a]\n{role}credential_process = /bin/sso credential-process -p b\n\
             [profile b]\n{role}\n[profile c]\n{role}role_arn = x\nsource_profile = b\n\
             [profile d]\n{role}credential_process = /bin/sso credential-process -p b\n"
        );
        let helpers = "[profile a]\ncredential_process = sso credential-process -p b\n\
                       [profile b]\ncredential_process = '/no where/sso' credential-process -p c\n\
                       [profile c]\ncredential_process = /bin/sso credential-process -s x -a 1 -r y\n\
                       [profile d]\ncredential_process = other\n";
        let spellings = "[sso-session x]\nsso_start_url = https://a/start\n\
                         [profile b]\nsso_start_url = https://a/start/#\n\
                         [profile c]\nsso_start_url = https://a/start/#\n\
                         [profile d]\nsso_start_url = https://b/start\n";
        let lines = "[dev]\na = b\n[profile x]\nregion = y # z\nrubbish\n";
        for (config, credentials, expected) in [
            (
                conflicts.as_str(),
                "[b]\naws_access_key_id = A\n",
                &[
                    ("shadowed_credential_process", "c:5"),
                    ("static_keys_beside_sso", "s:2"),
                    ("role_chain_over_sso", "c:13"),
                ][..],
            ),
            (
                helpers,
                "",
                &[("helper_missing", "c:4"), ("helper_not_absolute", "c:2")],
            ),
            (spellings, "", &[("start_url_spellings", "c:2, c:4")]),
            (
                lines,
                "",
                &[
                    ("line_not_read", "c:1"),
                    ("line_not_read", "c:5"),
                    ("line_read_otherwise", "c:4"),
                ],
            ),
        ] {
            let found = codes(config, credentials);
            let found: Vec<_> = found
                .iter()
                .map(|(code, at)| (*code, at.as_str()))
                .collect();
            assert_eq!(found, expected, "{config}");
        }
    }
}
