//! What can go wrong between us and the services, by kind, and for whom a failure counts.

use crate::domain::time::Timestamp;

/// Kinds of failure that lead to different steps or different advice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// The portal's modelled `UnauthorizedException` (401).
    Unauthorized,
    /// 403 "No access".
    Forbidden,
    /// 404.
    NotFound,
    /// 429, after the retries.
    Throttled,
    /// 5xx, after the retries.
    Server,
    /// The refresh token or the code is spent, revoked or expired.
    InvalidGrant,
    /// The client registration is expired or unknown.
    InvalidClient,
    /// RFC 8628: not yet.
    AuthorizationPending,
    /// RFC 8628: too often.
    SlowDown,
    /// RFC 8628 and RFC 6749: the user said no.
    AccessDenied,
    /// RFC 8628: the device code ended.
    ExpiredToken,
    /// The service refused the request as such.
    InvalidRequest,
    /// The answer is not the service's: a proxy, a captive portal, another server.
    NotTheService,
    /// Refused, reset, no name.
    Network,
    /// The certificate is another's, has ended, or nobody known here has signed it.
    Certificate,
    /// The proxy cannot be reached, or does not reach the service.
    Proxy,
    /// The proxy wants a user and a password, or others (407).
    ProxyLogin,
    /// The time limit ran out.
    Timeout,
    /// A setting of this computer makes the call impossible.
    Misconfigured,
}

impl FailureKind {
    const ALL: [(FailureKind, &'static str); 19] = [
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
        (FailureKind::NotTheService, "not_the_service"),
        (FailureKind::Network, "network"),
        (FailureKind::Certificate, "certificate"),
        (FailureKind::Proxy, "proxy"),
        (FailureKind::ProxyLogin, "proxy_login"),
        (FailureKind::Timeout, "timeout"),
        (FailureKind::Misconfigured, "misconfigured"),
    ];

    /// Its name in a lock file.
    pub fn name(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(kind, _)| *kind == self)
            .map_or("", |(_, name)| name)
    }

    /// The kind of a name.
    pub fn from_name(name: &str) -> Option<FailureKind> {
        Self::ALL
            .iter()
            .find(|(_, known)| *known == name)
            .map(|(kind, _)| *kind)
    }

    /// Whether the service itself decided, so that asking again changes nothing.
    pub fn is_verdict(self) -> bool {
        matches!(
            self,
            FailureKind::Unauthorized
                | FailureKind::Forbidden
                | FailureKind::NotFound
                | FailureKind::InvalidGrant
                | FailureKind::InvalidClient
                | FailureKind::ExpiredToken
                | FailureKind::InvalidRequest
        )
    }

    /// Whether a refresh that failed so can never succeed with the same token.
    pub fn ends_refresh(self) -> bool {
        matches!(
            self,
            FailureKind::InvalidGrant | FailureKind::InvalidClient | FailureKind::ExpiredToken
        )
    }

    /// A sentence part for people who were not there when it happened.
    pub fn in_words(self) -> &'static str {
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

/// A failure of one call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Its kind.
    pub kind: FailureKind,
    /// What exactly happened, fit to be shown.
    pub detail: String,
    /// The `Date` of the answer, when there was one.
    pub server_time: Option<Timestamp>,
}

impl Failure {
    /// A failure without an answer.
    pub fn new(kind: FailureKind, detail: impl Into<String>) -> Self {
        Failure {
            kind,
            detail: detail.into(),
            server_time: None,
        }
    }
}

/// How far this computer's clock is off, when it is off far enough to break things.
pub fn clock_skew(server: Timestamp, now: Timestamp) -> Option<String> {
    const TOLERATED: i64 = 5 * 60;
    let behind = server.left(now);
    let off = behind.saturating_abs();
    let size = crate::domain::time::format_duration(off);
    match behind {
        _ if off <= TOLERATED => None,
        _ if behind > 0 => Some(format!(
            "this computer's clock is {size} behind the server's"
        )),
        _ => Some(format!(
            "this computer's clock is {size} ahead of the server's"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_name_of_its_own() {
        for (kind, name) in FailureKind::ALL {
            assert_eq!(FailureKind::from_name(name), Some(kind));
            assert_eq!(kind.name(), name);
        }
    }

    #[test]
    fn only_real_skew_is_told() {
        assert_eq!(clock_skew(Timestamp(100), Timestamp(0)), None);
        assert_eq!(
            clock_skew(Timestamp(7200), Timestamp(0)).as_deref(),
            Some("this computer's clock is 2h 00m behind the server's")
        );
        assert_eq!(
            clock_skew(Timestamp(0), Timestamp(600)).as_deref(),
            Some("this computer's clock is 10m ahead of the server's")
        );
        assert!(clock_skew(Timestamp(i64::MIN), Timestamp(1)).is_some());
    }
}
