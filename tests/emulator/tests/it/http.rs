//! The HTTP layer: keep-alive, unusual requests, TLS, proxying, start and stop.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::Command;

use emulator::{Emulator, Options};

use crate::http_client::*;

/// Reads one response with a `Content-Length` from an open connection: head and body.
fn read_response(from: &mut BufReader<TcpStream>) -> (String, String) {
    let (mut head, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        from.read_line(&mut line).unwrap();
        if let Some(value) = line.strip_prefix("Content-Length: ") {
            length = value.trim().parse().unwrap();
        }
        if line.trim().is_empty() {
            break;
        }
        head.push_str(&line);
    }
    let mut body = vec![0; length];
    from.read_exact(&mut body).unwrap();
    (head, String::from_utf8(body).unwrap())
}

#[test]
fn a_connection_serves_several_and_pipelined_requests() {
    let emulator = start();
    let mut stream = BufReader::new(connect(&emulator.url()));
    for _ in 0..3 {
        stream
            .get_mut()
            .write_all(b"GET /device HTTP/1.1\r\nHost: x\r\n\r\n")
            .unwrap();
        let (head, body) = read_response(&mut stream);
        assert!(head.contains("Connection: keep-alive") && body.contains("<h1>"));
    }
    // Two pipelined requests, the second of which closes the connection.
    let two = b"GET /device HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\nConnection: close\r\n\r\n";
    stream.get_mut().write_all(two).unwrap();
    assert!(read_response(&mut stream).0.starts_with("HTTP/1.1 200"));
    assert!(read_response(&mut stream).0.starts_with("HTTP/1.1 404"));
    assert_eq!(stream.read(&mut [0]).unwrap(), 0);
}

#[test]
fn expect_continue_and_chunked_bodies_are_supported() {
    let emulator = start();
    let mut stream = BufReader::new(connect(&emulator.url()));
    let head = b"POST /token HTTP/1.1\r\nContent-Type: application/json\r\n\
                 Transfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n";
    stream.get_mut().write_all(head).unwrap();
    assert!(read_response(&mut stream).0.starts_with("HTTP/1.1 100 "));
    stream
        .get_mut()
        .write_all(b"1\r\n{\r\n1\r\n}\r\n0\r\n\r\n")
        .unwrap();
    let (head, body) = read_response(&mut stream);
    assert!(head.starts_with("HTTP/1.1 400") && body.contains("missing member: clientId"));
}

#[test]
fn malformed_requests_get_400_and_head_gets_no_body() {
    let emulator = start();
    let url = emulator.url();
    assert_eq!(raw(&url, "\x16\x03\x01 tls\r\n\r\n").unwrap().status, 400);
    let head = raw(&url, "HEAD /device HTTP/1.0\r\n\r\n").unwrap();
    assert_eq!((head.status, head.body.as_str()), (200, ""));
    assert_eq!(emulator.handle().count("Malformed"), 1);
}

#[test]
fn the_date_header_follows_the_server_clock() {
    let emulator = start();
    emulator.handle().set_clock(784_111_777);
    let reply = request(&emulator.url(), "GET", "/device", "", "");
    assert!(
        reply.header("date").starts_with("Sun, 06 Nov 1994 08:49:"),
        "{reply:?}"
    );
    emulator.handle().advance(-86_400);
    assert!(emulator.handle().now().abs_diff(784_025_377) < 30);
}

#[test]
fn dropping_closes_the_port_and_open_connections() {
    let emulator = start();
    let url = emulator.url();
    let mut open = connect(&url);
    drop(emulator);
    assert_eq!(open.read(&mut [0]).unwrap_or(0), 0);
    assert!(TcpStream::connect(url.trim_start_matches("http://")).is_err());
    let port = url.rsplit(':').next().unwrap().parse().unwrap();
    let again = Emulator::start(Options {
        port,
        ..Options::default()
    })
    .unwrap();
    assert_eq!(again.url(), url);
}

#[test]
fn ipv6_can_be_bound() {
    // Nothing to test on a computer without IPv6.
    let Ok(emulator) = Emulator::start(Options {
        ipv6: true,
        ..Options::default()
    }) else {
        return;
    };
    assert!(emulator.url().starts_with("http://[::1]:"));
    assert_eq!(
        emulator::browser::open(&format!("{}/device", emulator.url()))
            .unwrap()
            .status,
        200
    );
}

#[test]
fn with_tls_the_plain_listener_is_a_proxy() {
    let options = Options {
        tls: true,
        tls_names: vec!["oidc.eu-west-1.amazonaws.com".to_owned()],
        ..Options::default()
    };
    let emulator = Emulator::start(options).unwrap();
    assert!(emulator.ca_pem().starts_with("-----BEGIN CERTIFICATE-----"));
    assert!(emulator.tls_url().starts_with("https://localhost:"));
    let page = format!("{}/device", emulator.tls_url());
    assert_eq!(emulator::browser::open(&page).unwrap().status, 200);
    let mut stream = BufReader::new(connect(&emulator.url()));
    stream
        .get_mut()
        .write_all(b"CONNECT oidc.eu-west-1.amazonaws.com:443 HTTP/1.1\r\n\r\n")
        .unwrap();
    assert!(
        read_response(&mut stream)
            .0
            .starts_with("HTTP/1.1 200 Connection established")
    );
    assert_eq!(emulator.handle().count("Connect"), 1);
}

#[test]
fn the_proxy_can_require_a_login() {
    let options = Options {
        tls: true,
        proxy_login: "jo:p@ss".to_owned(),
        ..Options::default()
    };
    let emulator = Emulator::start(options).unwrap();
    for (login, expected) in [
        ("", "407 Proxy Authentication Required"),
        // jo:wrong
        (
            "Proxy-Authorization: Basic am86d3Jvbmc=\r\n",
            "407 Proxy Authentication Required",
        ),
        (
            "Proxy-Authorization: Basic am86cEBzcw==\r\n",
            "200 Connection established",
        ),
    ] {
        let mut stream = BufReader::new(connect(&emulator.url()));
        let head = format!("CONNECT x.example:443 HTTP/1.1\r\n{login}\r\n");
        stream.get_mut().write_all(head.as_bytes()).unwrap();
        let head = read_response(&mut stream).0;
        assert!(head.starts_with(&format!("HTTP/1.1 {expected}")), "{head}");
    }
}

#[test]
fn the_program_prints_its_url_and_browses() {
    let program = env!("CARGO_BIN_EXE_sso-emulator");
    let mut child = Command::new(program)
        .args([
            "--auto-approve",
            "--set",
            "refresh_mode=omit",
            "--fill",
            "2,3",
        ])
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let url = line.trim().strip_prefix("listening on ").unwrap();
    let options = request(url, "GET", "/_control/options", "", "").json();
    assert_eq!(
        (&options["auto_approve"], &options["refresh_mode"]),
        (&true.into(), &"omit".into())
    );
    let accounts = request(url, "GET", "/_control/accounts", "", "").json();
    assert_eq!(accounts.as_array().map(Vec::len), Some(2));
    let browse = Command::new(program)
        .args(["browse", "open", &format!("{url}/device")])
        .status();
    assert!(browse.unwrap().success());
    let lost = Command::new(program)
        .args(["browse", "approve", &format!("{url}/x")])
        .output();
    assert!(!lost.unwrap().status.success());
    child.kill().unwrap();
    child.wait().unwrap();
}
