//! Which `.aws-sso` files the user has allowed or denied.
//!
//! Trust is for one path, the exact bytes there, and what they meant when they were allowed.
//! There is one record for a path, so that an older version of the file, trusted once, does
//! not come back. Records hold names only. Nothing in the file or in the environment can
//! make one; where they are kept is the business of `os::trust`.

use serde_json::Value;

use crate::domain::cache::key::{RoleId, SessionKey};
use crate::domain::hash::{hex, sha256};
use crate::domain::json;
use crate::domain::session::definition::Session;
use crate::domain::target::Target;

/// Says what is hashed, so that no hash of another thing can stand for it.
const DOMAIN: &[u8] = b"sso-trust-v1\0";

/// What the user said about one path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The canonical path of the file.
    pub path: String,
    /// What was said.
    pub said: Decision,
}

/// Yes or no.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// `sso allow`, or `sso use`.
    Allowed {
        /// Of path and bytes, see [`digest`].
        digest: String,
        /// What the file meant.
        meaning: ResolvedRole,
        /// The region that was handed on then.
        region: Option<String>,
        /// When, as text: nothing is decided by it.
        at: String,
    },
    /// `sso deny`.
    Denied,
}

/// What a file leads to. A profile that is edited later may lead elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResolvedRole {
    /// Session, account and role.
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
                account: target.account().to_owned(),
                role: target.role().to_owned(),
            },
            start_url: session.start_url.clone(),
            sso_region: session.region.clone(),
        }
    }
}

/// How a file stands to what was said about its path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrustState {
    /// Nothing was said.
    Unknown,
    /// These bytes were allowed.
    Trusted,
    /// Other bytes were.
    Changed,
    /// The path was denied, whatever stands there.
    Denied,
}

/// Of the path and the bytes: the same bytes elsewhere are another file.
pub fn digest(path: &str, bytes: &[u8]) -> String {
    hex(&sha256(&[DOMAIN, path.as_bytes(), &[0], bytes]))
}

/// The name of the file that holds the record of a path.
pub fn record_name(path: &str) -> String {
    hex(&sha256(&[path.as_bytes()])) + ".json"
}

impl Record {
    /// How these bytes stand to what was said. A record of another path says nothing.
    pub fn standing(&self, path: &str, bytes_digest: &str) -> TrustState {
        match &self.said {
            _ if self.path != path => TrustState::Unknown,
            Decision::Denied => TrustState::Denied,
            Decision::Allowed { digest, .. } if digest == bytes_digest => TrustState::Trusted,
            Decision::Allowed { .. } => TrustState::Changed,
        }
    }

    /// The record as text.
    pub fn to_json(&self) -> String {
        let value = match &self.said {
            Decision::Denied => json::object([
                ("v", 1.into()),
                ("path", self.path.as_str().into()),
                ("denied", true.into()),
            ]),
            Decision::Allowed {
                digest,
                meaning,
                region,
                at,
            } => json::object([
                ("v", 1.into()),
                ("path", self.path.as_str().into()),
                ("sha256", digest.as_str().into()),
                ("session", meaning.id.session.label().into()),
                ("start_url", meaning.start_url.as_str().into()),
                ("sso_region", meaning.sso_region.as_str().into()),
                ("account", meaning.id.account.as_str().into()),
                ("role", meaning.id.role.as_str().into()),
                ("region", region.as_deref().map_or(Value::Null, Value::from)),
                ("allowed_at", at.as_str().into()),
            ]),
        };
        json::spaced(&value)
    }

    /// Reads a record; `None` when it is none, or one of a later version.
    pub fn parse(bytes: &[u8]) -> Option<Record> {
        let map = json::parse_object(bytes)?;
        if map.get("v")?.as_u64()? != 1 {
            return None;
        }
        let text = |key: &str| map.get(key)?.as_str().map(str::to_owned);
        let path = text("path")?;
        if map.get("denied").and_then(Value::as_bool) == Some(true) {
            let said = Decision::Denied;
            return Some(Record { path, said });
        }
        let start_url = text("start_url")?;
        let said = Decision::Allowed {
            digest: text("sha256")?,
            meaning: ResolvedRole {
                id: RoleId {
                    session: SessionKey::from_label(text("session")?, &start_url),
                    account: text("account")?,
                    role: text("role")?,
                },
                start_url,
                sso_region: text("sso_region")?,
            },
            region: text("region"),
            at: text("allowed_at")?,
        };
        Some(Record { path, said })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(path: &str, bytes: &[u8]) -> Record {
        Record {
            path: path.to_owned(),
            said: Decision::Allowed {
                digest: digest(path, bytes),
                meaning: ResolvedRole {
                    id: RoleId {
                        session: SessionKey::Name("corp".to_owned()),
                        account: "1".to_owned(),
                        role: "r".to_owned(),
                    },
                    start_url: "https://x".to_owned(),
                    sso_region: "eu-west-1".to_owned(),
                },
                region: None,
                at: "2026-01-01T00:00:00Z".to_owned(),
            },
        }
    }

    #[test]
    fn trust_is_for_one_path_and_its_bytes() {
        let record = allowed("/p/.aws-sso", b"dev");
        let standing = |path: &str, bytes: &[u8]| record.standing(path, &digest(path, bytes));
        assert_eq!(standing("/p/.aws-sso", b"dev"), TrustState::Trusted);
        assert_eq!(standing("/p/.aws-sso", b"dev "), TrustState::Changed);
        assert_eq!(standing("/q/.aws-sso", b"dev"), TrustState::Unknown);
        // What moves from the path into the bytes is another file.
        assert_ne!(digest("/p/a", b"b"), digest("/p/", b"ab"));
    }

    #[test]
    fn records_round_trip_and_others_count_for_nothing() {
        let denied = Record {
            path: "/p".to_owned(),
            said: Decision::Denied,
        };
        for record in [allowed("/p", b"x"), denied] {
            assert_eq!(Record::parse(record.to_json().as_bytes()), Some(record));
        }
        for other in [
            "",
            "{}",
            "{\"v\": 2, \"path\": \"/p\", \"denied\": true}",
            "[1]",
        ] {
            assert_eq!(Record::parse(other.as_bytes()), None, "{other}");
        }
    }
}
