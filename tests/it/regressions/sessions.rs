//! Signing in and out, hints that work, and which session is meant.

use std::time::Duration;

use emulator::{Action, Fault};
use nix::sys::signal::Signal;

use super::{as_hinted, hint, refusal};
use crate::fixture::parallel::{run_all, timed, wait_until};
use crate::fixture::{ACCOUNT, CLOSED_URL, ROLE, START_URL, Sandbox};

const REFRESH: &str = "CreateToken:refresh_token";
const FETCH: &str = "GetRoleCredentials";
const PATIENCE: Duration = Duration::from_secs(30);

#[test]
fn roles_that_were_fetched_at_the_same_time_are_all_signed_out() {
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
    // What is another session's stays on the list.
    assert_eq!(std::fs::read_to_string(&list).unwrap(), other);
}

#[test]
fn a_sign_out_finds_the_roles_of_helper_lines_without_any_list() {
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
fn the_hint_for_a_legacy_profile_works_also_where_a_session_has_its_address() {
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
    // The session itself is signed in, which is of no use to the profile.
    sandbox.store_token(3600);
    let fetching = ["credential-process", "-p", "leg"];
    let outcome = sandbox.sso(fetching).run().expect(4);
    assert_eq!(hint(&outcome), "sso login --profile leg");
    sandbox.server().approve_next();
    as_hinted(&sandbox, &outcome).run().expect(0);
    assert!(sandbox.token_path(START_URL).exists());
    let outcome = sandbox.sso(fetching).run().expect(0);
    assert_eq!(outcome.json()["AccountId"], ACCOUNT);
}

#[test]
fn the_hint_for_an_instance_that_no_configuration_knows_works() {
    let sandbox = Sandbox::new();
    let url = "https://new.awsapps.com/start";
    let fetching = || {
        sandbox
            .sso(["credential-process", "--start-url", url])
            .args(["--sso-region", "us-east-1", "-a", ACCOUNT, "-r", ROLE])
    };
    let outcome = fetching().run().expect(4);
    sandbox.server().approve_next();
    as_hinted(&sandbox, &outcome).run().expect(0);
    fetching().run().expect(0);
}

#[test]
fn one_address_in_two_regions_is_two_instances() {
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
        let login = format!("`sso login --profile {name}`");
        assert!(shown.contains(&login), "{shown}");
    }
}

#[test]
fn a_call_that_was_stopped_while_refreshing_keeps_nobody_from_signing_out() {
    let sandbox = Sandbox::new();
    sandbox.store_token(-10);
    let slow = Action::Delay(Duration::from_millis(800));
    let fault = Fault::on_operation(REFRESH, slow).after().times(1);
    sandbox.server().fault(fault);
    let running = sandbox.credential_process().own_process_group().start();
    assert!(sandbox.server().wait_for(REFRESH, 1, PATIENCE));
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
    // Who waits for a lock gives up only after twelve seconds.
    assert!(wall < Duration::from_secs(6), "{wall:?}");
    assert!(!sandbox.token_path("corp").exists());
    running.signal(Signal::SIGCONT, true);
    // Its token is of no use any more, and nothing of it comes back.
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
fn on_a_terminal_what_the_portal_refuses_is_replaced_by_force() {
    let sandbox = Sandbox::new();
    let old = sandbox.store_token(3600);
    let refusing = refusal(401, "UnauthorizedException");
    // The token that is there, and the one that a refresh gives.
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
    // Nobody is there to sign in: the hint names what helps, as a plain sign-in would not.
    std::fs::remove_file(sandbox.role_path("corp", ACCOUNT, ROLE)).unwrap();
    let fault = Fault::on_operation(FETCH, refusing).times(2);
    sandbox.server().fault(fault);
    let outcome = sandbox.sso(command).approving_browser().run().expect(4);
    assert_eq!(hint(&outcome), "sso login corp --force");
    as_hinted(&sandbox, &outcome)
        .approving_browser()
        .run()
        .expect(0);
    sandbox.sso(command).run().expect(0);
}

#[test]
fn signing_out_needs_no_working_settings() {
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
fn a_forced_sign_in_needs_no_permission_to_end_the_old_session() {
    for (status, name) in [
        (403, "ForbiddenException"),
        (404, "ResourceNotFoundException"),
        (401, "UnauthorizedException"),
    ] {
        let sandbox = Sandbox::new();
        let old = sandbox.store_token(3600);
        sandbox.credential_process().run().expect(0);
        let fault = Fault::on_operation("Logout", refusal(status, name));
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
fn a_forced_sign_in_without_a_network_leaves_the_session_as_it_was() {
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
fn a_role_of_the_options_does_not_go_by_the_name_of_the_profile() {
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
fn a_broken_section_hides_no_good_one_and_is_not_heard_where_quiet_is_asked_for() {
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
fn help_is_a_command_too() {
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
fn an_address_with_an_escape_behind_its_hash_is_refused_and_never_printed() {
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
