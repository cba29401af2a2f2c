//! Requests that the OIDC service rejects.

use serde_json::{Value, json};

use crate::http_client::*;

fn registration() -> Value {
    json!({ "clientName": "x", "clientType": "public" })
}

#[test]
fn errors_name_unknown_missing_and_mistyped_members() {
    let emulator = start();
    let url = emulator.url();
    let client = register_with_account_scope(&url);
    let device = with(&client, json!({ "startUrl": START_URL }));
    let token = with(
        &client,
        json!({ "grantType": "refresh_token", "refreshToken": "x" }),
    );
    let cases = [
        (
            "/client/register",
            with(&registration(), json!({ "clientname": "y" })),
            "clientname",
        ),
        (
            "/client/register",
            with(&registration(), json!({ "scopes": "a" })),
            "scopes",
        ),
        (
            "/client/register",
            with(&registration(), json!({ "scopes": [1] })),
            "scopes",
        ),
        (
            "/client/register",
            with(&registration(), json!({ "clientName": null })),
            "clientName",
        ),
        (
            "/client/register",
            json!({ "clientType": "public" }),
            "clientName",
        ),
        (
            "/client/register",
            json!({ "clientName": "x" }),
            "clientType",
        ),
        (
            "/client/register",
            with(&registration(), json!({ "issuerUrl": "http://x" })),
            "issuerUrl",
        ),
        (
            "/device_authorization",
            with(&device, json!({ "scope": ["a"] })),
            "scope",
        ),
        ("/device_authorization", client.clone(), "startUrl"),
        (
            "/device_authorization",
            with(&device, json!({ "startUrl": "" })),
            "startUrl",
        ),
        (
            "/device_authorization",
            with(&device, json!({ "startUrl": "http://x" })),
            "startUrl",
        ),
        (
            "/token",
            with(&token, json!({ "grant_type": "x" })),
            "grant_type",
        ),
        ("/token", with(&token, json!({ "scope": "x" })), "scope"),
        (
            "/token",
            with(&client, json!({ "grantType": "refresh_token" })),
            "refreshToken",
        ),
        ("/token", client.clone(), "grantType"),
        (
            "/token",
            json!({ "grantType": "refresh_token" }),
            "clientId",
        ),
    ];
    for (path, body, name) in cases {
        let reply = post(&url, path, &body);
        assert_eq!(
            (reply.status, reply.exception()),
            (400, "InvalidRequestException"),
            "{body}"
        );
        assert_eq!(reply.json()["error"], "invalid_request");
        let text = reply.json()["error_description"].to_string();
        assert!(text.contains(name), "{text} does not name {name}");
    }
}

#[test]
fn registrations_are_validated() {
    let emulator = start();
    let url = emulator.url();
    let loopback = json!(["http://127.0.0.1/cb"]);
    let cases = [
        (
            json!({ "clientType": "confidential" }),
            "InvalidClientMetadataException",
        ),
        (json!({ "scopes": ["a b"] }), "InvalidScopeException"),
        (
            json!({ "grantTypes": ["password"] }),
            "UnsupportedGrantTypeException",
        ),
        (json!({ "grantTypes": [] }), "UnsupportedGrantTypeException"),
        (
            json!({ "grantTypes": ["authorization_code"] }),
            "InvalidRedirectUriException",
        ),
        (
            json!({ "redirectUris": ["http://example.com/cb"] }),
            "InvalidRedirectUriException",
        ),
        (
            json!({ "grantTypes": ["authorization_code"], "redirectUris": loopback }),
            "",
        ),
    ];
    for (extra, exception) in cases {
        let reply = post(&url, "/client/register", &with(&registration(), extra));
        assert_eq!(reply.exception(), exception, "{reply:?}");
    }
    let reply = post(&url, "/client/register", &registration()).json();
    let lifetime = 90 * 86_400;
    let (from, to) = (
        reply["clientIdIssuedAt"].as_u64(),
        reply["clientSecretExpiresAt"].as_u64(),
    );
    assert_eq!(to.unwrap() - from.unwrap(), lifetime);
}

#[test]
fn clients_and_grant_types_are_validated() {
    let emulator = start();
    let url = emulator.url();
    let client = register_with_account_scope(&url);
    let device = start_device(&url, &client);
    for wrong in [json!({ "clientId": "x" }), json!({ "clientSecret": "x" })] {
        let reply = poll(&url, &with(&client, wrong), &device);
        assert_eq!(
            (reply.status, reply.exception()),
            (401, "InvalidClientException")
        );
    }
    let grant = |grant: &str| with(&client, json!({ "grantType": grant }));
    let reply = post(&url, "/token", &grant("password"));
    assert_eq!(reply.exception(), "UnsupportedGrantTypeException");
    let reply = post(&url, "/token", &grant("authorization_code"));
    assert_eq!(
        (reply.status, reply.exception()),
        (400, "UnauthorizedClientException")
    );
    let pkce = json!({
        "grantTypes": ["authorization_code"],
        "redirectUris": ["http://127.0.0.1/cb"],
        "scopes": ["sso:account:access"],
    });
    let pkce = register(&url, pkce);
    let reply = refresh(&url, &pkce, &json!("x"));
    assert_eq!(reply.exception(), "UnauthorizedClientException");
    let body = with(&pkce, json!({ "startUrl": START_URL }));
    let reply = post(&url, "/device_authorization", &body);
    assert_eq!(reply.exception(), "UnauthorizedClientException");
}

#[test]
fn token_bodies_must_be_json_objects() {
    let emulator = start();
    let url = emulator.url();
    let json = "Content-Type: application/json\r\n";
    for (headers, body) in [
        (json, "{"),
        (json, ""),
        (json, "[]"),
        ("", "{}"),
        (
            "Content-Type: application/x-www-form-urlencoded\r\n",
            "grantType=x",
        ),
    ] {
        let reply = request(&url, "POST", "/token", headers, body);
        assert_eq!(
            (reply.status, reply.exception()),
            (400, "InvalidRequestException"),
            "{body}"
        );
    }
    assert_eq!(request(&url, "POST", "/token?x=1", json, "{}").status, 400);
}

#[test]
fn start_urls_can_be_restricted() {
    let emulator = start();
    let (url, client) = (emulator.url(), register_with_account_scope(&emulator.url()));
    emulator
        .handle()
        .configure(|options| options.start_urls = vec![START_URL.to_owned()]);
    start_device(&url, &client);
    let other = with(
        &client,
        json!({ "startUrl": "https://d-2.awsapps.com/start" }),
    );
    let reply = post(&url, "/device_authorization", &other);
    assert_eq!(reply.exception(), "InvalidRequestException");
}

#[test]
fn unknown_paths_and_methods_get_404_and_are_counted() {
    let emulator = start();
    let url = emulator.url();
    for (method, path) in [
        ("GET", "/"),
        ("GET", "/token"),
        ("POST", "/assignment/accounts"),
        ("GET", "/logout"),
        ("POST", "/client/register/"),
        ("HEAD", "/assignment/accounts"),
        ("CONNECT", "example.com:443"),
    ] {
        let reply = request(&url, method, path, "", "");
        assert_eq!(
            (reply.status, reply.exception()),
            (404, "UnknownOperationException")
        );
    }
    assert_eq!(emulator.handle().count("Unknown"), 7);
}
