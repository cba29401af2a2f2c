//! Names of the cache files, as AWS CLI v2 computes them.
//!
//! A name is the SHA-1 of raw configuration values, so two spellings of one start URL are two
//! files.

use serde_json::Value;

use crate::domain::hash::sha1_hex;
use crate::domain::json::{minified, object, spaced};

/// Identifies the cache files of a session: an sso-session by its name, a legacy profile by its
/// start URL.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SessionKey {
    /// `[sso-session NAME]`.
    Name(String),
    /// `sso_start_url` of a legacy profile, exactly as configured.
    StartUrl(String),
}

impl SessionKey {
    /// Returns the key with this label. Only a legacy session is labelled with its start URL.
    pub fn from_label(label: String, start_url: &str) -> SessionKey {
        if label == start_url {
            SessionKey::StartUrl(label)
        } else {
            SessionKey::Name(label)
        }
    }

    /// Returns the name, or the start URL of a legacy session.
    pub fn label(&self) -> &str {
        match self {
            SessionKey::Name(text) | SessionKey::StartUrl(text) => text,
        }
    }

    /// Returns the stem of the token file in `~/.aws/sso/cache`.
    pub fn file_stem(&self) -> String {
        sha1_hex(self.label())
    }
}

/// Identifies the cached credentials of one role.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RoleId {
    pub session: SessionKey,
    /// Account id: digits, as text because it may begin with 0.
    pub account: String,
    pub role: String,
}

impl RoleId {
    pub fn new(session: SessionKey, account: impl Into<String>, role: impl Into<String>) -> RoleId {
        RoleId {
            session,
            account: account.into(),
            role: role.into(),
        }
    }

    /// Returns the stem of the credentials file in `~/.aws/cli/cache`.
    pub fn file_stem(&self) -> String {
        let (key, value) = match &self.session {
            SessionKey::Name(name) => ("sessionName", name),
            SessionKey::StartUrl(url) => ("startUrl", url),
        };
        // Python sorts the keys: accountId, roleName, then sessionName or startUrl.
        sha1_hex(&minified(&object([
            ("accountId", self.account.as_str().into()),
            ("roleName", self.role.as_str().into()),
            (key, value.as_str().into()),
        ])))
    }
}

/// Returns the stem of a client registration file in `~/.aws/sso/cache`. `scopes` are the
/// configured ones: without any, null is hashed, even if default scopes are requested.
pub fn registration_file_stem(
    key: &SessionKey,
    start_url: &str,
    region: &str,
    scopes: Option<&[String]>,
) -> String {
    let session = match key {
        SessionKey::Name(name) => name.as_str().into(),
        SessionKey::StartUrl(_) => Value::Null,
    };
    sha1_hex(&spaced(&object([
        ("region", region.into()),
        ("scopes", scopes.map_or(Value::Null, Into::into)),
        ("session_name", session),
        ("startUrl", start_url.into()),
        ("tool", "botocore".into()),
    ])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn token_and_role_file_names_equal_those_of_the_aws_cli() {
        let name = |text: &str| SessionKey::Name(text.into());
        let url = |text: &str| SessionKey::StartUrl(text.into());
        let start_url = "https://d-abc123.awsapps.com/start";
        for (key, expected) in [
            (name("admin"), "d033e22ae348aeb5660fc2140aec35850c4da997"),
            (name("my-sess"), "02734df964502ade13d0b1a9113bc8d43ffc09b7"),
            (url(start_url), "40a89917e3175433e361b710a9d43528d7f1890a"),
        ] {
            assert_eq!(key.file_stem(), expected, "{key:?}");
        }
        let legacy = url("https://d-92671207e4.awsapps.com/start");
        let id = RoleId::new(legacy, "1234567890", "test-role");
        assert_eq!(id.file_stem(), "048db75bbe50955c16af7aba6ff9c41a3131bb7e");
        let id = RoleId::new(name("test-session"), "1234567890", "test-role");
        assert_eq!(id.file_stem(), "f2c4be47e7c208fd9fdb5286a8f46907a665314b");
        let id = RoleId::new(name("my-sess"), "111122223333", "Admin");
        assert_eq!(id.file_stem(), "fbbda2f47e18271a411aba71520c7acbef7f1c93");
    }

    #[test]
    fn registration_file_names_equal_those_of_the_aws_cli() {
        let scopes = vec!["sso:account:access".to_owned()];
        let scopes = Some(scopes.as_slice());
        let url = "https://d-abc123.awsapps.com/start";
        let legacy = SessionKey::StartUrl(url.into());
        let stem = registration_file_stem(&legacy, url, "us-west-2", None);
        assert_eq!(stem, "d75f79f67bab3f92a2b1450471c0c2574de0dca4");
        let url = "https://d-1.awsapps.com/start";
        let session = SessionKey::Name("my-sess".into());
        for (scopes, expected) in [
            (scopes, "22f71369874531ce5840cb5fd510a27abee6ae63"),
            (None, "649c2965498eb849cfa30bde49d893555239f2a5"),
        ] {
            let stem = registration_file_stem(&session, url, "eu-west-1", scopes);
            assert_eq!(stem, expected, "{scopes:?}");
        }
    }
}
