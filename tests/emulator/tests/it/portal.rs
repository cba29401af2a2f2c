//! The access portal.

use emulator::{Account, RoleKeys};

use crate::http_client::*;

#[test]
fn every_listed_role_has_credentials_and_each_fetch_differs() {
    let emulator = start();
    let (url, handle) = (emulator.url(), emulator.handle());
    let token = handle.mint_session().access_token;
    let accounts = portal(&url, "GET", "/assignment/accounts", &token).json();
    let listed = accounts["accountList"].as_array().unwrap();
    assert_eq!(listed.len(), handle.accounts().len());
    assert!(
        listed
            .iter()
            .any(|account| account.get("accountName").is_none())
    );
    let mut seen = Vec::new();
    for account in listed {
        let id = account["accountId"].as_str().unwrap();
        let path = format!("/assignment/roles?account_id={id}");
        let roles = portal(&url, "GET", &path, &token).json();
        for role in roles["roleList"].as_array().unwrap() {
            let name = role["roleName"].as_str().unwrap().replace('+', "%2B");
            let path = format!("/federation/credentials?role_name={name}&account_id={id}");
            let reply = portal(&url, "GET", &path, &token);
            assert_eq!(reply.status, 200, "{path}: {reply:?}");
            let keys = &reply.json()["roleCredentials"];
            let expected = (handle.now() + 3600) * 1000;
            assert!(keys["expiration"].as_u64().unwrap().abs_diff(expected) < 5000);
            let id = keys["accessKeyId"].as_str().unwrap().to_owned();
            assert!(id.starts_with("ASIA") && id.len() == 20 && !seen.contains(&id));
            assert_eq!(keys["secretAccessKey"].as_str().unwrap().len(), 40);
            seen.push(id);
        }
    }
    assert_eq!(handle.count("GetRoleCredentials"), seen.len() as u64);
}

#[test]
fn unassigned_roles_are_forbidden() {
    let emulator = start();
    let (url, handle) = (emulator.url(), emulator.handle());
    let token = handle.mint_session().access_token;
    handle.unassign("111122223333", "ReadOnlyAccess");
    for path in [
        "/federation/credentials?role_name=ReadOnlyAccess&account_id=111122223333",
        "/federation/credentials?role_name=Other&account_id=111122223333",
        "/federation/credentials?role_name=ReadOnlyAccess&account_id=12345678901",
        "/assignment/roles?account_id=000000000000",
    ] {
        let reply = portal(&url, "GET", path, &token);
        assert_eq!(
            (reply.status, reply.exception()),
            (403, "ForbiddenException"),
            "{path}"
        );
        let body = r#"{"message":"No access","__type":"com.amazonaws.switchboard.portal#ForbiddenException"}"#;
        assert_eq!(
            reply.json(),
            serde_json::from_str::<serde_json::Value>(body).unwrap()
        );
    }
}

#[test]
fn invalid_tokens_are_unauthorized() {
    let emulator = start();
    let (url, handle) = (emulator.url(), emulator.handle());
    let expired = handle.mint_session().access_token;
    handle.advance(28_801);
    for (method, path) in [
        (
            "GET",
            "/federation/credentials?role_name=ReadOnlyAccess&account_id=111122223333",
        ),
        ("GET", "/assignment/accounts"),
        ("GET", "/assignment/roles?account_id=111122223333"),
        ("POST", "/logout"),
    ] {
        for token in ["", "wrong", &expired] {
            let reply = portal(&url, method, path, token);
            assert_eq!(
                (reply.status, reply.exception()),
                (401, "UnauthorizedException")
            );
            assert_eq!(
                reply.json()["message"],
                "Session token not found or invalid"
            );
        }
        assert_eq!(
            request(&url, method, path, "Authorization: Bearer x\r\n", "").status,
            401
        );
    }
}

#[test]
fn listings_are_paginated_and_parameters_validated() {
    let emulator = start();
    let (url, handle) = (emulator.url(), emulator.handle());
    let token = handle.mint_session().access_token;
    handle.fill_accounts(45, 3);
    let (mut path, mut count, mut pages) = ("/assignment/accounts".to_owned(), 0, 0);
    loop {
        let reply = portal(&url, "GET", &path, &token).json();
        count += reply["accountList"].as_array().unwrap().len();
        pages += 1;
        let Some(next) = reply["nextToken"].as_str() else {
            break;
        };
        let next = next
            .replace('+', "%2B")
            .replace('/', "%2F")
            .replace('=', "%3D");
        path = format!("/assignment/accounts?next_token={next}");
    }
    assert_eq!((count, pages), (45, 3));
    let all = portal(&url, "GET", "/assignment/accounts?max_result=100", &token).json();
    assert_eq!(all["accountList"].as_array().map(Vec::len), Some(45));
    assert!(all.get("nextToken").is_none());
    for query in [
        "max_result=0",
        "max_result=101",
        "maxResults=10",
        "max_result=1&max_result=1",
        "next_token=x",
    ] {
        let path = format!("/assignment/accounts?{query}");
        assert_eq!(
            portal(&url, "GET", &path, &token).exception(),
            "InvalidRequestException"
        );
    }
    for path in [
        "/federation/credentials?account_id=1",
        "/assignment/roles",
        "/federation/credentials?role_name=&account_id=1",
    ] {
        assert_eq!(portal(&url, "GET", path, &token).status, 400, "{path}");
    }
}

#[test]
fn accounts_and_role_keys_can_be_set() {
    let emulator = start();
    let (url, handle) = (emulator.url(), emulator.handle());
    let token = handle.mint_session().access_token;
    handle.clear_accounts();
    handle.put_account(Account::new("000000000001", "One", &["A"]));
    handle.assign("000000000001", "B");
    let keys = RoleKeys {
        access_key_id: "ASIAREAL".to_owned(),
        secret_access_key: "s".to_owned(),
        session_token: "t".to_owned(),
        expiration_ms: Some(5),
    };
    handle.set_role_keys("000000000001", "B", Some(keys));
    let path = "/federation/credentials?account_id=000000000001&role_name=B";
    let reply = portal(&url, "GET", path, &token).json();
    assert_eq!(reply["roleCredentials"]["accessKeyId"], "ASIAREAL");
    assert_eq!(reply["roleCredentials"]["expiration"], 5);
    handle.remove_account("000000000001");
    assert_eq!(portal(&url, "GET", path, &token).status, 403);
}

#[test]
fn requests_above_the_rate_limit_get_429() {
    let emulator = start();
    let (url, handle) = (emulator.url(), emulator.handle());
    let token = handle.mint_session().access_token;
    handle.set_rate(0.01, 2.0);
    let statuses = [0; 4].map(|_| portal(&url, "GET", "/assignment/accounts", &token).status);
    assert_eq!(statuses, [200, 200, 429, 429]);
    let reply = portal(&url, "GET", "/assignment/accounts", &token);
    assert_eq!(reply.exception(), "TooManyRequestsException");
    assert_eq!(reply.json()["message"], "HTTP 429 Unknown Code");
    // The rate limit does not apply to the OIDC service.
    register_with_account_scope(&url);
    handle.clear_rate();
    assert_eq!(
        portal(&url, "GET", "/assignment/accounts", &token).status,
        200
    );
}
