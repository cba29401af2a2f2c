//! The state of the hook between two prompts, as the text of one environment variable.
//!
//! Anybody can have written an environment variable. A text that does not parse is dropped,
//! and one that does cannot name a variable outside the closed list.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::domain::hash::{hex, sha256};
use crate::domain::role::environment_variables::{changed_by_hook, keys};

/// Longest text that is parsed, in bytes. A path and a few names are all that it holds.
const MAX_BYTES: usize = 32 * 1024;

/// Characters that need no escape within a value.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'_')
    .remove(b'-')
    .remove(b'.')
    .remove(b'/')
    .remove(b'@')
    .remove(b',')
    .remove(b':')
    .remove(b'+');

/// Record of the last prompt.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HookState {
    /// Canonical path of the `.aws-sso` file that decided.
    pub file: String,
    /// First digits of the digest of its path and bytes.
    pub digest: String,
    /// Kind and digest of the last message, so that it is shown once.
    pub message: String,
    /// When a background renewal was last started, in seconds since 1970.
    pub renewed_at: i64,
    /// Variables that were set, each with the [`mark`] of its value.
    pub set: Vec<(&'static str, String)>,
    /// Earlier values of the variables that were set or hidden.
    pub before: Vec<(&'static str, String)>,
    /// Variables that the user has changed since; they stay as they are.
    pub kept: Vec<&'static str>,
    /// Variables of `set` that the shell had without exporting them. It keeps their values.
    pub local: Vec<&'static str>,
    /// Hidden variables that direnv or mise had set, with the values before, empty for none.
    pub given: Vec<(&'static str, String)>,
}

impl HookState {
    /// Parses the variable's text.
    pub fn parse(text: &str) -> Option<HookState> {
        if text.len() > MAX_BYTES {
            return None;
        }
        let mut parts = text.split(';');
        if parts.next()? != "v1" {
            return None;
        }
        let mut state = HookState::default();
        for part in parts {
            let (key, value) = part.split_once('=')?;
            let value = percent_decode_str(value).decode_utf8().ok()?.into_owned();
            match key.split_once(':') {
                None => match key {
                    "f" => state.file = value,
                    "h" => state.digest = value,
                    "n" => state.message = value,
                    "t" => state.renewed_at = value.parse().ok()?,
                    _ => return None,
                },
                Some(("s", name)) => state.set.push((known(name)?, value)),
                Some(("p", name)) => state.before.push((known(name)?, value)),
                Some(("o", name)) => state.kept.push(known(name)?),
                Some(("l", name)) => state.local.push(known(name)?),
                Some(("g", name)) => state.given.push((known(name)?, value)),
                Some(_) => return None,
            }
        }
        // An earlier value is restored, so it must be one that a variable can have.
        let possible = |(_, value): &(&str, String)| !value.contains('\0');
        let is_possible = state.before.iter().all(|(_, value)| !value.is_empty())
            && state.before.iter().chain(&state.given).all(possible);
        is_possible.then_some(state)
    }

    /// Formats the variable's text.
    pub fn to_text(&self) -> String {
        let mut text = String::from("v1");
        let mut put = |key: &str, value: &str| {
            text += &format!(";{key}={}", utf8_percent_encode(value, PLAIN));
        };
        put("f", &self.file);
        put("h", &self.digest);
        put("n", &self.message);
        if self.renewed_at != 0 {
            put("t", &self.renewed_at.to_string());
        }
        for (name, value) in &self.set {
            put(&format!("s:{name}"), value);
        }
        for (name, value) in &self.before {
            put(&format!("p:{name}"), value);
        }
        for (name, value) in &self.given {
            put(&format!("g:{name}"), value);
        }
        for (key, names) in [("o", &self.kept), ("l", &self.local)] {
            for name in names {
                put(&format!("{key}:{name}"), "");
            }
        }
        text
    }

    /// Returns `true` if the hook has set a variable.
    pub fn is_loaded(&self) -> bool {
        !self.set.is_empty()
    }

    /// Returns the value that a variable had before the hook set or hid it.
    pub fn before(&self, name: &str) -> Option<&str> {
        let entry = self.before.iter().find(|(known, _)| *known == name);
        entry.map(|(_, value)| value.as_str())
    }

    /// Returns the mark of the value that the hook set.
    pub fn mark(&self, name: &str) -> Option<&str> {
        let entry = self.set.iter().find(|(known, _)| *known == name);
        entry.map(|(_, mark)| mark.as_str())
    }

    /// Returns `true` if a variable still has the value that the hook set.
    pub fn is_ours(&self, name: &str, value: &str) -> bool {
        self.mark(name) == Some(&mark(name, value))
    }
}

/// Returns the text by which a value is recognised: the value itself, or a digest of a key.
pub fn mark(name: &str, value: &str) -> String {
    if keys().all(|key| key != name) {
        return value.to_owned();
    }
    let parts = [b"sso-state-v1\0", name.as_bytes(), &[0], value.as_bytes()];
    hex(&sha256(&parts)[..12])
}

/// Returns the name as one of those that the hook may change.
fn known(name: &str) -> Option<&'static str> {
    changed_by_hook().find(|known| *known == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_with_any_values_round_trips() {
        let state = HookState {
            file: "/a b$(touch PWNED)'q\n;=/.aws-sso".to_owned(),
            digest: "0123".to_owned(),
            message: "l12".to_owned(),
            renewed_at: 1_795_000_000,
            set: vec![("AWS_REGION", "eu-west-1".to_owned())],
            before: vec![("AWS_PROFILE", "a;p:AWS_REGION=%41 ü".to_owned())],
            kept: vec!["AWS_DEFAULT_REGION"],
            local: vec!["AWS_ACCOUNT_ID"],
            given: vec![("AWS_PROFILE", String::new())],
        };
        let text = state.to_text();
        assert!(
            text.bytes()
                .all(|byte| byte.is_ascii_graphic() && !b"'\"$`\\!()".contains(&byte)),
            "{text}"
        );
        assert_eq!(HookState::parse(&text), Some(state));
    }

    #[test]
    fn other_variables_and_versions_are_rejected() {
        for text in [
            "",
            "v2;f=x",
            "v1;f",
            "v1;s:PATH=x",
            "v1;p:LD_PRELOAD=x",
            "v1;p:AWS_ENDPOINT_URL=https://evil.example",
            "v1;x=y",
            "v1;t=soon",
            "v1;p:AWS_PROFILE=%00",
            "v1;p:AWS_PROFILE=",
            "v1;f=%ff",
        ] {
            assert_eq!(HookState::parse(text), None, "{text}");
        }
        assert!(HookState::parse(&format!("v1;f={}", "x".repeat(MAX_BYTES))).is_none());
    }

    #[test]
    fn a_key_is_recorded_as_a_digest() {
        let secret = mark("AWS_SECRET_ACCESS_KEY", "s3cret");
        assert!(!secret.contains("s3cret") && secret.len() == 24);
        assert_ne!(secret, mark("AWS_SESSION_TOKEN", "s3cret"));
        assert_eq!(mark("AWS_REGION", "eu-west-1"), "eu-west-1");
    }
}
