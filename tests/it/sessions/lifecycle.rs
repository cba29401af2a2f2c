//! The lifecycle of a session: sign-in, credentials, refresh, expiry.

use crate::fixture::{ACCOUNT, ROLE, Sandbox, stamp};

#[test]
fn sign_in_stores_a_token_and_credentials_that_later_calls_share() {
    let sandbox = Sandbox::new();
    sandbox.sso(["status"]).run().expect(4);
    sandbox
        .sso(["credential-process", "-p", "dev"])
        .run()
        .expect(4)
        .stderr_contains("hint: sso login corp");
    sandbox.sign_in();
    sandbox.sso(["status", "--quiet"]).run().expect(0);
    let first = sandbox
        .sso(["credential-process", "-p", "dev"])
        .run()
        .expect(0)
        .json();
    assert_eq!(first["Version"], 1);
    assert_eq!(first["AccountId"], ACCOUNT);
    assert!(first["Expiration"].as_str().unwrap().ends_with('Z'));
    let args = [
        "credential_process",
        "-s",
        "corp",
        "-a",
        ACCOUNT,
        "-r",
        ROLE,
    ];
    assert_eq!(sandbox.sso(args).run().expect(0).json(), first);
    assert_eq!(sandbox.server().count("GetRoleCredentials"), 1);
}

#[test]
fn expired_token_is_refreshed_once() {
    let sandbox = Sandbox::new();
    sandbox.store_token(-10);
    sandbox
        .sso(["credential-process", "-p", "dev"])
        .run()
        .expect(0);
    assert_eq!(sandbox.server().count("CreateToken:refresh_token"), 1);
    let token = sandbox.read_json(&sandbox.token_path("corp"));
    assert!(
        token["expiresAt"].as_str().unwrap() > stamp(3600).as_str(),
        "{token}"
    );
}

#[test]
fn status_calls_a_session_ended_by_the_server_expired() {
    let sandbox = Sandbox::new();
    sandbox.store_token(-10);
    sandbox.sso(["status", "--quiet"]).run().expect(0);
    sandbox.server().revoke_refresh_tokens();
    sandbox.credential_process().run().expect(4);
    let status = sandbox.sso(["status", "--json"]).run().expect(4).json();
    assert_eq!(status["sessions"][0]["state"], "expired");
    assert_eq!(status["sessions"][0]["refreshable"], false);
    sandbox.sign_in();
    sandbox.sso(["status", "--quiet"]).run().expect(0);
}

#[test]
fn errors_recognize_a_profile_name_in_the_wrong_argument() {
    let sandbox = Sandbox::new();
    let hint = "hint: dev is a profile";
    sandbox.write_role("corp", ACCOUNT, ROLE, 3600);
    let run = sandbox.sso(["exec", "-p", "dev", "--", "dev"]);
    run.run().expect(127).stderr_contains(hint);
    let typo = sandbox.sso(["credential-process", "-p", "dve"]).run();
    typo.expect(1).stderr_contains("hint: did you mean dev?");
}

#[test]
fn legacy_instance_is_found_by_its_start_url() {
    let sandbox = Sandbox::new();
    let url = "https://old.awsapps.com/start";
    sandbox.write_config(&format!(
        "[sso-session corp]\nsso_start_url = https://corp.awsapps.com/start\nsso_region = eu-west-1\n\n\
         [profile old]\nsso_start_url = {url}\nsso_region = eu-west-1\n\
         sso_account_id = {ACCOUNT}\nsso_role_name = {ROLE}\n"
    ));
    sandbox.sso(["login"]).run().expect(2).stderr_contains(url);
    for arguments in [
        &["status", "-s", url][..],
        &["credential-process", "-s", url, "-a", ACCOUNT, "-r", ROLE],
    ] {
        let outcome = sandbox.sso(arguments).run().expect(4);
        let printed = outcome.stdout + &outcome.stderr;
        assert!(printed.contains("sso login old"), "{printed}");
    }
}
