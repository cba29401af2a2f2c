//! `SSO_CONFIRM`: what the user never wants to have loaded by itself.

use crate::domain::target::Target;

/// Whether one of the blank-separated patterns matches the profile, the account, its name or
/// the role. Letters match in either case: who writes `*prod*` means `PROD` as well. The name
/// stands in a file, and is asked for only where everything else does not match.
pub fn matches(patterns: &str, target: &Target, name: impl FnOnce() -> Option<String>) -> bool {
    let own = [
        target.profile(),
        Some(target.account()),
        Some(target.role()),
    ];
    let any = |text: &str| {
        let mut patterns = patterns.split_whitespace();
        patterns.any(|pattern| glob(&lower(pattern), &lower(text)))
    };
    if own.into_iter().flatten().any(any) {
        return true;
    }
    let wanted = patterns.split_whitespace().next().is_some();
    wanted && name().is_some_and(|name| any(&name))
}

fn lower(text: &str) -> Vec<char> {
    text.chars().flat_map(char::to_lowercase).collect()
}

/// `*` is any text, `?` any character, everything else itself.
fn glob(pattern: &[char], text: &[char]) -> bool {
    let (mut at, mut from) = (0, 0);
    // Where the last star stands, and how much of the text it has taken so far.
    let mut star: Option<(usize, usize)> = None;
    while at < text.len() {
        match pattern.get(from) {
            Some('*') => {
                star = Some((from, at));
                from += 1;
            }
            Some(c) if *c == '?' || *c == text[at] => (at, from) = (at + 1, from + 1),
            _ => match star {
                Some((place, taken)) => {
                    star = Some((place, taken + 1));
                    (at, from) = (taken + 1, place + 1);
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
    use crate::domain::cache::key::{RoleId, SessionKey};
    use crate::domain::target::sso_role::SsoRole;

    #[test]
    fn patterns() {
        let is = |pattern: &str, text: &str| glob(&lower(pattern), &lower(text));
        for (pattern, text) in [
            ("*", ""),
            ("*prod*", "acme-PROD-eu"),
            ("a?c", "abc"),
            ("*a*b*", "xxaxxbxx"),
            ("*ab", "aab"),
            ("111122223333", "111122223333"),
        ] {
            assert!(is(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [
            ("prod", "prod2"),
            ("a?c", "ac"),
            ("", "x"),
            ("*b", "ba"),
            ("[a]", "a"),
        ] {
            assert!(!is(pattern, text), "{pattern} {text}");
        }
    }

    #[test]
    fn any_of_the_names_counts() {
        let target = Target::SsoRole(SsoRole {
            id: RoleId {
                session: SessionKey::Name("corp".to_owned()),
                account: "999988887777".to_owned(),
                role: "AdministratorAccess".to_owned(),
            },
            session: None,
            region: None,
            profile: Some("acme-prod".to_owned()),
            settings: None,
        });
        for patterns in ["*prod*", "nothing *admin*", "9999*"] {
            let unasked = || panic!("the name was asked for");
            assert!(matches(patterns, &target, unasked), "{patterns}");
        }
        for patterns in ["corp", "prod"] {
            assert!(!matches(patterns, &target, || None), "{patterns}");
        }
        for patterns in ["", "  "] {
            let unasked = || panic!("the name was asked for");
            assert!(!matches(patterns, &target, unasked), "{patterns}");
        }
        let named = || Some("Main\nLedger".to_owned());
        assert!(matches("x main*ledger", &target, named));
        assert!(!matches("ledger", &target, named));
    }
}
