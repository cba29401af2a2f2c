//! Random invalid responses, in families of defects.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::hostile_server::{Operation, ResponsePart};
use crate::fixture::random::Rng;

/// Returns a random response and the name of its family.
pub fn generate(rng: &mut Rng, operation: Operation) -> (&'static str, Vec<ResponsePart>) {
    type Family = (&'static str, fn(&mut Rng, Operation) -> Vec<ResponsePart>);
    const FAMILIES: [Family; 9] = [
        ("members", |rng, operation| {
            vec![complete(200, &[], &invalid_members(rng, operation))]
        }),
        ("members", |rng, operation| {
            vec![complete(200, &[], &invalid_members(rng, operation))]
        }),
        ("invalid JSON", |rng, operation| {
            vec![complete(200, &[], &invalid_json(rng, operation))]
        }),
        ("service error", service_error),
        ("status", odd_status),
        ("headers", odd_headers),
        ("framing", wrong_framing),
        ("endless", endless),
        ("slow", slow),
    ];
    let (name, family) = rng.choose(&FAMILIES);
    (name, family(rng, operation))
}

/// Returns a complete response with more headers and this body.
fn complete(status: u16, more: &[(&str, &str)], body: &[u8]) -> ResponsePart {
    let mut head = format!("HTTP/1.1 {status} Whatever\r\nContent-Type: application/json\r\n");
    for (name, value) in more {
        head += &format!("{name}: {value}\r\n");
    }
    head += &format!("Content-Length: {}\r\n\r\n", body.len());
    ResponsePart::Bytes([head.as_bytes(), body].concat())
}

fn valid_body(operation: Operation) -> Vec<u8> {
    operation.valid_body().to_string().into_bytes()
}

/// Returns the members of the body, or of `roleCredentials` in it.
fn members_of(body: &mut Value) -> &mut Map<String, Value> {
    let inner = body.get("roleCredentials").is_some_and(Value::is_object);
    let map = if inner {
        body.get_mut("roleCredentials").unwrap()
    } else {
        body
    };
    map.as_object_mut().unwrap()
}

/// Returns well-formed JSON with one or more missing, additional or invalid members.
fn invalid_members(rng: &mut Rng, operation: Operation) -> Vec<u8> {
    let mut body = operation.valid_body();
    let mut patches = Vec::new();
    for number in 0..=rng.below(3) {
        let map = members_of(&mut body);
        let names: Vec<String> = map.keys().cloned().collect();
        if names.is_empty() {
            map.insert("more".to_owned(), json!("x"));
            continue;
        }
        let name = rng.choose(&names);
        match rng.below(4) {
            0 => {
                map.remove(&name);
            }
            1 => {
                map.insert("message".to_owned(), odd_text(rng).into());
            }
            _ => {
                // A mark, replaced in the text: `Value` cannot hold numbers that are out of range.
                let mark = format!("mark-{number}");
                map.insert(name, mark.clone().into());
                patches.push((format!("\"{mark}\""), odd_value(rng)));
            }
        }
    }
    let mut text = body.to_string();
    for (mark, value) in patches {
        text = text.replacen(&mark, &value, 1);
    }
    if rng.below(8) == 0 && text.len() > 2 {
        // Duplicates each member, with the same or other values.
        let again = operation.valid_body().to_string();
        text.replace_range(text.len() - 1.., &format!(",{}", &again[1..]));
        text = text.replace(",}", "}");
    }
    text.into_bytes()
}

/// Returns a value of a wrong type or size, as JSON text.
fn odd_value(rng: &mut Rng) -> String {
    const VALUES: [&str; 28] = [
        "null",
        "true",
        "[]",
        "{}",
        "\"\"",
        "0",
        "-1",
        "-0",
        "1.5",
        "1e3",
        "1e308",
        "1e999",
        "-1e999",
        "2147483647",
        "2147483648",
        "-2147483648",
        "4294967296",
        "9223372036854775807",
        "9223372036854775808",
        "-9223372036854775809",
        "99999999999999999999999999999999999999999999",
        "0.000000000000000000000000000001",
        "[1,2,[3]]",
        "{\"a\":{\"b\":null}}",
        "\"\\ud800\"",
        "\"\\u0000\"",
        "\"2147483647\"",
        "\"javascript:alert(1)\"",
    ];
    match rng.below(5) {
        0 => Value::from(odd_text(rng)).to_string(),
        1 => "9".repeat(usize::try_from(rng.below(5000)).unwrap() + 20),
        2 => nested(rng),
        _ => rng.choose(&VALUES).to_owned(),
    }
}

fn nested(rng: &mut Rng) -> String {
    let depth = rng.choose(&[20, 200, 5_000, 200_000]);
    let (open, close) = rng.choose(&[("[", "]"), ("{\"a\":", "}")]);
    format!("{}0{}", open.repeat(depth), close.repeat(depth))
}

/// Returns text that is dangerous in a terminal, a header, a file name or a shell.
fn odd_text(rng: &mut Rng) -> String {
    const TEXTS: [&str; 10] = [
        "\u{1b}]0;owned\u{7}\u{1b}[2J",
        "a\r\nSet-Cookie: b=c\r\n\r\n",
        "a\nerror: nothing\nhint: rm -rf /",
        "\u{0}",
        "\u{202e}gnp.exe\u{2066}",
        "\u{9b}31m",
        "ünïcödé 🔑",
        "../../../../etc/passwd",
        "$(touch owned) `touch owned` '; touch owned",
        " ",
    ];
    let one = rng.choose(&TEXTS);
    match rng.below(4) {
        0 => one.repeat(20_000),
        1 => format!("x{}", one.repeat(3)),
        _ => one.to_owned(),
    }
}

/// Returns a body that is not JSON, or almost JSON.
fn invalid_json(rng: &mut Rng, operation: Operation) -> Vec<u8> {
    let good = valid_body(operation);
    let at = |rng: &mut Rng| usize::try_from(rng.below(good.len() as u64)).unwrap();
    match rng.below(9) {
        0 => good[..at(rng)].to_vec(),
        1 => {
            let mut changed = good.clone();
            for _ in 0..=rng.below(4) {
                changed[at(rng)] = u8::try_from(rng.below(256)).unwrap();
            }
            changed
        }
        2 => [good.as_slice(), good.as_slice()].concat(),
        3 => nested(rng).into_bytes(),
        4 => (0..rng.below(3000))
            .map(|_| u8::try_from(rng.below(256)).unwrap())
            .collect(),
        5 => Vec::new(),
        6 => [b"\xef\xbb\xbf".as_slice(), &good].concat(),
        7 => b"<html><body>Who are you?</body></html>".to_vec(),
        _ => vec![b' '; 900_000],
    }
}

/// Returns an error response in the services' format, with odd text in it.
fn service_error(rng: &mut Rng, _: Operation) -> Vec<ResponsePart> {
    const NAMES: [&str; 14] = [
        "UnauthorizedException",
        "ForbiddenException",
        "ResourceNotFoundException",
        "TooManyRequestsException",
        "InvalidRequestException",
        "InvalidGrantException",
        "InvalidClientException",
        "AuthorizationPendingException",
        "SlowDownException",
        "AccessDeniedException",
        "ExpiredTokenException",
        "InternalServerException",
        "\u{1b}[31mException",
        "",
    ];
    let name = rng.choose(&NAMES);
    let status = rng.choose(&[400, 401, 403, 404, 409, 418, 429, 500, 502, 503, 599]);
    let body = json!({
        "error": rng.choose(&["invalid_grant", "slow_down", "\u{1b}[1m", ""]),
        "error_description": odd_text(rng),
        "message": odd_text(rng),
        "__type": format!("com.amazonaws#{name}"),
    });
    let text = rng.choose(&[body.to_string(), "{}".to_owned(), "[]".to_owned()]);
    let as_header = name.replace('\u{1b}', "?");
    let header = ("x-amzn-ErrorType", as_header.as_str());
    let more = if rng.below(3) == 0 {
        &[][..]
    } else {
        &[header][..]
    };
    vec![complete(status, more, text.as_bytes())]
}

/// Returns a response with an invalid or unexpected status line.
fn odd_status(rng: &mut Rng, operation: Operation) -> Vec<ResponsePart> {
    let body = valid_body(operation);
    let elsewhere = |status: u16, location: &str| {
        vec![complete(
            status,
            &[("Location", location), ("Connection", "close")],
            b"",
        )]
    };
    match rng.below(4) {
        0 => {
            let status = u16::try_from(100 + rng.below(900)).unwrap();
            vec![complete(status, &[], &body)]
        }
        1 => {
            const LINES: [&str; 12] = [
                "HTTP/1.1 20 OK\r\n\r\n",
                "HTTP/1.1 2000 OK\r\n\r\n",
                "HTTP/1.1 -200 OK\r\n\r\n",
                "HTTP/9.9 200 OK\r\n\r\n",
                "HTTP/1.1\r\n\r\n",
                "ICY 200 OK\r\n\r\n",
                "SSH-2.0-OpenSSH_9.2\r\n",
                "\x15\x03\x03\x00\x02\x02\x28",
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                "\r\n\r\n\r\n",
                "",
                "{\"accessToken\":\"x\"}",
            ];
            vec![ResponsePart::Bytes(rng.choose(&LINES).into())]
        }
        2 => {
            let status = rng.choose(&[301, 302, 303, 307, 308]);
            let location = rng.choose(&[
                "/token",
                "/federation/credentials",
                "http://127.0.0.1:1/",
                "//127.0.0.1:1/",
                "file:///etc/passwd",
                "\u{ff}",
                "",
            ]);
            elsewhere(status, location)
        }
        _ => {
            let line = rng.choose(&["100 Continue", "103 Early Hints", "101 Switching Protocols"]);
            let short = format!("HTTP/1.1 {line}\r\n\r\n").into_bytes();
            let times = usize::try_from(rng.below(2000)).unwrap();
            let many = ResponsePart::Bytes(short.repeat(times));
            vec![
                many,
                rng.choose(&[
                    complete(200, &[], &body),
                    ResponsePart::Stream(short.repeat(10)),
                ]),
            ]
        }
    }
}

/// Returns a response with too many, too long or invalid headers.
fn odd_headers(rng: &mut Rng, operation: Operation) -> Vec<ResponsePart> {
    let body = valid_body(operation);
    let with = |lines: &str| {
        let head = format!("HTTP/1.1 200 OK\r\n{lines}\r\n");
        ResponsePart::Bytes([head.as_bytes(), &body].concat())
    };
    let length = format!("Content-Length: {}\r\n", body.len());
    match rng.below(7) {
        0 => vec![
            ResponsePart::Bytes(b"HTTP/1.1 200 OK\r\n".to_vec()),
            ResponsePart::Flood(b"X-More: of the same\r\n".to_vec()),
        ],
        1 => vec![
            ResponsePart::Bytes(b"HTTP/1.1 200 OK\r\nX-Long: ".to_vec()),
            ResponsePart::Flood(vec![b'x'; 4096]),
        ],
        2 => vec![with(&(length + &"X-Many: y\r\n".repeat(10_000)))],
        3 => {
            let lines = rng.choose(&[
                "X: \0\r\n",
                ": nameless\r\n",
                " folded\r\n",
                "no colon\r\n",
                "X\x01Y: z\r\n",
                "X: \u{1b}[31m\r\n",
            ]);
            vec![with(&(length + lines))]
        }
        4 => {
            let dates = rng.choose(&[
                "Date: Fri, 31 Dec 9999 23:59:59 GMT\r\n",
                "Date: Mon, 01 Jan 0001 00:00:00 GMT\r\n",
                "Date: yesterday\r\n",
                "Date: \u{ff}\r\n",
            ]);
            vec![with(&(length + dates))]
        }
        5 => vec![with(
            &(length + "Content-Encoding: gzip\r\nContent-Type: text/html\r\n"),
        )],
        _ => vec![with(
            &(length + "Transfer-Encoding: gzip, chunked\r\nTrailer: everything\r\n"),
        )],
    }
}

/// Returns a body with a wrong length, or invalid chunks.
fn wrong_framing(rng: &mut Rng, operation: Operation) -> Vec<ResponsePart> {
    let body = valid_body(operation);
    let after = |lines: &str, bytes: &[u8]| {
        let head = format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n{lines}\r\n");
        vec![ResponsePart::Bytes([head.as_bytes(), bytes].concat())]
    };
    let chunk = |size: &str| {
        let bytes = [size.as_bytes(), b"\r\n", &body, b"\r\n0\r\n\r\n"].concat();
        after("Transfer-Encoding: chunked\r\n", &bytes)
    };
    match rng.below(5) {
        0 => after(&format!("Content-Length: {}\r\n", body.len() + 1), &body),
        1 => after(&format!("Content-Length: {}\r\n", body.len() - 1), &body),
        2 => {
            let length = rng.choose(&[
                "-1",
                "18446744073709551615",
                "18446744073709551616",
                "1e9",
                "0x10",
                "",
                "5, 5",
                "5\r\nContent-Length: 6",
            ]);
            after(&format!("Content-Length: {length}\r\n"), &body)
        }
        3 => {
            let size = rng.choose(&[
                "ffffffffffffffff",
                "10000000000000000",
                "7fffffffffffffff",
                "-1",
                "zz",
                "",
                "0",
            ]);
            chunk(size)
        }
        _ => {
            let mut parts = chunk(&format!("{:x}", body.len()));
            // Chunk extensions and trailers can be endless.
            let flood = rng.choose(&[&b";x=y"[..], b"X-Trailer: z\r\n"]);
            if let Some(ResponsePart::Bytes(bytes)) = parts.first_mut() {
                bytes.truncate(bytes.len() - if flood[0] == b';' { 4 } else { 2 });
            }
            parts.push(ResponsePart::Flood(flood.to_vec()));
            parts
        }
    }
}

/// Returns a body that never ends, sent as fast as the client reads.
fn endless(rng: &mut Rng, operation: Operation) -> Vec<ResponsePart> {
    let status = rng.choose(&[200, 200, 400, 500]);
    let begin = rng.choose(&[
        "Content-Length: 1000000000000\r\n",
        "Transfer-Encoding: chunked\r\n",
        "",
    ]);
    let head = format!("HTTP/1.1 {status} OK\r\nContent-Type: application/json\r\n{begin}\r\n");
    let filler = rng.choose(b" [x9");
    let data = vec![filler; 1 << 16];
    let flood = if begin.starts_with("Transfer") {
        [b"10000\r\n".as_slice(), &data, b"\r\n"].concat()
    } else {
        data
    };
    let good = valid_body(operation);
    let opening = if begin.starts_with("Transfer") {
        format!("{:x}\r\n", good.len() - 1).into_bytes()
    } else {
        Vec::new()
    };
    let closing: &[u8] = if opening.is_empty() { b"" } else { b"\r\n" };
    let first = [head.as_bytes(), &opening, &good[..good.len() - 1], closing].concat();
    vec![ResponsePart::Bytes(first), ResponsePart::Flood(flood)]
}

/// Returns a valid response that arrives too slowly, partly or not at all.
fn slow(rng: &mut Rng, operation: Operation) -> Vec<ResponsePart> {
    let ResponsePart::Bytes(good) = complete(200, &[], &valid_body(operation)) else {
        return Vec::new();
    };
    let at = usize::try_from(rng.below(good.len() as u64)).unwrap();
    let wait = ResponsePart::Silence(Duration::from_secs(30));
    match rng.below(4) {
        0 => vec![ResponsePart::Slowly(good, Duration::from_millis(40))],
        1 => vec![ResponsePart::Bytes(good[..at].to_vec()), wait],
        2 => vec![ResponsePart::Bytes(good[..at].to_vec())],
        _ => vec![wait],
    }
}
