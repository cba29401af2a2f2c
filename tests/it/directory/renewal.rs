//! The hook with expiring credentials: it opens no browser, asks nothing, and waits only once, on
//! entering with a cold cache.

use std::path::Path;
use std::time::Duration;

use emulator::{Action, Fault};

use super::Shell;
use crate::fixture::parallel::{WAIT_LIMIT, timed, wait_until};
use crate::fixture::{ACCOUNT, ROLE, Sandbox};

const FETCH: &str = "GetRoleCredentials";
const REFRESH: &str = "CreateToken:refresh_token";

/// Creates a sandbox with a trusted project and an empty cache.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.trusted_project("p", "dev\n");
    sandbox
}

/// Asserts that a prompt did not wait for its limit of two seconds.
#[track_caller]
fn assert_no_wait(sandbox: &Sandbox, took: Duration) {
    sandbox.assert_within(took, Duration::from_secs(1));
}

fn is_cached(sandbox: &Sandbox) -> bool {
    sandbox.role_path("corp", ACCOUNT, ROLE).exists()
}

#[test]
fn a_cold_cache_costs_one_request_on_entering() {
    let sandbox = sandbox();
    sandbox.store_token(3600);
    let mut shell = Shell::new(&sandbox);
    assert!(
        shell
            .prompt(&sandbox.home().join("p"))
            .contains("sso: dev (")
    );
    assert!(shell.get("AWS_ACCESS_KEY_ID").is_some());
    assert_eq!(sandbox.server().count(FETCH), 1);
    assert_eq!(sandbox.server().count(REFRESH), 0);
}

#[test]
fn a_silent_portal_delays_the_prompt_by_two_seconds_once() {
    let sandbox = sandbox();
    sandbox.store_token(3600);
    sandbox.server().fault(Fault::on_operation(
        FETCH,
        Action::Hang(Duration::from_secs(60)),
    ));
    let p = sandbox.home().join("p");
    let mut shell = Shell::new(&sandbox);
    let (message, took) = timed(|| shell.prompt(&p));
    assert!(message.contains("is not loaded: "), "{message}");
    sandbox.assert_within(took, Duration::from_millis(2500));
    shell.assert_env(&[]);
    let (message, took) = timed(|| shell.prompt(&p));
    assert_eq!(message, "");
    assert_no_wait(&sandbox, took);
}

#[test]
fn an_expired_token_is_refreshed_in_the_background() {
    let sandbox = sandbox();
    sandbox.store_token(-10);
    let hold = Fault::on_operation(REFRESH, Action::Hold);
    sandbox.server().fault(hold.times(1));
    let p = sandbox.home().join("p");
    let mut shell = Shell::new(&sandbox);
    let (message, took) = timed(|| shell.prompt(&p));
    assert!(message.contains("is being renewed"), "{message}");
    assert_no_wait(&sandbox, took);
    assert_eq!(shell.prompt(&p), "");
    shell.assert_env(&[]);
    assert!(sandbox.server().wait_until_held(WAIT_LIMIT));
    sandbox.server().release_held();
    wait_until("the renewal is done", || is_cached(&sandbox));
    assert!(shell.prompt(&p).contains("sso: dev ("));
    assert!(shell.get("AWS_ACCESS_KEY_ID").is_some());
    assert_eq!(sandbox.server().count(REFRESH), 1);
    assert_eq!(sandbox.server().count(FETCH), 1);
}

#[test]
fn expiring_keys_stay_while_one_renewal_runs_for_all_shells() {
    let sandbox = sandbox();
    sandbox.store_token(3600);
    sandbox.write_role("corp", ACCOUNT, ROLE, 600);
    let hold = Fault::on_operation(FETCH, Action::Hold);
    sandbox.server().fault(hold.times(1));
    let p = sandbox.home().join("p");
    let mut shells = vec![Shell::new(&sandbox); 5];
    for shell in &mut shells {
        assert!(shell.prompt(&p).contains("sso: dev ("));
        assert_eq!(shell.get("AWS_ACCESS_KEY_ID"), Some("ASIAWRITTENBYATEST"));
    }
    assert!(sandbox.server().wait_until_held(WAIT_LIMIT));
    sandbox.server().release_held();
    wait_until("the renewal is done", || {
        let file = sandbox.read_json(&sandbox.role_path("corp", ACCOUNT, ROLE));
        file["Credentials"]["AccessKeyId"] != "ASIAWRITTENBYATEST"
    });
    for shell in &mut shells {
        assert_eq!(shell.prompt(&p), "", "new keys are not announced");
        assert_ne!(shell.get("AWS_ACCESS_KEY_ID"), Some("ASIAWRITTENBYATEST"));
    }
    assert_eq!(sandbox.server().count(FETCH), 1);
}

#[test]
fn a_failed_renewal_is_not_repeated_at_every_prompt() {
    let sandbox = sandbox();
    sandbox.store_token(3600);
    sandbox.write_role("corp", ACCOUNT, ROLE, 600);
    sandbox.server().fault(no_access());
    let p = sandbox.home().join("p");
    let mut shell = Shell::new(&sandbox);
    shell.prompt(&p);
    wait_until("the renewal fails", || {
        let requests = sandbox.server().requests(FETCH);
        requests.iter().any(|request| request.status == 403)
    });
    // Each later prompt has time for a renewal, which must not start.
    for _ in 0..4 {
        shell.prompt(&p);
        std::thread::sleep(Duration::from_millis(150));
    }
    assert_eq!(shell.get("AWS_ACCESS_KEY_ID"), Some("ASIAWRITTENBYATEST"));
    assert_eq!(sandbox.server().count(FETCH), 1);
}

#[test]
fn credentials_that_cannot_be_renewed_are_unloaded_and_reported_once() {
    let sandbox = sandbox();
    let p = sandbox.home().join("p");
    let expired = "sso: session corp has expired - run `sso login corp`\n";
    let mut shell = Shell::new(&sandbox);
    // There was no sign-in.
    assert_eq!(shell.prompt(&p), expired);
    assert_eq!(shell.prompt(&p), "");
    shell.prompt(sandbox.home());
    sandbox.store_token(3600);
    sandbox.write_role("corp", ACCOUNT, ROLE, 3600);
    shell.prompt(&p);
    sandbox.write_role("corp", ACCOUNT, ROLE, -5);
    std::fs::remove_file(sandbox.token_path("corp")).unwrap();
    assert_eq!(shell.prompt(&p), expired);
    shell.assert_env(&[]);
    assert_eq!(shell.prompt(&p), "");
    sandbox.store_token(3600);
    sandbox.write_role("corp", ACCOUNT, ROLE, 3600);
    assert!(shell.prompt(&p).contains("sso: dev ("));
    assert_eq!(sandbox.server().count(""), 0, "no request was sent");
}

#[test]
fn a_refused_refresh_token_is_reported_as_an_expired_session() {
    let sandbox = sandbox();
    sandbox.store_token(-10);
    sandbox.server().revoke_refresh_tokens();
    let p = sandbox.home().join("p");
    let mut shell = Shell::new(&sandbox);
    assert!(shell.prompt(&p).contains("is being renewed"));
    let mut message = String::new();
    wait_until("the refusal is known", || {
        message = shell.prompt(&p);
        !message.is_empty()
    });
    assert_eq!(
        message,
        "sso: session corp has expired - run `sso login corp`\n"
    );
    assert_eq!(sandbox.server().count(REFRESH), 1);
}

/// Prompts until the hook says something.
#[track_caller]
fn next_message(shell: &mut Shell, directory: &Path) -> String {
    let mut message = String::new();
    wait_until("the hook says something", || {
        message = shell.prompt(directory);
        !message.is_empty()
    });
    message
}

fn no_access() -> Fault {
    Fault::on_operation(
        FETCH,
        Action::Reply {
            status: 403,
            headers: Vec::new(),
            body: "{\"message\":\"No access\"}".to_owned(),
        },
    )
}

#[test]
fn credentials_that_need_a_sign_in_are_announced_once_before_they_end() {
    let sandbox = sandbox();
    let p = sandbox.home().join("p");
    let ends = "sso: dev expires in 10m and cannot be renewed; run `sso login corp`\n";
    sandbox.write_role("corp", ACCOUNT, ROLE, 630);
    let mut shell = Shell::new(&sandbox);
    // There was no sign-in, so that no renewal is tried.
    assert_eq!(shell.prompt(&p), ends);
    assert!(shell.get("AWS_ACCESS_KEY_ID").is_some());
    assert_eq!(shell.prompt(&p), "");
    assert_eq!(sandbox.server().count(""), 0);
    // The first failure of a renewal says the same.
    sandbox.store_token(-10);
    sandbox.server().revoke_refresh_tokens();
    let mut shell = Shell::new(&sandbox);
    assert!(shell.prompt(&p).contains("sso: dev ("));
    assert_eq!(next_message(&mut shell, &p), ends);
    assert!(shell.get("AWS_ACCESS_KEY_ID").is_some());
    for _ in 0..3 {
        assert_eq!(shell.prompt(&p), "");
    }
    assert_eq!(sandbox.server().count(REFRESH), 1);
    // A sign-in ends it at once.
    sandbox.store_token(3600);
    let message = next_message(&mut shell, &p);
    assert!(message.starts_with("sso: dev ("), "{message}");
    assert_ne!(shell.get("AWS_ACCESS_KEY_ID"), Some("ASIAWRITTENBYATEST"));
}

#[test]
fn a_renewal_without_access_is_announced_with_its_reason() {
    let sandbox = sandbox();
    let p = sandbox.home().join("p");
    sandbox.store_token(3600);
    sandbox.write_role("corp", ACCOUNT, ROLE, 630);
    sandbox.server().fault(no_access());
    let mut shell = Shell::new(&sandbox);
    assert!(shell.prompt(&p).contains("sso: dev ("));
    assert_eq!(
        next_message(&mut shell, &p),
        "sso: dev expires in 10m and cannot be renewed: the portal gave no access\n"
    );
    assert!(shell.get("AWS_ACCESS_KEY_ID").is_some());
    assert_eq!(shell.prompt(&p), "");
    sandbox.write_role("corp", ACCOUNT, ROLE, -5);
    let message = shell.prompt(&p);
    assert!(
        message.contains("is not loaded: the portal gave no access"),
        "{message}"
    );
    shell.assert_env(&[]);
    assert_eq!(shell.prompt(&p), "");
    assert_eq!(sandbox.server().count(FETCH), 1);
}

#[test]
fn credentials_that_expired_while_away_load_at_the_next_prompt() {
    let sandbox = sandbox();
    let p = sandbox.home().join("p");
    sandbox.store_token(3600);
    sandbox.write_role("corp", ACCOUNT, ROLE, 3600);
    let mut shell = Shell::new(&sandbox);
    shell.prompt(&p);
    sandbox.write_role("corp", ACCOUNT, ROLE, -5);
    let hold = Fault::on_operation(FETCH, Action::Hold);
    sandbox.server().fault(hold.times(1));
    let (message, took) = timed(|| shell.prompt(&p));
    assert_eq!(
        message,
        "sso: dev (111122223333 AdministratorAccess, eu-central-1) is being renewed; its \
         credentials load at the next prompt\n"
    );
    assert_no_wait(&sandbox, took);
    shell.assert_env(&[]);
    assert!(sandbox.server().wait_until_held(WAIT_LIMIT));
    sandbox.server().release_held();
    assert!(next_message(&mut shell, &p).contains("sso: dev ("));
    assert!(shell.get("AWS_ACCESS_KEY_ID").is_some());
    // The same, where the renewal fails.
    sandbox.write_role("corp", ACCOUNT, ROLE, -5);
    sandbox.server().fault(no_access());
    let mut shell = Shell::new(&sandbox);
    assert!(shell.prompt(&p).contains("is not loaded: "));
}

#[test]
fn the_profile_mode_sends_no_request() {
    let sandbox = Sandbox::new();
    let p = sandbox.trusted_project("p", "profile = dev\nexport = profile\n");
    let mut shell = Shell::new(&sandbox);
    assert!(shell.prompt(&p).contains("by AWS_PROFILE"));
    assert_eq!(sandbox.server().count(""), 0);
}
