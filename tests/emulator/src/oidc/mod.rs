//! The OIDC service: RegisterClient, StartDeviceAuthorization and CreateToken.
//!
//! The emulator is strict where the strictness of the real service is unknown: it rejects
//! members that the service model does not have, so that a misspelt name fails.

pub(crate) mod create_token;
mod device_grant;
pub(crate) mod register_client;
mod request_body;
pub(crate) mod start_device_authorization;

use serde_json::json;

use crate::http::Response;
use crate::state::State;
use crate::state::records::ClientRegistration;

/// Exceptions of the OIDC service model that this server returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OidcException {
    AccessDenied,
    AuthorizationPending,
    ExpiredToken,
    InvalidClient,
    InvalidClientMetadata,
    InvalidGrant,
    InvalidRedirectUri,
    InvalidRequest,
    InvalidScope,
    SlowDown,
    UnauthorizedClient,
    UnsupportedGrantType,
}

impl OidcException {
    fn name_and_code(self) -> (&'static str, &'static str) {
        match self {
            Self::AccessDenied => ("AccessDeniedException", "access_denied"),
            Self::AuthorizationPending => {
                ("AuthorizationPendingException", "authorization_pending")
            }
            Self::ExpiredToken => ("ExpiredTokenException", "expired_token"),
            Self::InvalidClient => ("InvalidClientException", "invalid_client"),
            Self::InvalidClientMetadata => {
                ("InvalidClientMetadataException", "invalid_client_metadata")
            }
            Self::InvalidGrant => ("InvalidGrantException", "invalid_grant"),
            Self::InvalidRedirectUri => ("InvalidRedirectUriException", "invalid_redirect_uri"),
            Self::InvalidRequest => ("InvalidRequestException", "invalid_request"),
            Self::InvalidScope => ("InvalidScopeException", "invalid_scope"),
            Self::SlowDown => ("SlowDownException", "slow_down"),
            Self::UnauthorizedClient => ("UnauthorizedClientException", "unauthorized_client"),
            Self::UnsupportedGrantType => {
                ("UnsupportedGrantTypeException", "unsupported_grant_type")
            }
        }
    }
}

/// Returns an error response with the type in a header and the OAuth error code in the body.
pub(crate) fn error_response(exception: OidcException, description: &str) -> Response {
    let (name, code) = exception.name_and_code();
    // Only InvalidClient is a 401: clients tell an expired registration from an expired token
    // by it.
    let status = if exception == OidcException::InvalidClient {
        401
    } else {
        400
    };
    let kind = format!("{name}:http://internal.amazon.com/coral/com.amazonaws.sso.oidc/");
    Response::json(
        status,
        &json!({ "error": code, "error_description": description }),
    )
    .with("x-amzn-ErrorType", &kind)
}

/// Returns the registration of a client that presents its secret.
fn authenticate(
    state: &State,
    id: &str,
    secret: &str,
    now: u64,
) -> Result<ClientRegistration, Response> {
    match state.clients.get(id) {
        Some(client) if client.secret == secret && client.expires > now => Ok(client.clone()),
        Some(client) if client.secret == secret => Err(error_response(
            OidcException::InvalidClient,
            "Client registration has expired",
        )),
        Some(_) | None => Err(error_response(
            OidcException::InvalidClient,
            "Invalid client provided",
        )),
    }
}
