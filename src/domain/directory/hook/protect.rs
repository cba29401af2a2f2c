//! `SSO_CONFIRM`: patterns of roles that the hook never loads by itself.

use crate::domain::target::Target;

/// Returns `true` if one of the space-separated patterns matches the profile, the account's
/// id or name, or the role.
///
/// Case does not matter, so that `*prod*` covers `PROD`. `account_name` reads a file, so it
/// is called only if nothing else matches.
pub fn is_protected(
    patterns: &str,
    target: &Target,
    account_name: impl FnOnce() -> Option<String>,
) -> bool {
    let known = [
        target.profile.as_deref(),
        Some(&*target.id.account),
        Some(&*target.id.role),
    ];
    let any = |text: &str| {
        let mut patterns = patterns.split_whitespace();
        patterns.any(|pattern| matches_glob(&lower(pattern), &lower(text)))
    };
    if known.into_iter().flatten().any(any) {
        return true;
    }
    let has_patterns = !patterns.trim().is_empty();
    has_patterns && account_name().is_some_and(|name| any(&name))
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

    #[test]
    fn profile_account_and_role_are_matched_before_the_name_is_read() {
        let target = Target {
            profile: Some("acme-prod".to_owned()),
            ..Target::for_test("999988887777", "AdministratorAccess")
        };
        for patterns in ["*prod*", "nothing *admin*", "9999*"] {
            let unread = || panic!("the name was read");
            assert!(is_protected(patterns, &target, unread), "{patterns}");
        }
        for patterns in ["corp", "prod"] {
            assert!(!is_protected(patterns, &target, || None), "{patterns}");
        }
        for patterns in ["", "  "] {
            let unread = || panic!("the name was read");
            assert!(!is_protected(patterns, &target, unread), "{patterns}");
        }
        let named = || Some("Main\nLedger".to_owned());
        assert!(is_protected("x main*ledger", &target, named));
        assert!(!is_protected("ledger", &target, named));
    }
}
