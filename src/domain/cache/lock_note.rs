//! What a lock file says: who holds it, and how the last attempt under it failed.
//!
//! A failure is a result too: those who waited while somebody else tried need not all
//! try again. It holds kinds, times and fingerprints, never a secret.

use serde_json::Value;

use crate::domain::hash::sha1_hex;
use crate::domain::json;
use crate::domain::net::failure::FailureKind;
use crate::domain::secret::Secret;
use crate::domain::time::Timestamp;

/// The content of a lock file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LockNote {
    /// Process id of the last holder.
    pub pid: u32,
    /// Counts the failures, so that a waiter can tell a new one from an old one without a
    /// clock.
    pub failures: u64,
    /// The last failure.
    pub last: Option<RecordedFailure>,
}

/// A failure as it is left for others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedFailure {
    /// Its kind.
    pub kind: FailureKind,
    /// When it happened.
    pub at: Timestamp,
    /// Whom it concerns.
    pub scope: Scope,
    /// The refresh token that the server refused for good, by fingerprint.
    pub refused: Option<String>,
}

/// Which callers a failure may concern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    /// Start URL and region.
    pub server: String,
    /// Endpoint, proxy, CA and time limits.
    pub network: String,
}

/// How long a refused refresh token counts as refused for those who come later. RFC 6749
/// §5.2 makes it final; the limit is for a server that was wrong.
const REFUSED_FOR: i64 = 60;

impl LockNote {
    /// Reads a lock file. Anything unexpected counts as no note at all.
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

    /// The file's text.
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

    /// The failure that spares a caller its own attempt: one that happened while it
    /// waited (its count was `seen` when the waiting began) and that concerns it.
    pub fn for_waiter(&self, seen: u64, scope: &Scope) -> Option<FailureKind> {
        let last = self.last.as_ref()?;
        let concerned = if last.kind.is_verdict() {
            last.scope.server == scope.server
        } else {
            last.scope.network == scope.network && last.scope.server == scope.server
        };
        (self.failures > seen && concerned).then_some(last.kind)
    }

    /// The verdict on a refresh token that was refused a moment ago, whoever asked.
    pub fn refused(&self, refresh_token: &Secret, now: Timestamp) -> Option<FailureKind> {
        let last = self.last.as_ref()?;
        let recent = (0..REFUSED_FOR).contains(&now.left(last.at));
        (recent && self.has_refused(refresh_token)).then_some(last.kind)
    }

    /// Whether a refresh token was refused the last time it was tried.
    pub fn has_refused(&self, refresh_token: &Secret) -> bool {
        let refused = self.last.as_ref().and_then(|last| last.refused.as_deref());
        refused.is_some_and(|refused| refused == fingerprint(refresh_token))
    }
}

/// Tells one secret from another without saying what it is: a few bytes of a hash of
/// something with far more entropy.
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
    fn a_note_round_trips_and_garbage_is_no_note() {
        let sample = note(FailureKind::InvalidGrant);
        assert_eq!(LockNote::parse(sample.to_json().as_bytes()), sample);
        for garbage in ["", "{", "[]", "{\"pid\":-1}", "\0\0"] {
            assert_eq!(LockNote::parse(garbage.as_bytes()), LockNote::default());
        }
    }

    #[test]
    fn a_failure_counts_for_those_who_waited_and_are_concerned() {
        let verdict = note(FailureKind::InvalidGrant);
        assert_eq!(
            verdict.for_waiter(2, &scope("s", "other")),
            Some(FailureKind::InvalidGrant)
        );
        assert_eq!(verdict.for_waiter(3, &scope("s", "n")), None);
        assert_eq!(verdict.for_waiter(2, &scope("other", "n")), None);
        let down = note(FailureKind::Network);
        assert_eq!(
            down.for_waiter(2, &scope("s", "n")),
            Some(FailureKind::Network)
        );
        assert_eq!(down.for_waiter(2, &scope("s", "other")), None);
    }

    #[test]
    fn a_refused_refresh_token_is_remembered_for_a_minute() {
        let note = note(FailureKind::InvalidGrant);
        let token = Secret::new("rt");
        assert_eq!(
            note.refused(&token, Timestamp(159)),
            Some(FailureKind::InvalidGrant)
        );
        assert_eq!(note.refused(&token, Timestamp(160)), None);
        assert_eq!(note.refused(&token, Timestamp(99)), None);
        assert_eq!(note.refused(&Secret::new("other"), Timestamp(101)), None);
    }
}
