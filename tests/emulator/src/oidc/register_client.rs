//! RegisterClient: registers a public client.
//!
//! A client registered without the account scope never gets a refresh token.

use serde_json::json;

use super::request_body::{Body, Kind};
use super::{OidcException, error_response};
use crate::http::{Request, Response};
use crate::redirect_uri;
use crate::state::records::{CODE_GRANT, ClientRegistration, DEVICE_GRANT, REFRESH_GRANT};
use crate::state::{State, expiry_after};

const MEMBERS: &[(&str, Kind)] = &[
    ("clientName", Kind::Text),
    ("clientType", Kind::Text),
    ("scopes", Kind::Texts),
    ("redirectUris", Kind::Texts),
    ("grantTypes", Kind::Texts),
    ("issuerUrl", Kind::Text),
    ("entitledApplicationArn", Kind::Text),
];

pub(crate) fn register_client(
    state: &mut State,
    request: &Request,
    now: u64,
) -> Result<Response, Response> {
    let client = validate(request, state.options.registration_seconds, now)?;
    let id = state.ids.url_safe(1);
    // Real secrets are signed tokens of well over a thousand characters.
    let secret = format!(
        "eyJraWQiOiJrZXktMSIsImFsZyI6IkhTMzg0In0.{}.{}",
        state.ids.url_safe(24),
        state.ids.url_safe(2)
    );
    let mut reply = json!({
        "clientId": id,
        "clientSecret": secret,
        "clientIdIssuedAt": now / 1000,
        "clientSecretExpiresAt": client.expires / 1000,
    });
    if state.options.null_members {
        reply["authorizationEndpoint"] = json!(null);
        reply["tokenEndpoint"] = json!(null);
    }
    state
        .clients
        .insert(id, ClientRegistration { secret, ..client });
    Ok(Response::json(200, &reply))
}

fn validate(request: &Request, lifetime: u64, now: u64) -> Result<ClientRegistration, Response> {
    let body = Body::parse(request, MEMBERS)?;
    let name = body.required("clientName")?.to_owned();
    if body.required("clientType")? != "public" {
        return Err(error_response(
            OidcException::InvalidClientMetadata,
            "clientType must be public",
        ));
    }
    let scopes = body.texts("scopes").unwrap_or_default();
    let well_formed = |scope: &String| {
        !scope.is_empty()
            && scope
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || ":_-.*".contains(c))
    };
    if !scopes.iter().all(well_formed) {
        return Err(error_response(
            OidcException::InvalidScope,
            "Invalid scope requested",
        ));
    }
    let grant_types = body
        .texts("grantTypes")
        .unwrap_or_else(|| vec![DEVICE_GRANT.to_owned(), REFRESH_GRANT.to_owned()]);
    let known =
        |grant: &String| [DEVICE_GRANT, CODE_GRANT, REFRESH_GRANT].contains(&grant.as_str());
    if grant_types.is_empty() || !grant_types.iter().all(known) {
        return Err(error_response(
            OidcException::UnsupportedGrantType,
            "Unsupported grant type",
        ));
    }
    let redirect_uris = body.texts("redirectUris").unwrap_or_default();
    let wants_code = grant_types.iter().any(|grant| grant == CODE_GRANT);
    if !redirect_uris
        .iter()
        .all(|uri| redirect_uri::is_registrable(uri))
        || (wants_code && redirect_uris.is_empty())
    {
        return Err(error_response(
            OidcException::InvalidRedirectUri,
            "Invalid redirect URI provided",
        ));
    }
    let issuer_url = body.text("issuerUrl").map(str::to_owned);
    if issuer_url
        .as_ref()
        .is_some_and(|url| !url.starts_with("https://"))
    {
        return Err(error_response(
            OidcException::InvalidRequest,
            "issuerUrl is not an https URL",
        ));
    }
    let expires = expiry_after(now, lifetime);
    Ok(ClientRegistration {
        name,
        secret: String::new(),
        expires,
        scopes,
        grant_types,
        redirect_uris,
        issuer_url,
    })
}
