//! Sign-in: when it is needed, which flow is used, and how it fails.

pub mod browser;
mod concurrent;
mod device;
mod foreign_callbacks;
mod pasted_redirect;
mod registration;

use std::time::Duration;

use crate::fixture::{ACCOUNT, ROLE, Running, Sandbox};

/// Limit of waits, longer than any takes even on a loaded computer.
const WAIT_LIMIT: Duration = Duration::from_secs(60);

/// Waits until a sign-in without a browser prints its URL, and returns it.
#[track_caller]
fn wait_for_url(running: &mut Running) -> String {
    running.wait_for_stderr("open this address in a browser:\n\n");
    running.rest_of_line()
}

#[test]
fn login_does_nothing_with_enough_time_left() {
    let sandbox = Sandbox::new();
    sandbox.store_token(1000);
    let outcome = sandbox.sso(["login"]).approving_browser().run();
    outcome
        .expect(0)
        .stderr_contains("already signed in to corp: the access token has 16m left");
    assert_eq!(sandbox.server().count(""), 0);
}

#[test]
fn login_refreshes_an_expiring_or_expired_session() {
    for left in [800, -60] {
        let sandbox = Sandbox::new();
        sandbox.store_token(left);
        let outcome = sandbox.sso(["login", "corp"]).approving_browser().run();
        outcome
            .expect(0)
            .stderr_contains("renewed the sign-in to corp");
        assert_eq!(sandbox.server().count("CreateToken:refresh_token"), 1);
        assert_eq!(sandbox.server().count("Authorize"), 0);
    }
}

#[test]
fn login_signs_in_when_a_refresh_is_rejected() {
    let sandbox = Sandbox::new();
    sandbox.store_token(-60);
    sandbox.server().revoke_refresh_tokens();
    let outcome = sandbox.sso(["login"]).approving_browser().run();
    outcome.expect(0).stderr_contains("signed in to corp");
    assert_eq!(sandbox.server().count("CreateToken:refresh_token"), 1);
    assert_eq!(sandbox.server().count("CreateToken:authorization_code"), 1);
    sandbox
        .sso(["credential-process", "-p", "dev"])
        .run()
        .expect(0);
}

#[test]
fn login_force_ends_the_old_session_and_signs_in() {
    for left in [7200, -60] {
        let sandbox = Sandbox::new();
        let old = sandbox.store_token(left);
        sandbox.write_role("corp", ACCOUNT, ROLE, 3600);
        let outcome = sandbox.sso(["login", "--force"]).approving_browser().run();
        outcome.expect(0).stderr_contains("signed in to corp");
        assert_eq!(sandbox.server().count("Logout"), 1);
        assert!(!sandbox.server().is_valid(&old.access_token));
        // An expired token cannot end its session, so it is refreshed first.
        let refreshes = u64::from(left < 0);
        assert_eq!(
            sandbox.server().count("CreateToken:refresh_token"),
            refreshes
        );
        assert!(!sandbox.role_path("corp", ACCOUNT, ROLE).exists());
        sandbox
            .sso(["credential-process", "-p", "dev"])
            .run()
            .expect(0);
    }
}

#[test]
fn login_all_signs_in_to_every_instance_and_reports_each() {
    let sandbox = Sandbox::new();
    sandbox.write_config(
        "[sso-session one]\nsso_start_url = https://one.awsapps.com/start\nsso_region = eu-west-1\n\n\
         [sso-session broken]\nsso_region = eu-west-1\n\n\
         [profile old]\nsso_start_url = https://old.awsapps.com/start\nsso_region = eu-west-1\n\n\
         [profile also]\nsso_start_url = https://old.awsapps.com/start\nsso_region = eu-west-1\n",
    );
    let outcome = sandbox.sso(["login", "--all"]).approving_browser().run();
    let outcome = outcome
        .expect(1)
        .stderr_contains("sso-session \"broken\" has no sso_start_url");
    outcome
        .stderr_contains("signed in to one")
        .stderr_contains("signed in to https://old.awsapps.com/start");
    for name in ["one", "https://old.awsapps.com/start"] {
        assert!(sandbox.token_path(name).exists(), "{name}");
    }
}

#[test]
fn login_accepts_several_sessions() {
    let sandbox = Sandbox::new();
    sandbox.write_config(
        "[sso-session one]\nsso_start_url = https://one.awsapps.com/start\nsso_region = eu-west-1\n\n\
         [sso-session two]\nsso_start_url = https://two.awsapps.com/start\nsso_region = eu-west-1\n",
    );
    let run = sandbox.sso(["login", "on", "https://two.awsapps.com/start/"]);
    run.approving_browser()
        .run()
        .expect(0)
        .stderr_contains("to one")
        .stderr_contains("to two");
}

#[test]
fn denied_sign_in_is_reported_and_stores_nothing() {
    let sandbox = Sandbox::new();
    for arguments in [vec!["login"], vec!["login", "--device-code"]] {
        let outcome = sandbox.sso(arguments).browser("deny").run();
        outcome
            .expect(4)
            .stderr_contains("error: the sign-in to corp was denied")
            .stderr_contains("hint: sso login corp");
        assert!(!sandbox.token_path("corp").exists());
    }
}

#[test]
fn login_flow_is_chosen_by_flag_then_variable_then_environment() {
    let sandbox = Sandbox::new();
    let used = |arguments: &[&str], variables: &[(&str, &str)]| {
        sandbox.server().clear_log();
        sandbox.server().approve_next();
        let mut run = sandbox.sso(["login", "--force"]).args(arguments);
        for (name, value) in variables {
            run = run.env(name, value);
        }
        run.run().expect(0);
        let device = sandbox.server().count("StartDeviceAuthorization");
        let code = sandbox.server().count("CreateToken:authorization_code");
        assert_eq!(device + code, 1);
        if code == 1 { "pkce" } else { "device" }
    };
    let browser = format!(
        "{} browse open %s",
        crate::fixture::emulator_binary().display()
    );
    let browser = ("BROWSER", browser.as_str());
    let pkce = ("SSO_LOGIN_FLOW", "pkce");
    let device = ("SSO_LOGIN_FLOW", "device");
    assert_eq!(used(&[], &[browser]), "pkce");
    assert_eq!(used(&[], &[browser, device]), "device");
    assert_eq!(used(&["--device-code"], &[browser, pkce]), "device");
    assert_eq!(used(&["--use-device-code"], &[browser]), "device");
    // Without display and browser no redirect can reach the listener.
    assert_eq!(used(&[], &[]), "device");
    assert_eq!(
        used(&[], &[("DISPLAY", ":0"), ("SSH_CONNECTION", "x")]),
        "device"
    );
    assert_eq!(used(&[], &[("SSH_CONNECTION", "x"), browser]), "pkce");
    assert_eq!(used(&["--no-browser"], &[]), "device");
    sandbox
        .sso(["login", "--force"])
        .env("SSO_LOGIN_FLOW", "PKCE")
        .run()
        .expect(2)
        .stderr_contains("SSO_LOGIN_FLOW is \"PKCE\"");
}

#[test]
fn credential_process_login_uses_a_browser_only() {
    let sandbox = Sandbox::new();
    let helper = || sandbox.sso(["credential-process", "--login", "-p", "dev"]);
    // Without terminal and browser nobody sees a device code.
    let outcome = helper()
        .run()
        .expect(4)
        .stderr_contains("there is no browser to sign in with");
    assert_eq!(outcome.stdout, "");
    helper()
        .env("SSO_LOGIN_FLOW", "device")
        .approving_browser()
        .run()
        .expect(4);
    assert_eq!(sandbox.server().count(""), 0);
    let outcome = helper().approving_browser().run().expect(0);
    assert_eq!(outcome.json()["AccountId"], ACCOUNT);
    assert_eq!(sandbox.server().count("CreateToken:authorization_code"), 1);
    // Without --login there is no sign-in.
    let other = Sandbox::new();
    let run = other
        .sso(["credential-process", "-p", "dev"])
        .approving_browser();
    assert_eq!(run.run().expect(4).stdout, "");
    assert_eq!(other.server().count(""), 0);
}
