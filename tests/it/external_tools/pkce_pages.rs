//! A sign-in with PKCE in a real browser: what its user sees, and what its user can do wrong.

use std::net::TcpStream;
use std::time::Duration;

use emulator::{Action, Fault};
use nix::sys::signal::Signal;
use serde_json::Value;

use super::chromium::{Chromium, Page};
use crate::fixture::Sandbox;
use crate::fixture::parallel::wait_until;
use crate::sessions::login::browser::{listener_address, start_login};

const EXCHANGE: &str = "CreateToken:authorization_code";
/// Longer than anything here takes, even on a busy computer.
const PATIENCE: Duration = Duration::from_secs(60);

/// What holds of every page of the listener.
#[track_caller]
fn assert_discreet(page: &Page) {
    let address = page.said("url");
    assert!(address.ends_with("/oauth/callback"), "{address}");
    assert_eq!(page.header("cache-control"), "no-store");
    assert_eq!(page.header("referrer-policy"), "no-referrer");
    assert_eq!(page.header("x-content-type-options"), "nosniff");
    let policy = page.header("content-security-policy");
    for part in [
        "default-src 'none'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ] {
        assert!(policy.contains(part), "no {part} in {policy}");
    }
    // Both schemes, at the user's choice.
    assert_eq!(page.said("scheme"), "light dark");
}

#[track_caller]
fn assert_nobody_there(page: &Page) {
    let said = page.said("error");
    assert!(said.ends_with("net::ERR_CONNECTION_REFUSED"), "{page:?}");
}

#[test]
fn a_user_approves_and_then_goes_back_forward_and_reloads() {
    let sandbox = Sandbox::new();
    let Some(mut browser) = Chromium::start(&sandbox) else {
        return;
    };
    // The browser of the user gets the address, and this test plays its user.
    let hand_over = "sh -c 'echo \"$0\" >\"$HOME/address\"'";
    let running = sandbox.sso(["login"]).env("BROWSER", hand_over).start();
    let file = sandbox.home().join("address");
    let mut address = String::new();
    wait_until("the browser gets the address", || {
        address = std::fs::read_to_string(&file).unwrap_or_default();
        address.ends_with('\n')
    });
    browser.open("tab", address.trim());
    let page = browser.click("tab", "#approve");
    assert_eq!((page.status(), page.said("body")), (200, "signed-in"));
    assert_eq!(page.said("title"), "Signed in - sso");
    assert!(
        page.said("text").contains("You can close this tab"),
        "{page:?}"
    );
    assert_discreet(&page);
    running
        .finish()
        .expect(0)
        .stderr_contains("signed in to corp");

    // Nobody answers any more, so nothing can be said wrongly; and the code, which the
    // service may punish when it comes twice, has gone nowhere.
    assert_nobody_there(&browser.act("tab", "reload", Value::Null));
    let page = browser.act("tab", "back", Value::Null);
    assert_eq!(page.said("title"), "Allow access to your data?");
    assert_nobody_there(&browser.act("tab", "forward", Value::Null));
    browser.act("tab", "back", Value::Null);
    assert_nobody_there(&browser.click("tab", "#approve"));
    assert_eq!(sandbox.server().count("CreateToken"), 1);
    sandbox
        .sso(["credential-process", "-p", "dev"])
        .run()
        .expect(0);
    browser.did("approves a sign-in on the page that `sso login` opens");
}

#[test]
fn a_user_denies() {
    let sandbox = Sandbox::new();
    let Some(mut browser) = Chromium::start(&sandbox) else {
        return;
    };
    let (running, address) = start_login(&sandbox);
    browser.open("tab", &address);
    let page = browser.click("tab", "#deny");
    assert_eq!((page.status(), page.said("body")), (200, "denied"));
    assert_eq!(page.said("title"), "Not signed in - sso");
    assert_discreet(&page);
    running
        .finish()
        .expect(4)
        .stderr_contains("error: the sign-in to corp was denied: The user denied access")
        .stderr_contains("hint: sso login corp");
    assert_nobody_there(&browser.act("tab", "reload", Value::Null));
    assert_eq!(sandbox.server().count("CreateToken"), 0);
    assert!(!sandbox.token_path("corp").exists());
    browser.did("denies a sign-in there");
}

#[test]
fn a_user_closes_the_tab_and_opens_another() {
    let sandbox = Sandbox::new();
    let Some(mut browser) = Chromium::start(&sandbox) else {
        return;
    };
    let (running, address) = start_login(&sandbox);
    browser.open("first", &address);
    browser.act("first", "close", Value::Null);

    // An answer that is not ours, and a browser that opens connections ahead of time.
    let listener = listener_address(&address);
    let foreign = format!("http://{listener}/oauth/callback?code=stolen&state=guessed");
    let page = browser.open("foreign", &foreign);
    assert_eq!((page.status(), page.said("body")), (400, "wrong-state"));
    assert_discreet(&page);
    let page = browser.open("foreign", &format!("http://{listener}/"));
    assert_eq!((page.status(), page.said("body")), (404, "not-found"));
    let idle: Vec<TcpStream> = (0..70)
        .map(|_| TcpStream::connect(&listener).unwrap())
        .collect();

    browser.open("second", &address);
    let page = browser.click("second", "#approve");
    assert_eq!(page.said("body"), "signed-in");
    running.finish().expect(0);
    drop(idle);

    // Whoever stops instead leaves nobody behind who would take an answer.
    sandbox.sso(["logout"]).run().expect(0);
    let (running, address) = start_login(&sandbox);
    browser.open("third", &address);
    running.signal(Signal::SIGINT, false);
    running.finish().expect(130);
    assert_nobody_there(&browser.click("third", "#approve"));
    assert_eq!(sandbox.server().count(EXCHANGE), 1);
    sandbox.sign_in();
    browser.did("closes the tab of a sign-in and opens its address again");
}

#[test]
fn a_user_approves_in_two_tabs() {
    let sandbox = Sandbox::new();
    let Some(mut browser) = Chromium::start(&sandbox) else {
        return;
    };
    // One after the other: the second comes too late, and does no harm.
    let (running, address) = start_login(&sandbox);
    browser.open("first", &address);
    browser.open("second", &address);
    assert_eq!(browser.click("first", "#approve").said("body"), "signed-in");
    running.finish().expect(0);
    assert_nobody_there(&browser.click("second", "#approve"));
    assert_eq!(sandbox.server().count("CreateToken"), 1);
    sandbox.sso(["status", "--quiet"]).run().expect(0);

    // At once: while the first is being finished the second waits for the same answer.
    sandbox.sso(["logout"]).run().expect(0);
    sandbox.server().clear_log();
    let delay = Action::Delay(Duration::from_secs(6));
    let fault = Fault::on_operation(EXCHANGE, delay);
    sandbox.server().fault(fault.times(1));
    let (running, address) = start_login(&sandbox);
    browser.open("first", &address);
    browser.open("second", &address);
    let first = browser.begin_to_click("first", "#approve");
    assert!(sandbox.server().wait_for(EXCHANGE, 1, PATIENCE));
    let second = browser.begin_to_click("second", "#approve");
    for ordered in [second, first] {
        let page = browser.arrive(ordered);
        assert_eq!(page.said("body"), "signed-in", "{page:?}");
    }
    running.finish().expect(0);
    assert_eq!(sandbox.server().count("CreateToken"), 1);
    browser.did("approves one sign-in in two tabs");
}
