//! HTTP client of the tests; it shares no code with the emulator, so that the same mistake on
//! both sides cannot go unnoticed.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use emulator::{Emulator, Options};
use serde_json::{Value, json};

pub const DEVICE_GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";
pub const START_URL: &str = "https://d-1.awsapps.com/start";

#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Reply {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or(Value::Null)
    }

    pub fn header(&self, name: &str) -> &str {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        let found = lines.find(|(n, _)| n.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value).unwrap_or_default()
    }

    /// Returns the exception name of an error response.
    pub fn exception(&self) -> &str {
        self.header("x-amzn-errortype")
            .split(':')
            .next()
            .unwrap_or_default()
    }
}

pub fn start() -> Emulator {
    Emulator::start(Options::default()).unwrap()
}

pub fn connect(base: &str) -> TcpStream {
    let stream = TcpStream::connect(base.trim_start_matches("http://")).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(10)))
        .unwrap();
    stream
}

/// Sends bytes, which must contain `Connection: close`, and reads until the server closes.
pub fn raw(base: &str, bytes: &str) -> std::io::Result<Reply> {
    let mut stream = connect(base);
    stream.write_all(bytes.as_bytes())?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let text = String::from_utf8_lossy(&answer);
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or_default();
    let status = head
        .split(' ')
        .nth(1)
        .and_then(|word| word.parse().ok())
        .unwrap_or(0);
    Ok(Reply {
        status,
        head: head.to_owned(),
        body: body.to_owned(),
    })
}

pub fn request(base: &str, method: &str, path: &str, headers: &str, body: &str) -> Reply {
    let length = body.len();
    let text = format!(
        "{method} {path} HTTP/1.1\r\nHost: x\r\n{headers}Content-Length: {length}\r\n\
         Connection: close\r\n\r\n{body}"
    );
    raw(base, &text).unwrap()
}

pub fn post(base: &str, path: &str, body: &Value) -> Reply {
    request(
        base,
        "POST",
        path,
        "Content-Type: application/json\r\n",
        &body.to_string(),
    )
}

/// Sends a portal request with an access token.
pub fn portal(base: &str, method: &str, path: &str, token: &str) -> Reply {
    request(
        base,
        method,
        path,
        &format!("x-amz-sso_bearer_token: {token}\r\n"),
        "",
    )
}

/// Returns the members of `base`, extended and overridden by those of `extra`.
pub fn with(base: &Value, extra: Value) -> Value {
    let mut all = base.clone();
    if let (Some(all), Some(extra)) = (all.as_object_mut(), extra.as_object()) {
        all.extend(extra.clone());
    }
    all
}

/// Registers a client and returns its id and secret as members of a request body.
///
/// `extra` are members of the registration.
pub fn register(base: &str, extra: Value) -> Value {
    let body = with(
        &json!({ "clientName": "test", "clientType": "public" }),
        extra,
    );
    let reply = post(base, "/client/register", &body);
    assert_eq!(reply.status, 200, "{reply:?}");
    let reply = reply.json();
    json!({ "clientId": reply["clientId"], "clientSecret": reply["clientSecret"] })
}

/// Registers a client with the account scope, so that it gets refresh tokens.
pub fn register_with_account_scope(base: &str) -> Value {
    register(base, json!({ "scopes": ["sso:account:access"] }))
}

pub fn start_device(base: &str, client: &Value) -> Value {
    let body = with(client, json!({ "startUrl": START_URL }));
    let reply = post(base, "/device_authorization", &body);
    assert_eq!(reply.status, 200, "{reply:?}");
    reply.json()
}

pub fn poll(base: &str, client: &Value, device: &Value) -> Reply {
    let body = json!({ "grantType": DEVICE_GRANT, "deviceCode": device["deviceCode"] });
    post(base, "/token", &with(client, body))
}

pub fn refresh(base: &str, client: &Value, token: &Value) -> Reply {
    let body = json!({ "grantType": "refresh_token", "refreshToken": token });
    post(base, "/token", &with(client, body))
}
