//! Many processes at once: one of them works, and all the others have its result.

mod rejected_tokens;

use std::collections::BTreeSet;
use std::os::unix::fs::symlink;
use std::time::Duration;

use emulator::{Action, Fault};

use crate::fixture::parallel::{run_all, timed};
use crate::fixture::random::rounds;
use crate::fixture::{ACCOUNT, CLOSED_URL, Outcome, ROLE, Sandbox};

const CROWD: usize = 100;
const REFRESH: &str = "CreateToken:refresh_token";

/// A storm, once or as often as a longer run wants.
fn repeatedly(storm: impl Fn()) {
    for _ in 0..rounds(1) {
        storm();
    }
}

fn distinct(outcomes: &[Outcome]) -> BTreeSet<&str> {
    outcomes.iter().map(|one| one.stdout.as_str()).collect()
}

#[track_caller]
fn all_end_with(outcomes: Vec<Outcome>, code: i32, words: &str) {
    for outcome in outcomes {
        let outcome = outcome.expect(code).stderr_contains(words);
        assert_eq!(outcome.stdout, "", "{outcome:#?}");
    }
}

fn delay(operation: &str, ms: u64) -> Fault {
    Fault::on_operation(operation, Action::Delay(Duration::from_millis(ms)))
}

#[test]
fn a_hundred_callers_share_one_refresh_and_one_fetch() {
    repeatedly(|| {
        let sandbox = Sandbox::new();
        // The emulator's refresh tokens are good for one use.
        sandbox.store_token(-10);
        let outcomes = run_all((0..CROWD).map(|_| sandbox.credential_process()));
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
    repeatedly(|| {
        let sandbox = Sandbox::new();
        sandbox.store_token(-10);
        for role in 0..10 {
            sandbox.server().assign(ACCOUNT, &format!("Role{role}"));
        }
        let outcomes = run_all((0..CROWD).map(|number| {
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
fn nobody_takes_those_who_only_look_for_a_sign_in_for_one() {
    repeatedly(|| {
        let sandbox = Sandbox::new();
        let outcomes = run_all((0..CROWD).map(|_| sandbox.credential_process()));
        all_end_with(
            outcomes,
            4,
            "error: not signed in to corp\nhint: sso login corp",
        );
        assert_eq!(sandbox.server().count(""), 0);
    });
}

#[test]
fn a_dead_refresh_token_is_tried_once_for_all() {
    repeatedly(|| {
        let sandbox = Sandbox::new();
        sandbox.store_token(-10);
        sandbox.server().revoke_refresh_tokens();
        sandbox.server().fault(delay(REFRESH, 1000));
        let (outcomes, wall) = timed(|| run_all((0..CROWD).map(|_| sandbox.credential_process())));
        all_end_with(outcomes, 4, "hint: sso login corp");
        assert_eq!(sandbox.server().count(REFRESH), 1);
        // One caller takes one second and a little; every second attempt would add another.
        let bound = Duration::from_secs(2) + sandbox.spawn_baseline();
        assert!(wall < bound, "{wall:?}, but {bound:?} are enough");
    });
}

#[test]
fn a_closed_port_fails_all_within_one_deadline() {
    repeatedly(|| {
        for expires_in in [-10, 3600] {
            let sandbox = Sandbox::new();
            sandbox.store_token(expires_in);
            let run = || {
                let run = sandbox.credential_process().env("SSO_TIMEOUT", "5");
                run.env("AWS_ENDPOINT_URL_SSO", CLOSED_URL)
                    .env("AWS_ENDPOINT_URL_SSO_OIDC", CLOSED_URL)
            };
            let (outcomes, wall) = timed(|| run_all((0..CROWD).map(|_| run())));
            all_end_with(outcomes, 1, "could not be reached");
            let bound = Duration::from_secs(5) + sandbox.spawn_baseline();
            assert!(wall < bound, "{wall:?}, but {bound:?} are enough");
        }
    });
}

#[test]
fn a_silent_server_fails_all_within_one_deadline() {
    repeatedly(|| {
        for (expires_in, operation) in [(-10, REFRESH), (3600, "GetRoleCredentials")] {
            let sandbox = Sandbox::new();
            sandbox.store_token(expires_in);
            let silence = Action::Hang(Duration::from_secs(60));
            sandbox
                .server()
                .fault(Fault::on_operation(operation, silence));
            let run = || sandbox.credential_process().env("SSO_TIMEOUT", "2");
            let (outcomes, wall) = timed(|| run_all((0..CROWD).map(|_| run())));
            all_end_with(outcomes, 1, "the service did not answer in time");
            // Whoever comes while others wait has their result; whoever comes later has two
            // seconds of its own.
            let bound = Duration::from_secs(4) + sandbox.spawn_baseline();
            assert!(wall < bound, "{wall:?}, but {bound:?} are enough");
            sandbox.assert_cache_is_valid();
        }
    });
}

/// Lets a crowd gather in front of a lock, and gives what became of it after the lock is
/// released.
fn gathered(sandbox: &Sandbox, kind: &str, timeout: &str) -> Vec<Outcome> {
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
fn what_the_portal_says_to_one_counts_for_all_who_waited() {
    repeatedly(|| {
        let sandbox = Sandbox::new();
        sandbox.store_token(3600);
        sandbox.server().unassign(ACCOUNT, ROLE);
        let outcomes = gathered(&sandbox, "role", "30");
        all_end_with(
            outcomes,
            1,
            &format!("no access to role {ROLE} in account {ACCOUNT}"),
        );
        assert_eq!(sandbox.server().count("GetRoleCredentials"), 1);
        // Who comes later asks for itself: the role may have been given meanwhile.
        sandbox.server().assign(ACCOUNT, ROLE);
        sandbox.credential_process().run().expect(0);
    });
}

#[test]
fn a_throttled_portal_is_not_asked_by_each_of_them() {
    repeatedly(|| {
        let sandbox = Sandbox::new();
        sandbox.store_token(3600);
        let busy = reply(429, "TooManyRequestsException");
        sandbox
            .server()
            .fault(Fault::on_operation("GetRoleCredentials", busy));
        let (outcomes, wall) = timed(|| gathered(&sandbox, "role", "3"));
        all_end_with(outcomes, 1, "");
        let asked = sandbox.server().count("GetRoleCredentials");
        assert!(asked <= 6, "{asked} requests");
        let bound = Duration::from_secs(3) + sandbox.spawn_baseline();
        assert!(wall < bound, "{wall:?}, but {bound:?} are enough");
    });
}

#[test]
fn a_failure_of_another_network_does_not_count() {
    repeatedly(|| {
        let sandbox = Sandbox::new();
        sandbox.store_token(-10);
        let lock = sandbox.hold_lock("token", &sandbox.token_path("corp"));
        let run = |role| sandbox.sso(["credential-process", "-v", "-p", "dev", "-r", role]);
        // Of two callers of one role the second would wait for the first, not for the token.
        let closed = run(ROLE).env("AWS_ENDPOINT_URL_SSO_OIDC", CLOSED_URL);
        let mut cut_off = closed.start();
        cut_off.wait_for_stderr("waiting for process");
        let mut connected = run("ReadOnlyAccess").start();
        connected.wait_for_stderr("waiting for process");
        drop(lock);
        connected.finish().expect(0);
        // It may also have found what the other one refreshed.
        let code = cut_off.finish().code;
        assert!([0, 1].contains(&code), "{code}");
    });
}

#[test]
fn homes_and_directories_spelled_differently_still_exclude_each_other() {
    repeatedly(|| {
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
        let outcomes = run_all((0..CROWD).map(|number| {
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
