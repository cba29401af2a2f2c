//! The device flow, by the letter of RFC 8628.

use emulator::Options;

use super::PATIENCE;
use crate::world::{ACCOUNT, World};

/// The milliseconds between the polls that the server saw.
fn pauses(world: &World) -> Vec<u64> {
    let polls = world.server().requests("CreateToken:device_code");
    let times: Vec<u64> = polls.iter().map(|poll| poll.ms).collect();
    times.windows(2).map(|pair| pair[1] - pair[0]).collect()
}

#[test]
fn the_code_and_the_addresses_are_shown_and_an_approval_ends_it() {
    let world = World::new();
    let mut running = world.sso(["login", "--device-code"]).start();
    running.wait_until_it_says("type this code:\n\n");
    let code = running.rest_of_line();
    assert_eq!(world.server().waiting_codes().join(" "), code);
    assert!(world.server().approve_device(&code));
    let outcome = running.finish().expect(0);
    assert!(
        outcome
            .stderr
            .contains(&format!("{}/device\n", world.emulator().url())),
        "{outcome:?}"
    );
    assert!(
        outcome
            .stderr
            .contains(&format!("/device?user_code={code}")),
        "{outcome:?}"
    );
    // With the scope that an sso-session always asks for, or no refresh token comes.
    let registration = world.server().requests("RegisterClient")[0].json();
    assert_eq!(
        registration["scopes"],
        serde_json::json!(["sso:account:access"])
    );
    assert!(registration["grantTypes"].is_null(), "{registration}");
    let token = world.read_json(&world.token_path("corp"));
    assert!(token["refreshToken"].is_string(), "{token}");
}

#[test]
fn one_attempt_comes_before_anybody_is_bothered() {
    let world = World::new();
    world.server().approve_next();
    let outcome = world.sso(["login", "--device-code"]).run().expect(0);
    assert!(!outcome.stderr.contains("type this code"), "{outcome:?}");
    assert_eq!(world.server().count("CreateToken:device_code"), 1);
}

#[test]
fn it_polls_no_faster_than_it_is_told() {
    let world = World::with(Options {
        interval: 2,
        ..Options::default()
    });
    let running = world.sso(["login", "--device-code"]).start();
    let server = world.server();
    let code = server.wait_for_code(PATIENCE).unwrap();
    assert!(server.wait_for("CreateToken:device_code", 3, PATIENCE));
    assert!(server.approve_device(&code));
    running.finish().expect(0);
    for pause in pauses(&world) {
        assert!(pause >= 1950, "{:?}", pauses(&world));
    }
}

#[test]
fn slow_down_adds_five_seconds_for_good() {
    let world = World::new();
    world
        .server()
        .configure(|options| options.strict_interval = false);
    let slow_down = emulator::Action::Reply {
        status: 400,
        headers: vec![(
            "x-amzn-ErrorType".to_owned(),
            "SlowDownException".to_owned(),
        )],
        body: r#"{"error":"slow_down"}"#.to_owned(),
    };
    let fault = emulator::Fault::on_operation("CreateToken:device_code", slow_down);
    world.server().fault(fault.skip(1).times(1));
    let running = world.sso(["login", "--device-code"]).start();
    let server = world.server();
    let code = server.wait_for_code(PATIENCE).unwrap();
    assert!(server.wait_for("CreateToken:device_code", 4, PATIENCE));
    assert!(server.approve_device(&code));
    running.finish().expect(0);
    let pauses = pauses(&world);
    assert!(pauses[0] >= 950, "{pauses:?}");
    for pause in &pauses[1..] {
        assert!(*pause >= 5950, "{pauses:?}");
    }
}

#[test]
fn a_code_that_ends_ends_the_sign_in() {
    // Once by the server's word, once by what it said at the beginning.
    let world = World::new();
    let running = world.sso(["login", "--device-code"]).start();
    assert!(world.server().wait_for_code(PATIENCE).is_some());
    world.server().advance(3600);
    let outcome = running.finish().expect(4);
    outcome
        .says("the sign-in to corp was not finished in time")
        .says("hint: sso login corp");
    let world = World::with(Options {
        device_code_seconds: 2,
        ..Options::default()
    });
    let outcome = world.sso(["login", "--device-code"]).run().expect(4);
    outcome.says("was not finished in time");
}

#[test]
fn a_legacy_profile_signs_in_by_code_as_the_cli_does() {
    let url = "https://old.awsapps.com/start";
    let world = World::new();
    world.config(&format!(
        "[profile old]\nsso_start_url = {url}\nsso_region = eu-west-1\n\
         sso_account_id = {ACCOUNT}\nsso_role_name = AdministratorAccess\n"
    ));
    let run = world.sso(["login", "-p", "old"]).approving_browser();
    run.run().expect(0).says(&format!("signed in to {url}"));
    let registration = world.server().requests("RegisterClient")[0].json();
    assert!(registration["scopes"].is_null(), "{registration}");
    assert_eq!(world.server().count("CreateToken:device_code"), 2);
    world
        .sso(["credential-process", "-p", "old"])
        .run()
        .expect(0);
}

#[test]
fn a_network_that_fails_for_a_moment_does_not_end_it() {
    let world = World::new();
    let close = emulator::Action::Close { reset: true };
    let fault = emulator::Fault::on_operation("CreateToken:device_code", close);
    world.server().fault(fault.skip(1).times(1));
    let running = world.sso(["login", "--device-code"]).start();
    let code = world.server().wait_for_code(PATIENCE).unwrap();
    assert!(
        world
            .server()
            .wait_for("CreateToken:device_code", 2, PATIENCE)
    );
    assert!(world.server().approve_device(&code));
    running.finish().expect(0);
}
