//! A hundred processes at once: one sends the request, and the others share its result.

mod rejected_tokens;

use std::collections::BTreeSet;
use std::os::unix::fs::symlink;
use std::time::Duration;

use emulator::{Action, Fault};

use crate::fixture::parallel::{run_all, timed};
use crate::fixture::random::rounds;
use crate::fixture::{ACCOUNT, CLOSED_URL, Outcome, ROLE, Sandbox};

/// Number of parallel callers.
const CALLERS: usize = 100;
const REFRESH: &str = "CreateToken:refresh_token";

/// Runs a test once, or as often as SSO_SOAK says.
fn repeat(test: impl Fn()) {
    for _ in 0..rounds(1) {
        test();
    }
}

/// Returns the distinct outputs.
fn distinct(outcomes: &[Outcome]) -> BTreeSet<&str> {
    outcomes.iter().map(|one| one.stdout.as_str()).collect()
}

/// Asserts that every run ended with this code and message, and without output.
#[track_caller]
fn assert_all_fail(outcomes: Vec<Outcome>, code: i32, message: &str) {
    for outcome in outcomes {
        let outcome = outcome.expect(code).stderr_contains(message);
        assert_eq!(outcome.stdout, "", "{outcome:#?}");
    }
}

/// Returns a fault that delays an operation.
fn delay(operation: &str, ms: u64) -> Fault {
    Fault::on_operation(operation, Action::Delay(Duration::from_millis(ms)))
}

#[test]
fn a_hundred_callers_share_one_refresh_and_one_fetch() {
    repeat(|| {
        let sandbox = Sandbox::new();
        // The emulator's refresh tokens work once.
        sandbox.store_token(-10);
        let outcomes = run_all((0..CALLERS).map(|_| sandbox.credential_process()));
        let outcomes: Vec<_> = outcomes.into_iter().map(|one| one.expect(0)).collect();
        assert_eq!(distinct(&outcomes).len(), 1);
        assert_eq!(sandbox.server().count(REFRESH), 1);
        assert_eq!(sandbox.server().count("GetRoleCredentials"), 1);
        sandbox.assert_cache_is_valid();
        assert_eq!(sandbox.temporary_files(), Vec::<std::path::PathBuf>::new());
    });
}

#[test]
fn a_hundred_callers_of_ten_roles_share_one_refresh_and_ten_fetches() {
    repeat(|| {
        let sandbox = Sandbox::new();
        sandbox.store_token(-10);
        for role in 0..10 {
            sandbox.server().assign(ACCOUNT, &format!("Role{role}"));
        }
        let outcomes = run_all((0..CALLERS).map(|number| {
            let role = format!("Role{}", number % 10);
            sandbox.sso(["credential-process", "-p", "dev", "-r", &role])
        }));
        let outcomes: Vec<_> = outcomes.into_iter().map(|one| one.expect(0)).collect();
        assert_eq!(distinct(&outcomes).len(), 10);
        assert_eq!(sandbox.server().count(REFRESH), 1);
        assert_eq!(sandbox.server().count("GetRoleCredentials"), 10);
        assert_eq!(sandbox.files(".aws/cli/cache").len(), 10);
        sandbox.assert_cache_is_valid();
    });
}

#[test]
fn callers_without_a_session_do_not_report_a_sign_in_in_progress() {
    repeat(|| {
        let sandbox = Sandbox::new();
        let outcomes = run_all((0..CALLERS).map(|_| sandbox.credential_process()));
        assert_all_fail(
            outcomes,
            4,
            "error: not signed in to corp\nhint: sso login corp",
        );
        assert_eq!(sandbox.server().count(""), 0);
    });
}

#[test]
fn a_revoked_refresh_token_is_sent_once_for_all_callers() {
    repeat(|| {
        let sandbox = Sandbox::new();
        sandbox.store_token(-10);
        sandbox.server().revoke_refresh_tokens();
        // The callers gather behind the one request.
        sandbox.server().fault(delay(REFRESH, 1000));
        let (outcomes, wall) =
            timed(|| run_all((0..CALLERS).map(|_| sandbox.credential_process())));
        assert_all_fail(outcomes, 4, "hint: sso login corp");
        assert_eq!(sandbox.server().count(REFRESH), 1);
        // No caller waits much longer than for the one response.
        sandbox.assert_within(wall, Duration::from_secs(10));
    });
}

#[test]
fn a_closed_port_fails_all_within_one_deadline() {
    repeat(|| {
        for expires_in in [-10, 3600] {
            let sandbox = Sandbox::new();
            sandbox.store_token(expires_in);
            let run = || {
                let run = sandbox.credential_process().env("SSO_TIMEOUT", "5");
                run.env("AWS_ENDPOINT_URL_SSO", CLOSED_URL)
                    .env("AWS_ENDPOINT_URL_SSO_OIDC", CLOSED_URL)
            };
            let (outcomes, wall) = timed(|| run_all((0..CALLERS).map(|_| run())));
            assert_all_fail(outcomes, 1, "could not be reached");
            sandbox.assert_within(wall, Duration::from_secs(5));
        }
    });
}

#[test]
fn a_silent_server_fails_all_within_one_deadline() {
    repeat(|| {
        for (expires_in, operation) in [(-10, REFRESH), (3600, "GetRoleCredentials")] {
            let sandbox = Sandbox::new();
            sandbox.store_token(expires_in);
            let hang = Action::Hang(Duration::from_secs(60));
            sandbox.server().fault(Fault::on_operation(operation, hang));
            let run = || sandbox.credential_process().env("SSO_TIMEOUT", "2");
            let (outcomes, wall) = timed(|| run_all((0..CALLERS).map(|_| run())));
            assert_all_fail(outcomes, 1, "the service did not answer in time");
            // A caller that starts while others wait shares their result; a later one has its
            // own two seconds.
            sandbox.assert_within(wall, Duration::from_secs(4));
            sandbox.assert_cache_is_valid();
        }
    });
}

/// Starts 40 callers that wait for a lock, releases the lock, and returns their outcomes.
fn run_waiters(sandbox: &Sandbox, kind: &str, timeout: &str) -> Vec<Outcome> {
    let path = match kind {
        "role" => sandbox.role_path("corp", ACCOUNT, ROLE),
        _ => sandbox.token_path("corp"),
    };
    let lock = sandbox.hold_lock(kind, &path);
    let run = || {
        sandbox
            .credential_process()
            .arg("-v")
            .env("SSO_TIMEOUT", timeout)
    };
    let mut running: Vec<_> = (0..40).map(|_| run().start()).collect();
    for one in &mut running {
        one.wait_for_stderr("waiting for process");
    }
    drop(lock);
    running.into_iter().map(|one| one.finish()).collect()
}

fn reply(status: u16, exception: &str) -> Action {
    Action::Reply {
        status,
        headers: vec![
            ("Content-Type".to_owned(), "application/json".to_owned()),
            ("x-amzn-ErrorType".to_owned(), exception.to_owned()),
        ],
        body: r#"{"message":"No access"}"#.to_owned(),
    }
}

#[test]
fn a_refusal_by_the_portal_is_shared_by_all_waiters() {
    repeat(|| {
        let sandbox = Sandbox::new();
        sandbox.store_token(3600);
        sandbox.server().unassign(ACCOUNT, ROLE);
        let outcomes = run_waiters(&sandbox, "role", "30");
        assert_all_fail(
            outcomes,
            1,
            &format!("no access to role {ROLE} in account {ACCOUNT}"),
        );
        assert_eq!(sandbox.server().count("GetRoleCredentials"), 1);
        // A later caller sends its own request: the role may have been assigned meanwhile.
        sandbox.server().assign(ACCOUNT, ROLE);
        sandbox.credential_process().run().expect(0);
    });
}

#[test]
fn throttling_is_shared_by_all_waiters() {
    repeat(|| {
        let sandbox = Sandbox::new();
        sandbox.store_token(3600);
        let throttled = reply(429, "TooManyRequestsException");
        sandbox
            .server()
            .fault(Fault::on_operation("GetRoleCredentials", throttled));
        let (outcomes, wall) = timed(|| run_waiters(&sandbox, "role", "3"));
        assert_all_fail(outcomes, 1, "");
        let asked = sandbox.server().count("GetRoleCredentials");
        assert!(asked <= 6, "{asked} requests");
        sandbox.assert_within(wall, Duration::from_secs(3));
    });
}

#[test]
fn a_failure_with_other_network_settings_is_not_shared() {
    repeat(|| {
        let sandbox = Sandbox::new();
        sandbox.store_token(-10);
        let lock = sandbox.hold_lock("token", &sandbox.token_path("corp"));
        let run = |role| sandbox.sso(["credential-process", "-v", "-p", "dev", "-r", role]);
        // Two different roles, because a second caller of one role would wait for the role's lock.
        let closed = run(ROLE).env("AWS_ENDPOINT_URL_SSO_OIDC", CLOSED_URL);
        let mut cut_off = closed.start();
        cut_off.wait_for_stderr("waiting for process");
        let mut connected = run("ReadOnlyAccess").start();
        connected.wait_for_stderr("waiting for process");
        drop(lock);
        connected.finish().expect(0);
        // It succeeds if the other one refreshed first.
        let code = cut_off.finish().code;
        assert!([0, 1].contains(&code), "{code}");
    });
}

#[test]
fn differently_spelled_paths_of_a_home_share_locks() {
    repeat(|| {
        let sandbox = Sandbox::new();
        sandbox.store_token(-10);
        let home = sandbox.home().to_str().unwrap();
        let name = sandbox.home().file_name().unwrap().to_str().unwrap();
        let link = sandbox.home().with_extension("link");
        symlink(sandbox.home(), &link).unwrap();
        let link = link.to_str().unwrap();
        let homes = [
            home.to_owned(),
            format!("{home}/"),
            format!("{home}/."),
            format!("/{home}"),
            format!("{home}/../{name}"),
            format!("{home}/.aws/.."),
            link.to_owned(),
            format!("{link}//"),
            format!("{link}/.aws/../"),
        ];
        let outcomes = run_all((0..CALLERS).map(|number| {
            let elsewhere = sandbox.home().join(format!("elsewhere-{number}"));
            sandbox
                .credential_process()
                .env("HOME", &homes[number % homes.len()])
                .env("TMPDIR", &elsewhere)
                .env("XDG_STATE_HOME", &elsewhere)
                .env("XDG_CACHE_HOME", &elsewhere)
                .env("XDG_RUNTIME_DIR", &elsewhere)
                .env("XDG_CONFIG_HOME", &elsewhere)
                .env("XDG_DATA_HOME", &elsewhere)
        }));
        std::fs::remove_file(link).unwrap();
        let outcomes: Vec<_> = outcomes.into_iter().map(|one| one.expect(0)).collect();
        assert_eq!(distinct(&outcomes).len(), 1);
        assert_eq!(sandbox.server().count(REFRESH), 1);
        assert_eq!(sandbox.server().count("GetRoleCredentials"), 1);
    });
}
