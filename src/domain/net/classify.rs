//! Classification of error responses: from status, error code and body to a `FailureKind`.
//!
//! Sources: the service models of SSO and SSO OIDC, RFC 6749 §5.2, and responses seen in use. A
//! proxy or a captive portal often responds in place of the service, and such a response must
//! never end a session.

use super::endpoint::Service;
use super::failure::FailureKind;

/// Parts of an unsuccessful response that decide its kind.
#[derive(Clone, Copy, Debug)]
pub struct ErrorResponse<'a> {
    pub status: u16,
    /// Name of the exception, from the header `x-amzn-ErrorType` or the body.
    pub code: Option<&'a str>,
    /// Member `error` of an OAuth error response (RFC 6749 §5.2).
    pub oauth_error: Option<&'a str>,
    /// Member `reason` of `AccessDeniedException`, such as `KMS_AccessDeniedException`.
    pub reason: Option<&'a str>,
    /// Whether the body is a JSON object, as in every response of the services.
    pub is_json: bool,
}

/// Returns the kind of failure that a response reports.
pub fn classify(service: Service, response: ErrorResponse) -> FailureKind {
    let status = response.status;
    if !response.is_json && status != 429 && status < 500 {
        return FailureKind::NotTheService;
    }
    // An error name counts only with a status that blames the request (RFC 6749 §5.2: 400 or
    // 401), because a server error or redirect must not end a session.
    let is_named = response.is_json && (400..500).contains(&status);
    let by_name = match service {
        _ if !is_named => None,
        _ if response
            .reason
            .is_some_and(|reason| reason.starts_with("KMS_")) =>
        {
            Some(FailureKind::KmsKey)
        }
        Service::Sso => response.code.and_then(from_sso_code),
        Service::SsoOidc => {
            let by_code = response.code.and_then(from_oidc_code);
            by_code.or_else(|| response.oauth_error.and_then(from_oauth_error))
        }
    };
    by_name.unwrap_or(match (service, status) {
        (Service::Sso, 403) => FailureKind::Forbidden,
        (Service::Sso, 404) => FailureKind::NotFound,
        (_, 400) => FailureKind::InvalidRequest,
        _ => FailureKind::of_status(status),
    })
}

fn from_sso_code(code: &str) -> Option<FailureKind> {
    Some(match code {
        "UnauthorizedException" => FailureKind::Unauthorized,
        "ForbiddenException" => FailureKind::Forbidden,
        "ResourceNotFoundException" => FailureKind::NotFound,
        "TooManyRequestsException" | "ThrottlingException" => FailureKind::Throttled,
        "InvalidRequestException" => FailureKind::InvalidRequest,
        _ => return None,
    })
}

fn from_oidc_code(code: &str) -> Option<FailureKind> {
    Some(match code {
        "AuthorizationPendingException" => FailureKind::AuthorizationPending,
        "SlowDownException" => FailureKind::SlowDown,
        "AccessDeniedException" => FailureKind::AccessDenied,
        "ExpiredTokenException" => FailureKind::ExpiredToken,
        "InvalidGrantException" => FailureKind::InvalidGrant,
        "InvalidClientException" | "UnauthorizedClientException" => FailureKind::InvalidClient,
        "InternalServerException" => FailureKind::Server,
        "TooManyRequestsException" | "ThrottlingException" => FailureKind::Throttled,
        "InvalidScopeException" => FailureKind::InvalidScope,
        "InvalidRequestException"
        | "InvalidClientMetadataException"
        | "InvalidRedirectUriException"
        | "InvalidRequestRegionException"
        | "UnsupportedGrantTypeException" => FailureKind::InvalidRequest,
        _ => return None,
    })
}

fn from_oauth_error(error: &str) -> Option<FailureKind> {
    Some(match error {
        "authorization_pending" => FailureKind::AuthorizationPending,
        "slow_down" => FailureKind::SlowDown,
        "access_denied" => FailureKind::AccessDenied,
        "expired_token" => FailureKind::ExpiredToken,
        "invalid_grant" => FailureKind::InvalidGrant,
        "invalid_client" | "unauthorized_client" => FailureKind::InvalidClient,
        "invalid_scope" => FailureKind::InvalidScope,
        "invalid_request" | "unsupported_grant_type" => FailureKind::InvalidRequest,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(status: u16, code: Option<&'static str>) -> ErrorResponse<'static> {
        ErrorResponse {
            status,
            code,
            oauth_error: None,
            reason: None,
            is_json: true,
        }
    }

    #[test]
    fn only_the_401_of_the_service_is_unauthorized() {
        use FailureKind::{Forbidden, NotTheService, Server, Throttled, Unauthorized};
        for (status, code, is_json, kind) in [
            (401, "UnauthorizedException", true, Unauthorized),
            (401, "", true, NotTheService),
            (401, "UnauthorizedException", false, NotTheService),
            (403, "ForbiddenException", true, Forbidden),
            (403, "", false, NotTheService),
            (200, "", false, NotTheService),
            (429, "", false, Throttled),
            (503, "", false, Server),
        ] {
            let response = ErrorResponse {
                is_json,
                ..response(status, Some(code).filter(|code| !code.is_empty()))
            };
            let found = classify(Service::Sso, response);
            assert_eq!(found, kind, "{status} {code:?} {is_json}");
        }
    }

    #[test]
    fn server_errors_and_redirects_do_not_end_the_session() {
        for status in [200, 302, 399, 500, 503] {
            for name in ["InvalidGrantException", "ExpiredTokenException"] {
                let kind = classify(Service::SsoOidc, response(status, Some(name)));
                assert!(!kind.ends_refresh(), "{kind:?} for {status}");
            }
            let unauthorized = response(status, Some("UnauthorizedException"));
            let kind = classify(Service::Sso, unauthorized);
            assert_ne!(kind, FailureKind::Unauthorized, "{status}");
        }
    }

    #[test]
    fn oauth_errors_are_read_from_the_body() {
        let body = ErrorResponse {
            oauth_error: Some("invalid_grant"),
            ..response(400, None)
        };
        let invalid_client = response(401, Some("InvalidClientException"));
        for (response, kind) in [
            (body, FailureKind::InvalidGrant),
            (
                response(400, Some("ThrottlingException")),
                FailureKind::Throttled,
            ),
            (invalid_client, FailureKind::InvalidClient),
            (response(400, Some("New")), FailureKind::InvalidRequest),
        ] {
            assert_eq!(classify(Service::SsoOidc, response), kind);
        }
    }
}
