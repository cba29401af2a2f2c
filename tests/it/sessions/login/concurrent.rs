//! Concurrent sign-ins: one per session at a time.

use emulator::browser;

use super::browser::start_login;
use crate::fixture::{Running, Sandbox};

#[test]
fn second_sign_in_waits_for_the_first_and_shares_its_token() {
    let sandbox = Sandbox::new();
    let (first, address) = start_login(&sandbox);
    let mut others: Vec<Running> = (0..3)
        .map(|_| sandbox.sso(["login"]).approving_browser().start())
        .collect();
    for other in &mut others {
        let process = first.id();
        other.wait_for_stderr(&format!(
            "waiting for the sign-in to corp that process {process} has begun"
        ));
    }
    browser::approve(&address).unwrap();
    first.finish().expect(0);
    for other in others {
        other
            .finish()
            .expect(0)
            .stderr_contains("signed in to corp");
    }
    assert_eq!(sandbox.server().count("CreateToken"), 1);
    assert_eq!(sandbox.server().count("RegisterClient"), 1);
}

#[test]
fn callers_without_login_report_a_sign_in_in_progress() {
    let sandbox = Sandbox::new();
    let (first, address) = start_login(&sandbox);
    for arguments in [
        ["credential-process", "-p", "dev"].as_slice(),
        &["env", "-p", "dev", "--shell", "sh"],
        &["exec", "-p", "dev", "true"],
    ] {
        let outcome = sandbox.sso(arguments).run().expect(4);
        outcome
            .stderr_contains(&format!(
                "a sign-in to corp is in progress (process {})",
                first.id()
            ))
            .stderr_contains("hint: finish it in the browser, then run this again");
    }
    browser::approve(&address).unwrap();
    first.finish().expect(0);
    sandbox
        .sso(["credential-process", "-p", "dev"])
        .run()
        .expect(0);
}

#[test]
fn second_sign_in_takes_over_when_the_first_is_terminated() {
    let sandbox = Sandbox::new();
    let (first, _) = start_login(&sandbox);
    let mut second = sandbox.sso(["login"]).approving_browser().start();
    second.wait_for_stderr("waiting for the sign-in to corp");
    first.signal(nix::sys::signal::Signal::SIGTERM, false);
    first.finish().expect(143);
    second
        .finish()
        .expect(0)
        .stderr_contains("signed in to corp");
    assert_eq!(sandbox.server().count("CreateToken"), 1);
}

#[test]
fn sign_ins_to_different_sessions_run_in_parallel() {
    let sandbox = Sandbox::new();
    let (first, address) = start_login(&sandbox);
    let other = [
        "login",
        "--start-url",
        "https://other.awsapps.com/start",
        "--sso-region",
        "eu-west-1",
    ];
    sandbox.sso(other).approving_browser().run().expect(0);
    browser::approve(&address).unwrap();
    first.finish().expect(0);
}
