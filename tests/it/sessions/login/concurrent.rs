//! One sign-in at a time: who waits for it, who does not.

use emulator::browser;

use super::shown_address;
use crate::fixture::{Running, Sandbox};

fn begun(sandbox: &Sandbox) -> (Running<'_>, String) {
    let run = sandbox
        .sso(["login", "--no-browser"])
        .env("SSO_LOGIN_FLOW", "pkce");
    let mut running = run.start();
    let address = shown_address(&mut running);
    (running, address)
}

#[test]
fn a_second_sign_in_waits_for_the_first_and_shares_it() {
    let sandbox = Sandbox::new();
    let (first, address) = begun(&sandbox);
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
fn callers_that_may_not_sign_in_say_that_one_is_in_progress() {
    let sandbox = Sandbox::new();
    let (first, address) = begun(&sandbox);
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
fn when_the_first_is_given_up_the_second_signs_in_itself() {
    let sandbox = Sandbox::new();
    let (first, _) = begun(&sandbox);
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
fn sign_ins_to_different_sessions_do_not_wait_for_each_other() {
    let sandbox = Sandbox::new();
    let (first, address) = begun(&sandbox);
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
