//! Sign-in and sign-out, hints that work when pasted, and the selection of the session.

use std::time::Duration;

use emulator::{Action, Fault};
use nix::sys::signal::Signal;

use super::{hint, portal_error, run_hint};
use crate::fixture::parallel::{run_all, timed, wait_until};
use crate::fixture::{ACCOUNT, CLOSED_URL, ROLE, START_URL, Sandbox};

const REFRESH: &str = "CreateToken:refresh_token";
const FETCH: &str = "GetRoleCredentials";
const WAIT_LIMIT: Duration = Duration::from_secs(30);

#[test]
fn logout_removes_roles_fetched_in_parallel() {
    let sandbox = Sandbox::new();
    sandbox.store_token(3600);
    let list = sandbox.home().join(".local/state/sso/roles");
    let other =
        format!("{{\"session\":\"other\",\"account\":\"{ACCOUNT}\",\"role\":\"{ROLE}\"}}\n");
    sandbox.write_file(&list, other.as_bytes());
    let roles: Vec<String> = (0..16).map(|number| format!("Role{number}")).collect();
    let runs = roles.iter().map(|role| {
        sandbox.server().assign(ACCOUNT, role);
        let options = ["-s", "corp", "-a", ACCOUNT, "-r", role];
        sandbox.sso(["credential-process"]).args(options)
    });
    for outcome in run_all(runs) {
        outcome.expect(0);
    }
    assert_eq!(sandbox.files(".aws/cli/cache").len(), roles.len());
    let outcome = sandbox.sso(["logout"]).run().expect(0);
    outcome.stderr_contains("the credentials of 16 roles");
    assert_eq!(sandbox.files(".aws/cli/cache"), []);
    // Entries of another session stay in the list.
    assert_eq!(std::fs::read_to_string(&list).unwrap(), other);
}

#[test]
fn logout_removes_roles_of_credential_process_lines() {
    let sandbox = Sandbox::new();
    sandbox.write_config(&format!(
        "[sso-session corp]\n\
         sso_start_url = {START_URL}\n\
         sso_region = eu-west-1\n\
         \n\
         [profile helper]\n\
         credential_process = /x/sso credential-process --session corp --account {ACCOUNT} --role Helped\n\
         \n\
         [profile other]\n\
         credential_process = /x/sso credential-process --session other --account {ACCOUNT} --role Helped\n"
    ));
    sandbox.store_token(3600);
    for session in ["corp", "other"] {
        sandbox.write_role(session, ACCOUNT, "Helped", 3600);
    }
    let outcome = sandbox.sso(["logout"]).run().expect(0);
    outcome.stderr_contains("the credentials of 1 role");
    assert!(!sandbox.role_path("corp", ACCOUNT, "Helped").exists());
    assert!(sandbox.role_path("other", ACCOUNT, "Helped").exists());
}

#[test]
fn login_hint_works_for_a_legacy_profile_with_the_start_url_of_a_session() {
    let sandbox = Sandbox::new();
    let config = std::fs::read_to_string(sandbox.home().join(".aws/config")).unwrap();
    let legacy = format!(
        "\n[profile leg]\n\
         sso_start_url = {START_URL}\n\
         sso_region = eu-west-1\n\
         sso_account_id = {ACCOUNT}\n\
         sso_role_name = {ROLE}\n"
    );
    sandbox.write_config(&(config + &legacy));
    // A sign-in of the session does not help the legacy profile, which uses another file.
    sandbox.store_token(3600);
    let fetching = ["credential-process", "-p", "leg"];
    let outcome = sandbox.sso(fetching).run().expect(4);
    assert_eq!(hint(&outcome), "sso login leg");
    sandbox.server().approve_next();
    run_hint(&sandbox, &outcome).run().expect(0);
    assert!(sandbox.token_path(START_URL).exists());
    let outcome = sandbox.sso(fetching).run().expect(0);
    assert_eq!(outcome.json()["AccountId"], ACCOUNT);
}

#[test]
fn login_hint_works_for_an_unconfigured_instance() {
    let sandbox = Sandbox::new();
    let url = "https://new.awsapps.com/start";
    let fetching = || {
        sandbox
            .sso(["credential-process", "--start-url", url])
            .args(["--sso-region", "us-east-1", "-a", ACCOUNT, "-r", ROLE])
    };
    let outcome = fetching().run().expect(4);
    sandbox.server().approve_next();
    run_hint(&sandbox, &outcome).run().expect(0);
    fetching().run().expect(0);
}

#[test]
fn one_start_url_in_two_regions_is_two_instances() {
    let sandbox = Sandbox::new();
    let legacy = |name: &str, region: &str| {
        format!(
            "[profile {name}]\n\
             sso_start_url = {START_URL}\n\
             sso_region = {region}\n\
             sso_account_id = {ACCOUNT}\n\
             sso_role_name = {ROLE}\n\n"
        )
    };
    sandbox.write_config(&(legacy("here", "eu-west-1") + &legacy("there", "us-east-1")));
    let shown = sandbox.sso(["status"]).run().expect(4).stdout;
    for (name, region) in [("here", "eu-west-1"), ("there", "us-east-1")] {
        let instance = format!("{START_URL}  {region}\n");
        assert!(shown.contains(&instance), "{shown}");
        let login = format!("`sso login {name}`");
        assert!(shown.contains(&login), "{shown}");
    }
}

#[test]
fn logout_works_while_a_refreshing_call_is_stopped() {
    let sandbox = Sandbox::new();
    sandbox.store_token(-10);
    // Long enough for the signal to arrive before the response on a loaded computer.
    let slow = Action::Delay(Duration::from_secs(3));
    let fault = Fault::on_operation(REFRESH, slow).after().times(1);
    sandbox.server().fault(fault);
    let running = sandbox.credential_process().own_process_group().start();
    assert!(sandbox.server().wait_for(REFRESH, 1, WAIT_LIMIT));
    running.signal(Signal::SIGTSTP, true);
    let id = running.id().to_string();
    wait_until("it stops", || {
        let state = std::process::Command::new("ps")
            .args(["-o", "state=", "-p", &id])
            .output();
        state.unwrap().stdout.starts_with(b"T")
    });
    let (outcome, wall) = timed(|| sandbox.sso(["logout"]).run());
    outcome.expect(0).stderr_contains("signed out of corp");
    // Waiting for the lock would time out only after twelve seconds.
    assert!(wall < Duration::from_secs(6), "{wall:?}");
    assert!(!sandbox.token_path("corp").exists());
    running.signal(Signal::SIGCONT, true);
    // The refreshed token is not stored after the sign-out.
    running.finish().expect(4);
    assert!(!sandbox.token_path("corp").exists());
    assert!(!sandbox.role_path("corp", ACCOUNT, ROLE).exists());
    assert!(
        sandbox.temporary_files().is_empty(),
        "{:?}",
        sandbox.temporary_files()
    );
}

#[test]
fn a_rejected_token_is_replaced_by_a_forced_sign_in() {
    let sandbox = Sandbox::new();
    let old = sandbox.store_token(3600);
    let refusing = portal_error(401, "UnauthorizedException");
    // Rejects the stored token and the refreshed one.
    let fault = Fault::on_operation(FETCH, refusing.clone()).times(2);
    sandbox.server().fault(fault);
    let command = [
        "exec",
        "-p",
        "dev",
        "--",
        "sh",
        "-c",
        "echo has $AWS_ACCOUNT_ID",
    ];
    let run = sandbox.sso(command).approving_browser();
    let shown = run.start_on_terminal().finish().expect(0).stdout;
    assert!(shown.contains("no longer accepted"), "{shown}");
    assert!(shown.contains(&format!("has {ACCOUNT}")), "{shown}");
    assert_eq!(sandbox.server().count("CreateToken:authorization_code"), 1);
    assert!(!sandbox.server().is_valid(&old.access_token));
    // Without a terminal the hint contains --force, since a plain `login` would change nothing.
    std::fs::remove_file(sandbox.role_path("corp", ACCOUNT, ROLE)).unwrap();
    let fault = Fault::on_operation(FETCH, refusing).times(2);
    sandbox.server().fault(fault);
    let outcome = sandbox.sso(command).approving_browser().run().expect(4);
    assert_eq!(hint(&outcome), "sso login corp --force");
    run_hint(&sandbox, &outcome)
        .approving_browser()
        .run()
        .expect(0);
    sandbox.sso(command).run().expect(0);
}

#[test]
fn logout_works_with_invalid_settings() {
    let settings = [
        ("SSO_TIMEOUT", "abc", "SSO_TIMEOUT is \"abc\""),
        ("AWS_CA_BUNDLE", "/no/ca.pem", "the CA bundle /no/ca.pem"),
    ];
    for (variable, value, reason) in settings {
        let sandbox = Sandbox::new();
        sandbox.store_token(3600);
        sandbox.credential_process().run().expect(0);
        let outcome = sandbox.sso(["logout"]).env(variable, value).run().expect(0);
        outcome
            .stderr_contains("signed out of corp on this computer")
            .stderr_contains("the session was not ended on the server")
            .stderr_contains(reason);
        assert!(!sandbox.token_path("corp").exists());
        assert_eq!(sandbox.files(".aws/cli/cache"), []);
        assert_eq!(sandbox.server().count("Logout"), 0);
    }
}

#[test]
fn forced_login_works_when_logout_is_denied() {
    for (status, name) in [
        (403, "ForbiddenException"),
        (404, "ResourceNotFoundException"),
        (401, "UnauthorizedException"),
    ] {
        let sandbox = Sandbox::new();
        let old = sandbox.store_token(3600);
        sandbox.credential_process().run().expect(0);
        let fault = Fault::on_operation("Logout", portal_error(status, name));
        sandbox.server().fault(fault);
        let login = sandbox.sso(["login", "--force"]).approving_browser();
        login.run().expect(0).stderr_contains("signed in to corp");
        let token = sandbox.read_json(&sandbox.token_path("corp"));
        assert_ne!(token["accessToken"], *old.access_token, "{status}");
        assert_eq!(sandbox.files(".aws/cli/cache"), [], "{status}");
        sandbox.credential_process().run().expect(0);
    }
}

#[test]
fn forced_login_without_network_keeps_the_session() {
    for expires_in in [3600, -10] {
        let sandbox = Sandbox::new();
        sandbox.store_token(expires_in);
        sandbox.write_role("corp", ACCOUNT, ROLE, 3600);
        let before = sandbox.files(".aws/sso/cache");
        let login = sandbox
            .sso(["login", "--force"])
            .env("AWS_ENDPOINT_URL_SSO", CLOSED_URL)
            .env("AWS_ENDPOINT_URL_SSO_OIDC", CLOSED_URL)
            .approving_browser();
        login
            .run()
            .expect(1)
            .stderr_contains("could not be reached");
        assert_eq!(sandbox.files(".aws/sso/cache"), before);
        assert!(sandbox.role_path("corp", ACCOUNT, ROLE).exists());
        std::fs::remove_file(sandbox.role_path("corp", ACCOUNT, ROLE)).unwrap();
        sandbox.credential_process().run().expect(0);
    }
}

#[test]
fn role_flags_are_exported_without_the_profile_name() {
    let sandbox = Sandbox::new();
    sandbox.store_token(3600);
    let names = |arguments: &[&str]| {
        let run = sandbox
            .sso(["exec"])
            .args(arguments)
            .env("AWS_PROFILE", "dev");
        let outcome = run.args(["--", "env"]).run().expect(0);
        let mut lines = outcome.stdout.lines();
        let name = lines.find_map(|line| line.strip_prefix("AWS_SSO_PROFILE="));
        name.map(str::to_owned)
    };
    let own = format!("ReadOnlyAccess@{ACCOUNT}");
    let role = names(&["-a", ACCOUNT, "-r", "ReadOnlyAccess"]);
    assert_eq!(role.as_deref(), Some(own.as_str()));
    assert_eq!(names(&[]).as_deref(), Some("dev"));
}

#[test]
fn status_reports_broken_sections_and_lists_valid_ones() {
    let sandbox = Sandbox::new();
    let config = std::fs::read_to_string(sandbox.home().join(".aws/config")).unwrap();
    sandbox
        .write_config(&("[sso-session broken]\nsso_region = eu-west-1\n\n".to_owned() + &config));
    sandbox.store_token(3600);
    let outcome = sandbox.sso(["status"]).run().expect(0);
    assert!(outcome.stdout.starts_with("corp  "), "{outcome:#?}");
    assert!(!outcome.stdout.contains("broken"), "{outcome:#?}");
    outcome.stderr_contains("sso-session \"broken\" has no sso_start_url");
    let outcome = sandbox.sso(["status", "--json"]).run().expect(0);
    assert_eq!(outcome.json()["sessions"][0]["session"], "corp");
    let outcome = sandbox.sso(["status", "-q"]).run().expect(0);
    assert_eq!((outcome.stdout.as_str(), outcome.stderr.as_str()), ("", ""));
}

#[test]
fn help_command_prints_the_same_as_the_flag() {
    let sandbox = Sandbox::new();
    let words = |arguments: &[&str]| sandbox.sso(arguments).run().expect(0).stdout;
    assert_eq!(words(&["help"]), words(&["--help"]));
    for command in [
        "login",
        "logout",
        "status",
        "credential-process",
        "exec",
        "env",
    ] {
        let help = words(&["help", command]);
        assert!(help.contains(&format!("Usage: sso {command}")), "{help}");
        assert_eq!(help, words(&[command, "--help"]));
    }
}

#[test]
fn start_urls_with_escape_sequences_are_rejected_and_not_printed() {
    let sandbox = Sandbox::new();
    let url = format!("{START_URL}#\u{1b}]0;owned\u{7}");
    let session = format!("[sso-session corp]\nsso_start_url = {url}\nsso_region = eu-west-1\n");
    let legacy = format!(
        "[profile dev]\nsso_start_url = {url}\nsso_region = eu-west-1\n\
         sso_account_id = {ACCOUNT}\nsso_role_name = {ROLE}\n"
    );
    let commands = [
        vec!["status"],
        vec!["login", "--device-code"],
        vec!["logout"],
        vec!["login", "--start-url", &url, "--sso-region", "eu-west-1"],
    ];
    for config in [session, legacy] {
        sandbox.write_config(&config);
        for arguments in &commands {
            let outcome = sandbox.sso(arguments).env("SSO_TIMEOUT", "10").run();
            let shown = outcome.stdout.clone() + &outcome.stderr;
            assert!([1, 2].contains(&outcome.code), "{outcome:#?}");
            assert!(!shown.contains(['\u{1b}', '\u{7}']), "{shown:?}");
            outcome.stderr_contains("is not an https address");
        }
    }
    assert_eq!(sandbox.server().count(""), 0);
}
