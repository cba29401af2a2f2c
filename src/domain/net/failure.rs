//! Failures of a call to a service, by kind.

use crate::domain::time::{Timestamp, format_duration};

/// Kind of failure: each one leads to another next step or other advice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// `UnauthorizedException` of the portal (401): it rejected the access token.
    Unauthorized,
    /// 403: no access.
    Forbidden,
    /// 404: no such account or role.
    NotFound,
    /// 429, also after retries.
    Throttled,
    /// 5xx, also after retries.
    Server,
    /// The refresh token or code is spent, revoked or expired (RFC 6749 §5.2).
    InvalidGrant,
    /// The client registration is expired or unknown (RFC 6749 §5.2).
    InvalidClient,
    /// The user has not approved the request yet (RFC 8628 §3.5).
    AuthorizationPending,
    /// The client polls too often (RFC 8628 §3.5).
    SlowDown,
    /// The user denied the request (RFC 6749 §4.1.2.1, RFC 8628 §3.5).
    AccessDenied,
    /// The device code has expired (RFC 8628 §3.5).
    ExpiredToken,
    /// The service rejected the request as invalid.
    InvalidRequest,
    /// The service rejected the scopes (RFC 6749 §5.2).
    InvalidScope,
    /// Identity Center may not use the KMS key that encrypts its data.
    KmsKey,
    /// The response came from a proxy, a captive portal or another server.
    NotTheService,
    /// Connection refused or reset, or host name not resolved.
    Network,
    /// The certificate is for another host, expired, or of an unknown issuer.
    Certificate,
    /// The proxy is unreachable, or cannot reach the service.
    Proxy,
    /// The proxy requires a user and password, or rejects the given ones (407).
    ProxyLogin,
    /// No response within the time limit.
    Timeout,
    /// A local setting makes the call impossible.
    Misconfigured,
}

impl FailureKind {
    const ALL: [(FailureKind, &'static str); 21] = [
        (FailureKind::Unauthorized, "unauthorized"),
        (FailureKind::Forbidden, "forbidden"),
        (FailureKind::NotFound, "not_found"),
        (FailureKind::Throttled, "throttled"),
        (FailureKind::Server, "server"),
        (FailureKind::InvalidGrant, "invalid_grant"),
        (FailureKind::InvalidClient, "invalid_client"),
        (FailureKind::AuthorizationPending, "authorization_pending"),
        (FailureKind::SlowDown, "slow_down"),
        (FailureKind::AccessDenied, "access_denied"),
        (FailureKind::ExpiredToken, "expired_token"),
        (FailureKind::InvalidRequest, "invalid_request"),
        (FailureKind::InvalidScope, "invalid_scope"),
        (FailureKind::KmsKey, "kms_key"),
        (FailureKind::NotTheService, "not_the_service"),
        (FailureKind::Network, "network"),
        (FailureKind::Certificate, "certificate"),
        (FailureKind::Proxy, "proxy"),
        (FailureKind::ProxyLogin, "proxy_login"),
        (FailureKind::Timeout, "timeout"),
        (FailureKind::Misconfigured, "misconfigured"),
    ];

    /// Returns the name that lock and listing files use.
    pub fn name(self) -> &'static str {
        let found = Self::ALL.iter().find(|(kind, _)| *kind == self);
        found.map_or("", |(_, name)| name)
    }

    /// Returns the kind with a name, the inverse of [`FailureKind::name`].
    pub fn from_name(name: &str) -> Option<FailureKind> {
        let found = Self::ALL.iter().find(|(_, known)| *known == name);
        found.map(|(kind, _)| *kind)
    }

    /// Returns the kind of a response whose body says nothing about the failure.
    pub fn of_status(status: u16) -> FailureKind {
        match status {
            429 => FailureKind::Throttled,
            500.. => FailureKind::Server,
            _ => FailureKind::NotTheService,
        }
    }

    /// Returns `true` if the service itself rejected the request, so that a repetition gets the
    /// same response.
    pub fn is_rejection(self) -> bool {
        matches!(
            self,
            FailureKind::Unauthorized
                | FailureKind::Forbidden
                | FailureKind::NotFound
                | FailureKind::InvalidGrant
                | FailureKind::InvalidClient
                | FailureKind::ExpiredToken
                | FailureKind::InvalidRequest
                | FailureKind::InvalidScope
                | FailureKind::KmsKey
        )
    }

    /// Returns `true` if a refresh can never succeed with the same refresh token.
    pub fn ends_refresh(self) -> bool {
        matches!(
            self,
            FailureKind::InvalidGrant | FailureKind::InvalidClient | FailureKind::ExpiredToken
        )
    }

    /// Returns a clause for messages.
    pub fn description(self) -> &'static str {
        match self {
            FailureKind::Unauthorized => "the portal did not accept the access token",
            FailureKind::Forbidden => "the portal gave no access",
            FailureKind::NotFound => "the portal knows no such account or role",
            FailureKind::Throttled => "the portal asked for fewer requests",
            FailureKind::Server => "the service failed",
            FailureKind::InvalidGrant => "the session has ended",
            FailureKind::InvalidClient => "the client registration has ended",
            FailureKind::AuthorizationPending => "the sign-in is not approved yet",
            FailureKind::SlowDown => "the service asked for fewer requests",
            FailureKind::AccessDenied => "the sign-in was denied",
            FailureKind::ExpiredToken => "it has expired",
            FailureKind::InvalidRequest => "the service refused the request",
            FailureKind::InvalidScope => "the service refused the scopes",
            FailureKind::KmsKey => "the service cannot use its KMS key",
            FailureKind::NotTheService => "something else answered in the service's place",
            FailureKind::Network => "the service could not be reached",
            FailureKind::Certificate => "the certificate is not accepted",
            FailureKind::Proxy => "the proxy does not reach the service",
            FailureKind::ProxyLogin => "the proxy lets nobody through without a login (407)",
            FailureKind::Timeout => "the service did not answer in time",
            FailureKind::Misconfigured => "the network settings cannot be used",
        }
    }
}

/// Result of one call.
pub type CallResult<T> = Result<T, Failure>;

/// Failure of one call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    pub kind: FailureKind,
    /// Details for a message, sanitized for a terminal.
    pub detail: String,
    /// `Date` header of the response, if there was one.
    pub server_time: Option<Timestamp>,
    /// Setting of the configured endpoint that failed: a variable, or a key with file and line.
    pub endpoint_set_by: Option<String>,
}

impl Failure {
    /// Creates a failure without a response.
    pub fn new(kind: FailureKind, detail: impl Into<String>) -> Self {
        Failure {
            kind,
            detail: detail.into(),
            server_time: None,
            endpoint_set_by: None,
        }
    }

    /// Names the setting of a configured endpoint, unless the service rejected the request as
    /// Identity Center does.
    #[must_use]
    pub fn at_endpoint(mut self, set_by: Option<&str>) -> Self {
        let is_answer = match self.kind {
            FailureKind::InvalidRequest => false,
            FailureKind::AuthorizationPending
            | FailureKind::SlowDown
            | FailureKind::AccessDenied => true,
            kind => kind.is_rejection(),
        };
        if let Some(set_by) = set_by.filter(|_| !is_answer && self.endpoint_set_by.is_none()) {
            self.detail = format!("{}; endpoint set by {set_by}", self.detail);
            self.endpoint_set_by = Some(set_by.to_owned());
        }
        self
    }
}

/// Describes the difference between this computer's clock and the server's. Returns `None` for
/// up to 5 minutes, which AWS accepts in a signature.
pub fn clock_skew(server: Timestamp, now: Timestamp) -> Option<String> {
    const MAX_TOLERATED: i64 = 5 * 60;
    let behind = server.left(now);
    let off = behind.saturating_abs();
    let size = format_duration(off);
    (off > MAX_TOLERATED).then(|| match behind > 0 {
        true => format!("this computer's clock is {size} behind the server's"),
        false => format!("this computer's clock is {size} ahead of the server's"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_kinds_are_unique() {
        for (kind, name) in FailureKind::ALL {
            assert_eq!(FailureKind::from_name(name), Some(kind));
            assert_eq!(kind.name(), name);
        }
    }

    #[test]
    fn clock_skew_is_described_above_five_minutes() {
        for (server, now, expected) in [
            (100, 0, None),
            (7200, 0, Some("2h 00m behind")),
            (0, 600, Some("10m ahead of")),
        ] {
            let skew = clock_skew(Timestamp(server), Timestamp(now));
            let expected = expected.map(|it| format!("this computer's clock is {it} the server's"));
            assert_eq!(skew, expected);
        }
        assert!(clock_skew(Timestamp(i64::MIN), Timestamp(1)).is_some());
    }
}
