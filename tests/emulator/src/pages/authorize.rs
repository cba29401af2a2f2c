//! The authorize page of the authorization code grant with PKCE.
//!
//! An invalid client or redirect URI gives an error page, since redirecting to an unregistered
//! URI is unsafe (RFC 6749 §4.1.2.1). Other errors are redirected to the client.

use super::{decision_form, escape, html_page, message_page};
use crate::http::{Request, Response, form};
use crate::redirect_uri;
use crate::state::records::{
    AuthorizationCode, CODE_GRANT, ClientRegistration, Decision, PendingAuthorization,
};
use crate::state::{State, expiry_after};

const PARAMETERS: &[&str] = &[
    "response_type",
    "client_id",
    "redirect_uri",
    "state",
    "code_challenge_method",
    "code_challenge",
    "scopes",
    "scope",
];

/// Answers GET: shows the page, or redirects at once if the decision was made in advance.
pub(crate) fn get(state: &mut State, request: &Request, now: u64) -> Response {
    let query = request.query_pairs();
    let param = |name: &str| form::first_value(&query, name).unwrap_or_default();
    for (at, (name, _)) in query.iter().enumerate() {
        let again = query.iter().take(at).any(|(earlier, _)| earlier == name);
        if again || !PARAMETERS.contains(&name.as_str()) {
            let text = format!("The parameter {name} is unknown or repeated.");
            return message_page(400, "Invalid request", &text);
        }
    }
    let client = state
        .clients
        .get(param("client_id"))
        .filter(|client| client.expires > now);
    let Some(client) = client.cloned() else {
        return message_page(
            400,
            "Invalid request",
            "The client is unknown or has expired.",
        );
    };
    let redirect_uri = param("redirect_uri");
    if !redirect_uri::is_allowed(&client.redirect_uris, redirect_uri) {
        return message_page(
            400,
            "Invalid request",
            "The redirect URI is not registered.",
        );
    }
    let scopes = if param("scopes").is_empty() {
        param("scope")
    } else {
        param("scopes")
    };
    if let Err((code, text)) = check_parameters(&client, scopes, &param) {
        return redirect_with_error(redirect_uri, param("state"), code, text);
    }
    let authorization = PendingAuthorization {
        client_id: param("client_id").to_owned(),
        redirect_uri: redirect_uri.to_owned(),
        state: param("state").to_owned(),
        challenge: param("code_challenge").to_owned(),
    };
    if let Some(decision) = state.take_preset_decision() {
        return decide(state, &authorization, decision, now);
    }
    let number = state.ids.url_safe(1);
    state.authorizations.insert(number.clone(), authorization);
    let scopes = if scopes.is_empty() {
        client.scopes.join(" ")
    } else {
        scopes.to_owned()
    };
    let content = format!(
        "<p>An application asks for access to your accounts.</p>\n<dl>\
         <dt>Application</dt><dd id=\"client_name\">{}</dd>\
         <dt>Access</dt><dd id=\"scopes\">{}</dd>\
         <dt>Redirects to</dt><dd id=\"redirect_uri\">{}</dd></dl>\n{}",
        escape(&client.name),
        escape(&scopes),
        escape(redirect_uri),
        decision_form("/authorize", ("request", &number)),
    );
    html_page(200, "Allow access to your data?", &content)
}

fn check_parameters<'a>(
    client: &ClientRegistration,
    scopes: &str,
    param: &impl Fn(&str) -> &'a str,
) -> Result<(), (&'static str, &'static str)> {
    let invalid = |text| Err(("invalid_request", text));
    if param("state").is_empty() {
        return invalid("state is missing");
    }
    if param("response_type") != "code" {
        return Err(("unsupported_response_type", "response_type must be code"));
    }
    if !client.allows_grant(CODE_GRANT) {
        return Err((
            "unauthorized_client",
            "the client is not registered for this grant",
        ));
    }
    if param("code_challenge_method") != "S256" {
        return invalid("code_challenge_method must be S256");
    }
    let challenge = param("code_challenge");
    let legal = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    if challenge.len() != 43 || !challenge.chars().all(legal) {
        return invalid("code_challenge must be 43 characters of base64url");
    }
    let asked = scopes.split([' ', ',']).filter(|scope| !scope.is_empty());
    for scope in asked {
        if !client.scopes.iter().any(|known| known == scope) {
            return Err((
                "invalid_scope",
                "a scope was asked for that is not registered",
            ));
        }
    }
    Ok(())
}

/// Answers POST: applies the decision and redirects to the client.
pub(crate) fn post(state: &mut State, request: &Request, now: u64) -> Response {
    let fields = request.form_pairs();
    let decision = match form::first_value(&fields, "decision") {
        Some("approve") => Decision::Approve,
        Some("deny") => Decision::Deny,
        _ => return message_page(400, "Invalid request", "No decision was sent."),
    };
    let number = form::first_value(&fields, "request").unwrap_or_default();
    // Removed, so that submitting the page again issues no second code.
    let Some(authorization) = state.authorizations.remove(number) else {
        return message_page(400, "Invalid request", "This request was already answered.");
    };
    decide(state, &authorization, decision, now)
}

fn decide(
    state: &mut State,
    asked: &PendingAuthorization,
    decision: Decision,
    now: u64,
) -> Response {
    if decision == Decision::Deny {
        let text = "The user denied access";
        return redirect_with_error(&asked.redirect_uri, &asked.state, "access_denied", text);
    }
    let code = state.ids.url_safe(3);
    let known = AuthorizationCode {
        client_id: asked.client_id.clone(),
        redirect_uri: asked.redirect_uri.clone(),
        challenge: asked.challenge.clone(),
        expires: expiry_after(now, state.options.auth_code_seconds),
    };
    state.authorization_codes.insert(code.clone(), known);
    redirect_back(
        &asked.redirect_uri,
        &[("code", &code), ("state", &asked.state)],
    )
}

fn redirect_with_error(redirect_uri: &str, state: &str, code: &str, text: &str) -> Response {
    let mut pairs = vec![("error", code), ("error_description", text)];
    if !state.is_empty() {
        pairs.push(("state", state));
    }
    redirect_back(redirect_uri, &pairs)
}

fn redirect_back(redirect_uri: &str, pairs: &[(&str, &str)]) -> Response {
    let joint = if redirect_uri.contains('?') { '&' } else { '?' };
    Response::redirect(
        302,
        &format!("{redirect_uri}{joint}{}", form::encode_pairs(pairs)),
    )
}
