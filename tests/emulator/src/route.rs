//! Maps a request to its operation: the name for the log, and the function that answers it.
//!
//! Paths that the real services do not have get 404 and are logged as `Unknown`, so that a
//! test can assert that there were none.

use serde_json::{Value, json};

use crate::http::{Request, Response};
use crate::state::State;
use crate::{console, oidc, pages, portal, proxy, sts};

/// Returns the operation's name, such as `GetRoleCredentials` or `CreateToken:refresh_token`.
pub(crate) fn operation_name(request: &Request) -> String {
    let name = match (request.method.as_str(), request.path.as_str()) {
        // Only a server with TLS is a proxy, and not inside its tunnels.
        ("CONNECT", _) if request.tunnels => "Connect",
        ("POST", "/client/register") => "RegisterClient",
        ("POST", "/device_authorization") => "StartDeviceAuthorization",
        ("POST", "/token") => return format!("CreateToken:{}", grant_type(request)),
        ("GET", "/authorize") => "Authorize",
        ("POST", "/authorize") => "Authorize:decision",
        ("GET", "/device") => "DevicePage",
        ("POST", "/device") => "DevicePage:decision",
        ("HEAD", "/authorize" | "/device") => "Page:head",
        ("GET", "/favicon.ico") => "Favicon",
        ("GET", "/federation/credentials") => "GetRoleCredentials",
        ("GET", "/assignment/accounts") => "ListAccounts",
        ("GET", "/assignment/roles") => "ListAccountRoles",
        ("POST", "/logout") => "Logout",
        ("POST", "/") => "GetCallerIdentity",
        ("POST", "/federation") => "GetSigninToken",
        ("GET", "/federation") => "ConsoleLogin",
        ("GET", "/oauth") => "ConsoleLogout",
        _ => "Unknown",
    };
    name.to_owned()
}

/// Returns the grant type of a token request without its URN prefix.
fn grant_type(request: &Request) -> String {
    let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
    let grant = body
        .get("grantType")
        .and_then(Value::as_str)
        .unwrap_or("none");
    let short = grant.rsplit(':').next().unwrap_or(grant);
    // The name becomes a key of the counts, which an unchecked value could fill.
    match short {
        "device_code" | "authorization_code" | "refresh_token" => short.to_owned(),
        _ => "other".to_owned(),
    }
}

/// Runs the operation.
pub(crate) fn dispatch(
    state: &mut State,
    request: &Request,
    operation: &str,
    now: u64,
) -> Response {
    let family = operation.split(':').next().unwrap_or(operation);
    let is_portal = matches!(
        family,
        "GetRoleCredentials" | "ListAccounts" | "ListAccountRoles" | "Logout"
    );
    if is_portal
        && state
            .rate_limit
            .as_mut()
            .is_some_and(|bucket| !bucket.try_take())
    {
        return portal::error_response(
            portal::PortalException::TooManyRequests,
            "HTTP 429 Unknown Code",
        );
    }
    let outcome = match operation {
        "Connect" => Ok(proxy::connect(state, request)),
        "RegisterClient" => oidc::register_client::register_client(state, request, now),
        "StartDeviceAuthorization" => {
            oidc::start_device_authorization::start_device_authorization(state, request, now)
        }
        "Authorize" => Ok(pages::authorize::get(state, request, now)),
        "Authorize:decision" => Ok(pages::authorize::post(state, request, now)),
        "DevicePage" => Ok(pages::device::get(state, request, now)),
        "DevicePage:decision" => Ok(pages::device::post(state, request, now)),
        // A HEAD request shows that the page exists and must not consume a preset decision.
        "Page:head" => Ok(Response::html(200, String::new())),
        "Favicon" => Ok(Response::empty(204)),
        "GetRoleCredentials" => portal::role_credentials::get_role_credentials(state, request, now),
        "ListAccounts" => portal::listings::list_accounts(state, request, now),
        "ListAccountRoles" => portal::listings::list_account_roles(state, request, now),
        "Logout" => portal::logout(state, request, now),
        "GetCallerIdentity" => Ok(sts::get_caller_identity(state, request)),
        "GetSigninToken" | "ConsoleLogin" => Ok(console::federation(state, request)),
        "ConsoleLogout" => Ok(console::logout(request)),
        _ if family == "CreateToken" => oidc::create_token::create_token(state, request, now),
        _ => Ok(unknown_operation(request)),
    };
    outcome.unwrap_or_else(|error| error)
}

fn unknown_operation(request: &Request) -> Response {
    let message = format!("Unknown operation: {} {}", request.method, request.path);
    Response::json(
        404,
        &json!({ "message": message, "__type": "UnknownOperationException" }),
    )
    .with("x-amzn-ErrorType", "UnknownOperationException")
}
