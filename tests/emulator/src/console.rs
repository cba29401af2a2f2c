//! The console's federation endpoint: exchanges role credentials for a sign-in token and that for
//! a browser session, and signs out.

use serde_json::{Value, json};

use crate::http::{Request, Response, form};
use crate::state::State;

/// Answers `getSigninToken` (POST) and a browser's `login` (GET).
pub(crate) fn federation(state: &mut State, request: &Request) -> Response {
    let body = String::from_utf8_lossy(&request.body);
    let pairs = match request.method.as_str() {
        "POST" => form::decode_pairs(&body),
        _ => request.query_pairs(),
    };
    match (request.method.as_str(), form::first_value(&pairs, "Action")) {
        ("POST", Some("getSigninToken")) => get_signin_token(state, &pairs),
        ("GET", Some("login")) => login(state, &pairs),
        // The real endpoint accepts getSigninToken with GET, too; here it would hide a client that
        // puts credentials into a URL.
        _ => error_response("Unknown action"),
    }
}

/// Signs a browser out and redirects to `redirect_uri`.
pub(crate) fn logout(request: &Request) -> Response {
    let pairs = request.query_pairs();
    match (
        form::first_value(&pairs, "Action"),
        form::first_value(&pairs, "redirect_uri"),
    ) {
        (Some("logout"), Some(location)) => Response::redirect(302, location),
        _ => error_response("Unknown action"),
    }
}

fn error_response(why: &str) -> Response {
    Response::html(400, format!("<html><body>{why}</body></html>"))
}

fn get_signin_token(state: &mut State, pairs: &[(String, String)]) -> Response {
    let session = form::first_value(pairs, "Session").unwrap_or_default();
    let session: Value = serde_json::from_str(session).unwrap_or_default();
    let member = |name: &str| session.get(name).and_then(Value::as_str);
    let keys = member("sessionId").and_then(|id| state.issued_keys.get(id));
    let known = keys.is_some_and(|keys| {
        member("sessionKey") == Some(keys.secret_access_key.as_str())
            && member("sessionToken") == Some(keys.session_token.as_str())
    });
    let lasts = form::first_value(pairs, "SessionDuration").map(str::parse::<u32>);
    let in_range = match lasts {
        None => true,
        Some(seconds) => seconds.is_ok_and(|seconds| (900..=43_200).contains(&seconds)),
    };
    if !known || !in_range {
        return error_response("The security token is invalid");
    }
    let token = format!("SIGNIN+/{}", state.ids.base64(6));
    state.unused_signin_tokens.push(token.clone());
    Response::json(200, &json!({ "SigninToken": token }))
}

/// Redeems a sign-in token, which works once.
fn login(state: &mut State, pairs: &[(String, String)]) -> Response {
    let token = form::first_value(pairs, "SigninToken").unwrap_or_default();
    let before = state.unused_signin_tokens.len();
    state.unused_signin_tokens.retain(|known| known != token);
    let destination = form::first_value(pairs, "Destination").unwrap_or_default();
    if state.unused_signin_tokens.len() == before || destination.is_empty() {
        return error_response("The sign-in token is invalid");
    }
    Response::html(
        200,
        format!("<html><body>signed in: {destination}</body></html>"),
    )
}
