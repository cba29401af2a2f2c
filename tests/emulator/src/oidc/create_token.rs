//! CreateToken: exchanges a device code, an authorization code or a refresh token.

use serde_json::json;

use super::request_body::{Body, Kind};
use super::{OidcException, authenticate, device_grant, error_response};
use crate::http::{Request, Response};
use crate::ids;
use crate::options::RefreshMode;
use crate::state::records::{CODE_GRANT, ClientRegistration, DEVICE_GRANT, REFRESH_GRANT};
use crate::state::{IssuedTokens, State};

const MEMBERS: &[(&str, Kind)] = &[
    ("clientId", Kind::Text),
    ("clientSecret", Kind::Text),
    ("grantType", Kind::Text),
    ("deviceCode", Kind::Text),
    ("code", Kind::Text),
    ("refreshToken", Kind::Text),
    ("scope", Kind::Texts),
    ("redirectUri", Kind::Text),
    ("codeVerifier", Kind::Text),
];

pub(crate) fn create_token(
    state: &mut State,
    request: &Request,
    now: u64,
) -> Result<Response, Response> {
    let body = Body::parse(request, MEMBERS)?;
    let client_id = body.required("clientId")?;
    let secret = body.required("clientSecret")?;
    let grant = body.required("grantType")?;
    let client = authenticate(state, client_id, secret, now)?;
    if ![DEVICE_GRANT, CODE_GRANT, REFRESH_GRANT].contains(&grant) {
        return Err(error_response(
            OidcException::UnsupportedGrantType,
            "Unsupported grant type",
        ));
    }
    if !client.allows_grant(grant) {
        let text = format!("Client is not authorized for the grant {grant}");
        return Err(error_response(OidcException::UnauthorizedClient, &text));
    }
    let issued = match grant {
        DEVICE_GRANT => {
            let code = body.required("deviceCode")?;
            let session = device_grant::redeem_device_code(state, code, client_id, now)?;
            state.issue_tokens(&session, client_id, &client, now)
        }
        CODE_GRANT => redeem_code(state, &body, client_id, &client, now)?,
        _ => redeem_refresh_token(state, body.required("refreshToken")?, client_id, now)?,
    };
    let mut reply = json!({
        "accessToken": issued.access_token,
        "tokenType": "Bearer",
        "expiresIn": issued.expires.saturating_sub(now) / 1000,
    });
    if let Some(token) = issued.refresh_token {
        reply["refreshToken"] = json!(token);
    } else if state.options.null_members {
        reply["refreshToken"] = json!(null);
    }
    if state.options.null_members {
        reply["idToken"] = json!(null);
    }
    Ok(Response::json(200, &reply))
}

fn redeem_code(
    state: &mut State,
    body: &Body,
    client_id: &str,
    client: &ClientRegistration,
    now: u64,
) -> Result<IssuedTokens, Response> {
    let code = body.required("code")?;
    let redirect_uri = body.required("redirectUri")?;
    let verifier = body.required("codeVerifier")?;
    let invalid = |text: &str| error_response(OidcException::InvalidGrant, text);
    // Removed before any check: a failed attempt invalidates the code as well.
    let Some(known) = state.authorization_codes.remove(code) else {
        return Err(invalid("Invalid authorization code provided"));
    };
    if known.expires <= now {
        return Err(invalid("The authorization code has expired"));
    }
    if known.client_id != client_id {
        return Err(invalid("The authorization code belongs to another client"));
    }
    if known.redirect_uri != redirect_uri {
        return Err(invalid(
            "redirectUri is not the one of the authorization request",
        ));
    }
    let legal = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
    if !(43..=128).contains(&verifier.len()) || !verifier.chars().all(legal) {
        return Err(invalid("codeVerifier is not a PKCE verifier"));
    }
    if ids::pkce_challenge(verifier) != known.challenge {
        return Err(invalid("codeVerifier does not fit the challenge"));
    }
    let start_url = client.issuer_url.clone().unwrap_or_default();
    let session = state.join_or_start_session(&start_url, now);
    Ok(state.issue_tokens(&session, client_id, client, now))
}

fn redeem_refresh_token(
    state: &mut State,
    token: &str,
    client_id: &str,
    now: u64,
) -> Result<IssuedTokens, Response> {
    let invalid = |text: &str| error_response(OidcException::InvalidGrant, text);
    let known = state
        .refresh_tokens
        .get(token)
        .filter(|known| known.client_id == client_id)
        .cloned();
    let Some(known) = known else {
        return Err(invalid("Invalid refresh token provided"));
    };
    if known.spent {
        return Err(invalid("Invalid refresh token provided: it has been used"));
    }
    if !state.is_session_active(&known.session, now) {
        return Err(invalid(
            "Invalid refresh token provided: the session has ended",
        ));
    }
    let mode = state.options.refresh_mode;
    if mode == RefreshMode::Rotate
        && let Some(old) = state.refresh_tokens.get_mut(token)
    {
        old.spent = true;
    }
    let seconds = state.options.access_token_seconds;
    let sign_in = known.sign_in;
    let (access_token, expires) = state.issue_access_token(&known.session, sign_in, seconds, now);
    let refresh_token = (mode != RefreshMode::Omit)
        .then(|| state.issue_refresh_token(&known.session, sign_in, client_id));
    Ok(IssuedTokens {
        access_token,
        refresh_token,
        expires,
    })
}
