//! The device code flow (RFC 8628).

use emulator::Options;

use super::WAIT_LIMIT;
use crate::fixture::{ACCOUNT, Sandbox};

/// Returns the milliseconds between polls, measured by the server.
fn poll_intervals(sandbox: &Sandbox) -> Vec<u64> {
    let polls = sandbox.server().requests("CreateToken:device_code");
    let times: Vec<u64> = polls.iter().map(|poll| poll.ms).collect();
    times.windows(2).map(|pair| pair[1] - pair[0]).collect()
}

#[test]
fn device_login_prints_code_and_urls_and_ends_on_approval() {
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
    // Without this scope the service issues no refresh token.
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
fn device_login_polls_once_before_it_prints_the_code() {
    let sandbox = Sandbox::new();
    sandbox.server().approve_next();
    let outcome = sandbox.sso(["login", "--device-code"]).run().expect(0);
    assert!(!outcome.stderr.contains("type this code"), "{outcome:?}");
    assert_eq!(sandbox.server().count("CreateToken:device_code"), 1);
}

#[test]
fn device_login_polls_at_the_given_interval() {
    let sandbox = Sandbox::with(Options {
        interval: 2,
        ..Options::default()
    });
    let running = sandbox.sso(["login", "--device-code"]).start();
    let server = sandbox.server();
    let code = server.wait_for_code(WAIT_LIMIT).unwrap();
    assert!(server.wait_for("CreateToken:device_code", 3, WAIT_LIMIT));
    assert!(server.approve_device(&code));
    running.finish().expect(0);
    for pause in poll_intervals(&sandbox) {
        assert!(pause >= 1950, "{:?}", poll_intervals(&sandbox));
    }
}

#[test]
fn slow_down_adds_five_seconds_permanently() {
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
    let code = server.wait_for_code(WAIT_LIMIT).unwrap();
    assert!(server.wait_for("CreateToken:device_code", 4, WAIT_LIMIT));
    assert!(server.approve_device(&code));
    running.finish().expect(0);
    let pauses = poll_intervals(&sandbox);
    assert!(pauses[0] >= 950, "{pauses:?}");
    for pause in &pauses[1..] {
        assert!(*pause >= 5950, "{pauses:?}");
    }
}

#[test]
fn device_login_ends_when_its_code_expires() {
    // First by the server's response, then by the lifetime announced with the code.
    let sandbox = Sandbox::new();
    let running = sandbox.sso(["login", "--device-code"]).start();
    assert!(sandbox.server().wait_for_code(WAIT_LIMIT).is_some());
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
fn legacy_profile_uses_the_device_flow_as_aws_cli_does() {
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
fn device_login_survives_a_connection_reset() {
    let sandbox = Sandbox::new();
    let close = emulator::Action::Close { reset: true };
    let fault = emulator::Fault::on_operation("CreateToken:device_code", close);
    sandbox.server().fault(fault.skip(1).times(1));
    let running = sandbox.sso(["login", "--device-code"]).start();
    let code = sandbox.server().wait_for_code(WAIT_LIMIT).unwrap();
    assert!(
        sandbox
            .server()
            .wait_for("CreateToken:device_code", 2, WAIT_LIMIT)
    );
    assert!(sandbox.server().approve_device(&code));
    running.finish().expect(0);
}
