//! Redirects to the listener of a sign-in that come from another user, or from a process whose
//! user is unknown.

use emulator::browser;
use nix::sys::signal::Signal;

use super::browser::start_login;
use super::wait_for_url;
use crate::fixture::mounts::run_with_mounts;
use crate::fixture::users::{OTHER_UID, has_root, request_as_user, request_script};
use crate::fixture::{Run, Sandbox, binary};

/// Approves the sign-in at the authorize page and returns the redirect URL.
fn approve(address: &str) -> String {
    let page = browser::press(address, "approve").unwrap();
    page.location.unwrap()
}

#[track_caller]
fn assert_refused(answer: &str) {
    assert!(answer.starts_with("HTTP/1.1 403 Forbidden\r\n"), "{answer}");
    assert!(answer.contains("id=\"foreign\""), "{answer}");
    // The user copies the address of this page.
    assert!(!answer.contains("replaceState"), "{answer}");
}

#[test]
fn another_user_cannot_finish_a_sign_in_and_this_user_still_can() {
    if !has_root() {
        return;
    }
    let sandbox = Sandbox::new();
    let (mut running, address) = start_login(&sandbox);
    let redirect = approve(&address);
    let denied = redirect.replace("?code=", "?error=access_denied&code=");
    assert_ne!(denied, redirect);
    assert_refused(&request_as_user(&sandbox, OTHER_UID, &denied));
    assert_refused(&request_as_user(&sandbox, OTHER_UID, &redirect));
    running.wait_for_stderr("was not used; if that was you, use `sso login --device-code`\n");
    assert_eq!(sandbox.server().count("CreateToken"), 0);
    let answer = request_as_user(&sandbox, 0, &redirect);
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    running.finish().expect(0);
}

#[test]
fn a_refused_redirect_can_be_pasted() {
    if !has_root() {
        return;
    }
    let sandbox = Sandbox::new();
    let browser = sandbox.home().join("browser");
    sandbox.write_file(&browser, b"true");
    let run = sandbox.sso(["login"]).env("SSO_LOGIN_FLOW", "pkce");
    let browser = format!("sh {}", browser.display());
    let mut terminal = run.env("BROWSER", browser).start_on_terminal();
    terminal.wait_for_screen("open this address:\r\n\r\n");
    let redirect = approve(&terminal.rest_of_line());
    assert_refused(&request_as_user(&sandbox, OTHER_UID, &redirect));
    terminal.wait_for_screen("copy the address of that page and paste it here");
    terminal.wait_for_line_mode(false);
    terminal.type_text(&format!("{redirect}\n"));
    terminal.wait_for_screen("signed in to corp");
    terminal.finish().expect(0);
}

#[test]
fn a_redirect_is_refused_where_the_socket_table_cannot_be_read() {
    let sandbox = Sandbox::new();
    let empty = sandbox.home().join("empty");
    std::fs::create_dir(&empty).unwrap();
    let mounts = [(empty.as_path(), "/proc/self/net")];
    let Some(run) = run_with_mounts(&sandbox, &mounts, binary()) else {
        return;
    };
    let run = run.args(["login", "--no-browser"]);
    let mut running = run.env("SSO_LOGIN_FLOW", "pkce").start();
    let redirect = approve(&wait_for_url(&mut running));
    let script = request_script(&sandbox);
    let answer = Run::program(&sandbox, "bash").arg(script).arg(&redirect);
    assert_refused(&answer.run().expect(0).stdout);
    running.signal(Signal::SIGTERM, false);
    running.finish();
    assert_eq!(sandbox.server().count("CreateToken"), 0);
}
