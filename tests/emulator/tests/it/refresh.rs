//! Refresh tokens and portal sessions: rotation, expiry, revocation.

use emulator::{Emulator, MintOptions, MintedSession, Options, RefreshMode};
use serde_json::{Value, json};

use crate::http_client::*;

fn client(minted: &MintedSession) -> Value {
    json!({ "clientId": minted.client_id, "clientSecret": minted.client_secret })
}

fn token(minted: &MintedSession) -> Value {
    json!(minted.refresh_token)
}

#[test]
fn a_refresh_token_rotates_and_works_once() {
    let emulator = start();
    let (url, minted) = (emulator.url(), emulator.handle().mint_session());
    let first = refresh(&url, &client(&minted), &token(&minted)).json();
    let again = refresh(&url, &client(&minted), &token(&minted));
    assert_eq!(
        (again.status, again.exception()),
        (400, "InvalidGrantException")
    );
    assert_eq!(
        refresh(&url, &client(&minted), &first["refreshToken"]).status,
        200
    );
    assert!(emulator.handle().is_valid(&minted.access_token));
    assert_eq!(emulator.handle().count("CreateToken:refresh_token"), 3);
}

#[test]
fn reusable_and_omit_modes_keep_the_old_token_valid() {
    for (refresh_mode, has_new) in [(RefreshMode::Reusable, true), (RefreshMode::Omit, false)] {
        let emulator = Emulator::start(Options {
            refresh_mode,
            ..Options::default()
        })
        .unwrap();
        let (url, minted) = (emulator.url(), emulator.handle().mint_session());
        for _ in 0..2 {
            let reply = refresh(&url, &client(&minted), &token(&minted));
            assert_eq!(reply.status, 200);
            assert_eq!(reply.json().get("refreshToken").is_some(), has_new);
        }
    }
}

#[test]
fn a_refresh_token_of_another_client_is_rejected() {
    let emulator = start();
    let (url, minted) = (emulator.url(), emulator.handle().mint_session());
    let other = register_with_account_scope(&url);
    assert_eq!(
        refresh(&url, &other, &token(&minted)).exception(),
        "InvalidGrantException"
    );
    assert_eq!(refresh(&url, &client(&minted), &token(&minted)).status, 200);
}

#[test]
fn an_expired_or_deleted_registration_is_rejected() {
    let emulator = start();
    let (url, handle) = (emulator.url(), emulator.handle());
    let minted = handle.mint(&MintOptions {
        registration_seconds: Some(60),
        ..MintOptions::default()
    });
    handle.advance(61);
    let reply = refresh(&url, &client(&minted), &token(&minted));
    assert_eq!(
        (reply.status, reply.exception()),
        (401, "InvalidClientException")
    );
    assert_eq!(reply.json()["error"], "invalid_client");
    let minted = handle.mint_session();
    handle.forget_clients();
    assert_eq!(refresh(&url, &client(&minted), &token(&minted)).status, 401);
}

#[test]
fn access_tokens_and_sessions_expire_by_the_server_clock() {
    let emulator = Emulator::start(Options {
        access_token_seconds: 3600,
        ..Options::default()
    })
    .unwrap();
    let (url, handle) = (emulator.url(), emulator.handle());
    let minted = handle.mint_session();
    assert_eq!(minted.expires_at + 25_200, minted.session_expires_at);
    handle.advance(3601);
    assert!(!handle.is_valid(&minted.access_token));
    let next = refresh(&url, &client(&minted), &token(&minted)).json();
    assert_eq!(next["expiresIn"], 3600);
    handle.advance(25_000);
    let last = refresh(&url, &client(&minted), &next["refreshToken"]).json();
    assert!(
        last["expiresIn"].as_u64().unwrap() <= 199,
        "the access token expires with its session: {last}"
    );
    handle.advance(200);
    let late = refresh(&url, &client(&minted), &last["refreshToken"]);
    assert_eq!(late.exception(), "InvalidGrantException");
}

#[test]
fn a_second_sign_in_inherits_the_expiry_of_the_active_session() {
    let emulator = Emulator::start(Options {
        auto_approve: true,
        ..Options::default()
    })
    .unwrap();
    let (url, handle) = (emulator.url(), emulator.handle());
    let client = register_with_account_scope(&url);
    let sign_in = || poll(&url, &client, &start_device(&url, &client)).json();
    let first = sign_in();
    handle.advance(1000);
    let second = sign_in();
    assert!(second["expiresIn"].as_u64().unwrap() <= 27_800);
    let reply = portal(
        &url,
        "POST",
        "/logout",
        first["accessToken"].as_str().unwrap(),
    );
    assert_eq!((reply.status, reply.body.as_str()), (200, ""));
    assert!(!handle.is_valid(second["accessToken"].as_str().unwrap()));
    let dead = refresh(&url, &client, &second["refreshToken"]);
    assert_eq!(dead.exception(), "InvalidGrantException");
    assert_eq!(sign_in()["expiresIn"], 28_800);
}

#[test]
fn tokens_and_sessions_can_be_revoked() {
    let emulator = start();
    let (url, handle) = (emulator.url(), emulator.handle());
    let minted = handle.mint_session();
    let refresh_token = minted.refresh_token.clone().unwrap();
    assert!(handle.revoke_access(&minted.access_token));
    assert!(!handle.is_valid(&minted.access_token) && handle.is_refreshable(&refresh_token));
    handle.revoke_refresh_tokens();
    let dead = refresh(&url, &client(&minted), &token(&minted));
    assert_eq!(dead.exception(), "InvalidGrantException");
    let minted = handle.mint_session();
    handle.end_all_sessions();
    assert!(!handle.is_valid(&minted.access_token));
    assert!(!handle.is_refreshable(&minted.refresh_token.unwrap()));
    let minted = handle.mint_session();
    assert!(handle.end_session_of(&minted.access_token));
    assert!(!handle.is_valid(&minted.access_token));
}

#[test]
fn provenance_orders_tokens_and_keeps_their_sign_in() {
    let emulator = start();
    let (url, handle) = (emulator.url(), emulator.handle());
    let (first, second) = (handle.mint_session(), handle.mint_session());
    let of = |token: &str| handle.provenance(token).unwrap();
    let (old, new) = (of(&first.access_token), of(&second.access_token));
    assert!(old.sign_in < new.sign_in && old.sequence < new.sequence);
    // A refreshed token is newer than all earlier ones and keeps its sign-in.
    let refreshed = refresh(&url, &client(&first), &token(&first)).json();
    let refreshed = of(refreshed["accessToken"].as_str().unwrap());
    assert_eq!(refreshed.sign_in, old.sign_in);
    assert!(refreshed.sequence > new.sequence);
    assert_eq!(handle.provenance("unknown"), None);
}
