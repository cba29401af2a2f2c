//! Sign-ins, sign-outs, refreshes and fetches at the same time.

use std::time::Duration;

use emulator::{Action, Fault};

use crate::fixture::parallel::{WAIT_LIMIT, run_all, wait_until};
use crate::fixture::random::{Rng, report_progress, rounds};
use crate::fixture::{ACCOUNT, ROLE, Running, Sandbox};

const REFRESH: &str = "CreateToken:refresh_token";
const FETCH: &str = "GetRoleCredentials";

/// Starts `credential-process` and waits until the emulator has run the operation and holds its
/// response.
#[track_caller]
fn start_and_hold<'a>(sandbox: &'a Sandbox, operation: &str) -> Running<'a> {
    let hold = Fault::on_operation(operation, Action::Hold);
    sandbox.server().fault(hold.times(1).after());
    let running = sandbox.credential_process().start();
    assert!(sandbox.server().wait_until_held(WAIT_LIMIT));
    running
}

/// Asserts that no token, role credentials or temporary file is left.
#[track_caller]
fn assert_signed_out(sandbox: &Sandbox) {
    for path in [
        sandbox.token_path("corp"),
        sandbox.role_path("corp", ACCOUNT, ROLE),
        sandbox.role_path("corp", ACCOUNT, "ReadOnlyAccess"),
    ] {
        assert!(!path.exists(), "{} came back", path.display());
    }
    assert!(
        sandbox.temporary_files().is_empty(),
        "{:?}",
        sandbox.temporary_files()
    );
}

#[test]
fn a_sign_out_waits_for_a_running_refresh_and_stays_final() {
    let sandbox = Sandbox::new();
    let old = sandbox.store_token(-10);
    let fetch = start_and_hold(&sandbox, REFRESH);
    let mut logout = sandbox.sso(["logout", "-v"]).start();
    logout.wait_for_stderr("waiting for process");
    sandbox.server().release_held();
    logout.finish().expect(0).stderr_contains("signed out");
    assert!(!sandbox.token_path("corp").exists());
    // The fetch may come before or after the sign-out, but stores nothing.
    let code = fetch.finish().code;
    assert!([0, 4].contains(&code), "{code}");
    assert_signed_out(&sandbox);
    assert!(!sandbox.server().is_refreshable(&old.refresh_token.unwrap()));
}

#[test]
fn a_running_fetch_stores_nothing_after_a_sign_out() {
    let sandbox = Sandbox::new();
    sandbox.store_token(3600);
    let fetch = start_and_hold(&sandbox, FETCH);
    sandbox.sso(["logout"]).run().expect(0);
    assert_signed_out(&sandbox);
    sandbox.server().release_held();
    assert_eq!(fetch.finish().expect(0).json()["AccountId"], ACCOUNT);
    assert_signed_out(&sandbox);
}

#[test]
fn a_running_fetch_stores_nothing_after_a_new_sign_in() {
    let sandbox = Sandbox::new();
    sandbox.sign_in();
    let fetch = start_and_hold(&sandbox, FETCH);
    let again = sandbox.sso(["login", "--force"]).approving_browser();
    again.run().expect(0);
    sandbox.server().release_held();
    fetch.finish().expect(0);
    assert!(!sandbox.role_path("corp", ACCOUNT, ROLE).exists());
    sandbox.credential_process().run().expect(0);
    assert!(sandbox.role_path("corp", ACCOUNT, ROLE).exists());
}

#[test]
fn a_refresh_stores_nothing_when_another_tool_deletes_the_token() {
    let sandbox = Sandbox::new();
    sandbox.store_token(-10);
    let fetch = start_and_hold(&sandbox, REFRESH);
    std::fs::remove_file(sandbox.token_path("corp")).unwrap();
    sandbox.server().release_held();
    fetch.finish().expect(0);
    assert_signed_out(&sandbox);
}

#[test]
fn a_refresh_replaces_a_token_file_broken_by_another_tool() {
    let sandbox = Sandbox::new();
    sandbox.store_token(-10);
    let fetch = start_and_hold(&sandbox, REFRESH);
    // The server has spent the old refresh token, so only the new one can save the session.
    std::fs::write(sandbox.token_path("corp"), "{\"startUrl\": ").unwrap();
    sandbox.server().release_held();
    fetch.finish().expect(0);
    sandbox.sso(["status", "-q"]).run().expect(0);
    sandbox.assert_cache_is_valid();
}

#[test]
fn callers_during_a_sign_in_exit_4_and_sign_ins_share_one() {
    let sandbox = Sandbox::new();
    // The browser opens the page, and the user does not decide yet.
    let first = sandbox.sso(["login"]).browser("open").start();
    wait_until("the sign-in has its lock", || {
        let outcome = sandbox.credential_process().run().expect(4);
        outcome.stderr.contains("is in progress")
    });
    let mut second = sandbox.sso(["login"]).browser("open").start();
    second.wait_for_stderr("has begun");
    first.signal(nix::sys::signal::Signal::SIGTERM, false);
    assert_eq!(first.finish().code, 143);
    // The end of the first one has made the second one the lock holder.
    second.signal(nix::sys::signal::Signal::SIGTERM, false);
    assert_eq!(second.finish().code, 143);
    let runs = (0..4).map(|_| sandbox.sso(["login"]).approving_browser());
    for outcome in run_all(runs) {
        outcome.expect(0);
    }
    assert_eq!(sandbox.server().count("CreateToken:authorization_code"), 1);
}

const ROLES: [(&str, &str); 2] = [(ACCOUNT, ROLE), (ACCOUNT, "ReadOnlyAccess")];

#[test]
fn mixed_operations_never_restore_an_older_state() {
    let rng = Rng::new("mixed_operations");
    for round in 0..rounds(1) {
        run_round(&mut rng.for_round(round));
    }
}

/// Runs random operations in parallel, then asserts that a sign-out after them is final.
fn run_round(rng: &mut Rng) {
    let sandbox = Sandbox::new();
    sandbox.sign_in();
    let mut started = Started::default();
    let seen = sandbox.watch_cache(&ROLES, || {
        for _ in 0..3 {
            run_random_operations(&sandbox, rng, &mut started);
        }
    });
    sandbox.assert_cache_is_valid();
    let sign_ins = sandbox.server().count("CreateToken:authorization_code");
    assert!(
        sign_ins <= 1 + started.sign_ins,
        "{sign_ins} for {started:?}"
    );
    let ended = sandbox.server().count("Logout");
    assert!(ended <= started.sign_outs, "{ended} for {started:?}");
    report_progress(&format!(
        "{started:?}, {sign_ins} sign-ins of which number {seen} was the last seen, {ended} ended"
    ));
    sandbox.sso(["login"]).approving_browser().run().expect(0);
    sandbox.credential_process().run().expect(0);
    assert!(
        sandbox.temporary_files().is_empty(),
        "{:?}",
        sandbox.temporary_files()
    );
    let fetches = (0..30).map(|number| match number % 10 {
        5 => sandbox.sso(["logout"]),
        _ => sandbox.sso(["credential-process", "-p", "dev", "-r", "ReadOnlyAccess"]),
    });
    for outcome in run_all(fetches) {
        assert!([0, 4].contains(&outcome.code), "{outcome:#?}");
    }
    assert_signed_out(&sandbox);
}

/// Number of processes started that may sign in or out.
#[derive(Debug, Default)]
struct Started {
    sign_ins: u64,
    sign_outs: u64,
}

/// Starts 40 random operations and waits for all of them.
fn run_random_operations(sandbox: &Sandbox, rng: &mut Rng, started: &mut Started) {
    // Short lifetimes make every caller refresh the token.
    let lifetime = rng.choose(&[1, 300, 300, 28_800]);
    sandbox
        .server()
        .configure(|options| options.access_token_seconds = lifetime);
    sandbox.server().clear_faults();
    if rng.below(2) == 0 {
        let operation = rng.choose(&["CreateToken", FETCH, "Logout"]);
        let delay = Action::Delay(Duration::from_millis(rng.below(80)));
        sandbox
            .server()
            .fault(Fault::on_operation(operation, delay).after());
    }
    let mut running = Vec::new();
    for _ in 0..40 {
        let run = match rng.below(10) {
            0 => {
                started.sign_ins += 1;
                started.sign_outs += 1;
                sandbox.sso(["login", "--force"]).approving_browser()
            }
            1 => {
                started.sign_outs += 1;
                sandbox.sso(["logout"])
            }
            2 | 3 => {
                started.sign_ins += 1;
                sandbox.sso(["login"]).approving_browser()
            }
            4 | 5 => sandbox.sso(["credential-process", "-p", "dev", "-r", "ReadOnlyAccess"]),
            6 => sandbox.sso(["env", "-p", "dev", "--shell", "sh"]),
            _ => sandbox.credential_process(),
        };
        running.push(run.start());
        // A later start meets another state.
        if rng.below(4) == 0 {
            std::thread::sleep(Duration::from_millis(rng.below(60)));
        }
    }
    for outcome in running.into_iter().map(|one| one.finish()) {
        assert!([0, 4].contains(&outcome.code), "{outcome:#?}");
    }
    sandbox.assert_refresh_tokens_used_once();
}
