//! Error responses of the portal and the token service, and responses of other servers in their
//! place.

use std::time::Duration;

use emulator::{Action, Fault};

use super::{FETCH, REFRESH, exception, page, sandbox_with};
use crate::fixture::parallel::timed;
use crate::fixture::{ACCOUNT, ROLE, Sandbox};

#[test]
fn a_missing_permission_names_the_account_and_the_role() {
    let sandbox = Sandbox::new();
    sandbox.store_token(3600);
    sandbox.server().unassign(ACCOUNT, ROLE);
    let outcome = sandbox.credential_process().run().expect(1);
    let outcome =
        outcome.stderr_contains(&format!("no access to role {ROLE} in account {ACCOUNT}"));
    let hint = format!("`sso roles --session corp --account {ACCOUNT} --refresh`");
    outcome.stderr_contains(&hint);
    assert_eq!(sandbox.server().count(FETCH), 1);
}

#[test]
fn an_unknown_role_is_named() {
    let missing = exception(404, "ResourceNotFoundException", r#"{"message":"none"}"#);
    let sandbox = sandbox_with(Fault::on_operation(FETCH, missing));
    let outcome = sandbox.credential_process().run().expect(1);
    outcome.stderr_contains(&format!("there is no role {ROLE} in account {ACCOUNT}"));
}

#[test]
fn a_throttled_or_failing_request_is_retried_after_a_wait() {
    let throttled = exception(429, "TooManyRequestsException", "{}");
    let failing = exception(503, "", "{}");
    for (action, times) in [(throttled, 3), (failing, 2), (page(502), 1), (page(429), 1)] {
        let sandbox = sandbox_with(Fault::on_operation(FETCH, action.clone()).times(times));
        let (outcome, wall) = timed(|| sandbox.credential_process().run());
        outcome.expect(0);
        assert_eq!(sandbox.server().count(FETCH), u64::from(times) + 1);
        // The first wait is at least half of 400 ms.
        assert!(wall > Duration::from_millis(200), "{action:?}: {wall:?}");
    }
}

#[test]
fn a_hanging_retry_does_not_hide_the_first_error() {
    let sandbox = sandbox_with(Fault::on_operation(FETCH, exception(500, "", "{}")).times(1));
    let hang = Action::Hang(Duration::from_secs(60));
    sandbox.server().fault(Fault::on_operation(FETCH, hang));
    let run = sandbox.credential_process().env("SSO_TIMEOUT", "4");
    run.run().expect(1).stderr_contains("the service failed");
    assert_eq!(sandbox.server().count(FETCH), 2);
}

#[test]
fn retries_end_before_the_deadline_and_name_the_cause() {
    let throttled = exception(429, "TooManyRequestsException", "{}");
    for (action, words) in [
        (throttled, "the portal asked for fewer requests"),
        (exception(500, "", "{}"), "the service failed"),
        (page(503), "the service failed"),
        (Action::Close { reset: true }, "could not be reached"),
    ] {
        let sandbox = sandbox_with(Fault::on_operation(FETCH, action));
        let run = sandbox.credential_process().env("SSO_TIMEOUT", "1");
        let (outcome, wall) = timed(|| run.run());
        outcome.expect(1).stderr_contains(words);
        sandbox.assert_within(wall, Duration::from_secs(2));
    }
}

#[test]
fn responses_of_other_servers_are_reported_and_end_no_session() {
    let elsewhere = Action::Redirect {
        status: 302,
        location: "http://127.0.0.1:1/".to_owned(),
    };
    for (action, words) in [
        (Action::CaptivePortal, "captive portal"),
        (page(200), "not the service's JSON"),
        (page(401), "answered 401, but not as the service does"),
        (page(403), "answered 403, but not as the service does"),
        (page(404), "answered 404, but not as the service does"),
        (page(407), "the proxy asks for a user and a password"),
        (elsewhere, "a redirect (302)"),
        (Action::MalformedJson, "not the service's JSON"),
        (Action::Truncate(None), "broke off"),
        (exception(200, "", "{}"), "without"),
        (exception(200, "", "[]"), "not the service's JSON"),
        (exception(401, "", "{}"), "answered 401, but not as"),
    ] {
        for (operation, expires_in) in [(FETCH, 3600), (REFRESH, -10)] {
            let sandbox = Sandbox::new();
            sandbox.store_token(expires_in);
            let before = sandbox.read_json(&sandbox.token_path("corp"));
            let fault = Fault::on_operation(operation, action.clone());
            sandbox.server().fault(fault);
            let outcome = sandbox
                .credential_process()
                .run()
                .expect(1)
                .stderr_contains(words);
            assert_eq!(outcome.stdout, "");
            assert_eq!(sandbox.read_json(&sandbox.token_path("corp")), before);
            assert!(sandbox.temporary_files().is_empty());
        }
    }
}

#[test]
fn a_redirect_is_not_followed_with_the_token() {
    let sandbox = Sandbox::new();
    sandbox.store_token(3600);
    let location = sandbox.emulator().url() + "/elsewhere";
    let action = Action::Redirect {
        status: 307,
        location,
    };
    sandbox.server().fault(Fault::on_operation(FETCH, action));
    sandbox.credential_process().run().expect(1);
    let log = sandbox.server().log();
    assert!(
        log.iter().all(|entry| entry.path != "/elsewhere"),
        "{log:?}"
    );
}

#[test]
fn a_temporarily_failing_refresh_keeps_the_session_and_is_not_retried() {
    for action in [
        exception(500, "InternalServerException", "{}"),
        Action::Close { reset: true },
        Action::CaptivePortal,
    ] {
        let sandbox = Sandbox::new();
        sandbox.store_token(-10);
        sandbox
            .server()
            .fault(Fault::on_operation(REFRESH, action).times(1));
        sandbox.credential_process().run().expect(1);
        assert_eq!(sandbox.server().count(REFRESH), 1);
        sandbox.credential_process().run().expect(0);
    }
}

#[test]
fn an_unexpired_token_is_used_if_its_refresh_fails() {
    for action in [
        exception(500, "InternalServerException", "{}"),
        exception(400, "InvalidGrantException", r#"{"error":"invalid_grant"}"#),
        Action::Close { reset: false },
        Action::CaptivePortal,
        Action::Hang(Duration::from_secs(60)),
    ] {
        let sandbox = Sandbox::new();
        sandbox.store_token(300);
        sandbox.server().fault(Fault::on_operation(REFRESH, action));
        let run = sandbox.credential_process().env("SSO_TIMEOUT", "4");
        run.run().expect(0);
        assert!(sandbox.token_path("corp").exists());
    }
}

#[test]
fn a_response_without_a_refresh_token_keeps_the_old_one() {
    let sandbox = Sandbox::new();
    let old = sandbox.store_token(-10);
    sandbox
        .server()
        .configure(|options| options.refresh_mode = emulator::RefreshMode::Omit);
    sandbox.credential_process().run().expect(0);
    let token = sandbox.read_json(&sandbox.token_path("corp"));
    assert_eq!(token["refreshToken"], old.refresh_token.unwrap());
    assert_ne!(token["accessToken"], old.access_token);
}

#[test]
fn a_token_that_fits_in_no_header_is_rejected() {
    const ODD: [&str; 4] = ["a\r\nX-Injected: y", "\u{0}", "t\u{f6}ken", "two words"];
    for odd in ODD {
        let reply = serde_json::json!({"accessToken": odd, "expiresIn": 28_800}).to_string();
        let sandbox = Sandbox::new();
        sandbox.store_token(-10);
        let before = sandbox.read_json(&sandbox.token_path("corp"));
        let action = exception(200, "", &reply);
        sandbox
            .server()
            .fault(Fault::on_operation(REFRESH, action).times(1));
        let outcome = sandbox.credential_process().run().expect(1);
        outcome.stderr_contains("answered without an access token");
        assert_eq!(sandbox.read_json(&sandbox.token_path("corp")), before);
        // In the cache it would look valid and block every sign-in.
        let path = sandbox.token_path("corp");
        let mut stored = sandbox.read_json(&path);
        stored["accessToken"] = odd.into();
        stored["expiresAt"] = crate::fixture::stamp(3600).into();
        sandbox.write_file(&path, stored.to_string().as_bytes());
        sandbox
            .credential_process()
            .run()
            .expect(4)
            .stderr_contains("is not a token");
        sandbox.sign_in();
        sandbox.credential_process().run().expect(0);
    }
}
