//! What a shell remembers from one prompt to the next, as the text of one variable.
//!
//! It is only environment: anybody can have written it. What does not parse is dropped, and
//! what does can name no variable outside the closed list.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::{KEYS, known};
use crate::domain::hash::{hex, sha256};

/// The variable.
pub const VARIABLE: &str = "__SSO_STATE";

/// A longer one is not ours: a path and a few names are all that it holds.
const MOST: usize = 32 * 1024;

/// What needs no escape within a value.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'_')
    .remove(b'-')
    .remove(b'.')
    .remove(b'/')
    .remove(b'@')
    .remove(b',')
    .remove(b':')
    .remove(b'+');

/// What was done at the last prompt.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// The file that decided.
    pub file: String,
    /// What it said then: the beginning of its digest.
    pub digest: String,
    /// How it came out, in short: by it a message is given once.
    pub seen: String,
    /// When a renewal was last started, in seconds since 1970.
    pub renewed: i64,
    /// What was set, with the mark of its value.
    pub set: Vec<(&'static str, String)>,
    /// What was there before, of what was set and of what was hidden.
    pub before: Vec<(&'static str, String)>,
    /// What the user has changed since: it is left alone.
    pub left: Vec<&'static str>,
}

impl State {
    /// Reads the variable's text.
    pub fn parse(text: &str) -> Option<State> {
        if text.len() > MOST {
            return None;
        }
        let mut parts = text.split(';');
        if parts.next()? != "v1" {
            return None;
        }
        let mut state = State::default();
        for part in parts {
            let (key, value) = part.split_once('=')?;
            let value = percent_decode_str(value).decode_utf8().ok()?.into_owned();
            match key.split_once(':') {
                None => match key {
                    "f" => state.file = value,
                    "h" => state.digest = value,
                    "n" => state.seen = value,
                    "t" => state.renewed = value.parse().ok()?,
                    _ => return None,
                },
                Some(("s", name)) => state.set.push((known(name)?, value)),
                Some(("p", name)) => state.before.push((known(name)?, value)),
                Some(("o", name)) => state.left.push(known(name)?),
                Some(_) => return None,
            }
        }
        // What was there before is put back, so it must be something that could be there.
        let possible = |(_, value): &(&str, String)| !value.is_empty() && !value.contains('\0');
        state.before.iter().all(possible).then_some(state)
    }

    /// The text for the variable.
    pub fn to_text(&self) -> String {
        let mut text = String::from("v1");
        let mut put = |key: &str, value: &str| {
            text += &format!(";{key}={}", utf8_percent_encode(value, PLAIN));
        };
        put("f", &self.file);
        put("h", &self.digest);
        put("n", &self.seen);
        if self.renewed != 0 {
            put("t", &self.renewed.to_string());
        }
        for (name, value) in &self.set {
            put(&format!("s:{name}"), value);
        }
        for (name, value) in &self.before {
            put(&format!("p:{name}"), value);
        }
        for name in &self.left {
            put(&format!("o:{name}"), "");
        }
        text
    }

    /// Whether something of ours is in the environment.
    pub fn is_loaded(&self) -> bool {
        !self.set.is_empty()
    }

    /// What was there before.
    pub fn before(&self, name: &str) -> Option<&str> {
        let entry = self.before.iter().find(|(known, _)| *known == name);
        entry.map(|(_, value)| value.as_str())
    }

    /// The mark of what was set.
    pub fn mark(&self, name: &str) -> Option<&str> {
        let entry = self.set.iter().find(|(known, _)| *known == name);
        entry.map(|(_, mark)| mark.as_str())
    }

    /// Whether a variable still has the value that was set.
    pub fn is_ours(&self, name: &str, value: &str) -> bool {
        self.mark(name) == Some(&mark(name, value))
    }
}

/// By what a value is known again: itself, and of a key only a digest.
pub fn mark(name: &str, value: &str) -> String {
    if !KEYS.contains(&name) {
        return value.to_owned();
    }
    let parts = [b"sso-state-v1\0", name.as_bytes(), &[0], value.as_bytes()];
    hex(&sha256(&parts)[..12])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_round_trips_whatever_the_values_are() {
        let state = State {
            file: "/a b$(touch PWNED)'q\n;=/.aws-sso".to_owned(),
            digest: "0123".to_owned(),
            seen: "l12".to_owned(),
            renewed: 1_795_000_000,
            set: vec![("AWS_REGION", "eu-west-1".to_owned())],
            before: vec![("AWS_PROFILE", "a;p:AWS_REGION=%41 ü".to_owned())],
            left: vec!["AWS_DEFAULT_REGION"],
        };
        let text = state.to_text();
        assert!(
            text.bytes()
                .all(|byte| byte.is_ascii_graphic() && !b"'\"$`\\!()".contains(&byte)),
            "{text}"
        );
        assert_eq!(State::parse(&text), Some(state));
    }

    #[test]
    fn no_other_variable_can_be_named_and_no_other_version_counts() {
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
            assert_eq!(State::parse(text), None, "{text}");
        }
        assert!(State::parse(&format!("v1;f={}", "x".repeat(MOST))).is_none());
    }

    #[test]
    fn a_key_is_known_by_a_digest_and_shows_nothing() {
        let secret = mark("AWS_SECRET_ACCESS_KEY", "s3cret");
        assert!(!secret.contains("s3cret") && secret.len() == 24);
        assert_ne!(secret, mark("AWS_SESSION_TOKEN", "s3cret"));
        assert_eq!(mark("AWS_REGION", "eu-west-1"), "eu-west-1");
    }
}
