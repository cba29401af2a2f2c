//! The device code grant.

use std::thread::sleep;
use std::time::Duration;

use emulator::{Emulator, Options};
use serde_json::json;

use crate::http_client::*;

#[test]
fn the_first_poll_may_be_immediate_and_fast_polls_get_slow_down() {
    // A long interval, so that a slow computer cannot pass it between two requests.
    let emulator = Emulator::start(Options {
        interval: 60,
        ..Options::default()
    })
    .unwrap();
    let url = emulator.url();
    let client = register_with_account_scope(&url);
    let device = start_device(&url, &client);
    assert_eq!(device["interval"], 60);
    assert_eq!(
        poll(&url, &client, &device).exception(),
        "AuthorizationPendingException"
    );
    assert_eq!(
        poll(&url, &client, &device).exception(),
        "SlowDownException"
    );
    // The interval is now 65 seconds, so the original one is too short.
    emulator.handle().advance(60);
    assert_eq!(
        poll(&url, &client, &device).exception(),
        "SlowDownException"
    );
    emulator.handle().advance(71);
    assert_eq!(
        poll(&url, &client, &device).exception(),
        "AuthorizationPendingException"
    );
}

#[test]
fn polling_at_the_interval_in_real_time_is_not_too_fast() {
    let emulator = start();
    let url = emulator.url();
    let client = register_with_account_scope(&url);
    let device = start_device(&url, &client);
    assert_eq!(device["interval"], 1);
    for _ in 0..2 {
        assert_eq!(
            poll(&url, &client, &device).json()["error"],
            "authorization_pending"
        );
        sleep(Duration::from_secs(1));
    }
    assert!(
        emulator
            .handle()
            .approve_device(device["userCode"].as_str().unwrap())
    );
    let reply = poll(&url, &client, &device);
    assert_eq!(
        (reply.status, reply.json()["expiresIn"].as_u64()),
        (200, Some(28_800))
    );
    assert!(
        emulator
            .handle()
            .is_valid(reply.json()["accessToken"].as_str().unwrap())
    );
    assert_eq!(
        poll(&url, &client, &device).exception(),
        "InvalidGrantException"
    );
}

#[test]
fn strict_interval_can_be_disabled() {
    let emulator = Emulator::start(Options {
        strict_interval: false,
        ..Options::default()
    })
    .unwrap();
    let url = emulator.url();
    let client = register_with_account_scope(&url);
    let device = start_device(&url, &client);
    for _ in 0..5 {
        assert_eq!(
            poll(&url, &client, &device).exception(),
            "AuthorizationPendingException"
        );
    }
}

#[test]
fn a_device_code_can_be_denied_and_can_expire() {
    let emulator = start();
    let (url, handle) = (emulator.url(), emulator.handle());
    let client = register_with_account_scope(&url);
    let denied = start_device(&url, &client);
    let expired = start_device(&url, &client);
    assert!(handle.deny_device(&denied["userCode"].as_str().unwrap().to_lowercase()));
    assert!(!handle.approve_device(denied["userCode"].as_str().unwrap()));
    assert_eq!(
        poll(&url, &client, &denied).exception(),
        "AccessDeniedException"
    );
    handle.advance(601);
    assert!(!handle.approve_device(expired["userCode"].as_str().unwrap()));
    assert_eq!(
        poll(&url, &client, &expired).exception(),
        "ExpiredTokenException"
    );
}

#[test]
fn queued_decisions_apply_to_the_next_sign_ins() {
    let emulator = start();
    let (url, handle) = (emulator.url(), emulator.handle());
    let client = register_with_account_scope(&url);
    handle.approve_next();
    handle.deny_next();
    let devices = [0; 3].map(|_| start_device(&url, &client));
    let statuses = devices
        .each_ref()
        .map(|device| poll(&url, &client, device).json());
    assert!(statuses[0]["accessToken"].is_string());
    assert_eq!(statuses[1]["error"], "access_denied");
    assert_eq!(statuses[2]["error"], "authorization_pending");
    let waiting = handle.wait_for_code(Duration::ZERO);
    assert_eq!(waiting.as_deref(), devices[2]["userCode"].as_str());
}

#[test]
fn only_clients_with_the_account_scope_get_refresh_tokens() {
    let emulator = Emulator::start(Options {
        auto_approve: true,
        ..Options::default()
    })
    .unwrap();
    let url = emulator.url();
    for (scopes, refreshable) in [(json!([]), false), (json!(["sso:account:access"]), true)] {
        let client = register(&url, json!({ "scopes": scopes }));
        let reply = poll(&url, &client, &start_device(&url, &client)).json();
        assert_eq!(reply["refreshToken"].is_string(), refreshable);
        assert_eq!(reply["tokenType"], "Bearer");
    }
    let plain = register(&url, json!({}));
    let reply = poll(&url, &plain, &start_device(&url, &plain)).json();
    assert!(reply.get("refreshToken").is_none());
}

#[test]
fn a_device_code_of_another_client_is_rejected() {
    let emulator = Emulator::start(Options {
        auto_approve: true,
        ..Options::default()
    })
    .unwrap();
    let url = emulator.url();
    let device = start_device(&url, &register_with_account_scope(&url));
    assert_eq!(
        poll(&url, &register_with_account_scope(&url), &device).exception(),
        "InvalidGrantException"
    );
}
