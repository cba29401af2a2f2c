//! A hundred callers whose token the portal refuses, at a portal that wants fewer, or who sign
//! in and out.

use std::time::Duration;

use emulator::{Action, Fault, MintedSession};

use super::{CROWD, REFRESH, all_end_with, distinct, repeatedly, reply};
use crate::fixture::parallel::{run_all, timed};
use crate::fixture::{ACCOUNT, Sandbox, StoredToken};
const FETCH: &str = "GetRoleCredentials";

/// A sandbox whose token has all its time, and which the portal does not accept.
fn revoked(refreshable: bool) -> Sandbox {
    let sandbox = Sandbox::new();
    let minted = sandbox.store_token(3600);
    sandbox.server().revoke_access(&minted.access_token);
    if !refreshable {
        let minted = MintedSession {
            refresh_token: None,
            ..minted
        };
        let stored = StoredToken {
            minted,
            expires_in: 3600,
            registration_in: 3600,
        };
        sandbox.write_token("corp", &stored);
    }
    sandbox
}

/// An answer takes long enough for the crowd to gather in front of it.
fn slow(sandbox: &Sandbox, operation: &str) {
    let wait = Action::Delay(Duration::from_millis(1000));
    sandbox.server().fault(Fault::on_operation(operation, wait));
}

#[test]
fn a_revoked_token_is_refreshed_once_for_a_hundred_callers() {
    repeatedly(|| {
        let sandbox = revoked(true);
        let outcomes = run_all((0..CROWD).map(|_| sandbox.credential_process()));
        let outcomes: Vec<_> = outcomes.into_iter().map(|one| one.expect(0)).collect();
        assert_eq!(distinct(&outcomes).len(), 1);
        assert_eq!(sandbox.server().count(REFRESH), 1);
        // The one that was refused, and the one that was not.
        assert_eq!(sandbox.server().count(FETCH), 2);
        sandbox.assert_cache_is_valid();
    });
}

#[test]
fn a_revoked_token_of_ten_roles_is_refreshed_once() {
    repeatedly(|| {
        let sandbox = revoked(true);
        slow(&sandbox, FETCH);
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
        let fetches = sandbox.server().count(FETCH);
        assert!((11..=20).contains(&fetches), "{fetches} fetches");
    });
}

#[test]
fn a_revoked_token_that_nothing_renews_is_refused_once_and_gone_for_all() {
    repeatedly(|| {
        let sandbox = revoked(false);
        slow(&sandbox, FETCH);
        let outcomes = run_all((0..CROWD).map(|_| sandbox.credential_process()));
        all_end_with(outcomes, 4, "hint: sso login corp");
        assert_eq!(sandbox.server().count(FETCH), 1);
        assert_eq!(sandbox.server().count(REFRESH), 0);
        assert!(!sandbox.token_path("corp").exists());
        sandbox.sign_in();
        sandbox.credential_process().run().expect(0);
    });
}

#[test]
fn a_revoked_token_with_a_dead_refresh_token_costs_one_request_of_each() {
    repeatedly(|| {
        let sandbox = revoked(true);
        sandbox.server().revoke_refresh_tokens();
        slow(&sandbox, REFRESH);
        let outcomes = run_all((0..CROWD).map(|_| sandbox.credential_process()));
        all_end_with(outcomes, 4, "hint: sso login corp");
        assert_eq!(sandbox.server().count(FETCH), 1);
        assert_eq!(sandbox.server().count(REFRESH), 1);
        assert!(!sandbox.token_path("corp").exists());
    });
}

#[test]
fn a_throttling_portal_serves_a_hundred_callers_of_ten_roles_in_the_end() {
    repeatedly(|| {
        let sandbox = Sandbox::new();
        sandbox.store_token(3600);
        sandbox.server().set_rate(6.0, 2.0);
        for role in 0..10 {
            sandbox.server().assign(ACCOUNT, &format!("Role{role}"));
        }
        let outcomes = run_all((0..CROWD).map(|number| {
            let role = format!("Role{}", number % 10);
            sandbox.sso(["credential-process", "-p", "dev", "-r", &role])
        }));
        for outcome in outcomes {
            outcome.expect(0);
        }
        // Six attempts are the most for one fetch, and only ten of them fetch.
        let asked = sandbox.server().count(FETCH);
        assert!((10..=60).contains(&asked), "{asked} requests");
    });
}

#[test]
fn a_portal_that_only_throttles_fails_a_hundred_callers_within_one_deadline() {
    repeatedly(|| {
        let sandbox = Sandbox::new();
        sandbox.store_token(3600);
        let busy = reply(429, "TooManyRequestsException");
        sandbox.server().fault(Fault::on_operation(FETCH, busy));
        let run = || sandbox.credential_process().env("SSO_TIMEOUT", "3");
        let (outcomes, wall) = timed(|| run_all((0..CROWD).map(|_| run())));
        all_end_with(outcomes, 1, "the portal asked for fewer requests");
        // Whoever comes while others wait has their result, whoever comes later its own.
        let asked = sandbox.server().count(FETCH);
        assert!(asked < CROWD as u64, "{asked} requests");
        let bound = Duration::from_secs(6) + sandbox.spawn_baseline();
        assert!(wall < bound, "{wall:?}, but {bound:?} are enough");
    });
}

#[test]
fn a_hundred_sign_ins_are_one_and_so_are_a_hundred_sign_outs() {
    repeatedly(|| {
        let sandbox = Sandbox::new();
        let run = || sandbox.sso(["login"]).approving_browser();
        for outcome in run_all((0..CROWD).map(|_| run())) {
            outcome.expect(0);
        }
        assert_eq!(sandbox.server().count("CreateToken"), 1);
        assert_eq!(sandbox.server().count("RegisterClient"), 1);
        sandbox.credential_process().run().expect(0);
        for outcome in run_all((0..CROWD).map(|_| sandbox.sso(["logout"]))) {
            outcome.expect(0);
        }
        assert_eq!(sandbox.server().count("Logout"), 1);
        assert_eq!(sandbox.files(".aws/cli/cache"), []);
        assert!(!sandbox.token_path("corp").exists());
    });
}
