//! What cannot be read, what stays of what was read, and the end of a session in between.

use std::time::Duration;

use emulator::{Action, Fault};
use serde_json::json;

use super::{LIST, ROLES, head, kept, listed, organization, refusal, rows};
use crate::fixture::parallel::timed;
use crate::fixture::{CLOSED_URL, Sandbox};

/// The portal lists this account and then gives no access to it.
const GHOST: &str = "999900001111";

fn with_a_ghost(sandbox: &Sandbox) {
    let page = listed(&["111122223333", GHOST, "012345678901"], None);
    sandbox.server().fault(Fault::on_operation(LIST, page));
}

#[test]
fn what_was_read_is_printed_and_what_is_missing_is_said() {
    let sandbox = Sandbox::new();
    sandbox.store_token(3600);
    with_a_ghost(&sandbox);
    for form in ["--csv", "--json"] {
        let outcome = sandbox.sso(["roles", "--refresh", form]).run().expect(1);
        let outcome = outcome
            .stderr_contains(
                "warning: the roles of 1 account could not be read: the portal gave no access",
            )
            .stderr_contains(GHOST)
            .stderr_contains(
                "error: the listing is not complete: 1 account of 3 could not be read\nhint: ",
            );
        assert!(outcome.stdout.contains("012345678901"), "{outcome:?}");
    }
    assert_eq!(head(&sandbox)["missing"], 1);
    // What is not complete is no answer for the next one.
    sandbox.server().clear_faults();
    let outcome = sandbox.sso(["roles"]).run().expect(0);
    assert_eq!(outcome.stderr, "");
    assert_eq!(head(&sandbox)["missing"], 0);
}

#[test]
fn a_listing_that_fails_does_not_replace_what_is_known_by_less() {
    let sandbox = Sandbox::new();
    sandbox.store_token(3600);
    sandbox.cache_listing(600);
    let before = kept(&sandbox, "012345678901");
    assert_eq!(before["roles"], json!(["ReadOnlyAccess"]));
    let gone = refusal(403, "ForbiddenException");
    sandbox
        .server()
        .fault(Fault::on_operation(ROLES, gone).times(7));
    sandbox.sso(["roles", "--refresh"]).run().expect(1);
    assert_eq!(kept(&sandbox, "012345678901"), before);
    assert_eq!(head(&sandbox)["missing"], 7);
    // Nor does one of which nothing came.
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
fn one_account_read_anew_leaves_the_others_and_their_age() {
    let sandbox = Sandbox::new();
    sandbox.store_token(3600);
    sandbox.cache_listing(600);
    let at = head(&sandbox)["taken_at"].clone();
    sandbox.server().assign("012345678901", "New");
    let words = [
        "roles",
        "-a",
        "012345678901",
        "--refresh",
        "--tsv",
        "--no-header",
    ];
    let outcome = sandbox.sso(words).run().expect(0);
    assert_eq!(rows(&outcome), 2);
    let account = kept(&sandbox, "012345678901");
    assert_eq!(account["roles"], json!(["ReadOnlyAccess", "New"]));
    assert_eq!(account["name"], "Leading Zero");
    assert_eq!(head(&sandbox)["taken_at"], at);
    sandbox
        .sso(["roles", "-r", "^New$"])
        .run()
        .expect(0)
        .stderr_contains("10m ago");
    // One that was given since is in no kept listing, and is asked for.
    sandbox.server().assign("888800001111", "Newer");
    let outcome = sandbox.sso(["roles", "-a", "888800001111"]).run().expect(0);
    assert!(outcome.stdout.contains("Newer") && outcome.stderr.is_empty());
}

#[test]
fn a_portal_that_is_silent_for_one_account_holds_up_nobody_for_long() {
    let sandbox = organization(12);
    let silence = Action::Hang(Duration::from_secs(60));
    sandbox
        .server()
        .fault(Fault::on_operation(ROLES, silence).skip(3).times(1));
    let run = sandbox.sso(["roles", "--jsonl"]).env("SSO_TIMEOUT", "1.5");
    let (outcome, took) = timed(|| run.run().expect(1));
    let outcome =
        outcome.stderr_contains("the service did not answer in time: no answer within 1.5 s");
    assert_eq!(rows(&outcome), 11);
    assert!(took < Duration::from_secs(10), "{took:?}");
}

#[test]
fn a_portal_that_is_gone_is_an_error_soon() {
    let sandbox = organization(50);
    let run = sandbox
        .sso(["roles"])
        .env("AWS_ENDPOINT_URL_SSO", CLOSED_URL);
    let (_, took) = timed(|| run.run().expect(1).stderr_contains("could not be reached"));
    assert!(took < Duration::from_secs(10), "{took:?}");
    // In the middle.
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
fn a_token_that_is_revoked_in_the_middle_is_renewed_and_the_listing_goes_on() {
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
fn a_session_that_ends_in_the_middle_is_a_sign_in_and_what_was_read_is_kept() {
    let sandbox = organization(30);
    let stored = sandbox.store_token(3600);
    let slow = Action::Delay(Duration::from_millis(50));
    sandbox.server().fault(Fault::on_operation(ROLES, slow));
    let running = sandbox.sso(["roles", "--jsonl"]).start();
    assert!(
        sandbox
            .server()
            .wait_for(ROLES, 10, Duration::from_secs(30))
    );
    sandbox.server().end_session_of(&stored.access_token);
    sandbox.server().revoke_refresh_tokens();
    let outcome = running
        .finish()
        .expect(4)
        .stderr_contains("hint: sso login corp");
    let outcome =
        outcome.stderr_contains("error: the listing is not complete: the sign-in to corp");
    assert!(rows(&outcome) >= 4 && rows(&outcome) < 30, "{outcome:?}");
    assert!(head(&sandbox)["missing"].as_u64().unwrap() > 0);
    assert_eq!(kept(&sandbox, "000000000001")["roles"], json!(["Role001"]));
    // Nothing is left that could be taken for a session.
    sandbox.sso(["roles"]).run().expect(4);
}

#[test]
fn what_answers_in_the_portals_place_ends_no_session() {
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
fn a_listing_that_cannot_be_kept_is_printed_all_the_same() {
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
fn no_profile_is_written_or_removed_for_a_listing_that_is_not_complete() {
    let sandbox = Sandbox::new();
    sandbox.store_token(3600);
    sandbox.sso(["populate"]).run().expect(0);
    let path = sandbox.home().join(".aws/config");
    let before = std::fs::read(&path).unwrap();
    sandbox.server().remove_account("222233334444");
    with_a_ghost(&sandbox);
    for words in [&["populate"][..], &["populate", "--prune"]] {
        sandbox
            .sso(words)
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
