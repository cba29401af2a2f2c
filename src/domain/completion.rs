//! Completes names of profiles, sessions, accounts and roles for a shell.
//!
//! The names come from the configuration, the cached roles and the listings of each session, and
//! are narrowed by the options already typed. They are not quoted, because only the shell's
//! completion script knows the quoting at the cursor.

use std::collections::{BTreeMap, BTreeSet};

use super::cache::key::{RoleId, SessionKey};
use super::listing::inventory::{Account, Inventory};
use super::session::definition::{Session, same_start_url};
use super::sort::sort_by;
use super::target::config_view::ConfigView;
use super::target::profile::{Profile, ProfileKind};
use super::target::request::Request;
use super::target::sessions;
use super::text::{is_hostile, sanitize};

/// Names to complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameKind {
    /// Profiles that `sso` can use.
    Profiles,
    /// Names of sessions, and start URLs of legacy ones.
    Sessions,
    Accounts,
    Roles,
}

/// A name with a description.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Completion {
    /// The name, unquoted.
    pub name: String,
    /// A few words, or nothing.
    pub description: String,
}

/// Names known besides those of the configuration.
#[derive(Debug, Default)]
pub struct CompletionSources {
    /// Roles with cached credentials.
    pub cached: Vec<RoleId>,
    /// Last listing of each session, of any age.
    pub listed: Vec<(SessionKey, Inventory)>,
}

/// Returns the names that match the options in `request`, sorted and without duplicates.
///
/// Names that cannot be typed as an argument are left out: those with control characters, and
/// those that would be read as an option.
pub fn complete(
    kind: NameKind,
    request: &Request,
    view: &ConfigView,
    sources: &CompletionSources,
) -> Vec<Completion> {
    let completer = Completer {
        request,
        view,
        sources,
    };
    let mut found = match kind {
        NameKind::Profiles => complete_profiles(view),
        NameKind::Sessions => complete_sessions(view),
        NameKind::Accounts => completer.complete_accounts(),
        NameKind::Roles => completer.complete_roles(),
    };
    found.retain(|completion| {
        let name = &completion.name;
        !name.is_empty() && !name.starts_with('-') && !name.chars().any(is_hostile)
    });
    sort_by(&mut found, Ord::cmp);
    found.dedup_by(|a, b| a.name == b.name);
    found
}

fn complete_profiles(view: &ConfigView) -> Vec<Completion> {
    use ProfileKind::{Helper, SessionOnly, SsoRole};
    let is_usable =
        |profile: &&Profile| matches!(profile.kind(), SsoRole | Helper(_) | SessionOnly);
    let completion = |profile: &Profile| Completion {
        name: profile.name.to_owned(),
        description: match profile.role_id() {
            Some(id) => sanitize(&format!("{}@{}", id.role, id.account)),
            None => sanitize(profile.value("sso_session").unwrap_or_default()),
        },
    };
    let all = Profile::all(view);
    all.iter().filter(is_usable).map(completion).collect()
}

fn complete_sessions(view: &ConfigView) -> Vec<Completion> {
    let valid = sessions::all(view).into_iter().flatten();
    let completion = |session: Session| Completion {
        name: session.label().to_owned(),
        description: match &session.name {
            Some(_) => sanitize(&session.start_url),
            None => session.region.clone(),
        },
    };
    valid.map(completion).collect()
}

/// Completes account ids and role names, which the request narrows.
struct Completer<'a> {
    request: &'a Request,
    view: &'a ConfigView<'a>,
    sources: &'a CompletionSources,
}

impl Completer<'_> {
    /// Describes each account id by its name and by the profiles that use it.
    fn complete_accounts(&self) -> Vec<Completion> {
        let mut found: BTreeMap<String, (Option<&str>, BTreeSet<String>)> = BTreeMap::new();
        for (id, profile) in self.known_roles() {
            let (_, profiles) = found.entry(id.account).or_default();
            profiles.extend(profile);
        }
        for account in self.listed_accounts() {
            let (name, _) = found.entry(account.id.clone()).or_default();
            *name = account.name.as_deref().or(*name);
        }
        let completion = |(id, (name, profiles)): (_, (Option<&str>, BTreeSet<String>))| {
            let name = name.filter(|name| !name.is_empty()).map(str::to_owned);
            let words: Vec<String> = name.into_iter().chain(profiles).collect();
            Completion {
                name: id,
                description: sanitize(&words.join(", ")),
            }
        };
        found.into_iter().map(completion).collect()
    }

    fn complete_roles(&self) -> Vec<Completion> {
        let profile_account = self.profile_role().map(|id| id.account);
        let account = self.request.account.clone().or(profile_account);
        let is_match = |id: &str| account.as_ref().is_none_or(|account| account == id);
        let known = self.known_roles().into_iter();
        let known = known.filter(|(id, _)| is_match(&id.account));
        let listed = self.listed_accounts();
        let listed = listed.filter(|account| is_match(&account.id));
        let listed = listed.flat_map(|account| account.roles.iter().cloned());
        let names = known.map(|(id, _)| id.role).chain(listed);
        let completion = |name| Completion {
            name,
            description: String::new(),
        };
        names.map(completion).collect()
    }

    /// Returns the listed accounts of the requested session, or of all.
    fn listed_accounts(&self) -> impl Iterator<Item = &Account> {
        let all = self.sources.listed.iter();
        let requested = all.filter(|(key, _)| self.is_requested(key));
        requested.flat_map(|(_, inventory)| &inventory.accounts)
    }

    /// Returns the cached and configured roles of the requested session, or of all, each with the
    /// profile that names it.
    fn known_roles(&self) -> Vec<(RoleId, Option<String>)> {
        let cached = self.sources.cached.iter().map(|id| (id.clone(), None));
        let profiles = Profile::all(self.view).into_iter();
        let configured = profiles
            .filter_map(|profile| Some((profile.role_id()?, Some(profile.name.to_owned()))));
        let all = cached.chain(configured);
        all.filter(|(id, _)| self.is_requested(&id.session))
            .collect()
    }

    /// Returns the role of the requested profile.
    fn profile_role(&self) -> Option<RoleId> {
        Profile::find(self.request.profile.as_deref()?, self.view)?.role_id()
    }

    /// Returns `true` if the request names this session, directly or by a profile, or no session.
    fn is_requested(&self, key: &SessionKey) -> bool {
        if let Some(session) = &self.request.session {
            return key.label() == session;
        }
        if let Some(start_url) = &self.request.start_url {
            let configured = |name: &str| self.view.config.session(name)?.value("sso_start_url");
            let url = match key {
                SessionKey::Name(name) => configured(name),
                SessionKey::StartUrl(url) => Some(url.as_str()),
            };
            return url.is_some_and(|url| same_start_url(url, start_url));
        }
        self.profile_role().is_none_or(|id| id.session == *key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::config::{self, Dialect, Document};
    use crate::domain::target::config_view::ConfigExtent;
    use crate::domain::time::Timestamp;

    const CONFIG: &str = r#"
[sso-session corp]
sso_start_url = https://corp.awsapps.com/start
sso_region = eu-west-1
[sso-session other]
sso_start_url = https://other.awsapps.com/start
sso_region = eu-west-1
[profile dev]
sso_session = corp
sso_account_id = 111122223333
sso_role_name = Admin
[profile "x$(touch PWNED)"]
sso_session = other
sso_account_id = 444455556666
sso_role_name = a b
[profile -dash]
sso_session = corp
[profile keys]
aws_access_key_id = A
[profile legacy]
sso_start_url = https://old.awsapps.com/start
sso_region = eu-west-1
sso_account_id = 777788889999
sso_role_name = Old
[profile only]
sso_session = corp
"#;

    fn names(kind: NameKind, request: &Request) -> Vec<String> {
        let config = config::read(CONFIG.as_bytes(), Dialect::Config);
        let view = ConfigView {
            config: &config,
            credentials: &Document::default(),
            config_path: "config",
            credentials_path: "credentials",
            extent: ConfigExtent::Whole,
        };
        let entry = |account: &str, role: &str| RoleId {
            session: SessionKey::Name("corp".into()),
            account: account.into(),
            role: role.into(),
        };
        let cached = [
            entry("111122223333", "ReadOnly"),
            entry("000011112222", "Audit"),
            entry("000011112222", "a\u{1b}[31m"),
        ];
        let account = |id: &str, name: Option<&str>, role: &str| Account {
            id: id.into(),
            name: name.map(str::to_owned),
            email: None,
            roles: vec![role.into()],
        };
        let session = Session::new(
            Some("other"),
            "https://other.awsapps.com/start",
            "eu-west-1",
        );
        let listed = Inventory {
            accounts: vec![
                account("444455556666", Some("Ops\n$(id)"), "Listed"),
                account("888800001111", None, "Listed"),
            ],
            ..Inventory::empty(&session, Timestamp(0))
        };
        let sources = CompletionSources {
            cached: cached.to_vec(),
            listed: vec![(session.key(), listed)],
        };
        let found = complete(kind, request, &view, &sources);
        for completion in found.iter().filter(|it| it.name == "444455556666") {
            assert_eq!(completion.description, "Ops\u{fffd}$(id), x$(touch PWNED)");
        }
        found.into_iter().map(|it| it.name).collect()
    }

    #[test]
    fn usable_names_are_completed_unless_they_cannot_be_typed() {
        let all = Request::default();
        let profiles = ["dev", "legacy", "only", "x$(touch PWNED)"];
        assert_eq!(names(NameKind::Profiles, &all), profiles);
        let sessions = ["corp", "https://old.awsapps.com/start", "other"];
        assert_eq!(names(NameKind::Sessions, &all), sessions);
        let roles = ["Admin", "Audit", "Listed", "Old", "ReadOnly", "a b"];
        assert_eq!(names(NameKind::Roles, &all), roles);
    }

    #[test]
    fn typed_options_narrow_the_names() {
        let narrowed = |kind, option: fn(&mut Request) -> &mut Option<String>, value: &str| {
            let mut request = Request::default();
            *option(&mut request) = Some(value.to_owned());
            names(kind, &request)
        };
        let (accounts, roles) = (NameKind::Accounts, NameKind::Roles);
        let found = narrowed(roles, |it| &mut it.account, "111122223333");
        assert_eq!(found, ["Admin", "ReadOnly"]);
        let found = narrowed(roles, |it| &mut it.profile, "legacy");
        assert_eq!(found, ["Old"]);
        let found = narrowed(accounts, |it| &mut it.session, "corp");
        assert_eq!(found, ["000011112222", "111122223333"]);
        let url = "https://other.awsapps.com/start/";
        let found = narrowed(accounts, |it| &mut it.start_url, url);
        assert_eq!(found, ["444455556666", "888800001111"]);
        let found = narrowed(roles, |it| &mut it.account, "888800001111");
        assert_eq!(found, ["Listed"]);
    }
}
