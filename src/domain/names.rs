//! Validates names and regions, which may come from untrusted files.

/// Returns `true` if a `.aws-sso` file may contain this profile or session name: 1 to 128
/// characters that no prompt theme evaluates, and that no command line takes for an option.
pub fn is_plain_name(text: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_.@+=,:/-".contains(&byte);
    (1..=128).contains(&text.len()) && !text.starts_with('-') && text.bytes().all(is_plain)
}

/// Returns `true` for an account id that is too short: spreadsheets and YAML drop leading zeros.
pub fn is_short_account_id(text: &str) -> bool {
    text.len() < 12 && is_profile_account_id(text)
}

/// Describes the format of an account id, for messages about an invalid one.
pub fn account_id_form(text: &str) -> &'static str {
    match is_short_account_id(text) {
        true => "an account id is 12 digits; a leading zero may be missing",
        false => "an account id is 12 digits",
    }
}

/// Returns `true` for an account id: 12 digits.
pub fn is_account_id(text: &str) -> bool {
    text.len() == 12 && is_profile_account_id(text)
}

/// Returns `true` if a profile may have this account id: one or more digits. AWS tools check no
/// length, so existing profiles must keep working; elsewhere use [`is_account_id`].
pub fn is_profile_account_id(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Returns `true` for a role name that IAM allows (API reference, `CreateRole`).
pub fn is_role_name(text: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_+=,.@-".contains(&byte);
    (1..=64).contains(&text.len()) && text.bytes().all(is_allowed)
}

/// Returns `true` for the format of an AWS region: words of lowercase letters and a number, as in
/// `us-gov-west-1`. A region becomes part of host names that receive secrets.
pub fn is_region(text: &str) -> bool {
    let Some((words, number)) = text.rsplit_once('-') else {
        return false;
    };
    let is_word =
        |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase());
    let has_words = match words.split_once('-') {
        Some((first, rest)) => first.len() >= 2 && is_word(first) && rest.split('-').all(is_word),
        None => false,
    };
    text.len() <= 32
        && has_words
        && (1..=2).contains(&number.len())
        && number.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_are_words_and_a_number() {
        for region in [
            "eu-west-1",
            "us-gov-east-1",
            "ap-southeast-12",
            "eusc-de-east-1",
        ] {
            assert!(is_region(region), "{region}");
        }
        for other in [
            "",
            "-",
            "eu",
            "eu-1",
            "mars-1",
            "EU-west-1",
            "e-west-1",
            "eu-west-",
            "eu-west-123",
            "eu--1",
            "eu--west-1",
            "-eu-west-1",
            "eu-west-1-",
            "eu-west-1/",
            "eu-west 1-1",
            "x.evil-west-1",
        ] {
            assert!(!is_region(other), "{other}");
        }
    }
}
