//! A hundred callers with a token that the portal rejects, at a throttling portal, and as
//! sign-ins and sign-outs.

use std::time::Duration;

use emulator::{Fault, MintedSession};

use super::{CALLERS, REFRESH, assert_all_fail, delay, distinct, repeat, reply};
use crate::fixture::parallel::{run_all, timed};
use crate::fixture::{ACCOUNT, Sandbox, StoredToken};

const FETCH: &str = "GetRoleCredentials";

/// Creates a sandbox with an unexpired token that the portal rejects.
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

#[test]
fn a_revoked_token_is_refreshed_once_for_a_hundred_callers() {
    repeat(|| {
        let sandbox = revoked(true);
        let outcomes = run_all((0..CALLERS).map(|_| sandbox.credential_process()));
        let outcomes: Vec<_> = outcomes.into_iter().map(|one| one.expect(0)).collect();
        assert_eq!(distinct(&outcomes).len(), 1);
        assert_eq!(sandbox.server().count(REFRESH), 1);
        // One that was rejected, and one with the refreshed token.
        assert_eq!(sandbox.server().count(FETCH), 2);
        sandbox.assert_cache_is_valid();
    });
}

#[test]
fn a_revoked_token_of_ten_roles_is_refreshed_once() {
    repeat(|| {
        let sandbox = revoked(true);
        sandbox.server().fault(delay(FETCH, 1000));
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
        let fetches = sandbox.server().count(FETCH);
        assert!((11..=20).contains(&fetches), "{fetches} fetches");
    });
}

#[test]
fn a_revoked_token_without_refresh_token_is_sent_once_and_deleted() {
    repeat(|| {
        let sandbox = revoked(false);
        sandbox.server().fault(delay(FETCH, 1000));
        let outcomes = run_all((0..CALLERS).map(|_| sandbox.credential_process()));
        assert_all_fail(outcomes, 4, "hint: sso login corp");
        assert_eq!(sandbox.server().count(FETCH), 1);
        assert_eq!(sandbox.server().count(REFRESH), 0);
        assert!(!sandbox.token_path("corp").exists());
        sandbox.sign_in();
        sandbox.credential_process().run().expect(0);
    });
}

#[test]
fn a_revoked_token_with_a_revoked_refresh_token_costs_one_request_each() {
    repeat(|| {
        let sandbox = revoked(true);
        sandbox.server().revoke_refresh_tokens();
        sandbox.server().fault(delay(REFRESH, 1000));
        let outcomes = run_all((0..CALLERS).map(|_| sandbox.credential_process()));
        assert_all_fail(outcomes, 4, "hint: sso login corp");
        assert_eq!(sandbox.server().count(FETCH), 1);
        assert_eq!(sandbox.server().count(REFRESH), 1);
        assert!(!sandbox.token_path("corp").exists());
    });
}

#[test]
fn a_throttling_portal_serves_a_hundred_callers_of_ten_roles() {
    repeat(|| {
        let sandbox = Sandbox::new();
        sandbox.store_token(3600);
        sandbox.server().set_rate(6.0, 2.0);
        for role in 0..10 {
            sandbox.server().assign(ACCOUNT, &format!("Role{role}"));
        }
        let outcomes = run_all((0..CALLERS).map(|number| {
            let role = format!("Role{}", number % 10);
            sandbox.sso(["credential-process", "-p", "dev", "-r", &role])
        }));
        for outcome in outcomes {
            outcome.expect(0);
        }
        // One fetch makes at most six attempts, and only ten callers fetch.
        let asked = sandbox.server().count(FETCH);
        assert!((10..=60).contains(&asked), "{asked} requests");
    });
}

#[test]
fn constant_throttling_fails_a_hundred_callers_within_one_deadline() {
    repeat(|| {
        let sandbox = Sandbox::new();
        sandbox.store_token(3600);
        let throttled = reply(429, "TooManyRequestsException");
        sandbox
            .server()
            .fault(Fault::on_operation(FETCH, throttled));
        let run = || sandbox.credential_process().env("SSO_TIMEOUT", "3");
        let (outcomes, wall) = timed(|| run_all((0..CALLERS).map(|_| run())));
        assert_all_fail(outcomes, 1, "the portal asked for fewer requests");
        // A caller that starts while others wait shares their result.
        let asked = sandbox.server().count(FETCH);
        assert!(asked < CALLERS as u64, "{asked} requests");
        sandbox.assert_within(wall, Duration::from_secs(6));
    });
}

#[test]
fn a_hundred_sign_ins_and_sign_outs_cost_one_each() {
    repeat(|| {
        let sandbox = Sandbox::new();
        let run = || sandbox.sso(["login"]).approving_browser();
        for outcome in run_all((0..CALLERS).map(|_| run())) {
            outcome.expect(0);
        }
        assert_eq!(sandbox.server().count("CreateToken"), 1);
        assert_eq!(sandbox.server().count("RegisterClient"), 1);
        sandbox.credential_process().run().expect(0);
        for outcome in run_all((0..CALLERS).map(|_| sandbox.sso(["logout"]))) {
            outcome.expect(0);
        }
        assert_eq!(sandbox.server().count("Logout"), 1);
        assert_eq!(sandbox.files(".aws/cli/cache"), []);
        assert!(!sandbox.token_path("corp").exists());
    });
}
