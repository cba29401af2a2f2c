//! No network, a slow one, and clocks that disagree.

use std::time::Duration;

use emulator::{Action, Fault};

use super::{FETCH, REFRESH, world_with};
use crate::fixture::parallel::timed;
use crate::fixture::{CLOSED_URL, Sandbox, StoredToken};

#[test]
fn a_refused_connection_is_named_with_the_address() {
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
fn a_name_that_does_not_exist_and_a_plain_port_behind_https_are_named() {
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
fn silence_and_slowness_end_with_the_deadline() {
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
            assert!(wall < Duration::from_secs(2), "{action:?}: {wall:?}");
        }
    }
}

#[test]
fn an_answer_without_end_is_not_read_to_its_end() {
    for (operation, expires_in) in [(FETCH, 3600), (REFRESH, -10)] {
        let sandbox = Sandbox::new();
        sandbox.store_token(expires_in);
        sandbox
            .server()
            .fault(Fault::on_operation(operation, Action::Endless));
        let (outcome, wall) = timed(|| sandbox.credential_process().run());
        outcome.expect(1).stderr_contains("the answer is too long");
        // The time limit would be half a minute.
        assert!(wall < Duration::from_secs(15), "{wall:?}");
    }
}

#[test]
fn a_connection_that_closes_without_an_answer_is_tried_again() {
    for reset in [false, true] {
        let sandbox = world_with(Fault::on_operation(FETCH, Action::Close { reset }).times(2));
        sandbox.credential_process().run().expect(0);
        assert_eq!(sandbox.server().count(FETCH), 3);
    }
}

#[test]
fn clocks_that_disagree_are_named() {
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
fn a_sign_in_that_ended_by_the_servers_clock_alone_names_the_clock() {
    // The token looks good here; for the server it ended long ago, and so did its session.
    let sandbox = Sandbox::new();
    sandbox.store_token(3600);
    sandbox.server().advance(2 * 86_400);
    let outcome = sandbox.credential_process().run().expect(4);
    outcome
        .stderr_contains("this computer's clock is")
        .stderr_contains("hint: sso login corp");
    // The same without anything to refresh it with.
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
fn credentials_that_have_ended_when_they_come_are_delivered_with_a_word_about_the_clock() {
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
fn a_time_limit_that_is_none_is_a_usage_error() {
    let sandbox = Sandbox::new();
    sandbox.store_token(3600);
    let run = sandbox.credential_process().env("SSO_TIMEOUT", "soon");
    run.run().expect(2).stderr_contains("SSO_TIMEOUT");
}
