//! The access portal: accounts, roles, role credentials and logout.
//!
//! Every request carries the access token in `x-amz-sso_bearer_token`; `Authorization` is ignored.

pub(crate) mod listings;
mod pagination;
pub(crate) mod role_credentials;

use serde_json::json;

use crate::http::{Request, Response, form};
use crate::state::State;

/// Header of the access token.
const TOKEN_HEADER: &str = "x-amz-sso_bearer_token";

/// Exceptions that the portal returns.
#[derive(Clone, Copy, Debug)]
pub(crate) enum PortalException {
    InvalidRequest,
    Unauthorized,
    /// Not in the service model, but returned by the real portal.
    Forbidden,
    TooManyRequests,
}

/// Returns an error response with the type in the body and in a header.
pub(crate) fn error_response(exception: PortalException, message: &str) -> Response {
    let (status, name) = match exception {
        PortalException::InvalidRequest => (400, "InvalidRequestException"),
        PortalException::Unauthorized => (401, "UnauthorizedException"),
        PortalException::Forbidden => (403, "ForbiddenException"),
        PortalException::TooManyRequests => (429, "TooManyRequestsException"),
    };
    let kind = format!("com.amazonaws.switchboard.portal#{name}");
    let header =
        format!("{name}:http://internal.amazon.com/coral/com.amazonaws.switchboard.portal/");
    Response::json(status, &json!({ "message": message, "__type": kind }))
        .with("x-amzn-ErrorType", &header)
}

pub(crate) fn forbidden() -> Response {
    error_response(PortalException::Forbidden, "No access")
}

/// Returns the portal session of the request's access token.
fn authenticated_session(state: &State, request: &Request, now: u64) -> Result<String, Response> {
    request
        .header(TOKEN_HEADER)
        .and_then(|token| state.active_session(token, now))
        .ok_or_else(|| {
            error_response(
                PortalException::Unauthorized,
                "Session token not found or invalid",
            )
        })
}

/// Returns the query parameters; each must be allowed and given once.
fn query_parameters(
    request: &Request,
    allowed: &[&str],
) -> Result<Vec<(String, String)>, Response> {
    let pairs = request.query_pairs();
    for (at, (name, _)) in pairs.iter().enumerate() {
        let problem = if !allowed.contains(&name.as_str()) {
            "unknown"
        } else if pairs.iter().take(at).any(|(earlier, _)| earlier == name) {
            "repeated"
        } else {
            continue;
        };
        return Err(error_response(
            PortalException::InvalidRequest,
            &format!("{problem} parameter: {name}"),
        ));
    }
    Ok(pairs)
}

/// Returns a parameter that must be present and not empty.
fn required_parameter<'a>(pairs: &'a [(String, String)], name: &str) -> Result<&'a str, Response> {
    form::first_value(pairs, name)
        .filter(|value| !value.is_empty())
        .ok_or_else(|| {
            error_response(
                PortalException::InvalidRequest,
                &format!("missing parameter: {name}"),
            )
        })
}

/// Answers Logout: ends the session and with it all of its tokens.
pub(crate) fn logout(state: &mut State, request: &Request, now: u64) -> Result<Response, Response> {
    query_parameters(request, &[])?;
    let session = authenticated_session(state, request, now)?;
    state.end_session(&session);
    Ok(Response::empty(200))
}
