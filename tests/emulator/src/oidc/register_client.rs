//! RegisterClient: makes a public client.
//!
//! Anyone may register; what the registration lacks is missing later on: without the
//! account scope there is never a refresh token.

use serde_json::json;

use super::request_body::{Body, Kind};
use super::{Exception, refuse};
use crate::http::{Request, Response};
use crate::redirect_uri;
use crate::state::records::{CODE_GRANT, Client, DEVICE_GRANT, REFRESH_GRANT};
use crate::state::{State, later};

const MEMBERS: &[(&str, Kind)] = &[
    ("clientName", Kind::Text),
    ("clientType", Kind::Text),
    ("scopes", Kind::Texts),
    ("redirectUris", Kind::Texts),
    ("grantTypes", Kind::Texts),
    ("issuerUrl", Kind::Text),
    ("entitledApplicationArn", Kind::Text),
];

pub(crate) fn register(
    state: &mut State,
    request: &Request,
    now: u64,
) -> Result<Response, Response> {
    let client = checked(request, state.options.registration_seconds, now)?;
    let id = state.ids.url_safe(1);
    // The real secret is a signed token of well over a thousand characters.
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
    state.clients.insert(id, Client { secret, ..client });
    Ok(Response::json(200, &reply))
}

fn checked(request: &Request, lifetime: u64, now: u64) -> Result<Client, Response> {
    let body = Body::parse(request, MEMBERS)?;
    let name = body.required("clientName")?.to_owned();
    if body.required("clientType")? != "public" {
        return Err(refuse(
            Exception::InvalidClientMetadata,
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
        return Err(refuse(Exception::InvalidScope, "Invalid scope requested"));
    }
    let grants = body
        .texts("grantTypes")
        .unwrap_or_else(|| vec![DEVICE_GRANT.to_owned(), REFRESH_GRANT.to_owned()]);
    let known =
        |grant: &String| [DEVICE_GRANT, CODE_GRANT, REFRESH_GRANT].contains(&grant.as_str());
    if grants.is_empty() || !grants.iter().all(known) {
        return Err(refuse(
            Exception::UnsupportedGrantType,
            "Unsupported grant type",
        ));
    }
    let redirects = body.texts("redirectUris").unwrap_or_default();
    let wants_code = grants.iter().any(|grant| grant == CODE_GRANT);
    if !redirects
        .iter()
        .all(|uri| redirect_uri::may_be_registered(uri))
        || (wants_code && redirects.is_empty())
    {
        return Err(refuse(
            Exception::InvalidRedirectUri,
            "Invalid redirect URI provided",
        ));
    }
    let issuer = body.text("issuerUrl").map(str::to_owned);
    if issuer
        .as_ref()
        .is_some_and(|url| !url.starts_with("https://"))
    {
        return Err(refuse(
            Exception::InvalidRequest,
            "issuerUrl is not an https URL",
        ));
    }
    let expires = later(now, lifetime);
    Ok(Client {
        name,
        secret: String::new(),
        expires,
        scopes,
        grants,
        redirects,
        issuer,
    })
}
