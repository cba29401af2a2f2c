//! The control endpoint.

use serde_json::{Value, json};

use crate::http_client::*;

fn control(url: &str, path: &str, body: Value) -> Value {
    let reply = post(url, &format!("/_control/{path}"), &body);
    assert_eq!(reply.status, 200, "{path}: {reply:?}");
    reply.json()
}

fn read(url: &str, path: &str) -> Value {
    request(url, "GET", &format!("/_control/{path}"), "", "").json()
}

#[test]
fn options_devices_accounts_faults_clock_and_log_work_over_http() {
    let emulator = start();
    let url = emulator.url();
    control(
        &url,
        "options",
        json!({ "interval": 0, "refresh_mode": "omit" }),
    );
    assert_eq!(read(&url, "options")["refresh_mode"], "omit");
    let client = register_with_account_scope(&url);
    let device = start_device(&url, &client);
    assert_eq!(
        read(&url, "devices")["waiting"],
        json!([device["userCode"]])
    );
    control(&url, "approve", json!({}));
    let tokens = poll(&url, &client, &device).json();
    let token = tokens["accessToken"].as_str().unwrap();
    control(
        &url,
        "accounts",
        json!({ "id": "000000000001", "name": "N", "roles": ["R"] }),
    );
    control(
        &url,
        "assign",
        json!({ "account": "000000000001", "role": "S" }),
    );
    let keys = json!({
        "account": "000000000001", "role": "S",
        "access_key_id": "A", "secret_access_key": "B", "session_token": "C",
    });
    control(&url, "role_keys", keys);
    let path = "/federation/credentials?role_name=S&account_id=000000000001";
    let reply = portal(&url, "GET", path, token).json();
    assert_eq!(reply["roleCredentials"]["secretAccessKey"], "B");
    control(
        &url,
        "faults",
        json!({ "action": "reply", "path": "/assignment", "status": 500 }),
    );
    assert_eq!(
        portal(&url, "GET", "/assignment/accounts", token).status,
        500
    );
    assert_eq!(
        request(&url, "DELETE", "/_control/faults", "", "").status,
        200
    );
    control(&url, "clock", json!({ "advance": 28_801 }));
    assert_eq!(
        portal(&url, "GET", "/assignment/accounts", token).status,
        401
    );
    assert_eq!(read(&url, "counts")["ListAccounts"], 2);
    let log = read(&url, "log?operation=ListAccounts");
    assert_eq!(log[0]["fault"], "reply");
    assert_eq!(log[1]["headers"]["x-amz-sso_bearer_token"], token);
    control(&url, "clear", json!({}));
    assert_eq!(read(&url, "log"), json!([]));
}

#[test]
fn sessions_can_be_minted_and_ended_over_http() {
    let emulator = start();
    let (url, handle) = (emulator.url(), emulator.handle());
    let mint = || control(&url, "mint", json!({ "access_seconds": 60 }));
    let minted = mint();
    assert_eq!(
        minted["expires_at"]
            .as_u64()
            .unwrap()
            .abs_diff(handle.now() + 60)
            / 5,
        0
    );
    let (access, refresh) = (
        minted["access_token"].clone(),
        minted["refresh_token"].clone(),
    );
    control(&url, "revoke", json!({ "access_token": access }));
    assert!(!handle.is_valid(access.as_str().unwrap()));
    control(&url, "kill_refresh_tokens", json!({}));
    assert!(!handle.is_refreshable(refresh.as_str().unwrap()));
    for (path, by_token) in [("end_session", true), ("revoke_all", false)] {
        let minted = mint();
        let body = if by_token {
            json!({ "access_token": minted["access_token"] })
        } else {
            json!({})
        };
        control(&url, path, body);
        assert!(!handle.is_valid(minted["access_token"].as_str().unwrap()));
    }
    control(&url, "rate", json!({ "per_second": 0.01, "burst": 0.0 }));
    assert_eq!(portal(&url, "GET", "/assignment/accounts", "x").status, 429);
}

#[test]
fn invalid_requests_are_rejected_and_change_nothing() {
    let emulator = start();
    let url = emulator.url();
    for (path, body, status) in [
        ("nothing", json!({}), 404),
        ("options", json!({ "interval": 5, "colour": 1 }), 400),
        ("clock", json!({}), 400),
        ("faults", json!({ "action": "explode" }), 400),
        ("approve", json!({ "user_code": "XXXX-XXXX" }), 404),
        ("revoke", json!({ "access_token": "x" }), 404),
        ("assign", json!({ "account": 5 }), 400),
        ("rate", json!({}), 400),
    ] {
        let reply = post(&url, &format!("/_control/{path}"), &body);
        assert_eq!(reply.status, status, "{path}");
        assert!(reply.json()["error"].is_string());
    }
    assert_eq!(
        request(&url, "POST", "/_control/clear", "", "[1]").status,
        400
    );
    assert_eq!(emulator.handle().options().interval, 1);
    assert_eq!(emulator.handle().count(""), 0, "controls are not logged");
}
