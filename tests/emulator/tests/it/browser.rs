//! The HTML pages and the browser helper.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;

use emulator::{Emulator, Options, browser};
use serde_json::json;

use crate::http_client::*;

/// Starts a listener like the product's: the thread answers one callback and returns its request
/// line.
fn callback_listener() -> (String, thread::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let redirect = format!("http://{}/oauth/callback", listener.local_addr().unwrap());
    let thread = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = [0; 4096];
        let count = stream.read(&mut request).unwrap();
        stream
            .write_all(b"HTTP/1.0 200 OK\r\n\r\nyou may close this")
            .unwrap();
        let text = String::from_utf8_lossy(&request[..count]).into_owned();
        text.lines().next().unwrap_or_default().to_owned()
    });
    (redirect, thread)
}

fn authorize_url(base: &str, api: &str, redirect: &str) -> String {
    let client = register(
        api,
        json!({
            "clientName": "<b>\"app\"</b>",
            "grantTypes": ["authorization_code"],
            "redirectUris": ["http://127.0.0.1/oauth/callback"],
        }),
    );
    format!(
        "{base}/authorize?response_type=code&client_id={}&redirect_uri={redirect}&state=a%26b%20c\
         &code_challenge_method=S256&code_challenge={}",
        client["clientId"].as_str().unwrap(),
        "x".repeat(43)
    )
}

#[test]
fn approving_and_denying_redirect_to_the_listener() {
    let emulator = start();
    let url = emulator.url();
    let (redirect, thread) = callback_listener();
    let address = authorize_url(&url, &url, &redirect);
    let page = browser::open(&address).unwrap();
    assert!(
        page.body.contains("&lt;b&gt;&quot;app&quot;&lt;/b&gt;"),
        "{}",
        page.body
    );
    for id in ["approve", "deny", "client_name"] {
        assert!(page.body.contains(&format!("id=\"{id}\"")), "{id}");
    }
    let visit = browser::approve(&address).unwrap();
    assert_eq!(
        (visit.status, visit.body.as_str()),
        (200, "you may close this")
    );
    let line = thread.join().unwrap();
    assert!(line.starts_with("GET /oauth/callback?code=") && line.contains("&state=a%26b%20c "));

    let (redirect, thread) = callback_listener();
    browser::deny(&authorize_url(&url, &url, &redirect)).unwrap();
    assert!(
        thread
            .join()
            .unwrap()
            .starts_with("GET /oauth/callback?error=access_denied&")
    );
}

#[test]
fn press_does_not_follow_the_redirect_to_the_listener() {
    let emulator = start();
    let url = emulator.url();
    // Nothing listens on this port, so following the redirect would fail.
    let redirect = "http://127.0.0.1:9/oauth/callback";
    let visit = browser::press(&authorize_url(&url, &url, redirect), "approve").unwrap();
    assert_eq!(visit.status, 302);
    assert!(
        visit
            .location
            .unwrap()
            .starts_with(&format!("{redirect}?code="))
    );
}

#[test]
fn auto_approve_redirects_without_a_page() {
    let emulator = Emulator::start(Options {
        auto_approve: true,
        ..Options::default()
    })
    .unwrap();
    let (redirect, thread) = callback_listener();
    let address = authorize_url(&emulator.url(), &emulator.url(), &redirect);
    assert_eq!(browser::approve(&address).unwrap().status, 200);
    assert!(thread.join().unwrap().contains("?code="));
}

#[test]
fn a_device_code_can_be_decided_once_on_its_page() {
    let emulator = start();
    let url = emulator.url();
    let client = register_with_account_scope(&url);
    let device = start_device(&url, &client);
    let address = device["verificationUriComplete"].as_str().unwrap();
    let entry = browser::open(device["verificationUri"].as_str().unwrap()).unwrap();
    assert!(entry.body.contains("id=\"user_code\"") && entry.body.contains("id=\"next\""));
    let visit = browser::approve(address).unwrap();
    assert!(
        visit.status == 200 && visit.body.contains("id=\"result\""),
        "{visit:?}"
    );
    assert!(
        browser::approve(address)
            .unwrap_err()
            .to_string()
            .contains("404")
    );
    assert_eq!(poll(&url, &client, &device).status, 200);
    let denied = start_device(&url, &client);
    browser::deny(denied["verificationUriComplete"].as_str().unwrap()).unwrap();
    assert_eq!(
        poll(&url, &client, &denied).exception(),
        "AccessDeniedException"
    );
}

#[test]
fn invalid_decisions_are_rejected() {
    let emulator = start();
    let url = emulator.url();
    for body in ["", "request=x&decision=approve", "decision=maybe"] {
        assert_eq!(request(&url, "POST", "/authorize", "", body).status, 400);
    }
    assert_eq!(
        request(
            &url,
            "POST",
            "/device",
            "",
            "user_code=<i>&decision=approve"
        )
        .status,
        404
    );
}

#[test]
fn pages_work_over_tls() {
    let emulator = Emulator::start(Options {
        tls: true,
        ..Options::default()
    })
    .unwrap();
    let (redirect, thread) = callback_listener();
    let address = authorize_url(&emulator.tls_url(), &emulator.url(), &redirect);
    assert_eq!(browser::approve(&address).unwrap().status, 200);
    assert!(thread.join().unwrap().contains("?code="));
}
