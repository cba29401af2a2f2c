//! List of the roles whose credentials were cached, one JSON object a line.
//!
//! A credentials file is named by a hash and does not name its session. `status` and `logout` use
//! this list to find it. The list holds names only.

use serde_json::Value;

use super::key::{RoleId, SessionKey};
use crate::domain::json;

/// Parses the list and skips invalid lines.
pub fn parse(bytes: &[u8]) -> Vec<RoleId> {
    bytes
        .split(|byte| *byte == b'\n')
        .filter_map(parse_line)
        .collect()
}

fn parse_line(line: &[u8]) -> Option<RoleId> {
    let map = json::parse_object(line)?;
    let text = |key: &str| map.get(key).and_then(Value::as_str).map(str::to_owned);
    let session = text("session")
        .map(SessionKey::Name)
        .or_else(|| text("startUrl").map(SessionKey::StartUrl))?;
    Some(RoleId::new(session, text("account")?, text("role")?))
}

/// Returns the list as text.
pub fn to_text(roles: &[RoleId]) -> String {
    let mut text = String::new();
    for id in roles {
        let (key, value) = match &id.session {
            SessionKey::Name(name) => ("session", name),
            SessionKey::StartUrl(url) => ("startUrl", url),
        };
        text += &json::minified(&json::object([
            (key, value.as_str().into()),
            ("account", id.account.as_str().into()),
            ("role", id.role.as_str().into()),
        ]));
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn list_round_trips_and_other_lines_are_skipped() {
        let roles = vec![
            RoleId::new(SessionKey::Name("a\nb".into()), "1", "r"),
            RoleId::new(SessionKey::StartUrl("https://x".into()), "2", "ü"),
        ];
        let text = format!("garbage\n{}{{\"x\":1}}\n", to_text(&roles));
        assert_eq!(parse(text.as_bytes()), roles);
    }
}
