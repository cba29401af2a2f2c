//! Checks that every AWS tool can read a section name, a key or a value.

use crate::domain::config::document::SectionKind;
use crate::domain::config::key_value;
use crate::domain::config::lines::{COMMENT_STARTS, MAX_LINE_LENGTH};
use crate::domain::config::section_name::is_identifier;
use crate::domain::text::sanitize;

/// Checks the name of a section, or returns the reason for which some AWS tool ignores it.
pub fn check_section_name(kind: SectionKind, name: &str) -> Result<(), String> {
    let what = match kind {
        SectionKind::Profile => "profile",
        SectionKind::SsoSession => "sso-session",
        SectionKind::Services => "services section",
    };
    if name.is_empty() {
        return Err(format!("the name of a {what} is empty"));
    }
    let is_other = |c: &char| !is_identifier(c.encode_utf8(&mut [0; 4]));
    let Some(other) = name.chars().find(is_other) else {
        return Ok(());
    };
    let other = match other {
        ' ' => "a blank".to_owned(),
        other if other.is_control() => "a control character".to_owned(),
        other => format!("`{other}`"),
    };
    Err(format!(
        "{other} in the {what} name \"{}\": AWS SDKs see only names of letters, digits and `_-/.%@:+`",
        sanitize(name)
    ))
}

/// Checks a key and its value, or returns the reason for which some AWS tool misreads them.
pub(super) fn check_property(key: &str, value: &str) -> Result<(), String> {
    // The AWS CLI would end the key at a `:`.
    if key.is_empty() || !is_identifier(key) || key.contains(':') {
        let key = sanitize(key);
        return Err(format!(
            "\"{key}\" cannot be a key, some AWS tool would not read it"
        ));
    }
    let why = if value.chars().any(char::is_control) {
        "has control characters"
    } else if value != value.trim() {
        "begins or ends with white space, which every reader drops"
    } else if key.len() + value.len() > MAX_LINE_LENGTH / 2 {
        "is too long"
    } else if value.starts_with(COMMENT_STARTS) || !is_read_back(key, value) {
        "has white space before `#` or `;`, where a comment begins"
    } else {
        return Ok(());
    };
    Err(format!("the value of {key} {why}"))
}

/// Returns `true` if a line with this key and value is read as both.
fn is_read_back(key: &str, value: &str) -> bool {
    // The key is an identifier, so only a comment in the value could be misread.
    let line = format!("{key} = {value}");
    !value.contains(COMMENT_STARTS)
        || key_value::parse(&line).is_ok_and(|pair| pair.key == key && pair.value == value)
}
