//! One session that `sso` and each client use and refresh in turn. What a client writes into
//! the token file has a form of its own, and all of them are read.

use emulator::{Options, RefreshMode};
use serde_json::json;

use super::{Client, Judged, sandbox};
use crate::fixture::compatibility::Direction;
use crate::fixture::{ACCOUNT, ROLE, Sandbox, stamp};

fn left(sandbox: &Sandbox, seconds: i64) {
    let path = sandbox.token_path("corp");
    let mut token = sandbox.read_json(&path);
    token["expiresAt"] = stamp(seconds).into();
    sandbox.write_file(&path, token.to_string().as_bytes());
}

/// The client gets credentials by the token, which it shows before where it has a way to.
#[track_caller]
fn uses(sandbox: &Sandbox, client: Client) {
    if client != Client::AwsCli {
        let outcome = client.token(sandbox, "dev").run().expect(0);
        let stored = &sandbox.read_json(&sandbox.token_path("corp"))["accessToken"];
        assert_eq!(outcome.json()["Token"], *stored);
    }
    // The CLI would take the role credentials that `sso` has stored.
    let _ = std::fs::remove_file(sandbox.role_path("corp", ACCOUNT, ROLE));
    sandbox.by_client(client);
}

/// `sso` does, on what the client has left, and has no need to refresh.
#[track_caller]
fn goes_on(sandbox: &Sandbox, refreshes: u64) {
    assert_eq!(sandbox.refreshes(), refreshes);
    let status = sandbox.sso(["status", "--json"]).run().expect(0).json();
    assert!(status.to_string().contains("\"valid\""), "{status}");
    let login = sandbox.sso(["login"]).run();
    login.expect(0).stderr_contains("already signed in");
    sandbox.by_sso();
    assert_eq!(sandbox.refreshes(), refreshes);
}

/// `sso` refreshes.
#[track_caller]
fn by_sso(sandbox: &Sandbox, refreshes: u64) {
    sandbox.expire_token();
    let _ = std::fs::remove_file(sandbox.role_path("corp", ACCOUNT, ROLE));
    sandbox.by_sso();
    assert_eq!(sandbox.refreshes(), refreshes);
}

fn uses_a_sign_in(client: Client) {
    if !client.is_available() {
        return;
    }
    let sandbox = sandbox();
    sandbox.sign_in();
    let written = std::fs::read(sandbox.token_path("corp")).unwrap();
    sandbox.server().clear_log();
    uses(&sandbox, client);
    assert_eq!(sandbox.server().count("GetRoleCredentials"), 1);
    assert_eq!(sandbox.server().count(""), 1);
    assert_eq!(std::fs::read(sandbox.token_path("corp")).unwrap(), written);
    client.did(&sandbox, Direction::ReadsToken);

    sandbox.sso(["logout"]).run().expect(0);
    let refused = client.credentials(&sandbox, Some("dev")).run();
    assert_ne!(refused.code, 0, "{refused:?}");
}

/// The emulator's refresh tokens are spent by their use, so whoever went on with one that
/// the other has used would be refused.
fn takes_turns(client: Client) {
    if !client.is_available() {
        return;
    }
    let sandbox = sandbox();
    sandbox.sign_in();
    left(&sandbox, 60);
    uses(&sandbox, client);
    if client == Client::Go {
        // It waits until there is nothing left.
        assert_eq!(sandbox.refreshes(), 0);
        sandbox.expire_token();
        uses(&sandbox, client);
    }
    goes_on(&sandbox, 1);
    client.did(&sandbox, Direction::Refreshes);

    by_sso(&sandbox, 2);
    uses(&sandbox, client);
    assert_eq!(sandbox.refreshes(), 2);
    client.did(&sandbox, Direction::AfterRefresh);

    sandbox.expire_token();
    uses(&sandbox, client);
    goes_on(&sandbox, 3);
    by_sso(&sandbox, 4);
}

/// What the client makes of a file with more in it than it needs, `sso` can read, and brings
/// into the form again that it had.
fn has_a_form_of_its_own(client: Client) {
    if !client.is_available() {
        return;
    }
    let sandbox = sandbox();
    sandbox.sign_in();
    let path = sandbox.token_path("corp");
    let form = super::shape(&sandbox, "corp");
    let mut token = sandbox.read_json(&path);
    token["receivedAt"] = "2026-01-01T00:00:00.5Z".into();
    token["nested"] = json!({ "deep": [1, null, true] });
    let pretty = serde_json::to_string_pretty(&token).unwrap();
    sandbox.write_file(&path, pretty.as_bytes());
    sandbox.expire_token();
    uses(&sandbox, client);
    goes_on(&sandbox, 1);

    // What is known of each, so that this test is seen to test something.
    let token = sandbox.read_json(&path);
    let has_fractions = token["expiresAt"].as_str().unwrap().contains('.');
    let keeps_more = token["nested"].is_object();
    let of_many_lines = std::fs::read_to_string(&path).unwrap().lines().count() > 1;
    let (fractions, more, lines) = match client {
        Client::AwsCli | Client::Boto3 => (false, false, false),
        Client::JavaScript => (true, true, true),
        Client::Go => (false, true, false),
        Client::Rust | Client::Java => (true, false, false),
    };
    assert_eq!(
        (has_fractions, keeps_more, of_many_lines),
        (fractions, more, lines)
    );

    by_sso(&sandbox, 2);
    assert_eq!(super::shape(&sandbox, "corp"), form);
    uses(&sandbox, client);
    assert_eq!(sandbox.refreshes(), 2);
}

/// A server may give no new refresh token when it refreshes (RFC 6749 §6), and the clients
/// disagree about what then becomes of the old one.
fn may_lose_the_refresh_token(client: Client) {
    if !client.is_available() {
        return;
    }
    let sandbox = sandbox();
    sandbox.sign_in();
    let omit = |options: &mut Options| options.refresh_mode = RefreshMode::Omit;
    sandbox.server().configure(omit);
    by_sso(&sandbox, 1);
    sandbox.expire_token();
    uses(&sandbox, client);
    goes_on(&sandbox, 2);
    let token = sandbox.read_json(&sandbox.token_path("corp"));
    let keeps_it = token["refreshToken"].is_string();
    assert_eq!(keeps_it, client == Client::Rust, "{client:?}");
    if keeps_it {
        return by_sso(&sandbox, 3);
    }
    sandbox.expire_token();
    sandbox.forget_role();
    sandbox
        .credential_process()
        .run()
        .expect(4)
        .stderr_contains("hint: sso login corp");
    assert_eq!(sandbox.refreshes(), 2);
    sandbox.sign_in();
    by_sso(&sandbox, 3);
}

#[test]
fn the_cli_takes_over_from_an_sdk_by_way_of_sso() {
    if !Client::JavaScript.is_available() || !Client::AwsCli.is_available() {
        return;
    }
    let sandbox = sandbox();
    sandbox.sign_in();
    sandbox.expire_token();
    sandbox.by_client(Client::JavaScript);
    let keys = sandbox.by_sso();
    assert_eq!(sandbox.by_client(Client::AwsCli), keys);
}

each_client!(uses_a_sign_in);
each_client!(takes_turns);
each_client!(may_lose_the_refresh_token);
each_client!(has_a_form_of_its_own);
