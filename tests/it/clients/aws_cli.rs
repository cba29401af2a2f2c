//! AWS CLI v2 and `sso` use each other's sign-ins.

use super::{Client, Keys, SharedSession, aws, config, sandbox};
use crate::fixture::compatibility::Direction;
use crate::fixture::{ACCOUNT, ROLE};

#[test]
fn aws_cli_uses_a_sign_in_by_sso() {
    if !Client::AwsCli.is_available() {
        return;
    }
    let sandbox = sandbox();
    sandbox.sign_in();
    let fetched = sandbox.credentials_from(Client::AwsCli);
    assert_eq!(sandbox.server().count("GetRoleCredentials"), 1);

    // Role credentials are shared like the token, without a request.
    sandbox.server().clear_log();
    assert_eq!(sandbox.credentials_from_sso(), fetched);
    sandbox.delete_role_file();
    let fetched = sandbox.credentials_from_sso();
    assert_eq!(sandbox.server().count(""), 1);
    assert_eq!(sandbox.credentials_from(Client::AwsCli), fetched);
    assert_eq!(sandbox.server().count(""), 1);

    let token = sandbox.read_json(&sandbox.token_path("corp"))["accessToken"].clone();
    let listed = aws(&sandbox, ["sso", "list-accounts", "--region", "eu-west-1"])
        .args(["--output", "json", "--access-token"])
        .arg(token.as_str().unwrap())
        .run()
        .expect(0)
        .json();
    let known = sandbox.server().accounts().len();
    assert_eq!(listed["accountList"].as_array().unwrap().len(), known);
    Client::AwsCli.record(&sandbox, Direction::ReadsToken);
    Client::AwsCli.record(&sandbox, Direction::SharesRoles);
}

#[test]
fn sso_uses_a_browser_sign_in_by_aws_cli() {
    if !Client::AwsCli.is_available() {
        return;
    }
    let sandbox = sandbox();
    aws(&sandbox, ["sso", "login", "--profile", "dev"])
        .approving_browser()
        .run()
        .expect(0);
    assert_eq!(sandbox.server().count("CreateToken:authorization_code"), 1);
    assert_sso_uses_the_session(&sandbox);
}

#[test]
fn sso_uses_a_device_code_sign_in_by_aws_cli() {
    if !Client::AwsCli.is_available() {
        return;
    }
    let sandbox = sandbox();
    aws(&sandbox, ["sso", "login", "--sso-session", "corp"])
        .arg("--use-device-code")
        .approving_browser()
        .run()
        .expect(0);
    assert_eq!(sandbox.server().count("CreateToken:authorization_code"), 0);
    assert_sso_uses_the_session(&sandbox);
}

/// Asserts that every command of `sso` works with the CLI's token and that `sso` refreshes it.
fn assert_sso_uses_the_session(sandbox: &crate::fixture::Sandbox) {
    let status = sandbox.sso(["status", "--json"]).run().expect(0).json();
    assert!(status.to_string().contains("\"valid\""), "{status}");
    sandbox
        .sso(["login"])
        .run()
        .expect(0)
        .stderr_contains("already signed in");
    let keys = sandbox.credentials_from_sso();
    let shown = sandbox
        .sso(["exec", "-p", "dev", "--", "printenv", "AWS_ACCESS_KEY_ID"])
        .run()
        .expect(0);
    assert_eq!(shown.stdout.trim(), keys.id);
    assert_eq!(sandbox.server().count("GetRoleCredentials"), 1);

    sandbox.expire_token();
    sandbox.delete_role_file();
    assert_ne!(sandbox.credentials_from_sso(), keys);
    assert_eq!(sandbox.refresh_count(), 1);
    Client::AwsCli.record(sandbox, Direction::SignsIn);
}

#[test]
fn a_refresh_by_either_is_used_by_the_other() {
    if !Client::AwsCli.is_available() {
        return;
    }
    let sandbox = sandbox();
    sandbox.sign_in();
    let written = super::token_format(&sandbox, "corp");

    // The emulator's refresh tokens work once: a second use of the old one would be refused.
    sandbox.expire_token();
    sandbox.credentials_from(Client::AwsCli);
    assert_eq!(sandbox.refresh_count(), 1);
    assert_eq!(super::token_format(&sandbox, "corp"), written);
    sandbox.delete_role_file();
    sandbox.credentials_from_sso();
    assert_eq!(sandbox.refresh_count(), 1);

    sandbox.expire_token();
    sandbox.delete_role_file();
    sandbox.credentials_from_sso();
    assert_eq!(sandbox.refresh_count(), 2);
    assert_eq!(super::token_format(&sandbox, "corp"), written);
    sandbox.delete_role_file();
    sandbox.credentials_from(Client::AwsCli);
    assert_eq!(sandbox.refresh_count(), 2);
    Client::AwsCli.record(&sandbox, Direction::Refreshes);
    Client::AwsCli.record(&sandbox, Direction::AfterRefresh);
}

#[test]
fn a_sign_out_by_either_signs_the_other_out() {
    if !Client::AwsCli.is_available() {
        return;
    }
    let sandbox = sandbox();
    sandbox.sign_in();
    sandbox.credentials_from_sso();
    let token = sandbox.read_json(&sandbox.token_path("corp"))["accessToken"].clone();
    aws(&sandbox, ["sso", "logout"]).run().expect(0);
    assert!(!sandbox.server().is_valid(token.as_str().unwrap()));
    assert!(!sandbox.token_path("corp").exists());
    assert!(!sandbox.role_path("corp", ACCOUNT, ROLE).exists());
    sandbox.sso(["status"]).run().expect(4);
    sandbox
        .sso(["credential-process", "-p", "dev"])
        .run()
        .expect(4)
        .stderr_contains("not signed in to corp")
        .stderr_contains("hint: sso login corp");

    sandbox.sign_in();
    sandbox.credentials_from(Client::AwsCli);
    sandbox
        .sso(["logout"])
        .run()
        .expect(0)
        .stderr_contains("signed out of corp")
        .stderr_contains("the credentials of 1 role");
    let refused = Client::AwsCli.credentials(&sandbox, Some("dev")).run();
    refused
        .expect(255)
        .stderr_contains("Token for corp does not exist");
    Client::AwsCli.record(&sandbox, Direction::SignsOut);
}

#[test]
fn unicode_names_give_both_the_same_files() {
    if !Client::AwsCli.is_available() {
        return;
    }
    let sandbox = sandbox();
    let session = "Büro 東京 \u{1f511}";
    sandbox.write_config(&config(&format!(
        "[sso-session \"{session}\"]\n\
         sso_start_url = https://other.awsapps.com/start/#\n\
         sso_region = eu-west-1\n\
         \n\
         [profile \"Prüfung (old)\"]\n\
         sso_session = {session}\n\
         sso_account_id = 444455556666\n\
         sso_role_name = Ops+team=1,2.x@corp_-\n"
    )));
    sandbox
        .sso(["login", session])
        .approving_browser()
        .run()
        .expect(0);
    let profile = "Prüfung (old)";
    let outcome = sandbox.sso(["credential-process", "-p", profile]).run();
    let keys = Keys::from_json(&outcome.expect(0).json());
    sandbox.server().clear_log();
    let outcome = Client::AwsCli.credentials(&sandbox, Some(profile)).run();
    assert_eq!(Keys::from_json(&outcome.expect(0).json()), keys);
    assert_eq!(sandbox.server().count(""), 0);

    // The CLI finds the client registration too and does not register again.
    aws(&sandbox, ["sso", "login", "--profile", profile])
        .approving_browser()
        .run()
        .expect(0);
    assert_eq!(sandbox.server().count("RegisterClient"), 0);
    let status = sandbox.sso(["status", session]).run();
    status.expect(0);
}
