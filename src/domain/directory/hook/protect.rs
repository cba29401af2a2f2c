//! `SSO_PROTECT`: patterns of roles that the hook never loads, and that other commands ask about.

use std::fmt;

use crate::domain::listing::inventory::Account;
use crate::domain::target::Target;
use crate::domain::target::config_view::ConfigView;
use crate::domain::target::profile::{Profile, ProfileKind};
use crate::domain::target::request::Request;
use crate::domain::text::sanitize;
use crate::error::Result;

/// Variable with the patterns, separated by spaces. `*` matches any text, `?` one character; case
/// does not matter.
pub const VARIABLE: &str = "SSO_PROTECT";

/// Limit on profiles that name each other in `credential_process`; more are a loop.
const MAX_STEPS: usize = 8;

/// Reason why a role is protected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Protection {
    pattern: String,
    /// Kind of the name that matches, and the name.
    matched: (&'static str, String),
    /// Whether the pattern could match the account's name, which is not known.
    pub is_name_unknown: bool,
}

impl fmt::Display for Protection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kind, name) = (self.matched.0, sanitize(&self.matched.1));
        let pattern = sanitize(&self.pattern);
        match self.is_name_unknown {
            true => write!(
                f,
                "{kind} {name} has no known name, which {pattern} could match"
            ),
            false => write!(f, "{kind} {name} matches {pattern}"),
        }
    }
}

/// Returns the reason why the patterns protect a role, if they do: one of them matches the
/// account's id or name, the role, a name that is exported for it, or any profile that leads to
/// it, of whatever session.
///
/// `account_name` and `view` read files, so they are called last, and only if there is a pattern.
/// With `strict`, an account whose name is not known is protected by a pattern that could be a
/// name.
pub fn protection<'v>(
    patterns: &str,
    target: &Target,
    strict: bool,
    account_name: impl FnOnce() -> Option<String>,
    view: impl FnOnce() -> Result<ConfigView<'v>>,
) -> Result<Option<Protection>> {
    if patterns.trim().is_empty() {
        return Ok(None);
    }
    let by = |kind, name: &str| {
        let pattern = matching(patterns, name)?.to_owned();
        Some(Protection {
            pattern,
            matched: (kind, name.to_owned()),
            is_name_unknown: false,
        })
    };
    let (account, role) = (&*target.id.account, &*target.id.role);
    let profiles = [&target.profile, &target.settings].into_iter().flatten();
    let found = profiles
        .map(|name| ("profile", &**name))
        .chain([("account", account), ("role", role)])
        .find_map(|(kind, name)| by(kind, name))
        .or_else(|| by("role", &format!("{role}@{account}")));
    if found.is_some() {
        return Ok(found);
    }
    let view = view()?;
    let leads_here = |profile: &Profile| {
        let found = role_of(*profile, &view);
        found.is_some_and(|(its_account, its_role)| its_account == account && its_role == role)
    };
    let mut profiles = Profile::all(&view).into_iter();
    let found = profiles.find_map(|it| by("profile", it.name).filter(|_| leads_here(&it)));
    if found.is_some() {
        return Ok(found);
    }
    Ok(match account_name() {
        Some(name) => by("account name", &name),
        None if strict => {
            let mut patterns = patterns.split_whitespace();
            let pattern = patterns.find(|it| could_be_account_name(it));
            pattern.map(|pattern| Protection {
                pattern: pattern.to_owned(),
                matched: ("account", account.to_owned()),
                is_name_unknown: true,
            })
        }
        None => None,
    })
}

/// Returns the account and the role that a profile leads to, also through `credential_process`
/// commands that call `sso`.
fn role_of<'v>(mut profile: Profile<'v>, view: &ConfigView<'v>) -> Option<(String, String)> {
    let (mut account, mut role) = (None, None);
    for _ in 0..MAX_STEPS {
        let (own_account, own_role, next) = match profile.kind() {
            ProfileKind::SsoRole => {
                let own = |key| profile.value(key).map(str::to_owned);
                (own("sso_account_id"), own("sso_role_name"), None)
            }
            ProfileKind::Helper(line) => {
                let request = Request::from_credential_process(line)?;
                (request.account, request.role, request.profile)
            }
            _ => return None,
        };
        account = account.or(own_account);
        role = role.or(own_role);
        match next {
            Some(name) if account.is_none() || role.is_none() => {
                let mut files = [view.config, view.credentials].into_iter();
                let section = files.find_map(|file| file.profile(&name))?;
                profile = Profile::find(&section.name, view)?;
            }
            _ => return account.zip(role),
        }
    }
    None
}

/// Returns the patterns that match no known name: no profile, account or role of the
/// configuration and of the stored listings.
pub fn patterns_without_match<'p>(
    patterns: &'p str,
    view: &ConfigView,
    listed: &[Account],
) -> Vec<&'p str> {
    let mut names: Vec<String> = Vec::new();
    for profile in Profile::all(view) {
        names.push(profile.name.to_owned());
        if let Some((account, role)) = role_of(profile, view) {
            names.extend([format!("{role}@{account}"), account, role]);
        }
    }
    for account in listed {
        names.push(account.id.clone());
        names.extend(account.name.clone());
        for role in &account.roles {
            names.extend([role.clone(), format!("{role}@{}", account.id)]);
        }
    }
    let is_matched = |pattern: &str| names.iter().any(|name| matching(pattern, name).is_some());
    let patterns = patterns.split_whitespace();
    patterns.filter(|pattern| !is_matched(pattern)).collect()
}

/// Returns `false` if the pattern can only be meant for account ids.
fn could_be_account_name(pattern: &str) -> bool {
    let is_wildcard = |byte| b"*?".contains(&byte);
    let mut bytes = pattern.bytes();
    bytes.all(is_wildcard)
        || !pattern
            .bytes()
            .all(|it| it.is_ascii_digit() || is_wildcard(it))
}

/// Returns the first of the patterns that matches all of the text.
fn matching<'p>(patterns: &'p str, text: &str) -> Option<&'p str> {
    let text = lower(text);
    let mut patterns = patterns.split_whitespace();
    patterns.find(|pattern| matches_glob(&lower(pattern), &text))
}

fn lower(text: &str) -> Vec<char> {
    text.chars().flat_map(char::to_lowercase).collect()
}

/// Returns `true` if the pattern matches all of the text: `*` matches any text, `?` one
/// character, everything else itself.
fn matches_glob(pattern: &[char], text: &[char]) -> bool {
    let (mut at, mut from) = (0, 0);
    // Index of the last star in the pattern, and the index in the text up to which it has
    // matched so far.
    let mut star: Option<(usize, usize)> = None;
    while at < text.len() {
        match pattern.get(from) {
            Some('*') => {
                star = Some((from, at));
                from += 1;
            }
            Some(c) if *c == '?' || *c == text[at] => (at, from) = (at + 1, from + 1),
            _ => match star {
                Some((index, end)) => {
                    star = Some((index, end + 1));
                    (at, from) = (end + 1, index + 1);
                }
                None => return false,
            },
        }
    }
    pattern[from..].iter().all(|c| *c == '*')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::config::{Dialect, Document, read};
    use crate::domain::target::config_view::ConfigExtent;

    #[test]
    fn globs_match_whole_texts_in_any_case() {
        for (pattern, text, expected) in [
            ("*", "", true),
            ("*prod*", "acme-PROD-eu", true),
            ("a?c", "abc", true),
            ("*a*b*", "xxaxxbxx", true),
            ("*ab", "aab", true),
            ("111122223333", "111122223333", true),
            ("prod", "prod2", false),
            ("a?c", "ac", false),
            ("", "x", false),
            ("*b", "ba", false),
            ("[a]", "a", false),
        ] {
            let matches = matches_glob(&lower(pattern), &lower(text));
            assert_eq!(matches, expected, "{pattern} {text}");
        }
    }

    const CONFIG: &str = "\
        [profile dev]\nsso_session = corp\nsso_account_id = 1\nsso_role_name = Admin\n\
        [profile acme-prod]\nsso_start_url = https://x/start\nsso_account_id = 1\n\
        sso_role_name = Admin\n\
        [profile helper]\ncredential_process = sso credential-process -s corp -a 1 -r Admin\n\
        [profile outer]\ncredential_process = sso credential-process -p inner -r Admin\n\
        [profile inner]\nsso_session = corp\nsso_account_id = 1\nsso_role_name = Other\n\
        [profile loop]\ncredential_process = sso credential-process -p loop\n";

    fn with_view<T>(use_view: impl FnOnce(ConfigView) -> T) -> T {
        let config = read(CONFIG.as_bytes(), Dialect::Config);
        use_view(ConfigView {
            config: &config,
            credentials: &Document::default(),
            config_path: "config",
            credentials_path: "credentials",
            extent: ConfigExtent::Whole,
        })
    }

    /// Returns the reason why the profile `dev` is protected.
    fn reason(patterns: &str, strict: bool, account_name: Option<&str>) -> Option<String> {
        let target = Target {
            profile: Some("dev".to_owned()),
            ..Target::for_test("1", "Admin")
        };
        let name = || account_name.map(str::to_owned);
        let found = with_view(|view| protection(patterns, &target, strict, name, || Ok(view)));
        found.unwrap().map(|found| found.to_string())
    }

    #[test]
    fn a_role_is_matched_by_every_name_that_leads_to_it() {
        for (patterns, expected) in [
            ("D?V", "profile dev matches D?V"),
            ("x *min", "role Admin matches *min"),
            ("1", "account 1 matches 1"),
            ("admin@1", "role Admin@1 matches admin@1"),
            ("*-prod", "profile acme-prod matches *-prod"),
            ("helper", "profile helper matches helper"),
            ("outer", "profile outer matches outer"),
            (
                "main*ledger",
                "account name Main\u{fffd}Ledger matches main*ledger",
            ),
        ] {
            let found = reason(patterns, false, Some("Main\nLedger"));
            assert_eq!(found.as_deref(), Some(expected));
        }
        for patterns in ["inner", "loop", "corp", "prod", "ledger", "", " "] {
            let found = reason(patterns, false, Some("Main Ledger"));
            assert_eq!(found, None, "{patterns}");
        }
    }

    #[test]
    fn an_unknown_account_name_counts_where_a_pattern_could_match_it() {
        let expected = "account 1 has no known name, which x* could match";
        assert_eq!(reason("9* x*", true, None).as_deref(), Some(expected));
        assert_eq!(reason("9* x*", false, None), None);
        assert_eq!(reason("9* x*", true, Some("Sandbox")), None);
        for patterns in ["999988887777", "9?9*"] {
            assert_eq!(reason(patterns, true, None), None, "{patterns}");
        }
    }

    #[test]
    fn nothing_is_read_without_a_pattern_or_after_a_match() {
        let target = Target::for_test("1", "Admin");
        for (patterns, is_protected) in [("  ", false), ("admin", true)] {
            let name = || panic!("the name was read");
            let view = || panic!("the configuration was read");
            let found = protection(patterns, &target, true, name, view).unwrap();
            assert_eq!(found.is_some(), is_protected);
        }
    }

    #[test]
    fn patterns_without_a_match_are_found() {
        let patterns = "*PROD* *prod*,*admin* admin@1 Sand* 1 [a]";
        let account = Account {
            name: Some("Sandbox".to_owned()),
            ..Account::default()
        };
        let found = with_view(|view| patterns_without_match(patterns, &view, &[account]));
        assert_eq!(found, ["*prod*,*admin*", "[a]"]);
    }
}
