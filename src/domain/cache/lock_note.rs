//! Content of a lock file: the holder's process id, and how its last attempt failed.
//!
//! Processes that waited for the lock report the holder's failure instead of each retrying. The
//! note holds kinds, times and fingerprints, never a secret.

use serde_json::Value;

use crate::domain::hash::sha1_hex;
use crate::domain::json;
use crate::domain::net::failure::FailureKind;
use crate::domain::secret::Secret;
use crate::domain::time::Timestamp;

/// Content of a lock file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LockNote {
    /// Process id of the last holder.
    pub pid: u32,
    /// Number of failures so far. It tells a waiter a new failure from an old one without a clock.
    pub failures: u64,
    pub last: Option<RecordedFailure>,
}

/// Failure left for the processes that wait for the lock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedFailure {
    pub kind: FailureKind,
    pub at: Timestamp,
    /// Callers that the failure applies to.
    pub scope: Scope,
    /// Fingerprint of the refresh token that the server refused for good.
    pub refused: Option<String>,
}

/// Callers that a failure may apply to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    /// Fingerprint of start URL and region.
    pub server: String,
    /// Fingerprint of endpoint, proxy, CA and time limits.
    pub network: String,
}

/// Seconds for which a refused refresh token counts as refused for later callers. A refusal is
/// final (RFC 6749 §5.2); the limit covers a server that refused it by mistake.
const REFUSED_FOR: i64 = 60;

impl LockNote {
    /// Parses a lock file. Unexpected content counts as no note.
    pub fn parse(bytes: &[u8]) -> LockNote {
        let read = || {
            let map = json::parse_object(bytes)?;
            let text = |key: &str| map.get(key)?.as_str().map(str::to_owned);
            let number = |key: &str| map.get(key)?.as_u64();
            let last = || {
                Some(RecordedFailure {
                    kind: FailureKind::from_name(&text("failure")?)?,
                    at: Timestamp::parse(&text("at")?)?,
                    scope: Scope {
                        server: text("server")?,
                        network: text("network")?,
                    },
                    refused: text("refused"),
                })
            };
            Some(LockNote {
                pid: u32::try_from(number("pid")?).ok()?,
                failures: number("failures")?,
                last: last(),
            })
        };
        read().unwrap_or_default()
    }

    /// Returns the note as JSON.
    pub fn to_json(&self) -> String {
        let mut map = serde_json::Map::new();
        let mut put = |key: &str, value: Value| map.insert(key.to_owned(), value);
        put("pid", self.pid.into());
        put("failures", self.failures.into());
        if let Some(last) = &self.last {
            put("failure", last.kind.name().into());
            put("at", last.at.to_string().into());
            put("server", last.scope.server.as_str().into());
            put("network", last.scope.network.as_str().into());
            if let Some(refused) = &last.refused {
                put("refused", refused.as_str().into());
            }
        }
        json::spaced(&Value::Object(map))
    }

    /// Returns the failure that replaces a waiter's own attempt: one that happened since the
    /// failure count was `seen`, and that applies to `scope`.
    pub fn for_waiter(&self, seen: u64, scope: &Scope) -> Option<FailureKind> {
        let last = self.last.as_ref()?;
        let applies = last.scope.server == scope.server
            && (last.kind.is_rejection() || last.scope.network == scope.network);
        (self.failures > seen && applies).then_some(last.kind)
    }

    /// Returns why the server refused this refresh token within the last minute, if it did.
    pub fn recent_refusal(&self, refresh_token: &Secret, now: Timestamp) -> Option<FailureKind> {
        let last = self.last.as_ref()?;
        let recent = (0..REFUSED_FOR).contains(&now.left(last.at));
        (recent && self.has_refused(refresh_token)).then_some(last.kind)
    }

    /// Returns `true` if the server refused this refresh token at its last use.
    pub fn has_refused(&self, refresh_token: &Secret) -> bool {
        let refused = self.last.as_ref().and_then(|last| last.refused.as_deref());
        refused.is_some_and(|refused| refused == fingerprint(refresh_token))
    }
}

/// Returns a fingerprint that identifies a secret without revealing it: 48 bits of its SHA-1. The
/// secret has far more entropy.
pub fn fingerprint(secret: &Secret) -> String {
    sha1_hex(secret.expose())
        .get(..12)
        .unwrap_or_default()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scope(server: &str, network: &str) -> Scope {
        Scope {
            server: server.into(),
            network: network.into(),
        }
    }

    fn note(kind: FailureKind) -> LockNote {
        LockNote {
            pid: 7,
            failures: 3,
            last: Some(RecordedFailure {
                kind,
                at: Timestamp(100),
                scope: scope("s", "n"),
                refused: Some(fingerprint(&Secret::new("rt"))),
            }),
        }
    }

    #[test]
    fn note_round_trips_and_other_content_is_no_note() {
        let sample = note(FailureKind::InvalidGrant);
        assert_eq!(LockNote::parse(sample.to_json().as_bytes()), sample);
        for garbage in ["", "{", "[]", "{\"pid\":-1}", "\0\0"] {
            assert_eq!(LockNote::parse(garbage.as_bytes()), LockNote::default());
        }
    }

    #[test]
    fn failure_applies_to_waiters_of_the_same_scope() {
        for (kind, seen, server, network, applies) in [
            (FailureKind::InvalidGrant, 2, "s", "other", true),
            (FailureKind::InvalidGrant, 3, "s", "n", false),
            (FailureKind::InvalidGrant, 2, "other", "n", false),
            (FailureKind::Network, 2, "s", "n", true),
            (FailureKind::Network, 2, "s", "other", false),
        ] {
            let failure = note(kind).for_waiter(seen, &scope(server, network));
            let expected = applies.then_some(kind);
            assert_eq!(failure, expected, "{seen} {server} {network}");
        }
    }

    #[test]
    fn refused_refresh_token_is_remembered_for_a_minute() {
        let note = note(FailureKind::InvalidGrant);
        for (token, now, is_refused) in [
            ("rt", 159, true),
            ("rt", 160, false),
            ("rt", 99, false),
            ("other", 101, false),
        ] {
            let refusal = note.recent_refusal(&Secret::new(token), Timestamp(now));
            let expected = is_refused.then_some(FailureKind::InvalidGrant);
            assert_eq!(refusal, expected, "{token} {now}");
        }
    }
}
