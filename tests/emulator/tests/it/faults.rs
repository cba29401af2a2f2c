//! Injected faults.

use std::io::{ErrorKind, Read, Write};
use std::time::{Duration, Instant};

use emulator::{Action, Fault, MintedSession};
use serde_json::json;

use crate::http_client::*;

const ACCOUNTS: &str = "/assignment/accounts";

/// Sends a refresh request whose response may be missing.
fn try_refresh(url: &str, minted: &MintedSession) -> std::io::Result<Reply> {
    let body = json!({
        "clientId": minted.client_id,
        "clientSecret": minted.client_secret,
        "grantType": "refresh_token",
        "refreshToken": minted.refresh_token,
    })
    .to_string();
    let text = format!(
        "POST /token HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
         Connection: close\r\n\r\n{body}",
        body.len()
    );
    raw(url, &text)
}

#[test]
fn a_reset_spends_the_token_only_after_the_operation() {
    let emulator = start();
    let (url, handle) = (emulator.url(), emulator.handle());
    let minted = handle.mint_session();
    let token = minted.refresh_token.clone().unwrap();
    let reset = || Fault::on_path("/token", Action::Close { reset: true }).times(1);
    handle.fault(reset());
    assert_eq!(
        try_refresh(&url, &minted).unwrap_err().kind(),
        ErrorKind::ConnectionReset
    );
    assert!(handle.is_refreshable(&token));
    handle.fault(reset().after());
    assert_eq!(
        try_refresh(&url, &minted).unwrap_err().kind(),
        ErrorKind::ConnectionReset
    );
    assert!(!handle.is_refreshable(&token));
    let log = handle.requests("CreateToken:refresh_token");
    assert!(
        log.iter()
            .all(|entry| entry.status == 0 && entry.fault == "reset")
    );
    assert_eq!(
        try_refresh(&url, &minted).unwrap().exception(),
        "InvalidGrantException"
    );
}

#[test]
fn a_close_sends_no_response() {
    let emulator = start();
    emulator
        .handle()
        .fault(Fault::on_path("", Action::Close { reset: false }).times(1));
    assert_eq!(request(&emulator.url(), "GET", "/device", "", "").status, 0);
    assert_eq!(emulator.handle().pending_faults(), 0);
}

#[test]
fn responses_can_be_replaced() {
    let emulator = start();
    let (url, handle) = (emulator.url(), emulator.handle());
    let reply = Action::Reply {
        status: 503,
        headers: vec![("Retry-After".to_owned(), "2".to_owned())],
        body: "busy".to_owned(),
    };
    let redirect = Action::Redirect {
        status: 307,
        location: "http://x/".to_owned(),
    };
    for action in [reply, Action::CaptivePortal, redirect] {
        handle.fault(Fault::on_operation("ListAccounts", action).times(1));
    }
    let busy = request(&url, "GET", ACCOUNTS, "", "");
    assert_eq!(
        (busy.status, busy.header("retry-after"), busy.body.as_str()),
        (503, "2", "busy")
    );
    let portal = request(&url, "GET", ACCOUNTS, "", "");
    assert_eq!(
        (portal.status, portal.header("content-type")),
        (200, "text/html; charset=utf-8")
    );
    let redirect = request(&url, "GET", ACCOUNTS, "", "");
    assert_eq!(
        (redirect.status, redirect.header("location")),
        (307, "http://x/")
    );
    assert_eq!(request(&url, "GET", ACCOUNTS, "", "").status, 401);
}

#[test]
fn bodies_can_be_truncated_malformed_and_slow() {
    let emulator = start();
    let (url, handle) = (emulator.url(), emulator.handle());
    let token = handle.mint_session().access_token;
    let whole = portal(&url, "GET", ACCOUNTS, &token);
    handle.fault(Fault::on_path(ACCOUNTS, Action::Truncate(Some(7))).times(1));
    let cut = portal(&url, "GET", ACCOUNTS, &token);
    assert_eq!(cut.header("content-length"), whole.header("content-length"));
    assert_eq!(cut.body, whole.body.get(..7).unwrap());
    handle.fault(Fault::on_path(ACCOUNTS, Action::MalformedJson).times(1));
    let bad = portal(&url, "GET", ACCOUNTS, &token);
    assert_eq!(bad.header("content-length"), bad.body.len().to_string());
    assert!(bad.status == 200 && bad.json().is_null());
    handle.fault(Fault::on_path("/device", Action::SlowBytes(Duration::from_micros(10))).times(1));
    let slow = request(&url, "GET", "/device", "", "");
    assert!(slow.body.ends_with("</html>\n"));
}

#[test]
fn an_endless_body_never_ends() {
    let emulator = start();
    emulator
        .handle()
        .fault(Fault::on_path(ACCOUNTS, Action::Endless));
    let mut stream = connect(&emulator.url());
    stream
        .write_all(b"GET /assignment/accounts HTTP/1.1\r\n\r\n")
        .unwrap();
    let mut buffer = vec![0; 300_000];
    stream.read_exact(&mut buffer).unwrap();
    let text = String::from_utf8_lossy(&buffer);
    assert!(text.starts_with("HTTP/1.1 200 OK") && text.contains("chunked"));
}

#[test]
fn delays_add_up_and_a_hang_ends_when_the_server_stops() {
    let emulator = start();
    let (url, handle) = (emulator.url(), emulator.handle());
    let delay = Action::Delay(Duration::from_millis(150));
    handle.fault(Fault::on_path("/device", delay.clone()).times(1));
    handle.fault(Fault::on_path("/device", delay).after().times(1));
    let begin = Instant::now();
    assert_eq!(request(&url, "GET", "/device", "", "").status, 200);
    assert!(begin.elapsed() >= Duration::from_millis(300));
    handle.fault(Fault::on_path("", Action::Hang(Duration::from_secs(600))));
    let mut stream = connect(&url);
    stream.write_all(b"GET /device HTTP/1.1\r\n\r\n").unwrap();
    assert!(handle.wait_for("DevicePage", 2, Duration::from_secs(10)));
    let begin = Instant::now();
    drop(emulator);
    let mut rest = Vec::new();
    assert_eq!(stream.read_to_end(&mut rest).unwrap_or(0), 0);
    assert!(begin.elapsed() < Duration::from_secs(5));
}

#[test]
fn skip_lets_requests_pass_and_clear_faults_disarms() {
    let emulator = start();
    let (url, handle) = (emulator.url(), emulator.handle());
    handle.fault(Fault::on_path("/device", Action::CaptivePortal).skip(1));
    let is_real = || {
        request(&url, "GET", "/device", "", "")
            .body
            .contains("user_code")
    };
    assert_eq!([is_real(), is_real(), is_real()], [true, false, false]);
    handle.clear_faults();
    assert!(is_real());
}

#[test]
fn a_held_request_continues_on_release() {
    let emulator = start();
    let (url, handle) = (emulator.url(), emulator.handle());
    let limit = Duration::from_secs(60);
    let minted = handle.mint_session();
    let token = minted.refresh_token.clone().unwrap();
    handle.fault(Fault::on_path("/token", Action::Hold).times(1));
    handle.fault(Fault::on_path("/token", Action::Hold).times(1).after());
    assert!(!handle.wait_until_held(Duration::ZERO));
    let refresh = std::thread::spawn(move || try_refresh(&url, &minted));
    assert!(handle.wait_until_held(limit));
    assert!(handle.is_refreshable(&token));
    handle.release_held();
    // It is held again after the operation, which has spent the token.
    while handle.is_refreshable(&token) {
        std::thread::sleep(Duration::from_millis(1));
    }
    assert!(handle.wait_until_held(limit));
    assert_eq!(handle.requests("CreateToken")[0].status, 0);
    handle.release_held();
    assert_eq!(refresh.join().unwrap().unwrap().status, 200);
}

#[test]
fn a_held_request_ends_when_the_server_stops() {
    let emulator = start();
    let (url, handle) = (emulator.url(), emulator.handle());
    let minted = handle.mint_session();
    handle.fault(Fault::on_path("/token", Action::Hold));
    let refresh = std::thread::spawn(move || try_refresh(&url, &minted).map_or(0, |r| r.status));
    assert!(handle.wait_until_held(Duration::from_secs(60)));
    let begin = Instant::now();
    drop(emulator);
    assert_eq!(refresh.join().unwrap(), 0);
    assert!(begin.elapsed() < Duration::from_secs(60));
}
