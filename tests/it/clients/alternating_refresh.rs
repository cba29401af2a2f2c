//! `sso` and each client use and refresh one session in turn. Each client writes the token file
//! in its own format, and `sso` reads all of them.

use emulator::{Options, RefreshMode};
use serde_json::json;

use super::{Client, SharedSession, sandbox};
use crate::fixture::compatibility::Direction;
use crate::fixture::{ACCOUNT, ROLE, Sandbox, stamp};

/// Sets the seconds until the token of `corp` expires.
fn set_token_expiry(sandbox: &Sandbox, seconds: i64) {
    let path = sandbox.token_path("corp");
    let mut token = sandbox.read_json(&path);
    token["expiresAt"] = stamp(seconds).into();
    sandbox.write_file(&path, token.to_string().as_bytes());
}

/// Makes the client fetch credentials with the token. Except for AWS CLI v2, which cannot print
/// it, also asserts that the client's token is the stored one.
#[track_caller]
fn use_token(sandbox: &Sandbox, client: Client) {
    if client != Client::AwsCli {
        let outcome = client.token(sandbox, "dev").run().expect(0);
        let stored = &sandbox.read_json(&sandbox.token_path("corp"))["accessToken"];
        assert_eq!(outcome.json()["Token"], *stored);
    }
    // The CLI would use the role credentials that `sso` has stored.
    let _ = std::fs::remove_file(sandbox.role_path("corp", ACCOUNT, ROLE));
    sandbox.credentials_from(client);
}

/// Asserts that `sso` uses the token that the client has stored, without another refresh.
#[track_caller]
fn assert_sso_continues(sandbox: &Sandbox, refreshes: u64) {
    assert_eq!(sandbox.refresh_count(), refreshes);
    let status = sandbox.sso(["status", "--json"]).run().expect(0).json();
    assert!(status.to_string().contains("\"valid\""), "{status}");
    let login = sandbox.sso(["login"]).run();
    login.expect(0).stderr_contains("already signed in");
    sandbox.credentials_from_sso();
    assert_eq!(sandbox.refresh_count(), refreshes);
}

/// Makes `sso` refresh the token and asserts the total number of refreshes.
#[track_caller]
fn refresh_by_sso(sandbox: &Sandbox, refreshes: u64) {
    sandbox.expire_token();
    let _ = std::fs::remove_file(sandbox.role_path("corp", ACCOUNT, ROLE));
    sandbox.credentials_from_sso();
    assert_eq!(sandbox.refresh_count(), refreshes);
}

fn uses_the_token_of_sso(client: Client) {
    if !client.is_available() {
        return;
    }
    let sandbox = sandbox();
    sandbox.sign_in();
    let written = std::fs::read(sandbox.token_path("corp")).unwrap();
    sandbox.server().clear_log();
    use_token(&sandbox, client);
    assert_eq!(sandbox.server().count("GetRoleCredentials"), 1);
    assert_eq!(sandbox.server().count(""), 1);
    assert_eq!(std::fs::read(sandbox.token_path("corp")).unwrap(), written);
    client.record(&sandbox, Direction::ReadsToken);

    sandbox.sso(["logout"]).run().expect(0);
    let refused = client.credentials(&sandbox, Some("dev")).run();
    assert_ne!(refused.code, 0, "{refused:?}");
}

/// The emulator's refresh tokens work once, so a process that uses one that the other has
/// already used would be refused.
fn alternates_refreshes_with_sso(client: Client) {
    if !client.is_available() {
        return;
    }
    let sandbox = sandbox();
    sandbox.sign_in();
    set_token_expiry(&sandbox, 60);
    use_token(&sandbox, client);
    if client == Client::Go {
        // The SDK for Go refreshes only an expired token.
        assert_eq!(sandbox.refresh_count(), 0);
        sandbox.expire_token();
        use_token(&sandbox, client);
    }
    assert_sso_continues(&sandbox, 1);
    client.record(&sandbox, Direction::Refreshes);

    refresh_by_sso(&sandbox, 2);
    use_token(&sandbox, client);
    assert_eq!(sandbox.refresh_count(), 2);
    client.record(&sandbox, Direction::AfterRefresh);

    sandbox.expire_token();
    use_token(&sandbox, client);
    assert_sso_continues(&sandbox, 3);
    refresh_by_sso(&sandbox, 4);
}

/// `sso` reads the file that a client has written from one with unknown members, and restores
/// its own format.
fn writes_a_format_that_sso_reads(client: Client) {
    if !client.is_available() {
        return;
    }
    let sandbox = sandbox();
    sandbox.sign_in();
    let path = sandbox.token_path("corp");
    let form = super::token_format(&sandbox, "corp");
    let mut token = sandbox.read_json(&path);
    token["receivedAt"] = "2026-01-01T00:00:00.5Z".into();
    token["nested"] = json!({ "deep": [1, null, true] });
    let pretty = serde_json::to_string_pretty(&token).unwrap();
    sandbox.write_file(&path, pretty.as_bytes());
    sandbox.expire_token();
    use_token(&sandbox, client);
    assert_sso_continues(&sandbox, 1);

    // The known differences of each client prove that the formats differ.
    let token = sandbox.read_json(&path);
    let has_fractions = token["expiresAt"].as_str().unwrap().contains('.');
    let keeps_more = token["nested"].is_object();
    let has_lines = std::fs::read_to_string(&path).unwrap().lines().count() > 1;
    let expected = match client {
        Client::AwsCli | Client::Boto3 => (false, false, false),
        Client::JavaScript => (true, true, true),
        Client::Go => (false, true, false),
        Client::Rust | Client::Java => (true, false, false),
    };
    assert_eq!((has_fractions, keeps_more, has_lines), expected);

    refresh_by_sso(&sandbox, 2);
    assert_eq!(super::token_format(&sandbox, "corp"), form);
    use_token(&sandbox, client);
    assert_eq!(sandbox.refresh_count(), 2);
}

/// A refresh response need not contain a new refresh token (RFC 6749 §6). The clients disagree
/// about whether to keep the old one.
fn keeps_or_drops_the_old_refresh_token(client: Client) {
    if !client.is_available() {
        return;
    }
    let sandbox = sandbox();
    sandbox.sign_in();
    let omit = |options: &mut Options| options.refresh_mode = RefreshMode::Omit;
    sandbox.server().configure(omit);
    refresh_by_sso(&sandbox, 1);
    sandbox.expire_token();
    use_token(&sandbox, client);
    assert_sso_continues(&sandbox, 2);
    let token = sandbox.read_json(&sandbox.token_path("corp"));
    let keeps_it = token["refreshToken"].is_string();
    assert_eq!(keeps_it, client == Client::Rust, "{client:?}");
    if keeps_it {
        return refresh_by_sso(&sandbox, 3);
    }
    sandbox.expire_token();
    sandbox.delete_role_file();
    sandbox
        .credential_process()
        .run()
        .expect(4)
        .stderr_contains("hint: sso login corp");
    assert_eq!(sandbox.refresh_count(), 2);
    sandbox.sign_in();
    refresh_by_sso(&sandbox, 3);
}

#[test]
fn aws_cli_uses_the_credentials_after_an_sdk_refresh() {
    if !Client::JavaScript.is_available() || !Client::AwsCli.is_available() {
        return;
    }
    let sandbox = sandbox();
    sandbox.sign_in();
    sandbox.expire_token();
    sandbox.credentials_from(Client::JavaScript);
    let keys = sandbox.credentials_from_sso();
    assert_eq!(sandbox.credentials_from(Client::AwsCli), keys);
}

each_client!(uses_the_token_of_sso);
each_client!(alternates_refreshes_with_sso);
each_client!(keeps_or_drops_the_old_refresh_token);
each_client!(writes_a_format_that_sso_reads);
