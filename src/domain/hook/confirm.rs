//! `SSO_CONFIRM`: what the user never wants to have loaded by itself.

use crate::domain::target::SsoRole;

/// Whether one of the blank-separated patterns matches the profile, the account or the role.
/// Letters match in either case: who writes `*prod*` means `PROD` as well.
pub fn matches(patterns: &str, role: &SsoRole) -> bool {
    let own = [
        role.profile.as_deref(),
        Some(&role.account),
        Some(&role.role),
    ];
    patterns.split_whitespace().any(|pattern| {
        let fits = |text: &str| glob(&lower(pattern), &lower(text));
        own.into_iter().flatten().any(fits)
    })
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
    use crate::domain::target::SessionRef;

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
        let role = SsoRole {
            session: SessionRef::Named("corp".to_owned()),
            account: "999988887777".to_owned(),
            role: "AdministratorAccess".to_owned(),
            region: None,
            profile: Some("acme-prod".to_owned()),
            settings: None,
        };
        for patterns in ["*prod*", "nothing *admin*", "9999*"] {
            assert!(matches(patterns, &role), "{patterns}");
        }
        for patterns in ["", "  ", "corp", "prod"] {
            assert!(!matches(patterns, &role), "{patterns}");
        }
    }
}
