//! What a prompt does when credentials run out: never a browser, never a question, and no
//! wait but the one on entering with a cold cache.

use std::time::Duration;

use emulator::{Action, Fault};

use super::Shell;
use crate::fixture::parallel::{timed, wait_until};
use crate::fixture::{ACCOUNT, ROLE, Sandbox};

const FETCH: &str = "GetRoleCredentials";
const REFRESH: &str = "CreateToken:refresh_token";

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.trusted_project("p", "dev\n");
    sandbox
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
fn a_silent_portal_keeps_the_prompt_for_two_seconds_once() {
    let sandbox = sandbox();
    sandbox.store_token(3600);
    sandbox.server().fault(Fault::on_operation(
        FETCH,
        Action::Hang(Duration::from_secs(60)),
    ));
    let p = sandbox.home().join("p");
    let mut shell = Shell::new(&sandbox);
    let (said, took) = timed(|| shell.prompt(&p));
    assert!(said.contains("is not loaded: "), "{said}");
    assert!(
        took < Duration::from_secs(2) + sandbox.spawn_baseline(),
        "{took:?}"
    );
    shell.assert_is(&[]);
    let (said, took) = timed(|| shell.prompt(&p));
    assert_eq!(said, "");
    assert!(took < Duration::from_secs(1), "{took:?}");
}

#[test]
fn a_token_that_must_be_renewed_is_not_spent_while_somebody_waits_for_the_prompt() {
    let sandbox = sandbox();
    sandbox.store_token(-10);
    sandbox.server().fault(Fault::on_operation(
        REFRESH,
        Action::Delay(Duration::from_millis(2500)),
    ));
    let p = sandbox.home().join("p");
    let mut shell = Shell::new(&sandbox);
    let (said, took) = timed(|| shell.prompt(&p));
    assert!(said.contains("is being renewed"), "{said}");
    assert!(took < Duration::from_secs(1), "{took:?}");
    assert_eq!(shell.prompt(&p), "");
    shell.assert_is(&[]);
    wait_until("the renewal is done", || is_cached(&sandbox));
    assert!(shell.prompt(&p).contains("sso: dev ("));
    assert!(shell.get("AWS_ACCESS_KEY_ID").is_some());
    assert_eq!(sandbox.server().count(REFRESH), 1);
    assert_eq!(sandbox.server().count(FETCH), 1);
}

#[test]
fn near_the_end_the_old_ones_stay_while_one_renewal_runs_for_all_shells() {
    let sandbox = sandbox();
    sandbox.store_token(3600);
    sandbox.write_role("corp", ACCOUNT, ROLE, 600);
    sandbox.server().fault(Fault::on_operation(
        FETCH,
        Action::Delay(Duration::from_millis(300)),
    ));
    let p = sandbox.home().join("p");
    let mut shells = vec![Shell::new(&sandbox); 5];
    for shell in &mut shells {
        assert!(shell.prompt(&p).contains("sso: dev ("));
        assert_eq!(shell.get("AWS_ACCESS_KEY_ID"), Some("ASIAWRITTENBYATEST"));
    }
    wait_until("the renewal is done", || {
        let file = sandbox.read_json(&sandbox.role_path("corp", ACCOUNT, ROLE));
        file["Credentials"]["AccessKeyId"] != "ASIAWRITTENBYATEST"
    });
    for shell in &mut shells {
        assert_eq!(shell.prompt(&p), "", "what is picked up is no news");
        assert_ne!(shell.get("AWS_ACCESS_KEY_ID"), Some("ASIAWRITTENBYATEST"));
    }
    assert_eq!(sandbox.server().count(FETCH), 1);
}

#[test]
fn a_renewal_that_fails_is_not_tried_at_every_prompt() {
    let sandbox = sandbox();
    sandbox.store_token(3600);
    sandbox.write_role("corp", ACCOUNT, ROLE, 600);
    sandbox.server().fault(Fault::on_operation(
        FETCH,
        Action::Reply {
            status: 403,
            headers: Vec::new(),
            body: "{\"message\":\"No access\"}".to_owned(),
        },
    ));
    let p = sandbox.home().join("p");
    let mut shell = Shell::new(&sandbox);
    for _ in 0..5 {
        shell.prompt(&p);
        std::thread::sleep(Duration::from_millis(150));
    }
    assert_eq!(shell.get("AWS_ACCESS_KEY_ID"), Some("ASIAWRITTENBYATEST"));
    assert_eq!(sandbox.server().count(FETCH), 1);
}

#[test]
fn what_nothing_can_renew_is_unloaded_and_said_once() {
    let sandbox = sandbox();
    let p = sandbox.home().join("p");
    let expired = "sso: session corp has expired - run `sso login corp`\n";
    let mut shell = Shell::new(&sandbox);
    // Nobody has signed in.
    assert_eq!(shell.prompt(&p), expired);
    assert_eq!(shell.prompt(&p), "");
    shell.prompt(sandbox.home());
    sandbox.store_token(3600);
    sandbox.write_role("corp", ACCOUNT, ROLE, 3600);
    shell.prompt(&p);
    sandbox.write_role("corp", ACCOUNT, ROLE, -5);
    std::fs::remove_file(sandbox.token_path("corp")).unwrap();
    assert_eq!(shell.prompt(&p), expired);
    shell.assert_is(&[]);
    assert_eq!(shell.prompt(&p), "");
    sandbox.store_token(3600);
    sandbox.write_role("corp", ACCOUNT, ROLE, 3600);
    assert!(shell.prompt(&p).contains("sso: dev ("));
    assert_eq!(
        sandbox.server().count(""),
        0,
        "nothing was asked of a server"
    );
}

#[test]
fn a_refused_refresh_token_is_a_session_that_has_expired() {
    let sandbox = sandbox();
    sandbox.store_token(-10);
    sandbox.server().revoke_refresh_tokens();
    let p = sandbox.home().join("p");
    let mut shell = Shell::new(&sandbox);
    assert!(shell.prompt(&p).contains("is being renewed"));
    let mut said = String::new();
    wait_until("the refusal is known", || {
        said = shell.prompt(&p);
        !said.is_empty()
    });
    assert_eq!(
        said,
        "sso: session corp has expired - run `sso login corp`\n"
    );
    assert_eq!(sandbox.server().count(REFRESH), 1);
}

#[test]
fn the_profile_mode_asks_nobody() {
    let sandbox = Sandbox::new();
    let p = sandbox.trusted_project("p", "profile = dev\nexport = profile\n");
    let mut shell = Shell::new(&sandbox);
    assert!(shell.prompt(&p).contains("by AWS_PROFILE"));
    assert_eq!(sandbox.server().count(""), 0);
}
