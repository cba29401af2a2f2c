//! Role credentials: the AWS CLI's cache file and the `credential_process` JSON.
//!
//! Sources: botocore's `SSOCredentialFetcher` for the file; AWS SDKs and Tools Reference Guide,
//! "Process credential provider", for the output.

use serde_json::Value;

use crate::domain::json;
use crate::domain::secret::Secret;
use crate::domain::time::Timestamp;

/// Temporary credentials of one role in one account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleCredentials {
    /// Access key id, `ASIA…`.
    pub access_key_id: String,
    pub secret_access_key: Secret,
    pub session_token: Secret,
    pub expiration: Timestamp,
}

/// Content of a role's cache file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CachedRole {
    /// No file.
    Nothing,
    /// A file that does not parse as role credentials; it may be replaced.
    Corrupt,
    /// A file of another provider, which must not be replaced.
    Foreign,
    /// Credentials, fresh or expired.
    Credentials(RoleCredentials),
}

impl RoleCredentials {
    /// Returns `true` unless the credentials are stale by [`Timestamp::is_stale`].
    pub fn is_fresh(&self, now: Timestamp) -> bool {
        !self.expiration.is_stale(now)
    }

    /// Returns the cache file, byte for byte as AWS CLI v2 writes it.
    pub fn to_cache(&self, account: &str) -> String {
        json::spaced(&json::object([
            ("ProviderType", "sso".into()),
            (
                "Credentials",
                json::object([
                    ("AccessKeyId", self.access_key_id.as_str().into()),
                    ("SecretAccessKey", self.secret_access_key.expose().into()),
                    ("SessionToken", self.session_token.expose().into()),
                    ("Expiration", self.expiration.to_string().into()),
                    ("AccountId", account.into()),
                ]),
            ),
        ]))
    }

    /// Parses a cache file.
    pub fn from_cache(bytes: &[u8]) -> CachedRole {
        let Some(map) = json::parse_object(bytes) else {
            return CachedRole::Corrupt;
        };
        match map.get("ProviderType").and_then(Value::as_str) {
            Some("sso") => {}
            Some(_) => return CachedRole::Foreign,
            None => return CachedRole::Corrupt,
        }
        let text = |key: &str| {
            let text = map.get("Credentials")?.get(key)?.as_str()?;
            (!text.is_empty()).then(|| text.to_owned())
        };
        let credentials = || {
            Some(RoleCredentials {
                access_key_id: text("AccessKeyId")?,
                secret_access_key: Secret::new(text("SecretAccessKey")?),
                session_token: Secret::new(text("SessionToken")?),
                expiration: Timestamp::parse(&text("Expiration")?)?,
            })
        };
        credentials().map_or(CachedRole::Corrupt, CachedRole::Credentials)
    }

    /// Returns the `credential_process` output, version 1, on one line.
    pub fn to_process_json(&self, account: &str) -> String {
        json::minified(&json::object([
            ("Version", 1.into()),
            ("AccessKeyId", self.access_key_id.as_str().into()),
            ("SecretAccessKey", self.secret_access_key.expose().into()),
            ("SessionToken", self.session_token.expose().into()),
            ("Expiration", self.expiration.to_string().into()),
            ("AccountId", account.into()),
        ]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl RoleCredentials {
        pub fn for_test(id: &str, secret: &str, token: &str, expiration: Timestamp) -> Self {
            RoleCredentials {
                access_key_id: id.to_owned(),
                secret_access_key: Secret::new(secret),
                session_token: Secret::new(token),
                expiration,
            }
        }
    }

    #[test]
    fn the_cache_file_round_trips_and_is_the_clis() {
        let sample = RoleCredentials::for_test("ASIA1", "s/+=", "t", Timestamp(0));
        let text = sample.to_cache("111122223333");
        assert_eq!(
            text,
            r#"{"ProviderType": "sso", "Credentials": {"AccessKeyId": "ASIA1", "SecretAccessKey": "s/+=", "SessionToken": "t", "Expiration": "1970-01-01T00:00:00Z", "AccountId": "111122223333"}}"#
        );
        let parsed = RoleCredentials::from_cache(text.as_bytes());
        assert_eq!(parsed, CachedRole::Credentials(sample));
    }

    #[test]
    fn only_files_of_this_provider_are_replaceable() {
        for text in ["", "{", "[1]", "{}", r#"{"ProviderType":"sso"}"#] {
            let parsed = RoleCredentials::from_cache(text.as_bytes());
            assert_eq!(parsed, CachedRole::Corrupt, "{text}");
        }
        let foreign = br#"{"ProviderType":"assume-role","Credentials":{}}"#;
        assert_eq!(RoleCredentials::from_cache(foreign), CachedRole::Foreign);
    }
}
