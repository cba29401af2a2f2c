//! The device flow, by the letter of RFC 8628.

use emulator::Options;

use super::PATIENCE;
use crate::fixture::{ACCOUNT, Sandbox};

/// The milliseconds between the polls that the server saw.
fn pauses(sandbox: &Sandbox) -> Vec<u64> {
    let polls = sandbox.server().requests("CreateToken:device_code");
    let times: Vec<u64> = polls.iter().map(|poll| poll.ms).collect();
    times.windows(2).map(|pair| pair[1] - pair[0]).collect()
}

#[test]
fn the_code_and_the_addresses_are_shown_and_an_approval_ends_it() {
    let sandbox = Sandbox::new();
    let mut running = sandbox.sso(["login", "--device-code"]).start();
    running.wait_for_stderr("type this code:\n\n");
    let code = running.rest_of_line();
    assert_eq!(sandbox.server().waiting_codes().join(" "), code);
    assert!(sandbox.server().approve_device(&code));
    let outcome = running.finish().expect(0);
    assert!(
        outcome
            .stderr
            .contains(&format!("{}/device\n", sandbox.emulator().url())),
        "{outcome:?}"
    );
    assert!(
        outcome
            .stderr
            .contains(&format!("/device?user_code={code}")),
        "{outcome:?}"
    );
    // With the scope that an sso-session always asks for, or no refresh token comes.
    let registration = sandbox.server().requests("RegisterClient")[0].json();
    assert_eq!(
        registration["scopes"],
        serde_json::json!(["sso:account:access"])
    );
    assert!(registration["grantTypes"].is_null(), "{registration}");
    let token = sandbox.read_json(&sandbox.token_path("corp"));
    assert!(token["refreshToken"].is_string(), "{token}");
}

#[test]
fn one_attempt_comes_before_anybody_is_bothered() {
    let sandbox = Sandbox::new();
    sandbox.server().approve_next();
    let outcome = sandbox.sso(["login", "--device-code"]).run().expect(0);
    assert!(!outcome.stderr.contains("type this code"), "{outcome:?}");
    assert_eq!(sandbox.server().count("CreateToken:device_code"), 1);
}

#[test]
fn it_polls_no_faster_than_it_is_told() {
    let sandbox = Sandbox::with(Options {
        interval: 2,
        ..Options::default()
    });
    let running = sandbox.sso(["login", "--device-code"]).start();
    let server = sandbox.server();
    let code = server.wait_for_code(PATIENCE).unwrap();
    assert!(server.wait_for("CreateToken:device_code", 3, PATIENCE));
    assert!(server.approve_device(&code));
    running.finish().expect(0);
    for pause in pauses(&sandbox) {
        assert!(pause >= 1950, "{:?}", pauses(&sandbox));
    }
}

#[test]
fn slow_down_adds_five_seconds_for_good() {
    let sandbox = Sandbox::new();
    sandbox
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
    sandbox.server().fault(fault.skip(1).times(1));
    let running = sandbox.sso(["login", "--device-code"]).start();
    let server = sandbox.server();
    let code = server.wait_for_code(PATIENCE).unwrap();
    assert!(server.wait_for("CreateToken:device_code", 4, PATIENCE));
    assert!(server.approve_device(&code));
    running.finish().expect(0);
    let pauses = pauses(&sandbox);
    assert!(pauses[0] >= 950, "{pauses:?}");
    for pause in &pauses[1..] {
        assert!(*pause >= 5950, "{pauses:?}");
    }
}

#[test]
fn a_code_that_ends_ends_the_sign_in() {
    // Once by the server's word, once by what it said at the beginning.
    let sandbox = Sandbox::new();
    let running = sandbox.sso(["login", "--device-code"]).start();
    assert!(sandbox.server().wait_for_code(PATIENCE).is_some());
    sandbox.server().advance(3600);
    let outcome = running.finish().expect(4);
    outcome
        .stderr_contains("the sign-in to corp was not finished in time")
        .stderr_contains("hint: sso login corp");
    let sandbox = Sandbox::with(Options {
        device_code_seconds: 2,
        ..Options::default()
    });
    let outcome = sandbox.sso(["login", "--device-code"]).run().expect(4);
    outcome.stderr_contains("was not finished in time");
}

#[test]
fn a_legacy_profile_signs_in_by_code_as_the_cli_does() {
    let url = "https://old.awsapps.com/start";
    let sandbox = Sandbox::new();
    sandbox.write_config(&format!(
        "[profile old]\nsso_start_url = {url}\nsso_region = eu-west-1\n\
         sso_account_id = {ACCOUNT}\nsso_role_name = AdministratorAccess\n"
    ));
    let run = sandbox.sso(["login", "-p", "old"]).approving_browser();
    run.run()
        .expect(0)
        .stderr_contains(&format!("signed in to {url}"));
    let registration = sandbox.server().requests("RegisterClient")[0].json();
    assert!(registration["scopes"].is_null(), "{registration}");
    assert_eq!(sandbox.server().count("CreateToken:device_code"), 2);
    sandbox
        .sso(["credential-process", "-p", "old"])
        .run()
        .expect(0);
}

#[test]
fn a_network_that_fails_for_a_moment_does_not_end_it() {
    let sandbox = Sandbox::new();
    let close = emulator::Action::Close { reset: true };
    let fault = emulator::Fault::on_operation("CreateToken:device_code", close);
    sandbox.server().fault(fault.skip(1).times(1));
    let running = sandbox.sso(["login", "--device-code"]).start();
    let code = sandbox.server().wait_for_code(PATIENCE).unwrap();
    assert!(
        sandbox
            .server()
            .wait_for("CreateToken:device_code", 2, PATIENCE)
    );
    assert!(sandbox.server().approve_device(&code));
    running.finish().expect(0);
}
