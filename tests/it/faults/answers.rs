//! What the portal and the token service answer, and what stands in their place.

use std::time::Duration;

use emulator::{Action, Fault};

use super::{FETCH, REFRESH, exception, page, world_with};
use crate::world::aftermath::timed;
use crate::world::{ACCOUNT, ROLE, World};

#[test]
fn no_access_names_the_account_and_the_role() {
    let world = World::new();
    world.stored_token(3600);
    world.server().unassign(ACCOUNT, ROLE);
    let outcome = world.credentials().run().expect(1);
    let outcome = outcome.says(&format!("no access to role {ROLE} in account {ACCOUNT}"));
    let hint = format!("`sso roles --session corp --account {ACCOUNT} --refresh`");
    outcome.says(&hint);
    assert_eq!(world.server().count(FETCH), 1);
}

#[test]
fn an_unknown_role_is_named() {
    let missing = exception(404, "ResourceNotFoundException", r#"{"message":"none"}"#);
    let world = world_with(Fault::on_operation(FETCH, missing));
    let outcome = world.credentials().run().expect(1);
    outcome.says(&format!("there is no role {ROLE} in account {ACCOUNT}"));
}

#[test]
fn a_throttled_or_failing_portal_is_asked_again_after_a_while() {
    let throttled = exception(429, "TooManyRequestsException", "{}");
    let failing = exception(503, "", "{}");
    for (action, times) in [(throttled, 3), (failing, 2), (page(502), 1), (page(429), 1)] {
        let world = world_with(Fault::on_operation(FETCH, action.clone()).times(times));
        let (outcome, wall) = timed(|| world.credentials().run());
        outcome.expect(0);
        assert_eq!(world.server().count(FETCH), u64::from(times) + 1);
        // The shortest first wait is half of 400 ms.
        assert!(wall > Duration::from_millis(200), "{action:?}: {wall:?}");
    }
}

#[test]
fn a_second_attempt_that_hangs_does_not_hide_what_the_first_one_met() {
    let world = world_with(Fault::on_operation(FETCH, exception(500, "", "{}")).times(1));
    let hang = Action::Hang(Duration::from_secs(60));
    world.server().fault(Fault::on_operation(FETCH, hang));
    let run = world.credentials().env("SSO_TIMEOUT", "2");
    run.run().expect(1).says("the service failed");
    assert_eq!(world.server().count(FETCH), 2);
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
        let world = world_with(Fault::on_operation(FETCH, action));
        let run = world.credentials().env("SSO_TIMEOUT", "1");
        let (outcome, wall) = timed(|| run.run());
        outcome.expect(1).says(words);
        assert!(wall < Duration::from_secs(2), "{words}: {wall:?}");
    }
}

#[test]
fn what_is_not_the_service_is_said_to_be_something_else_and_ends_nothing() {
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
            let world = World::new();
            world.stored_token(expires_in);
            let before = world.read_json(&world.token_path("corp"));
            let fault = Fault::on_operation(operation, action.clone());
            world.server().fault(fault);
            let outcome = world.credentials().run().expect(1).says(words);
            assert_eq!(outcome.stdout, "");
            assert_eq!(world.read_json(&world.token_path("corp")), before);
            assert!(world.left_overs().is_empty());
        }
    }
}

#[test]
fn a_redirect_is_not_followed_with_the_token() {
    let world = World::new();
    world.stored_token(3600);
    let location = world.emulator().url() + "/elsewhere";
    let action = Action::Redirect {
        status: 307,
        location,
    };
    world.server().fault(Fault::on_operation(FETCH, action));
    world.credentials().run().expect(1);
    let log = world.server().log();
    assert!(
        log.iter().all(|entry| entry.path != "/elsewhere"),
        "{log:?}"
    );
}

#[test]
fn a_refresh_that_fails_for_now_leaves_the_session_and_is_not_repeated_blindly() {
    for action in [
        exception(500, "InternalServerException", "{}"),
        Action::Close { reset: true },
        Action::CaptivePortal,
    ] {
        let world = World::new();
        world.stored_token(-10);
        world
            .server()
            .fault(Fault::on_operation(REFRESH, action).times(1));
        world.credentials().run().expect(1);
        assert_eq!(world.server().count(REFRESH), 1);
        world.credentials().run().expect(0);
    }
}

#[test]
fn a_token_with_time_left_is_used_whatever_becomes_of_its_refresh() {
    for action in [
        exception(500, "InternalServerException", "{}"),
        exception(400, "InvalidGrantException", r#"{"error":"invalid_grant"}"#),
        Action::Close { reset: false },
        Action::CaptivePortal,
        Action::Hang(Duration::from_secs(60)),
    ] {
        let world = World::new();
        world.stored_token(300);
        world.server().fault(Fault::on_operation(REFRESH, action));
        let run = world.credentials().env("SSO_TIMEOUT", "4");
        run.run().expect(0);
        assert!(world.token_path("corp").exists());
    }
}

#[test]
fn a_reply_without_a_refresh_token_keeps_the_old_one() {
    let world = World::new();
    let old = world.stored_token(-10);
    world
        .server()
        .configure(|options| options.refresh_mode = emulator::RefreshMode::Omit);
    world.credentials().run().expect(0);
    let token = world.read_json(&world.token_path("corp"));
    assert_eq!(token["refreshToken"], old.refresh_token.unwrap());
    assert_ne!(token["accessToken"], old.access_token);
}

#[test]
fn a_token_that_no_request_can_carry_is_none() {
    const ODD: [&str; 4] = ["a\r\nX-Injected: y", "\u{0}", "t\u{f6}ken", "two words"];
    for odd in ODD {
        let reply = serde_json::json!({"accessToken": odd, "expiresIn": 28_800}).to_string();
        let world = World::new();
        world.stored_token(-10);
        let before = world.read_json(&world.token_path("corp"));
        let action = exception(200, "", &reply);
        world
            .server()
            .fault(Fault::on_operation(REFRESH, action).times(1));
        let outcome = world.credentials().run().expect(1);
        outcome.says("answered without an access token");
        assert_eq!(world.read_json(&world.token_path("corp")), before);
        // In the cache it would look valid to every sign-in, for ever.
        let path = world.token_path("corp");
        let mut stored = world.read_json(&path);
        stored["accessToken"] = odd.into();
        stored["expiresAt"] = crate::world::stamp(3600).into();
        world.write_file(&path, stored.to_string().as_bytes());
        world.credentials().run().expect(4).says("is not a token");
        world.sign_in();
        world.credentials().run().expect(0);
    }
}
