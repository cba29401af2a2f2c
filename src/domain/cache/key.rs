//! Names of the cache files, as AWS CLI v2 computes them.
//!
//! Every name is the SHA-1 of a text; the texts are raw configuration strings, so two
//! spellings of one start URL are two files. This module never looks at a file.

use serde_json::Value;

use crate::domain::hash::sha1_hex;
use crate::domain::json::{minified, object, spaced};

/// Which cache files a session uses: an sso-session's by its name, a legacy profile's by
/// its start URL.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SessionKey {
    /// `[sso-session NAME]`.
    Name(String),
    /// `sso_start_url` of a legacy profile, letter by letter.
    StartUrl(String),
}

impl SessionKey {
    /// File name stem in `~/.aws/sso/cache` of the access token.
    pub fn token_file(&self) -> String {
        match self {
            SessionKey::Name(text) | SessionKey::StartUrl(text) => sha1_hex(text),
        }
    }

    /// File name stem in `~/.aws/cli/cache` of one role's credentials.
    pub fn role_file(&self, account: &str, role: &str) -> String {
        let (key, value) = match self {
            SessionKey::Name(name) => ("sessionName", name),
            SessionKey::StartUrl(url) => ("startUrl", url),
        };
        // Python sorts the keys: accountId, roleName, then sessionName or startUrl.
        sha1_hex(&minified(&object([
            ("accountId", account.into()),
            ("roleName", role.into()),
            (key, value.as_str().into()),
        ])))
    }
}

/// File name stem in `~/.aws/sso/cache` of a client registration. `scopes` are the ones
/// *configured*: none configured hashes as null, even where default scopes are requested.
pub fn registration_file(
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
    fn token_names_are_those_of_the_cli() {
        let name = |text: &str| SessionKey::Name(text.into()).token_file();
        assert_eq!(name("admin"), "d033e22ae348aeb5660fc2140aec35850c4da997");
        assert_eq!(name("my-sess"), "02734df964502ade13d0b1a9113bc8d43ffc09b7");
        assert_eq!(
            SessionKey::StartUrl("https://d-abc123.awsapps.com/start".into()).token_file(),
            "40a89917e3175433e361b710a9d43528d7f1890a"
        );
    }

    #[test]
    fn role_names_are_those_of_the_cli() {
        let legacy = SessionKey::StartUrl("https://d-92671207e4.awsapps.com/start".into());
        assert_eq!(
            legacy.role_file("1234567890", "test-role"),
            "048db75bbe50955c16af7aba6ff9c41a3131bb7e"
        );
        let session = |name: &str| SessionKey::Name(name.into());
        assert_eq!(
            session("test-session").role_file("1234567890", "test-role"),
            "f2c4be47e7c208fd9fdb5286a8f46907a665314b"
        );
        assert_eq!(
            session("my-sess").role_file("111122223333", "Admin"),
            "fbbda2f47e18271a411aba71520c7acbef7f1c93"
        );
    }

    #[test]
    fn registration_names_are_those_of_the_cli() {
        let scopes = vec!["sso:account:access".to_owned()];
        let legacy = SessionKey::StartUrl("https://d-abc123.awsapps.com/start".into());
        let session = SessionKey::Name("my-sess".into());
        let file = |key, url, region, scopes| registration_file(key, url, region, scopes);
        assert_eq!(
            file(
                &legacy,
                "https://d-abc123.awsapps.com/start",
                "us-west-2",
                None
            ),
            "d75f79f67bab3f92a2b1450471c0c2574de0dca4"
        );
        let url = "https://d-1.awsapps.com/start";
        assert_eq!(
            file(&session, url, "eu-west-1", Some(&scopes)),
            "22f71369874531ce5840cb5fd510a27abee6ae63"
        );
        assert_eq!(
            file(&session, url, "eu-west-1", None),
            "649c2965498eb849cfa30bde49d893555239f2a5"
        );
    }
}
