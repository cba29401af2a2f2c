//! A string that `Debug` does not print and that is wiped from memory when dropped.
//!
//! It keeps tokens out of messages and logs, but does not protect memory from a debugger.

use std::fmt;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use zeroize::Zeroizing;

/// Secret string, such as an access token or a client secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    pub fn new(value: impl Into<String>) -> Self {
        Self(Zeroizing::new(value.into()))
    }

    /// Returns the value. Each call may let it leave the process.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

/// Replaces secrets in a text, also where they are percent-encoded.
pub fn redact(text: &str, secrets: &[Secret]) -> String {
    // A shorter value is not a secret, and would replace parts of other words.
    const MIN_SECRET: usize = 8;
    let mut redacted = text.to_owned();
    for secret in secrets.iter().map(Secret::expose) {
        if secret.len() >= MIN_SECRET {
            let encoded = utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string();
            redacted = redacted.replace(secret, "[secret]");
            redacted = redacted.replace(&encoded, "[secret]");
        }
    }
    redacted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_replaced_in_a_text() {
        let secrets = ["aoa/bearer+token==", "short", ""].map(Secret::new);
        for (text, expected) in [
            ("invalid token aoa/bearer+token==", "invalid token [secret]"),
            ("x=aoa%2Fbearer%2Btoken%3D%3D&y", "x=[secret]&y"),
            ("a short text", "a short text"),
        ] {
            assert_eq!(redact(text, &secrets), expected);
        }
    }

    #[test]
    fn debug_shows_nothing_of_the_value() {
        let shown = format!("{:?} {:#?}", Secret::new("hunter2"), Secret::new("hunter2"));
        assert!(!shown.contains("hunter2"), "{shown}");
    }
}
