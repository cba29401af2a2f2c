//! What a shell can offer where a name is typed: profiles, sessions, accounts, roles.
//!
//! They come from the configuration, from the list of cached roles and from what was listed
//! of each session, narrowed by what stands on the line already. Nothing here is quoted: only the shell's own script knows
//! where a name will stand.

use std::collections::{BTreeMap, BTreeSet};

use super::cache::key::{RoleId, SessionKey};
use super::listing::inventory::Inventory;
use super::session::definition::same_start_url;
use super::sort::sort_by;
use super::target::config_view::ConfigView;
use super::target::profile::{Kind, Profile};
use super::target::request::Request;
use super::target::sessions;
use super::text::{is_hostile, sanitize};

/// What is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Profiles that sso can use.
    Profiles,
    /// Names of sessions, and start URLs of legacy ones.
    Sessions,
    /// Account ids.
    Accounts,
    /// Role names.
    Roles,
}

/// A name, and what to show beside it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Offer {
    /// The name, letter by letter.
    pub name: String,
    /// A few words, or nothing.
    pub about: String,
}

/// What is known besides the configuration.
#[derive(Debug, Default)]
pub struct Seen {
    /// Roles whose credentials were cached.
    pub cached: Vec<RoleId>,
    /// What was listed of sessions, however long ago.
    pub listed: Vec<(SessionKey, Inventory)>,
}

/// A role that is known, and the profile that names it.
struct Known {
    id: RoleId,
    profile: Option<String>,
}

/// The names that fit what stands on the line, each once, in order. Names that a line cannot
/// hold are left out: those with control characters, and those that read as an option.
pub fn offers(wanted: Wanted, line: &Request, view: &ConfigView, seen: &Seen) -> Vec<Offer> {
    let mut found = match wanted {
        Wanted::Profiles => profiles(view),
        Wanted::Sessions => sessions(view),
        Wanted::Accounts => accounts(line, view, seen),
        Wanted::Roles => roles(line, view, seen),
    };
    found.retain(|offer| {
        let name = &offer.name;
        !name.is_empty() && !name.starts_with('-') && !name.chars().any(is_hostile)
    });
    sort_by(&mut found, Ord::cmp);
    found.dedup_by(|a, b| a.name == b.name);
    found
}

fn profiles(view: &ConfigView) -> Vec<Offer> {
    let usable = |profile: &Profile| {
        let kind = profile.kind();
        matches!(kind, Kind::SsoRole | Kind::Helper(_) | Kind::SessionOnly)
    };
    let offer = |profile: &Profile| Offer {
        name: profile.name.to_owned(),
        about: match profile.role_id() {
            Some(id) => sanitize(&format!("{}@{}", id.role, id.account)),
            None => sanitize(profile.value("sso_session").unwrap_or_default()),
        },
    };
    let all = Profile::all(view);
    all.iter().filter(|p| usable(p)).map(offer).collect()
}

fn sessions(view: &ConfigView) -> Vec<Offer> {
    let usable = sessions::all(view).into_iter().flatten();
    let offer = |session: super::session::definition::Session| Offer {
        name: session.label().to_owned(),
        about: match &session.name {
            Some(_) => sanitize(&session.start_url),
            None => session.region.clone(),
        },
    };
    usable.map(offer).collect()
}

fn accounts(line: &Request, view: &ConfigView, seen: &Seen) -> Vec<Offer> {
    let mut of_account: Vec<(String, Option<String>)> = known(line, view, &seen.cached)
        .into_iter()
        .map(|known| (known.id.account, known.profile))
        .collect();
    let mut names: BTreeMap<&str, &str> = BTreeMap::new();
    for account in listed(line, view, seen).flat_map(|inventory| &inventory.accounts) {
        of_account.push((account.id.clone(), None));
        if let Some(name) = &account.name {
            names.insert(&account.id, name);
        }
    }
    sort_by(&mut of_account, Ord::cmp);
    of_account.dedup();
    let mut found: Vec<Offer> = Vec::new();
    // An id says nothing; its name and the profiles that have it do.
    for (name, profile) in of_account {
        if found.last().is_none_or(|last| last.name != name) {
            let about = names.get(name.as_str()).map(|name| sanitize(name));
            found.push(Offer {
                about: about.unwrap_or_default(),
                name,
            });
        }
        if let (Some(last), Some(profile)) = (found.last_mut(), profile) {
            let separator = if last.about.is_empty() { "" } else { ", " };
            last.about = sanitize(&format!("{}{separator}{profile}", last.about));
        }
    }
    found
}

fn roles(line: &Request, view: &ConfigView, seen: &Seen) -> Vec<Offer> {
    let of_profile = line.profile.as_deref().and_then(|name| {
        let profile = Profile::find(name, view)?;
        profile.role_id().map(|id| id.account)
    });
    let account = line.account.clone().or(of_profile);
    let fits = |of: &str| account.as_ref().is_none_or(|id| *id == of);
    let all = known(line, view, &seen.cached).into_iter();
    let known = all.filter(|known| fits(&known.id.account));
    let mut names: BTreeSet<String> = known.map(|known| known.id.role).collect();
    for account in listed(line, view, seen).flat_map(|inventory| &inventory.accounts) {
        if fits(&account.id) {
            names.extend(account.roles.iter().cloned());
        }
    }
    let offer = |name: String| Offer {
        name,
        about: String::new(),
    };
    names.into_iter().map(offer).collect()
}

/// What was listed of the session on the line, or of all.
fn listed<'a>(
    line: &Request,
    view: &ConfigView,
    seen: &'a Seen,
) -> impl Iterator<Item = &'a Inventory> {
    let all = seen.listed.iter();
    all.filter(move |(key, _)| is_of_line(key, line, view))
        .map(|(_, inventory)| inventory)
}

/// The roles that are known of the session on the line, or of all.
fn known(line: &Request, view: &ConfigView, cached: &[RoleId]) -> Vec<Known> {
    let mut found: Vec<Known> = cached
        .iter()
        .map(|id| Known {
            id: id.clone(),
            profile: None,
        })
        .collect();
    let profiles = Profile::all(view);
    found.extend(profiles.iter().filter_map(|profile| {
        let id = profile.role_id()?;
        let profile = Some(profile.name.to_owned());
        Some(Known { id, profile })
    }));
    found.retain(|known| is_of_line(&known.id.session, line, view));
    found
}

fn is_of_line(key: &SessionKey, line: &Request, view: &ConfigView) -> bool {
    if let Some(wanted) = &line.session {
        return key.label() == wanted;
    }
    if let Some(wanted) = &line.start_url {
        let of_section = |name: &str| view.config.session(name)?.value("sso_start_url");
        let url = match key {
            SessionKey::Name(name) => of_section(name),
            SessionKey::StartUrl(url) => Some(url.as_str()),
        };
        return url.is_some_and(|url| same_start_url(url, wanted));
    }
    let profile = line.profile.as_deref();
    let profile = profile.and_then(|name| Profile::find(name, view));
    match profile.and_then(|profile| profile.role_id()) {
        Some(id) => id.session == *key,
        None => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::config::{self, Dialect, Document};
    use crate::domain::listing::inventory::Account;
    use crate::domain::session::definition::Session;
    use crate::domain::target::config_view::Extent;
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

    fn names(wanted: Wanted, line: &Request) -> Vec<String> {
        let config = config::read(CONFIG.as_bytes(), Dialect::Config);
        let view = ConfigView {
            config: &config,
            credentials: &Document::default(),
            config_path: "config",
            credentials_path: "credentials",
            extent: Extent::Whole,
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
        let seen = Seen {
            cached: cached.to_vec(),
            listed: vec![(session.key(), listed)],
        };
        let found = offers(wanted, line, &view, &seen);
        let about = found.iter().find(|offer| offer.name == "444455556666");
        if let Some(offer) = about {
            assert_eq!(offer.about, "Ops\u{fffd}$(id), x$(touch PWNED)");
        }
        found.into_iter().map(|offer| offer.name).collect()
    }

    fn line(change: impl FnOnce(&mut Request)) -> Request {
        let mut line = Request::default();
        change(&mut line);
        line
    }

    #[test]
    fn what_can_be_used_is_offered_and_what_no_line_can_hold_is_not() {
        let all = Request::default();
        let profiles = ["dev", "legacy", "only", "x$(touch PWNED)"];
        assert_eq!(names(Wanted::Profiles, &all), profiles);
        let sessions = ["corp", "https://old.awsapps.com/start", "other"];
        assert_eq!(names(Wanted::Sessions, &all), sessions);
        let roles = ["Admin", "Audit", "Listed", "Old", "ReadOnly", "a b"];
        assert_eq!(names(Wanted::Roles, &all), roles);
    }

    #[test]
    fn what_stands_on_the_line_narrows_it() {
        let of_account = line(|line| line.account = Some("111122223333".into()));
        assert_eq!(names(Wanted::Roles, &of_account), ["Admin", "ReadOnly"]);
        let of_profile = line(|line| line.profile = Some("legacy".into()));
        assert_eq!(names(Wanted::Roles, &of_profile), ["Old"]);
        let of_session = line(|line| line.session = Some("corp".into()));
        let accounts = ["000011112222", "111122223333"];
        assert_eq!(names(Wanted::Accounts, &of_session), accounts);
        let of_url = line(|line| line.start_url = Some("https://other.awsapps.com/start/".into()));
        let accounts = ["444455556666", "888800001111"];
        assert_eq!(names(Wanted::Accounts, &of_url), accounts);
        let of_listed = line(|line| line.account = Some("888800001111".into()));
        assert_eq!(names(Wanted::Roles, &of_listed), ["Listed"]);
    }
}
