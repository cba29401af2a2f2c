//! Names of the roles whose credentials were cached.
//!
//! A cached file does not say which session it belongs to; its name is a hash. This list
//! lets `status` and `logout` find it again. It holds names only.

use serde_json::Value;

use super::key::SessionKey;
use crate::domain::json;

/// One cached role.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Entry {
    /// Whose credentials they are.
    pub session: SessionKey,
    /// Account id.
    pub account: String,
    /// Role name.
    pub role: String,
}

/// Reads the list; lines that are not ours are passed over.
pub fn parse(bytes: &[u8]) -> Vec<Entry> {
    bytes
        .split(|byte| *byte == b'\n')
        .filter_map(parse_line)
        .collect()
}

fn parse_line(line: &[u8]) -> Option<Entry> {
    let map = json::parse_object(line)?;
    let text = |key: &str| map.get(key).and_then(Value::as_str).map(str::to_owned);
    let session = text("session")
        .map(SessionKey::Name)
        .or_else(|| text("startUrl").map(SessionKey::StartUrl))?;
    Some(Entry {
        session,
        account: text("account")?,
        role: text("role")?,
    })
}

/// The list as text, a line each.
pub fn to_text(entries: &[Entry]) -> String {
    let mut text = String::new();
    for entry in entries {
        let (key, value) = match &entry.session {
            SessionKey::Name(name) => ("session", name),
            SessionKey::StartUrl(url) => ("startUrl", url),
        };
        text += &json::minified(&json::object([
            (key, value.as_str().into()),
            ("account", entry.account.as_str().into()),
            ("role", entry.role.as_str().into()),
        ]));
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_trips_and_passes_over_what_it_does_not_know() {
        let entries = vec![
            Entry {
                session: SessionKey::Name("a\nb".into()),
                account: "1".into(),
                role: "r".into(),
            },
            Entry {
                session: SessionKey::StartUrl("https://x".into()),
                account: "2".into(),
                role: "ü".into(),
            },
        ];
        let text = format!("garbage\n{}{{\"x\":1}}\n", to_text(&entries));
        assert_eq!(parse(text.as_bytes()), entries);
    }
}
