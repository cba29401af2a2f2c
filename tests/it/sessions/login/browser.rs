//! The authorization code flow: the listener, its requests, and the choice of the browser.

use std::io::{Read, Write};
use std::net::TcpStream;

use emulator::browser;

use super::wait_for_url;
use crate::fixture::{Running, Sandbox};

/// Starts a sign-in that prints its URL instead of opening a browser; returns it and the URL.
pub fn start_login(sandbox: &Sandbox) -> (Running<'_>, String) {
    let run = sandbox
        .sso(["login", "--no-browser"])
        .env("SSO_LOGIN_FLOW", "pkce");
    let mut running = run.start();
    let address = wait_for_url(&mut running);
    (running, address)
}

/// Returns `127.0.0.1:PORT` of the listener in the URL of the authorize page.
pub fn listener_address(address: &str) -> String {
    let (_, rest) = address.split_once("redirect_uri=http%3A%2F%2F").unwrap();
    let (host, _) = rest.split_once("%2F").unwrap();
    host.replace("%3A", ":")
}

/// Sends a request and returns the whole response.
fn send_request(listener: &str, request: &str) -> String {
    let mut stream = TcpStream::connect(listener).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn pkce_url_is_complete_and_the_listener_is_on_loopback_only() {
    let sandbox = Sandbox::new();
    let (running, address) = start_login(&sandbox);
    assert!(address.starts_with(&format!(
        "{}/authorize?response_type=code&",
        sandbox.emulator().url()
    )));
    for part in [
        "&state=",
        "&code_challenge_method=S256",
        "&scopes=sso%3Aaccount%3Aaccess",
        "&code_challenge=",
    ] {
        assert!(address.contains(part), "{part} in {address}");
    }
    let listener = listener_address(&address);
    assert!(listener.starts_with("127.0.0.1:"), "{listener}");
    let port = listener.rsplit(':').next().unwrap();
    assert!(TcpStream::connect(format!("127.0.0.2:{port}")).is_err());
    assert!(TcpStream::connect(format!("[::1]:{port}")).is_err());
    let visit = browser::approve(&address).unwrap();
    assert_eq!(visit.status, 200);
    assert!(visit.body.contains("id=\"signed-in\""), "{}", visit.body);
    running
        .finish()
        .expect(0)
        .stderr_contains("signed in to corp");
    let token = sandbox.read_json(&sandbox.token_path("corp"));
    assert!(token["refreshToken"].is_string());
}

#[test]
fn wrong_state_is_rejected_and_the_listener_continues() {
    let sandbox = Sandbox::new();
    let (running, address) = start_login(&sandbox);
    let listener = listener_address(&address);
    let get = |target: &str| {
        send_request(
            &listener,
            &format!("GET {target} HTTP/1.1\r\nHost: x\r\n\r\n"),
        )
    };
    for target in [
        "/oauth/callback?code=stolen&state=00000000-0000-4000-8000-000000000000",
        "/oauth/callback?code=stolen",
        "/oauth/callback?error=access_denied",
        "/oauth/callback",
        "/oauth/callback?state=",
    ] {
        let answer = get(target);
        assert!(answer.starts_with("HTTP/1.1 400 "), "{target}: {answer}");
        assert!(answer.contains("id=\"wrong-state\""), "{target}: {answer}");
    }
    let visit = browser::approve(&address).unwrap();
    assert_eq!(visit.status, 200);
    running.finish().expect(0);
    assert_eq!(sandbox.server().count("CreateToken"), 1);
}

#[test]
fn other_paths_and_methods_do_not_end_the_sign_in() {
    let sandbox = Sandbox::new();
    let (running, address) = start_login(&sandbox);
    let listener = listener_address(&address);
    let state = address
        .split("&state=")
        .nth(1)
        .unwrap()
        .split('&')
        .next()
        .unwrap();
    let right = format!("/oauth/callback?code=x&state={state}");
    for (method, target, status) in [
        ("GET", "/", "404"),
        ("GET", "/favicon.ico", "404"),
        ("GET", "/oauth/callback/", "404"),
        ("GET", "/OAuth/Callback?code=x", "404"),
        ("HEAD", "/", "404"),
        ("HEAD", right.as_str(), "405"),
        ("POST", right.as_str(), "405"),
        ("OPTIONS", right.as_str(), "405"),
    ] {
        let answer = send_request(
            &listener,
            &format!("{method} {target} HTTP/1.1\r\nHost: x\r\n\r\n"),
        );
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status} ")),
            "{method} {target}: {answer}"
        );
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert_eq!(body.is_empty(), method == "HEAD", "{answer}");
        assert!(
            head.contains("Content-Security-Policy: default-src 'none'"),
            "{head}"
        );
    }
    browser::approve(&address).unwrap();
    running.finish().expect(0);
}

#[test]
fn idle_slow_and_broken_connections_do_not_block_the_redirect() {
    let sandbox = Sandbox::new();
    let (running, address) = start_login(&sandbox);
    let listener = listener_address(&address);
    // More connections than the listener keeps; browsers open some ahead of time.
    let idle: Vec<TcpStream> = (0..80)
        .map(|_| TcpStream::connect(&listener).unwrap())
        .collect();
    let mut half = TcpStream::connect(&listener).unwrap();
    half.write_all(b"GET /oauth/callback?co").unwrap();
    let mut garbage = TcpStream::connect(&listener).unwrap();
    garbage.write_all(&[0x16, 3, 1, 2, 0, 1, 0]).unwrap();
    drop(TcpStream::connect(&listener).unwrap());
    // A request in two parts, then a half-close.
    let mut parts = TcpStream::connect(&listener).unwrap();
    parts.write_all(b"GET / HTT").unwrap();
    parts.write_all(b"P/1.1\r\nHost: x\r\n\r\n").unwrap();
    parts.shutdown(std::net::Shutdown::Write).unwrap();
    let mut answer = String::new();
    parts.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 404 "), "{answer}");
    let visit = browser::approve(&address).unwrap();
    assert_eq!(visit.status, 200);
    running.finish().expect(0);
    drop((idle, half, garbage));
}

#[test]
fn callback_page_shows_the_result() {
    let sandbox = Sandbox::new();
    let (running, address) = start_login(&sandbox);
    let visit = browser::deny(&address).unwrap();
    assert!(visit.body.contains("id=\"denied\""), "{}", visit.body);
    running
        .finish()
        .expect(4)
        .stderr_contains("The user denied access");
    let (running, address) = start_login(&sandbox);
    let visit = browser::press(&address, "approve").unwrap();
    sandbox.server().advance(3600);
    let end = browser::open(&visit.location.unwrap()).unwrap();
    assert!(end.body.contains("id=\"failed\""), "{}", end.body);
    running
        .finish()
        .expect(4)
        .stderr_contains("the sign-in was not accepted")
        .stderr_contains("hint: sso login corp");
}

#[test]
fn callback_page_reports_a_token_that_cannot_be_stored() {
    let sandbox = Sandbox::new();
    let (running, address) = start_login(&sandbox);
    // Makes the token file unwritable at the last moment.
    std::fs::create_dir(sandbox.token_path("corp")).unwrap();
    let visit = browser::approve(&address).unwrap();
    assert!(visit.body.contains("id=\"failed\""), "{}", visit.body);
    running
        .finish()
        .expect(1)
        .stderr_contains("signed in, but ")
        .stderr_contains(" cannot be written");
}

#[test]
fn browsers_of_the_list_are_tried_in_order() {
    let works = format!(
        "{} browse approve %s",
        crate::fixture::emulator_binary().display()
    );
    for list in [
        format!("/no/such/browser:{works}"),
        format!("false:{works}"),
        format!("false %s:/no/such/browser::{works}"),
        format!("{works}&"),
        works.replace(" %s", ""),
    ] {
        let sandbox = Sandbox::new();
        sandbox.sso(["login"]).env("BROWSER", &list).run().expect(0);
    }
}

#[test]
fn browser_may_be_a_path_with_blanks() {
    let sandbox = Sandbox::new();
    let script = sandbox.home().join("My Browser");
    let browse = crate::fixture::emulator_binary();
    let text = format!(
        "#!/bin/sh\nexec {} browse approve \"$1\"\n",
        browse.display()
    );
    sandbox.write_file(&script, text.as_bytes());
    std::fs::set_permissions(&script, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    sandbox
        .sso(["login"])
        .env("BROWSER", &script)
        .run()
        .expect(0);
}

#[test]
fn login_names_a_browser_that_does_not_exist() {
    let sandbox = Sandbox::new();
    let run = sandbox.sso(["login"]).env("BROWSER", "/no/such/browser");
    let mut running = run.env("SSO_LOGIN_FLOW", "pkce").start();
    running.wait_for_stderr("warning: BROWSER names no program that exists: /no/such/browser\n");
    running.wait_for_stderr("open this address in a browser:\n\n");
    browser::approve(&running.rest_of_line()).unwrap();
    running.finish().expect(0);
}

#[test]
fn login_reports_that_no_browser_could_be_opened() {
    let sandbox = Sandbox::new();
    let mut running = sandbox.sso(["login"]).env("BROWSER", "false").start();
    running.wait_for_stderr("If none does, open this address:\n\n");
    let address = running.rest_of_line();
    running.wait_for_stderr("No browser could be opened; open the address above yourself.");
    browser::approve(&address).unwrap();
    running.finish().expect(0);
}

#[test]
fn browser_gets_the_url_as_one_argument_and_no_terminal() {
    let sandbox = Sandbox::new();
    let script = sandbox.home().join("browser");
    let browse = crate::fixture::emulator_binary();
    sandbox.write_file(
        &script,
        format!(
            "#!/bin/sh\n{{ echo \"$#\"; cat; test -t 1 || test -t 2 || echo no terminal; }} >\"$HOME/saw\"\n\
             exec {} browse approve \"$1\"\n",
            browse.display()
        )
        .as_bytes(),
    );
    std::fs::set_permissions(&script, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let run = sandbox.sso(["login"]).env("BROWSER", &script);
    run.start_on_terminal().finish().expect(0);
    let saw = std::fs::read_to_string(sandbox.home().join("saw")).unwrap();
    assert_eq!(saw, "1\nno terminal\n");
}

#[test]
fn interrupted_sign_in_leaves_no_token_and_no_lock() {
    let sandbox = Sandbox::new();
    let (running, _) = start_login(&sandbox);
    running.signal(nix::sys::signal::Signal::SIGINT, false);
    running.finish().expect(130);
    assert!(!sandbox.token_path("corp").exists());
    // A new sign-in does not wait for the interrupted one.
    sandbox.sign_in();
}
