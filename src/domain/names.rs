//! What names may be made of in a file that anybody may have written.

/// Whether this can be the name of a profile or a session here. Prompt themes evaluate
/// such names, and an option is no name.
pub fn is_name(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_.@+=,:/-".contains(&byte);
    (1..=128).contains(&text.len()) && !text.starts_with('-') && text.bytes().all(plain)
}

/// Form of an account id, for messages.
pub const ACCOUNT_ID_FORM: &str = "an account id is 12 digits; zeros at its beginning count";

/// Returns `true` if this is an account id: 12 digits.
pub fn is_account_id(text: &str) -> bool {
    text.len() == 12 && is_profile_account_id(text)
}

/// Returns `true` if this may be the account id of a profile: digits. No AWS tool checks more
/// there than that the service accepts it, so existing profiles must keep working. Elsewhere a
/// missing digit is a typing error, see [`is_account_id`].
pub fn is_profile_account_id(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether this can be a role: what IAM allows in a role's name.
pub fn is_role(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_+=,.@-".contains(&byte);
    (1..=64).contains(&text.len()) && text.bytes().all(plain)
}

/// Whether this looks like a region: letters, words, and a number at the end.
pub fn is_region(text: &str) -> bool {
    let words: Vec<&str> = text.split('-').collect();
    let [first, middle @ .., number] = &words[..] else {
        return false;
    };
    let lower = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase());
    let digits =
        (1..=2).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit());
    text.len() <= 32
        && first.len() >= 2
        && lower(first)
        && !middle.is_empty()
        && middle.iter().all(|word| lower(word))
        && digits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions() {
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
            "eu",
            "eu-1",
            "EU-west-1",
            "eu-west-",
            "eu--1",
            "eu-west-1/",
            "x.evil-west-1",
        ] {
            assert!(!is_region(other), "{other}");
        }
    }
}
