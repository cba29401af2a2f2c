//! The PKCE flow in a real browser: the pages, and what a user can do wrong.

use std::net::TcpStream;
use std::time::Duration;

use emulator::{Action, Fault};
use nix::sys::signal::Signal;
use serde_json::Value;

use super::chromium::{Chromium, Page};
use crate::fixture::Sandbox;
use crate::fixture::parallel::{WAIT_LIMIT, wait_until};
use crate::sessions::login::browser::{listener_address, start_login};

const EXCHANGE: &str = "CreateToken:authorization_code";

/// Asserts the headers that every page of the listener has.
#[track_caller]
fn assert_secure_headers(page: &Page) {
    let address = page.get("url");
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
    // The page follows the user's colour scheme.
    assert_eq!(page.get("scheme"), "light dark");
}

#[track_caller]
fn assert_connection_refused(page: &Page) {
    let error = page.get("error");
    assert!(error.ends_with("net::ERR_CONNECTION_REFUSED"), "{page:?}");
}

#[test]
fn a_user_approves_then_navigates_back_forward_and_reloads() {
    let sandbox = Sandbox::new();
    let Some(mut browser) = Chromium::start(&sandbox) else {
        return;
    };
    // The BROWSER command saves the address, and the test opens it as the user would.
    let save_address = "sh -c 'echo \"$0\" >\"$HOME/address\"'";
    let running = sandbox.sso(["login"]).env("BROWSER", save_address).start();
    let file = sandbox.home().join("address");
    let mut address = String::new();
    wait_until("the browser gets the address", || {
        address = std::fs::read_to_string(&file).unwrap_or_default();
        address.ends_with('\n')
    });
    browser.open("tab", address.trim());
    let page = browser.click("tab", "#approve");
    assert_eq!((page.status(), page.get("body")), (200, "signed-in"));
    assert_eq!(page.get("title"), "Signed in - sso");
    assert!(
        page.get("text").contains("You can close this tab"),
        "{page:?}"
    );
    assert_secure_headers(&page);
    running
        .finish()
        .expect(0)
        .stderr_contains("signed in to corp");

    // The listener is closed, so a reload shows no wrong message, and the code, for which a
    // service may revoke the tokens if it arrives twice, is not sent again.
    assert_connection_refused(&browser.run_command("tab", "reload", Value::Null));
    let page = browser.run_command("tab", "back", Value::Null);
    assert_eq!(page.get("title"), "Allow access to your data?");
    assert_connection_refused(&browser.run_command("tab", "forward", Value::Null));
    browser.run_command("tab", "back", Value::Null);
    assert_connection_refused(&browser.click("tab", "#approve"));
    assert_eq!(sandbox.server().count("CreateToken"), 1);
    sandbox
        .sso(["credential-process", "-p", "dev"])
        .run()
        .expect(0);
    browser.record("approves a sign-in on the page that `sso login` opens");
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
    assert_eq!((page.status(), page.get("body")), (200, "denied"));
    assert_eq!(page.get("title"), "Not signed in - sso");
    assert_secure_headers(&page);
    running
        .finish()
        .expect(4)
        .stderr_contains("error: the sign-in to corp was denied: The user denied access")
        .stderr_contains("hint: sso login corp");
    assert_connection_refused(&browser.run_command("tab", "reload", Value::Null));
    assert_eq!(sandbox.server().count("CreateToken"), 0);
    assert!(!sandbox.token_path("corp").exists());
    browser.record("denies a sign-in there");
}

#[test]
fn a_user_closes_the_tab_and_opens_another() {
    let sandbox = Sandbox::new();
    let Some(mut browser) = Chromium::start(&sandbox) else {
        return;
    };
    let (running, address) = start_login(&sandbox);
    browser.open("first", &address);
    browser.run_command("first", "close", Value::Null);

    // A callback with a foreign state, and a browser that preconnects.
    let listener = listener_address(&address);
    let foreign = format!("http://{listener}/oauth/callback?code=stolen&state=guessed");
    let page = browser.open("foreign", &foreign);
    assert_eq!((page.status(), page.get("body")), (400, "wrong-state"));
    assert_secure_headers(&page);
    let page = browser.open("foreign", &format!("http://{listener}/"));
    assert_eq!((page.status(), page.get("body")), (404, "not-found"));
    let idle: Vec<TcpStream> = (0..70)
        .map(|_| TcpStream::connect(&listener).unwrap())
        .collect();

    browser.open("second", &address);
    let page = browser.click("second", "#approve");
    assert_eq!(page.get("body"), "signed-in");
    running.finish().expect(0);
    drop(idle);

    // After Ctrl-C no listener is left that would accept a callback.
    sandbox.sso(["logout"]).run().expect(0);
    let (running, address) = start_login(&sandbox);
    browser.open("third", &address);
    running.signal(Signal::SIGINT, false);
    running.finish().expect(130);
    assert_connection_refused(&browser.click("third", "#approve"));
    assert_eq!(sandbox.server().count(EXCHANGE), 1);
    sandbox.sign_in();
    browser.record("closes the tab of a sign-in and opens its address again");
}

#[test]
fn a_user_approves_in_two_tabs() {
    let sandbox = Sandbox::new();
    let Some(mut browser) = Chromium::start(&sandbox) else {
        return;
    };
    // One after the other: the second is too late and does no harm.
    let (running, address) = start_login(&sandbox);
    browser.open("first", &address);
    browser.open("second", &address);
    assert_eq!(browser.click("first", "#approve").get("body"), "signed-in");
    running.finish().expect(0);
    assert_connection_refused(&browser.click("second", "#approve"));
    assert_eq!(sandbox.server().count("CreateToken"), 1);
    sandbox.sso(["status", "--quiet"]).run().expect(0);

    // At once: the second waits while the code of the first is exchanged.
    sandbox.sso(["logout"]).run().expect(0);
    sandbox.server().clear_log();
    let delay = Action::Delay(Duration::from_secs(6));
    let fault = Fault::on_operation(EXCHANGE, delay);
    sandbox.server().fault(fault.times(1));
    let (running, address) = start_login(&sandbox);
    browser.open("first", &address);
    browser.open("second", &address);
    let first = browser.start_click("first", "#approve");
    assert!(sandbox.server().wait_for(EXCHANGE, 1, WAIT_LIMIT));
    let second = browser.start_click("second", "#approve");
    for pending in [second, first] {
        let page = browser.wait_for_page(pending);
        assert_eq!(page.get("body"), "signed-in", "{page:?}");
    }
    running.finish().expect(0);
    assert_eq!(sandbox.server().count("CreateToken"), 1);
    browser.record("approves one sign-in in two tabs");
}
