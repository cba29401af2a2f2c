//! An unreachable, silent or slow network, and clock skew.

use std::time::Duration;

use emulator::{Action, Fault};

use super::{FETCH, REFRESH, sandbox_with};
use crate::fixture::parallel::timed;
use crate::fixture::{CLOSED_URL, Sandbox, StoredToken};

#[test]
fn a_refused_connection_is_reported_with_its_address() {
    let sandbox = Sandbox::new();
    sandbox.store_token(3600);
    let run = sandbox
        .credential_process()
        .env("AWS_ENDPOINT_URL_SSO", CLOSED_URL);
    let outcome = run
        .run()
        .expect(1)
        .stderr_contains("could not be reached: 127.0.0.1:1");
    outcome.stderr_contains("refused").stderr_contains("hint: ");
}

#[test]
fn an_unknown_host_and_a_port_without_tls_are_reported() {
    let sandbox = Sandbox::new();
    sandbox.store_token(3600);
    let plain = sandbox.emulator().url().replace("http:", "https:");
    for (url, words) in [
        (
            "https://portal.invalid",
            "could not be reached: portal.invalid",
        ),
        (plain.as_str(), "does not speak TLS"),
    ] {
        let run = sandbox
            .credential_process()
            .env("AWS_ENDPOINT_URL_SSO", url);
        let run = run.env("SSO_TIMEOUT", "5");
        run.run().expect(1).stderr_contains(words);
    }
}

#[test]
fn silent_and_slow_responses_end_at_the_deadline() {
    for action in [
        Action::Hang(Duration::from_secs(60)),
        Action::Delay(Duration::from_secs(60)),
        Action::SlowBytes(Duration::from_millis(500)),
    ] {
        for (operation, expires_in) in [(FETCH, 3600), (REFRESH, -10)] {
            let sandbox = Sandbox::new();
            sandbox.store_token(expires_in);
            let fault = Fault::on_operation(operation, action.clone());
            sandbox.server().fault(fault);
            let run = sandbox.credential_process().env("SSO_TIMEOUT", "0.8");
            let (outcome, wall) = timed(|| run.run());
            outcome.expect(1).stderr_contains("no answer within 0.8 s");
            sandbox.assert_within(wall, Duration::from_secs(2));
        }
    }
}

#[test]
fn an_endless_response_is_not_read_to_its_end() {
    for (operation, expires_in) in [(FETCH, 3600), (REFRESH, -10)] {
        let sandbox = Sandbox::new();
        sandbox.store_token(expires_in);
        sandbox
            .server()
            .fault(Fault::on_operation(operation, Action::Endless));
        let (outcome, wall) = timed(|| sandbox.credential_process().run());
        outcome.expect(1).stderr_contains("the answer is too long");
        // The default timeout is 30 seconds.
        assert!(wall < Duration::from_secs(15), "{wall:?}");
    }
}

#[test]
fn a_connection_closed_without_a_response_is_retried() {
    for reset in [false, true] {
        let sandbox = sandbox_with(Fault::on_operation(FETCH, Action::Close { reset }).times(2));
        sandbox.credential_process().run().expect(0);
        assert_eq!(sandbox.server().count(FETCH), 3);
    }
}

#[test]
fn clock_skew_is_reported() {
    for (moved, words) in [
        (-7200, "ahead of the server's"),
        (7200, "behind the server's"),
    ] {
        let sandbox = Sandbox::new();
        sandbox.store_token(3600);
        sandbox.server().advance(moved);
        sandbox
            .server()
            .fault(Fault::on_operation(FETCH, Action::CaptivePortal));
        let outcome = sandbox.credential_process().run().expect(1);
        outcome
            .stderr_contains("this computer's clock is")
            .stderr_contains(words);
    }
}

#[test]
fn a_session_expired_by_the_servers_clock_alone_reports_the_clock() {
    // By the local clock the token is valid; by the server's it has expired, as has its session.
    let sandbox = Sandbox::new();
    sandbox.store_token(3600);
    sandbox.server().advance(2 * 86_400);
    let outcome = sandbox.credential_process().run().expect(4);
    outcome
        .stderr_contains("this computer's clock is")
        .stderr_contains("hint: sso login corp");
    // The same without a refresh token.
    let sandbox = Sandbox::new();
    let mut minted = sandbox.store_token(3600);
    minted.refresh_token = None;
    let stored = StoredToken {
        minted,
        expires_in: 3600,
        registration_in: 3600,
    };
    sandbox.write_token("corp", &stored);
    sandbox.server().advance(2 * 86_400);
    let outcome = sandbox.credential_process().run().expect(4);
    outcome.stderr_contains("this computer's clock is");
}

#[test]
fn credentials_expired_on_arrival_are_delivered_with_a_clock_warning() {
    let sandbox = Sandbox::new();
    sandbox.store_token(3600);
    sandbox
        .server()
        .configure(|options| options.portal_session_seconds = 90 * 86_400);
    sandbox.server().advance(-7200);
    let outcome = sandbox.credential_process().run().expect(0);
    outcome.stderr_contains("clock");
    assert_eq!(sandbox.server().count(FETCH), 1);
}

#[test]
fn an_invalid_timeout_is_a_usage_error() {
    let sandbox = Sandbox::new();
    sandbox.store_token(3600);
    let run = sandbox.credential_process().env("SSO_TIMEOUT", "soon");
    run.run().expect(2).stderr_contains("SSO_TIMEOUT");
}
