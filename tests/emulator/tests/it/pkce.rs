//! The authorization code grant with PKCE.

use emulator::{Emulator, Options};
use serde_json::{Value, json};

use crate::http_client::*;

/// The test vector of RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const REDIRECT: &str = "http://127.0.0.1:4711/oauth/callback";

fn start_auto_approving() -> Emulator {
    Emulator::start(Options {
        auto_approve: true,
        ..Options::default()
    })
    .unwrap()
}

fn client(url: &str) -> Value {
    let body = json!({
        "scopes": ["sso:account:access"],
        "grantTypes": ["authorization_code", "refresh_token"],
        "redirectUris": ["http://127.0.0.1/oauth/callback"],
        "issuerUrl": START_URL,
    });
    register(url, body)
}

/// Returns the parameters of a valid request, in the order in which AWS CLI sends them.
fn parameters(client: &Value) -> Vec<(&'static str, String)> {
    vec![
        ("response_type", "code".to_owned()),
        ("client_id", client["clientId"].as_str().unwrap().to_owned()),
        ("redirect_uri", REDIRECT.to_owned()),
        ("state", "s1".to_owned()),
        ("code_challenge_method", "S256".to_owned()),
        ("scopes", "sso:account:access".to_owned()),
        ("code_challenge", CHALLENGE.to_owned()),
    ]
}

fn authorize(url: &str, parameters: &[(&str, String)]) -> Reply {
    // These values need no percent encoding.
    let pairs: Vec<String> = parameters.iter().map(|(n, v)| format!("{n}={v}")).collect();
    request(
        url,
        "GET",
        &format!("/authorize?{}", pairs.join("&")),
        "",
        "",
    )
}

fn code(url: &str, client: &Value) -> String {
    let reply = authorize(url, &parameters(client));
    assert_eq!(reply.status, 302, "{reply:?}");
    let target = reply.header("location").strip_prefix(REDIRECT).unwrap();
    let (code, state) = target
        .strip_prefix("?code=")
        .unwrap()
        .split_once('&')
        .unwrap();
    assert_eq!(state, "state=s1");
    code.to_owned()
}

fn redeem(url: &str, client: &Value, code: &str, extra: Value) -> Reply {
    let body = json!({
        "grantType": "authorization_code",
        "code": code,
        "redirectUri": REDIRECT,
        "codeVerifier": VERIFIER,
    });
    post(url, "/token", &with(&with(client, body), extra))
}

#[test]
fn an_authorization_code_can_be_redeemed_once() {
    let emulator = start_auto_approving();
    let url = emulator.url();
    let client = client(&url);
    let code = code(&url, &client);
    let reply = redeem(&url, &client, &code, json!({})).json();
    assert!(
        emulator
            .handle()
            .is_valid(reply["accessToken"].as_str().unwrap())
    );
    assert!(
        emulator
            .handle()
            .is_refreshable(reply["refreshToken"].as_str().unwrap())
    );
    assert_eq!(
        redeem(&url, &client, &code, json!({})).exception(),
        "InvalidGrantException"
    );
}

#[test]
fn an_authorization_code_is_bound_to_client_redirect_uri_and_verifier() {
    let emulator = start_auto_approving();
    let url = emulator.url();
    let mine = client(&url);
    let wrong = [
        json!({ "codeVerifier": "x".repeat(43) }),
        json!({ "codeVerifier": "short" }),
        json!({ "redirectUri": "http://127.0.0.1:4712/oauth/callback" }),
        json!({ "redirectUri": "http://127.0.0.1/oauth/callback" }),
        client(&url),
    ];
    for extra in wrong {
        let code = code(&url, &mine);
        let reply = redeem(&url, &mine, &code, extra);
        assert_eq!(
            (reply.status, reply.exception()),
            (400, "InvalidGrantException")
        );
        // The failed attempt has invalidated the code.
        assert_eq!(
            redeem(&url, &mine, &code, json!({})).exception(),
            "InvalidGrantException"
        );
    }
    let late = code(&url, &mine);
    emulator.handle().advance(301);
    assert_eq!(
        redeem(&url, &mine, &late, json!({})).exception(),
        "InvalidGrantException"
    );
}

#[test]
fn an_invalid_client_or_redirect_uri_is_not_redirected() {
    let emulator = start_auto_approving();
    let url = emulator.url();
    let client = client(&url);
    for (name, value) in [
        ("client_id", "unknown"),
        ("client_id", ""),
        ("redirect_uri", "http://127.0.0.1:4711/other"),
        ("redirect_uri", "https://evil.example.com/oauth/callback"),
        ("redirect_uri", ""),
    ] {
        let mut parameters = parameters(&client);
        parameters
            .iter_mut()
            .filter(|(n, _)| *n == name)
            .for_each(|p| p.1 = value.to_owned());
        let reply = authorize(&url, &parameters);
        assert_eq!(
            (reply.status, reply.header("location")),
            (400, ""),
            "{name}={value}"
        );
        assert!(reply.body.contains("id=\"result\""));
    }
    let mut unknown = parameters(&client);
    unknown.push(("prompt", "login".to_owned()));
    assert_eq!(authorize(&url, &unknown).status, 400);
    emulator.handle().advance(91 * 86_400);
    assert_eq!(authorize(&url, &parameters(&client)).status, 400);
}

#[test]
fn other_errors_are_redirected_to_the_client() {
    let emulator = start_auto_approving();
    let url = emulator.url();
    let client = client(&url);
    for (name, value, error) in [
        ("response_type", "token", "unsupported_response_type"),
        ("state", "", "invalid_request"),
        ("code_challenge_method", "plain", "invalid_request"),
        ("code_challenge", "tooshort", "invalid_request"),
        ("scopes", "other:scope", "invalid_scope"),
    ] {
        let mut parameters = parameters(&client);
        parameters
            .iter_mut()
            .filter(|(n, _)| *n == name)
            .for_each(|p| p.1 = value.to_owned());
        let reply = authorize(&url, &parameters);
        let target = format!("{REDIRECT}?error={error}&error_description=");
        assert!(
            reply.header("location").starts_with(&target),
            "{name}: {reply:?}"
        );
        assert_eq!(
            reply.header("location").contains("state=s1"),
            name != "state"
        );
    }
    let mut singular = parameters(&client);
    singular
        .iter_mut()
        .filter(|(n, _)| *n == "scopes")
        .for_each(|p| p.0 = "scope");
    assert!(
        authorize(&url, &singular)
            .header("location")
            .contains("?code=")
    );
}

#[test]
fn a_head_request_does_not_consume_a_queued_decision() {
    let emulator = start();
    emulator.handle().approve_next();
    let url = emulator.url();
    let client = client(&url);
    assert_eq!(request(&url, "HEAD", "/authorize", "", "").status, 200);
    assert!(!code(&url, &client).is_empty());
    assert_eq!(authorize(&url, &parameters(&client)).status, 200);
}

#[test]
fn a_denial_is_redirected_to_the_client() {
    let emulator = start();
    emulator.handle().deny_next();
    let url = emulator.url();
    let reply = authorize(&url, &parameters(&client(&url)));
    let target = format!("{REDIRECT}?error=access_denied&error_description=");
    assert!(reply.header("location").starts_with(&target), "{reply:?}");
    assert!(reply.header("location").ends_with("&state=s1"));
}
