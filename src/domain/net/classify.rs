//! What an error answer of a service means.
//!
//! Sources: the service models of SSO and SSO OIDC, and answers seen in the wild. A
//! proxy or a captive portal answers in the service's place more often than one thinks,
//! and what it says must never end a session.

use super::endpoint::Service;
use super::failure::FailureKind;

/// An answer that is no success.
#[derive(Clone, Copy, Debug)]
pub struct Answer<'a> {
    /// HTTP status.
    pub status: u16,
    /// The exception, from `x-amzn-ErrorType` or the body.
    pub code: Option<&'a str>,
    /// The `error` member of an OAuth answer (RFC 6749 §5.2).
    pub oauth_error: Option<&'a str>,
    /// Whether the body is a JSON object, as every answer of the services is.
    pub is_json: bool,
}

/// The kind of failure.
pub fn classify(service: Service, answer: Answer) -> FailureKind {
    if !answer.is_json && answer.status != 429 && answer.status < 500 {
        return FailureKind::NotTheService;
    }
    // A name counts only in an answer that says that the request was at fault (RFC 6749
    // §5.2: 400 or 401): whatever fails or redirects on the way must not end a session.
    let says_why = answer.is_json && (400..500).contains(&answer.status);
    let by_name = match service {
        _ if !says_why => None,
        Service::Sso => answer.code.and_then(portal),
        Service::SsoOidc => answer
            .code
            .and_then(oidc)
            .or_else(|| answer.oauth_error.and_then(oauth)),
    };
    by_name.unwrap_or(match (service, answer.status) {
        (Service::Sso, 403) => FailureKind::Forbidden,
        (Service::Sso, 404) => FailureKind::NotFound,
        (_, 429) => FailureKind::Throttled,
        (_, 500..) => FailureKind::Server,
        (_, 400) => FailureKind::InvalidRequest,
        _ => FailureKind::NotTheService,
    })
}

fn portal(code: &str) -> Option<FailureKind> {
    Some(match code {
        "UnauthorizedException" => FailureKind::Unauthorized,
        "ForbiddenException" => FailureKind::Forbidden,
        "ResourceNotFoundException" => FailureKind::NotFound,
        "TooManyRequestsException" => FailureKind::Throttled,
        "InvalidRequestException" => FailureKind::InvalidRequest,
        _ => return None,
    })
}

fn oidc(code: &str) -> Option<FailureKind> {
    Some(match code {
        "AuthorizationPendingException" => FailureKind::AuthorizationPending,
        "SlowDownException" => FailureKind::SlowDown,
        "AccessDeniedException" => FailureKind::AccessDenied,
        "ExpiredTokenException" => FailureKind::ExpiredToken,
        "InvalidGrantException" => FailureKind::InvalidGrant,
        "InvalidClientException" | "UnauthorizedClientException" => FailureKind::InvalidClient,
        "InternalServerException" => FailureKind::Server,
        "InvalidRequestException"
        | "InvalidScopeException"
        | "InvalidClientMetadataException"
        | "InvalidRedirectUriException"
        | "InvalidRequestRegionException"
        | "UnsupportedGrantTypeException" => FailureKind::InvalidRequest,
        _ => return None,
    })
}

fn oauth(error: &str) -> Option<FailureKind> {
    Some(match error {
        "authorization_pending" => FailureKind::AuthorizationPending,
        "slow_down" => FailureKind::SlowDown,
        "access_denied" => FailureKind::AccessDenied,
        "expired_token" => FailureKind::ExpiredToken,
        "invalid_grant" => FailureKind::InvalidGrant,
        "invalid_client" | "unauthorized_client" => FailureKind::InvalidClient,
        "invalid_request" | "invalid_scope" | "unsupported_grant_type" => {
            FailureKind::InvalidRequest
        }
        _ => return None,
    })
}

/// What is done about a failed attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// Try again after about this many milliseconds.
    After(u64),
    /// It stays failed.
    No,
}

/// When a request may be repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeat {
    /// It changes nothing.
    Freely,
    /// It spends something (a refresh token, a code): only where the service says that it
    /// did not take it.
    NotTaken,
    /// Whoever calls has a pace of its own.
    Never,
}

/// Whether to try again after the `attempt`-th failure (from 1).
pub fn retry(kind: FailureKind, attempt: u32, repeat: Repeat) -> Retry {
    let most = match (kind, repeat) {
        (_, Repeat::Never) => 1,
        (FailureKind::Throttled, _) => 6,
        (FailureKind::Server | FailureKind::Network | FailureKind::Proxy, Repeat::Freely) => 3,
        _ => 1,
    };
    if attempt >= most {
        return Retry::No;
    }
    Retry::After(200u64.saturating_mul(1 << attempt.min(5)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, code: Option<&'static str>) -> Answer<'static> {
        Answer {
            status,
            code,
            oauth_error: None,
            is_json: true,
        }
    }

    #[test]
    fn only_the_services_own_401_is_unauthorized() {
        let sso = |answer| classify(Service::Sso, answer);
        assert_eq!(
            sso(answer(401, Some("UnauthorizedException"))),
            FailureKind::Unauthorized
        );
        assert_eq!(sso(answer(401, None)), FailureKind::NotTheService);
        assert_eq!(
            sso(Answer {
                is_json: false,
                ..answer(401, Some("UnauthorizedException"))
            }),
            FailureKind::NotTheService
        );
        assert_eq!(
            sso(answer(403, Some("ForbiddenException"))),
            FailureKind::Forbidden
        );
        assert_eq!(
            sso(Answer {
                is_json: false,
                ..answer(403, None)
            }),
            FailureKind::NotTheService
        );
        assert_eq!(
            sso(Answer {
                is_json: false,
                ..answer(200, None)
            }),
            FailureKind::NotTheService
        );
        assert_eq!(
            sso(Answer {
                is_json: false,
                ..answer(429, None)
            }),
            FailureKind::Throttled
        );
        assert_eq!(
            sso(Answer {
                is_json: false,
                ..answer(503, None)
            }),
            FailureKind::Server
        );
    }

    #[test]
    fn a_failing_server_says_nothing_about_the_session() {
        for status in [200, 302, 399, 500, 503] {
            for name in ["InvalidGrantException", "ExpiredTokenException"] {
                let kind = classify(Service::SsoOidc, answer(status, Some(name)));
                assert!(!kind.ends_refresh(), "{kind:?} for {status}");
            }
            let kind = classify(Service::Sso, answer(status, Some("UnauthorizedException")));
            assert_ne!(kind, FailureKind::Unauthorized, "{status}");
        }
    }

    #[test]
    fn oauth_names_count_without_the_header() {
        let body = Answer {
            oauth_error: Some("invalid_grant"),
            ..answer(400, None)
        };
        assert_eq!(classify(Service::SsoOidc, body), FailureKind::InvalidGrant);
        assert_eq!(
            classify(
                Service::SsoOidc,
                answer(401, Some("InvalidClientException"))
            ),
            FailureKind::InvalidClient
        );
        assert_eq!(
            classify(Service::SsoOidc, answer(400, Some("New"))),
            FailureKind::InvalidRequest
        );
    }

    #[test]
    fn a_spending_request_is_not_repeated_blindly() {
        assert_eq!(retry(FailureKind::Server, 1, Repeat::NotTaken), Retry::No);
        assert_eq!(
            retry(FailureKind::Server, 1, Repeat::Freely),
            Retry::After(400)
        );
        assert_eq!(retry(FailureKind::Server, 3, Repeat::Freely), Retry::No);
        assert_eq!(
            retry(FailureKind::Throttled, 1, Repeat::NotTaken),
            Retry::After(400)
        );
        assert_eq!(retry(FailureKind::Forbidden, 1, Repeat::Freely), Retry::No);
        assert_eq!(retry(FailureKind::Throttled, 1, Repeat::Never), Retry::No);
    }
}
