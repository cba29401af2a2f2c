//! Sign-out removes the named session and its credentials, and nothing else.

use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use emulator::{Action, Fault, MintOptions};

use crate::fixture::parallel::timed;
use crate::fixture::users::run_as_owner;
use crate::fixture::{ACCOUNT, CLOSED_URL, ROLE, START_URL, Sandbox, StoredToken};

const OTHER_URL: &str = "https://other.awsapps.com/start";

/// Creates a sandbox signed in to `corp` and to a second session `other`.
fn sandbox_with_two_sessions() -> Sandbox {
    let sandbox = Sandbox::new();
    let config = std::fs::read_to_string(sandbox.home().join(".aws/config")).unwrap();
    let other = format!(
        "\n[sso-session other]\n\
         sso_start_url = {OTHER_URL}\n\
         sso_region = eu-west-1\n\
         sso_registration_scopes = sso:account:access\n\
         \n\
         [profile elsewhere]\n\
         sso_session = other\n\
         sso_account_id = {ACCOUNT}\n\
         sso_role_name = {ROLE}\n"
    );
    sandbox.write_config(&(config + &other));
    sandbox.store_token(3600);
    let minted = sandbox.server().mint(&MintOptions {
        start_url: OTHER_URL.to_owned(),
        ..MintOptions::default()
    });
    let stored = StoredToken {
        minted,
        expires_in: 3600,
        registration_in: 3600,
    };
    sandbox.write_token("other", &stored);
    sandbox.credential_process().run().expect(0);
    let run = sandbox.sso(["credential-process", "-p", "elsewhere"]);
    run.run().expect(0);
    sandbox
}

/// Returns `true` if neither token nor credentials of the session exist; panics if only one does.
fn is_signed_out(sandbox: &Sandbox, session: &str) -> bool {
    let role = sandbox.role_path(session, ACCOUNT, ROLE);
    let (token, role) = (sandbox.token_path(session).exists(), role.exists());
    assert_eq!(token, role, "only one of token and credentials exists");
    !token
}

#[test]
fn logout_ends_only_the_named_session() {
    let sandbox = sandbox_with_two_sessions();
    let token = sandbox.read_json(&sandbox.token_path("corp"));
    let outcome = sandbox.sso(["logout", "corp"]).run().expect(0);
    outcome
        .stderr_contains("signed out of corp")
        .stderr_contains("the credentials of 1 role");
    assert!(is_signed_out(&sandbox, "corp") && !is_signed_out(&sandbox, "other"));
    let logouts = sandbox.server().requests("Logout");
    let bearers: Vec<_> = logouts
        .iter()
        .map(|entry| entry.header("x-amz-sso_bearer_token"))
        .collect();
    assert_eq!(bearers, [token["accessToken"].as_str()]);
    assert!(
        !sandbox
            .server()
            .is_valid(token["accessToken"].as_str().unwrap())
    );
    sandbox.sso(["status", "-q", "other"]).run().expect(0);
    sandbox.sso(["status", "-q", "corp"]).run().expect(4);
    sandbox
        .sso(["logout", "corp"])
        .run()
        .expect(0)
        .stderr_contains("not signed in to corp");
    assert_eq!(sandbox.server().count("Logout"), 1);
}

#[test]
fn logout_all_ends_every_session() {
    let sandbox = sandbox_with_two_sessions();
    sandbox.sso(["logout", "--all"]).run().expect(0);
    assert!(is_signed_out(&sandbox, "corp") && is_signed_out(&sandbox, "other"));
    assert_eq!(sandbox.server().count("Logout"), 2);
}

#[test]
fn logout_removes_credentials_of_unconfigured_roles() {
    let sandbox = Sandbox::new();
    sandbox.store_token(3600);
    let roles = [
        (ACCOUNT, "ReadOnlyAccess"),
        ("222233334444", "PowerUserAccess"),
    ];
    for (account, role) in roles {
        let run = sandbox.sso([
            "credential-process",
            "-s",
            "corp",
            "-a",
            account,
            "-r",
            role,
        ]);
        run.run().expect(0);
    }
    // Credentials of configured roles are removed, even if another tool fetched them.
    sandbox.write_role("corp", ACCOUNT, ROLE, 3600);
    let outcome = sandbox.sso(["logout"]).run().expect(0);
    outcome.stderr_contains("the credentials of 3 roles");
    assert_eq!(sandbox.files(".aws/cli/cache"), []);
}

#[test]
fn logout_without_network_removes_local_files_and_warns() {
    let sandbox = sandbox_with_two_sessions();
    let run = sandbox
        .sso(["logout", "corp"])
        .env("AWS_ENDPOINT_URL_SSO", CLOSED_URL);
    let outcome = run.run().expect(0);
    let expiry = "its access token lives until ";
    outcome
        .stderr_contains("signed out of corp on this computer")
        .stderr_contains("the session was not ended on the server")
        .stderr_contains(expiry)
        .stderr_contains(&format!(
            "sign out in the access portal to end it: {START_URL}"
        ));
    assert!(is_signed_out(&sandbox, "corp") && !is_signed_out(&sandbox, "other"));
}

#[test]
fn logout_does_not_wait_for_a_hanging_server() {
    let sandbox = Sandbox::new();
    sandbox.store_token(3600);
    let silence = Action::Hang(Duration::from_secs(60));
    sandbox
        .server()
        .fault(Fault::on_operation("Logout", silence));
    let run = sandbox.sso(["logout"]).env("SSO_TIMEOUT", "1");
    let (outcome, wall) = timed(|| run.run());
    outcome.expect(0).stderr_contains("not ended on the server");
    assert!(wall < Duration::from_secs(4), "{wall:?}");
    assert!(!sandbox.token_path("corp").exists());
}

#[test]
fn logout_refreshes_an_expired_token_to_end_its_session() {
    let sandbox = Sandbox::new();
    let old = sandbox.store_token(-10);
    sandbox.sso(["logout"]).run().expect(0);
    assert_eq!(sandbox.server().count("CreateToken:refresh_token"), 1);
    assert_eq!(sandbox.server().count("Logout"), 1);
    assert!(!sandbox.server().is_valid(&old.access_token));
    assert!(!sandbox.token_path("corp").exists());
}

#[test]
fn logout_of_an_ended_session_succeeds() {
    for expires_in in [3600, -10] {
        let sandbox = Sandbox::new();
        sandbox.store_token(expires_in);
        sandbox.server().end_all_sessions();
        let outcome = sandbox.sso(["logout"]).run().expect(0);
        assert!(!outcome.stderr.contains("warning"), "{outcome:#?}");
        assert!(!sandbox.token_path("corp").exists());
    }
}

#[test]
fn logout_does_not_resend_a_rejected_refresh_token() {
    let sandbox = Sandbox::new();
    sandbox.store_token(-10);
    sandbox.server().revoke_refresh_tokens();
    sandbox.credential_process().run().expect(4);
    let outcome = sandbox.sso(["logout"]).run().expect(0);
    outcome.stderr_contains("signed out of corp");
    assert!(!sandbox.token_path("corp").exists());
    sandbox.assert_refresh_tokens_used_once();
}

#[test]
fn logout_keeps_files_of_other_tools() {
    let sandbox = sandbox_with_two_sessions();
    let again = sandbox
        .sso(["login", "--force", "corp"])
        .approving_browser();
    again.run().expect(0);
    sandbox.credential_process().run().expect(0);
    let others = [
        ".aws/sso/cache/kiro-auth-token.json",
        ".aws/sso/cache/botocore-client-id-eu-west-1.json",
        ".aws/cli/cache/5b5c1ae0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0.json",
        ".aws/cli/cache/session.db",
    ];
    for path in others {
        let text = r#"{"accessToken":"of another tool","region":"eu-west-1"}"#;
        sandbox.write_file(&sandbox.home().join(path), text.as_bytes());
    }
    let before = sandbox.files(".aws/sso/cache").len() + sandbox.files(".aws/cli/cache").len();
    sandbox.sso(["logout", "--all"]).run().expect(0);
    let after = sandbox.files(".aws/sso/cache").len() + sandbox.files(".aws/cli/cache").len();
    // Two tokens and two roles; registrations stay.
    assert_eq!(before - after, 4);
    for path in others {
        assert!(sandbox.home().join(path).exists(), "{path}");
    }
}

#[test]
fn logout_keeps_a_token_of_another_instance() {
    let sandbox = Sandbox::new();
    let mut minted = sandbox.store_token(3600);
    minted.start_url = OTHER_URL.to_owned();
    let stored = StoredToken {
        minted,
        expires_in: 3600,
        registration_in: 3600,
    };
    sandbox.write_token("corp", &stored);
    sandbox
        .sso(["logout"])
        .run()
        .expect(0)
        .stderr_contains("not signed in");
    assert_eq!(sandbox.server().count(""), 0);
    assert!(sandbox.token_path("corp").exists());
}

#[test]
fn logout_removes_a_malformed_token_and_its_credentials() {
    let sandbox = Sandbox::new();
    sandbox.store_token(3600);
    sandbox.credential_process().run().expect(0);
    std::fs::write(sandbox.token_path("corp"), "{").unwrap();
    sandbox.sso(["logout"]).run().expect(0);
    assert!(is_signed_out(&sandbox, "corp"));
}

#[test]
fn logout_names_unremovable_files_and_ends_the_server_session() {
    let sandbox = Sandbox::new();
    sandbox.store_token(3600);
    sandbox.credential_process().run().expect(0);
    let token = sandbox.read_json(&sandbox.token_path("corp"));
    let run = run_as_owner(&sandbox);
    let cache = sandbox.home().join(".aws/cli/cache");
    std::fs::set_permissions(&cache, PermissionsExt::from_mode(0o500)).unwrap();
    let outcome = run(&sandbox, &["logout"]).run().expect(1);
    let role = sandbox.role_path("corp", ACCOUNT, ROLE);
    outcome.stderr_contains(&format!("cannot remove {}", role.display()));
    assert!(!sandbox.token_path("corp").exists());
    let token = token["accessToken"].as_str().unwrap();
    assert!(!sandbox.server().is_valid(token));
    std::fs::set_permissions(&cache, PermissionsExt::from_mode(0o700)).unwrap();
    run(&sandbox, &["logout"]).run().expect(0);
    assert!(is_signed_out(&sandbox, "corp"));
}

#[test]
fn aws_cli_logout_signs_sso_out() {
    // `aws sso logout` removes every token and every role file of the provider.
    let sandbox = sandbox_with_two_sessions();
    for directory in [".aws/sso/cache", ".aws/cli/cache"] {
        for (path, _) in sandbox.files(directory) {
            std::fs::remove_file(path).unwrap();
        }
    }
    sandbox
        .credential_process()
        .run()
        .expect(4)
        .stderr_contains("not signed in to corp");
    sandbox
        .sso(["logout", "--all"])
        .run()
        .expect(0)
        .stderr_contains("not signed in");
    let login = sandbox.sso(["login", "corp"]).approving_browser();
    login.run().expect(0);
    sandbox.credential_process().run().expect(0);
}
