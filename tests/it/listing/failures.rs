//! Accounts that cannot be read, incomplete listings, and sessions that end in the middle.

use std::time::Duration;

use emulator::{Action, Fault};
use serde_json::json;

use super::{
    LIST, ROLES, account_page, organization, refusal, rows, stored_account, stored_header,
};
use crate::fixture::parallel::{WAIT_LIMIT, timed};
use crate::fixture::{CLOSED_URL, Sandbox};

/// Account that the portal lists but gives no access to.
const INACCESSIBLE: &str = "999900001111";

/// Makes the portal list three accounts, one of them `INACCESSIBLE`.
fn list_inaccessible_account(sandbox: &Sandbox) {
    let page = account_page(&["111122223333", INACCESSIBLE, "012345678901"], None);
    sandbox.server().fault(Fault::on_operation(LIST, page));
}

#[test]
fn an_incomplete_listing_is_printed_with_a_warning() {
    let sandbox = Sandbox::new();
    sandbox.store_token(3600);
    list_inaccessible_account(&sandbox);
    for format in ["--csv", "--json"] {
        let outcome = sandbox.sso(["roles", "--refresh", format]).run().expect(1);
        let outcome = outcome
            .stderr_contains(
                "warning: the roles of 1 account could not be read: the portal gave no access",
            )
            .stderr_contains(INACCESSIBLE)
            .stderr_contains(
                "error: the listing is not complete: 1 account of 3 could not be read\nhint: ",
            );
        assert!(outcome.stdout.contains("012345678901"), "{outcome:?}");
    }
    assert_eq!(stored_header(&sandbox)["missing"], 1);
    // An incomplete listing is not used for the next call.
    sandbox.server().clear_faults();
    let outcome = sandbox.sso(["roles"]).run().expect(0);
    assert_eq!(outcome.stderr, "");
    assert_eq!(stored_header(&sandbox)["missing"], 0);
}

#[test]
fn a_failed_listing_does_not_replace_a_fuller_one() {
    let sandbox = Sandbox::new();
    sandbox.store_token(3600);
    sandbox.cache_listing(600);
    let before = stored_account(&sandbox, "012345678901");
    assert_eq!(before["roles"], json!(["ReadOnlyAccess"]));
    let gone = refusal(403, "ForbiddenException");
    sandbox
        .server()
        .fault(Fault::on_operation(ROLES, gone).times(7));
    sandbox.sso(["roles", "--refresh"]).run().expect(1);
    assert_eq!(stored_account(&sandbox, "012345678901"), before);
    assert_eq!(stored_header(&sandbox)["missing"], 7);
    // A listing that fails completely does not replace it either.
    let all = std::fs::read(sandbox.inventory_path()).unwrap();
    sandbox
        .server()
        .fault(Fault::on_operation(LIST, refusal(500, "")));
    sandbox
        .sso(["roles", "--refresh"])
        .run()
        .expect(1)
        .stderr_contains("the service failed");
    assert_eq!(std::fs::read(sandbox.inventory_path()).unwrap(), all);
}

#[test]
fn refreshing_one_account_keeps_the_others_and_their_age() {
    let sandbox = Sandbox::new();
    sandbox.store_token(3600);
    sandbox.cache_listing(600);
    let at = stored_header(&sandbox)["taken_at"].clone();
    sandbox.server().assign("012345678901", "New");
    let arguments = [
        "roles",
        "-a",
        "012345678901",
        "--refresh",
        "--tsv",
        "--no-header",
    ];
    let outcome = sandbox.sso(arguments).run().expect(0);
    assert_eq!(rows(&outcome), 2);
    let account = stored_account(&sandbox, "012345678901");
    assert_eq!(account["roles"], json!(["ReadOnlyAccess", "New"]));
    assert_eq!(account["name"], "Leading Zero");
    assert_eq!(stored_header(&sandbox)["taken_at"], at);
    sandbox
        .sso(["roles", "-r", "^New$"])
        .run()
        .expect(0)
        .stderr_contains("10m ago");
    // An account assigned since then is not in the stored listing, so it is requested.
    sandbox.server().assign("888800001111", "Newer");
    let outcome = sandbox.sso(["roles", "-a", "888800001111"]).run().expect(0);
    assert!(outcome.stdout.contains("Newer") && outcome.stderr.is_empty());
}

#[test]
fn one_silent_request_delays_the_listing_by_its_timeout_only() {
    let sandbox = organization(12);
    let hang = Action::Hang(Duration::from_secs(60));
    sandbox
        .server()
        .fault(Fault::on_operation(ROLES, hang).skip(3).times(1));
    let run = sandbox.sso(["roles", "--jsonl"]).env("SSO_TIMEOUT", "2.5");
    let (outcome, took) = timed(|| run.run().expect(1));
    let outcome =
        outcome.stderr_contains("the service did not answer in time: no answer within 2.5 s");
    assert_eq!(rows(&outcome), 11);
    assert!(took < Duration::from_secs(20), "{took:?}");
}

#[test]
fn an_unreachable_portal_is_a_quick_error() {
    let sandbox = organization(50);
    let run = sandbox
        .sso(["roles"])
        .env("AWS_ENDPOINT_URL_SSO", CLOSED_URL);
    let (_, took) = timed(|| run.run().expect(1).stderr_contains("could not be reached"));
    assert!(took < Duration::from_secs(10), "{took:?}");
    // The portal fails in the middle.
    let gone = Action::Close { reset: true };
    sandbox
        .server()
        .fault(Fault::on_operation(ROLES, gone).skip(8));
    let (outcome, took) = timed(|| sandbox.sso(["roles", "--jsonl"]).run().expect(1));
    let outcome = outcome
        .stderr_contains("42 accounts of 50 could not be read")
        .stderr_contains("and 37 more)");
    assert_eq!(rows(&outcome), 8);
    assert!(took < Duration::from_secs(20), "{took:?}");
    assert!(sandbox.server().count(ROLES) < 8 + 50);
}

#[test]
fn a_token_revoked_in_the_middle_is_refreshed_and_the_listing_continues() {
    let sandbox = organization(30);
    let unauthorized = refusal(401, "UnauthorizedException");
    sandbox
        .server()
        .fault(Fault::on_operation(ROLES, unauthorized).skip(10).times(1));
    let outcome = sandbox.sso(["roles", "--jsonl"]).run().expect(0);
    assert_eq!(rows(&outcome), 30);
    assert_eq!(sandbox.server().count("CreateToken:refresh_token"), 1);
    assert_eq!(sandbox.server().count(LIST), 1);
    assert!(sandbox.server().count(ROLES) <= 30 + 6);
}

#[test]
fn a_session_that_ends_in_the_middle_needs_a_sign_in_and_keeps_what_was_read() {
    let sandbox = organization(30);
    let stored = sandbox.store_token(3600);
    let hold = Fault::on_operation(ROLES, Action::Hold);
    sandbox.server().fault(hold.skip(10));
    let running = sandbox.sso(["roles", "--jsonl"]).start();
    assert!(sandbox.server().wait_until_held(WAIT_LIMIT));
    sandbox.server().end_session_of(&stored.access_token);
    sandbox.server().revoke_refresh_tokens();
    sandbox.server().clear_faults();
    sandbox.server().release_held();
    let outcome = running
        .finish()
        .expect(4)
        .stderr_contains("hint: sso login corp");
    let outcome =
        outcome.stderr_contains("error: the listing is not complete: the sign-in to corp");
    assert!(rows(&outcome) >= 4 && rows(&outcome) < 30, "{outcome:?}");
    assert!(stored_header(&sandbox)["missing"].as_u64().unwrap() > 0);
    assert_eq!(
        stored_account(&sandbox, "000000000001")["roles"],
        json!(["Role001"])
    );
    // No token is left that looks valid.
    sandbox.sso(["roles"]).run().expect(4);
}

#[test]
fn responses_of_another_server_end_no_session() {
    let sandbox = Sandbox::new();
    sandbox.store_token(3600);
    for action in [
        Action::CaptivePortal,
        refusal(401, ""),
        Action::MalformedJson,
        super::reply(200, "", &json!({})),
        super::reply(200, "", &json!({ "accountList": null })),
        super::reply(200, "", &json!({ "accountList": "x" })),
        super::reply(200, "", &json!([])),
    ] {
        sandbox
            .server()
            .fault(Fault::on_operation(LIST, action.clone()));
        let outcome = sandbox.sso(["roles"]).run();
        assert_eq!(
            (outcome.code, rows(&outcome)),
            (1, 0),
            "{action:?}: {outcome:?}"
        );
        sandbox.server().clear_faults();
    }
    assert!(!sandbox.inventory_path().exists());
    sandbox.sso(["roles"]).run().expect(0);
}

#[test]
fn a_listing_that_cannot_be_stored_is_printed() {
    let sandbox = Sandbox::new();
    sandbox.store_token(3600);
    let state = sandbox.home().join(".local/state/sso");
    std::fs::create_dir_all(&state).unwrap();
    std::fs::write(state.join("inventory"), "in the way").unwrap();
    let outcome = sandbox.sso(["roles", "--jsonl"]).run().expect(0);
    assert_eq!(rows(&outcome), 9);
    outcome.stderr_contains("warning: the accounts and roles are not stored in ");
}

#[test]
fn an_incomplete_listing_changes_no_profile() {
    let sandbox = Sandbox::new();
    sandbox.store_token(3600);
    sandbox.sso(["populate"]).run().expect(0);
    let path = sandbox.home().join(".aws/config");
    let before = std::fs::read(&path).unwrap();
    sandbox.server().remove_account("222233334444");
    list_inaccessible_account(&sandbox);
    for arguments in [&["populate"][..], &["populate", "--prune"]] {
        sandbox
            .sso(arguments)
            .args(["--region", "eu-west-1"])
            .run()
            .expect(1)
            .stderr_contains("error: the listing is not complete");
        assert_eq!(std::fs::read(&path).unwrap(), before);
    }
    sandbox.server().clear_faults();
    sandbox
        .sso(["populate", "--prune"])
        .run()
        .expect(0)
        .stderr_contains("removed: 222233334444.PowerUserAccess");
}

#[test]
fn a_portal_with_endless_lists_fills_neither_memory_nor_disk() {
    let sandbox = Sandbox::new();
    sandbox.store_token(3600);
    let ids: Vec<String> = (0..12_000).map(|number| format!("{number:012}")).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let accounts = Fault::on_operation(LIST, account_page(&ids, None));
    // Not built as a value, which would take much memory in the process of all tests.
    let roles: String = (0..24_000)
        .map(|number| format!(r#",{{"roleName":"{number:09}"}}"#))
        .collect();
    let roles = Action::Reply {
        status: 200,
        headers: vec![("Content-Type".to_owned(), "application/json".to_owned())],
        body: format!(r#"{{"roleList":[{}]}}"#, roles.trim_start_matches(',')),
    };
    let roles = Fault::on_operation(ROLES, roles);
    sandbox.server().fault(accounts);
    sandbox.server().fault(roles);
    let run = sandbox.sso(["roles", "--refresh", "-r", "nothing"]);
    let (outcome, peak) = run.start().finish_measured();
    outcome
        .expect(1)
        .stderr_contains("the lists are longer than those of any organization");
    assert!(peak < 400 << 10, "{peak} KiB");
    assert!(sandbox.server().count(ROLES) < 100);
    // The stored listing is not too large to be read again.
    let size = std::fs::metadata(sandbox.inventory_path()).map_or(0, |meta| meta.len());
    assert!(size <= 32 << 20, "{size} bytes");
}
