//! A token that the portal rejects: it is read again, refreshed once, and deleted only if it is
//! useless.

use emulator::{Action, Fault, MintedSession};

use super::{FETCH, REFRESH, exception, page};
use crate::fixture::parallel::WAIT_LIMIT;
use crate::fixture::{CLOSED_URL, Sandbox, StoredToken};

fn store(sandbox: &Sandbox, minted: MintedSession, registration_in: i64) {
    let stored = StoredToken {
        minted,
        expires_in: 3600,
        registration_in,
    };
    sandbox.write_token("corp", &stored);
}

/// Creates a sandbox with a revoked token that has not expired.
fn revoked() -> (Sandbox, MintedSession) {
    let sandbox = Sandbox::new();
    let minted = sandbox.store_token(3600);
    sandbox.server().revoke_access(&minted.access_token);
    (sandbox, minted)
}

#[test]
fn a_rejected_token_is_refreshed_once_and_the_fetch_succeeds() {
    let (sandbox, _) = revoked();
    sandbox.credential_process().run().expect(0);
    assert_eq!(sandbox.server().count(REFRESH), 1);
    assert_eq!(sandbox.server().count(FETCH), 2);
}

#[test]
fn a_portal_that_rejects_every_token_costs_one_refresh_and_not_the_session() {
    let refusal = exception(401, "UnauthorizedException", r#"{"message":"no"}"#);
    for expires_in in [3600, -10] {
        let sandbox = Sandbox::new();
        sandbox.store_token(expires_in);
        sandbox
            .server()
            .fault(Fault::on_operation(FETCH, refusal.clone()));
        let outcome = sandbox.credential_process().run().expect(4);
        outcome.stderr_contains("hint: sso login corp --force");
        assert_eq!(sandbox.server().count(REFRESH), 1);
        assert!(sandbox.token_path("corp").exists());
    }
}

#[test]
fn a_rejected_token_replaced_by_another_tool_is_read_again() {
    let (sandbox, _) = revoked();
    let hold = Fault::on_operation(FETCH, Action::Hold);
    sandbox.server().fault(hold.times(1));
    let fetch = sandbox.credential_process().start();
    assert!(sandbox.server().wait_until_held(WAIT_LIMIT));
    sandbox.store_token(3600);
    sandbox.server().release_held();
    fetch.finish().expect(0);
    assert_eq!(sandbox.server().count(REFRESH), 0);
}

/// Makes a rejected token impossible to refresh.
type Preparation = fn(&Sandbox, &MintedSession);

#[test]
fn a_rejected_token_that_cannot_be_refreshed_is_deleted() {
    let without_refresh_token = |sandbox: &Sandbox, minted: &MintedSession| {
        let minted = MintedSession {
            refresh_token: None,
            ..minted.clone()
        };
        store(sandbox, minted, 3600);
    };
    let expired_registration =
        |sandbox: &Sandbox, minted: &MintedSession| store(sandbox, minted.clone(), -10);
    let dead_refresh_token =
        |sandbox: &Sandbox, _: &MintedSession| sandbox.server().revoke_refresh_tokens();
    let forgotten_client = |sandbox: &Sandbox, _: &MintedSession| sandbox.server().forget_clients();
    let cases: [(&str, Preparation, u64); 4] = [
        ("no refresh token", without_refresh_token, 0),
        ("an expired registration", expired_registration, 0),
        ("invalid_grant", dead_refresh_token, 1),
        ("invalid_client", forgotten_client, 1),
    ];
    for (name, prepare, refreshes) in cases {
        let (sandbox, minted) = revoked();
        prepare(&sandbox, &minted);
        sandbox
            .credential_process()
            .run()
            .expect(4)
            .stderr_contains("hint: sso login corp");
        assert!(!sandbox.token_path("corp").exists(), "{name}");
        assert_eq!(sandbox.server().count(REFRESH), refreshes, "{name}");
        sandbox.sign_in();
        sandbox.credential_process().run().expect(0);
    }
}

#[test]
fn every_other_rejection_deletes_nothing() {
    let network_down = |sandbox: &Sandbox| {
        let run = sandbox
            .credential_process()
            .env("AWS_ENDPOINT_URL_SSO_OIDC", CLOSED_URL);
        run.run().expect(1)
    };
    let (sandbox, _) = revoked();
    network_down(&sandbox).stderr_contains("could not be reached");
    assert!(sandbox.token_path("corp").exists());
    sandbox.credential_process().run().expect(0);

    for action in [
        page(401),
        exception(401, "", r#"{"message":"who?"}"#),
        exception(401, "ProxyException", "{}"),
    ] {
        let sandbox = Sandbox::new();
        let mut minted = sandbox.store_token(3600);
        minted.refresh_token = None;
        store(&sandbox, minted, 3600);
        sandbox.server().fault(Fault::on_operation(FETCH, action));
        sandbox.credential_process().run().expect(1);
        assert!(sandbox.token_path("corp").exists());
        assert_eq!(sandbox.server().count(REFRESH), 0);
    }
}

#[test]
fn a_rejected_token_is_kept_while_another_process_holds_its_lock() {
    // Another process holds the lock and may be replacing the token.
    let (sandbox, mut minted) = revoked();
    minted.refresh_token = None;
    store(&sandbox, minted, 3600);
    let _lock = sandbox.hold_lock("token", &sandbox.token_path("corp"));
    let run = sandbox.credential_process().env("SSO_TIMEOUT", "1");
    run.run().expect(4);
    assert!(sandbox.token_path("corp").exists());
}
