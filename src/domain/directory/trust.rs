//! The user's decisions about `.aws-sso` files.
//!
//! Trust covers one path, the exact bytes of the file, and the role that they resolved to when
//! it was allowed; and the same path in other worktrees of its git repository. A path has one
//! record, so that an older version of the file, trusted once, is not trusted again. Records hold
//! names only, and nothing in the file or the environment can create one. `os::trust_store` keeps
//! them.

use serde_json::Value;

use crate::domain::cache::key::{RoleId, SessionKey};
use crate::domain::hash::{hex, sha256};
use crate::domain::json;
use crate::domain::session::definition::Session;
use crate::domain::target::Target;

/// Prefix of the hashed bytes, so that no hash made for another purpose can be a digest.
const DIGEST_DOMAIN: &[u8] = b"sso-trust-v1\0";

/// The user's decision about one path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustRecord {
    /// Canonical path of the file.
    pub path: String,
    pub decision: Decision,
}

/// A decision of the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// The file was allowed, by `sso allow` or `sso use`.
    Allowed {
        /// [`digest`] of path and bytes.
        digest: String,
        /// Role that the file resolved to.
        role: ResolvedRole,
        /// Region that was handed on. For display only.
        region: Option<String>,
        /// Time of the decision, as text. For display only.
        allowed_at: String,
    },
    /// The file is ignored, by `sso deny`.
    Denied,
}

/// The role that a file resolves to. Editing the named profile can change it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResolvedRole {
    pub id: RoleId,
    /// Start URL of the session.
    pub start_url: String,
    /// Region of the session's instance.
    pub sso_region: String,
}

impl ResolvedRole {
    /// Returns what a target stands for, given the definition of its session.
    pub fn of(target: &Target, session: &Session) -> ResolvedRole {
        let label = session.label().to_owned();
        ResolvedRole {
            id: RoleId {
                session: SessionKey::from_label(label, &session.start_url),
                ..target.id.clone()
            },
            start_url: session.start_url.clone(),
            sso_region: session.region.clone(),
        }
    }
}

/// Comparison of a file with the decision about its path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrustState {
    /// There is no decision.
    Unknown,
    /// The file was allowed with these bytes.
    Trusted,
    /// The file was allowed with other bytes.
    Changed,
    /// The path was denied, whatever the file holds.
    Denied,
}

/// Returns the digest of a path and its bytes. The same bytes at another path have another digest.
pub fn digest(path: &str, bytes: &[u8]) -> String {
    hex(&sha256(&[DIGEST_DOMAIN, path.as_bytes(), &[0], bytes]))
}

/// Returns the name of the file that holds the record of a path.
pub fn record_name(path: &str) -> String {
    hex(&sha256(&[path.as_bytes()])) + ".json"
}

impl TrustRecord {
    /// Compares a file with the decision. A record of another path does not count.
    pub fn trust(&self, path: &str, bytes_digest: &str) -> TrustState {
        match &self.decision {
            _ if self.path != path => TrustState::Unknown,
            Decision::Denied => TrustState::Denied,
            Decision::Allowed { digest, .. } if digest == bytes_digest => TrustState::Trusted,
            Decision::Allowed { .. } => TrustState::Changed,
        }
    }

    /// Returns `true` if the record allows a file with these bytes at this path.
    pub fn allows(&self, path: &str, bytes: &[u8]) -> bool {
        self.trust(path, &digest(path, bytes)) == TrustState::Trusted
    }

    /// Formats the record as JSON.
    pub fn to_json(&self) -> String {
        let value = match &self.decision {
            Decision::Denied => json::object([
                ("v", 1.into()),
                ("path", self.path.as_str().into()),
                ("denied", true.into()),
            ]),
            Decision::Allowed {
                digest,
                role,
                region,
                allowed_at,
            } => json::object([
                ("v", 1.into()),
                ("path", self.path.as_str().into()),
                ("sha256", digest.as_str().into()),
                ("session", role.id.session.label().into()),
                ("start_url", role.start_url.as_str().into()),
                ("sso_region", role.sso_region.as_str().into()),
                ("account", role.id.account.as_str().into()),
                ("role", role.id.role.as_str().into()),
                ("region", region.as_deref().map_or(Value::Null, Value::from)),
                ("allowed_at", allowed_at.as_str().into()),
            ]),
        };
        json::spaced(&value)
    }

    /// Parses a record; `None` if it is invalid or of a later version.
    pub fn parse(bytes: &[u8]) -> Option<TrustRecord> {
        let map = json::parse_object(bytes)?;
        if map.get("v")?.as_u64()? != 1 {
            return None;
        }
        let text = |key: &str| map.get(key)?.as_str().map(str::to_owned);
        let path = text("path")?;
        if map.get("denied").and_then(Value::as_bool) == Some(true) {
            let decision = Decision::Denied;
            return Some(TrustRecord { path, decision });
        }
        let start_url = text("start_url")?;
        let session = SessionKey::from_label(text("session")?, &start_url);
        let decision = Decision::Allowed {
            digest: text("sha256")?,
            role: ResolvedRole {
                id: RoleId::new(session, text("account")?, text("role")?),
                start_url,
                sso_region: text("sso_region")?,
            },
            region: text("region"),
            allowed_at: text("allowed_at")?,
        };
        Some(TrustRecord { path, decision })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(path: &str, bytes: &[u8]) -> TrustRecord {
        TrustRecord {
            path: path.to_owned(),
            decision: Decision::Allowed {
                digest: digest(path, bytes),
                role: ResolvedRole {
                    id: RoleId::new(SessionKey::Name("corp".to_owned()), "1", "r"),
                    start_url: "https://x".to_owned(),
                    sso_region: "eu-west-1".to_owned(),
                },
                region: None,
                allowed_at: "2026-01-01T00:00:00Z".to_owned(),
            },
        }
    }

    #[test]
    fn trust_covers_one_path_and_its_bytes() {
        let record = allowed("/p/.aws-sso", b"dev");
        let trust = |path: &str, bytes: &[u8]| record.trust(path, &digest(path, bytes));
        assert_eq!(trust("/p/.aws-sso", b"dev"), TrustState::Trusted);
        assert_eq!(trust("/p/.aws-sso", b"dev "), TrustState::Changed);
        assert_eq!(trust("/q/.aws-sso", b"dev"), TrustState::Unknown);
        // A byte moved from the path to the content changes the digest.
        assert_ne!(digest("/p/a", b"b"), digest("/p/", b"ab"));
    }

    #[test]
    fn records_round_trip_and_others_are_rejected() {
        let denied = TrustRecord {
            path: "/p".to_owned(),
            decision: Decision::Denied,
        };
        for record in [allowed("/p", b"x"), denied] {
            let read = TrustRecord::parse(record.to_json().as_bytes());
            assert_eq!(read, Some(record));
        }
        let later_version = "{\"v\": 2, \"path\": \"/p\", \"denied\": true}";
        for other in ["", "{}", later_version, "[1]"] {
            assert_eq!(TrustRecord::parse(other.as_bytes()), None, "{other}");
        }
    }
}
