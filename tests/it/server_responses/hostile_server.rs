//! A server that sends given bytes for one operation, and valid responses for all others.

use std::io::{ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::fixture::now;

/// An operation of the services.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    RegisterClient,
    StartDeviceAuthorization,
    /// With a refresh token, device code or authorization code.
    CreateToken,
    GetRoleCredentials,
    Logout,
}

impl Operation {
    fn of(path: &str) -> Option<Operation> {
        Some(match path.split('?').next().unwrap_or_default() {
            "/client/register" => Operation::RegisterClient,
            "/device_authorization" => Operation::StartDeviceAuthorization,
            "/token" => Operation::CreateToken,
            "/federation/credentials" => Operation::GetRoleCredentials,
            "/logout" => Operation::Logout,
            _ => return None,
        })
    }

    /// Returns the body of a valid response.
    pub fn valid_body(self) -> Value {
        match self {
            Operation::RegisterClient => json!({
                "clientId": "the-client",
                "clientSecret": "the-client-secret-of-a-hostile-server",
                "clientIdIssuedAt": now(),
                "clientSecretExpiresAt": now() + 86_400,
            }),
            // The code expires soon, which ends a sign-in that gets no token.
            Operation::StartDeviceAuthorization => json!({
                "deviceCode": "the-device-code-of-a-hostile-server",
                "userCode": "ABCD-EFGH",
                "verificationUri": "https://device.example.com/",
                "verificationUriComplete": "https://device.example.com/?user_code=ABCD-EFGH",
                "expiresIn": 2,
                "interval": 1,
            }),
            Operation::CreateToken => json!({
                "accessToken": "the-access-token-of-a-hostile-server",
                "tokenType": "Bearer",
                "expiresIn": 28_800,
                "refreshToken": "the-refresh-token-of-a-hostile-server",
            }),
            Operation::GetRoleCredentials => json!({
                "roleCredentials": {
                    "accessKeyId": "ASIAHOSTILE",
                    "secretAccessKey": "the-secret-key-of-a-hostile-server",
                    "sessionToken": "the-session-token-of-a-hostile-server",
                    "expiration": (now() + 3600) * 1000,
                },
            }),
            Operation::Logout => json!({}),
        }
    }
}

/// Part of a response.
#[derive(Clone)]
pub enum ResponsePart {
    Bytes(Vec<u8>),
    /// Repeats these bytes as fast as the client reads.
    Flood(Vec<u8>),
    /// Repeats these bytes every 5 ms.
    Stream(Vec<u8>),
    /// Sends these bytes one by one, with this pause before each.
    Slowly(Vec<u8>, Duration),
    /// Sends nothing for this long.
    Silence(Duration),
}

impl std::fmt::Debug for ResponsePart {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let shown = |bytes: &[u8]| {
            let head = String::from_utf8_lossy(&bytes[..bytes.len().min(300)]).into_owned();
            format!("{head:?} ({} bytes)", bytes.len())
        };
        match self {
            ResponsePart::Bytes(bytes) => write!(f, "{}", shown(bytes)),
            ResponsePart::Flood(bytes) => write!(f, "endlessly {}", shown(bytes)),
            ResponsePart::Stream(bytes) => write!(f, "endlessly, paced, {}", shown(bytes)),
            ResponsePart::Slowly(bytes, each) => write!(f, "slowly ({each:?}) {}", shown(bytes)),
            ResponsePart::Silence(time) => write!(f, "silence for {time:?}"),
        }
    }
}

struct ServerScript {
    operation: Operation,
    response: Vec<ResponsePart>,
    request_count: AtomicU32,
    stopped: AtomicBool,
}

/// A running server, stopped on drop.
pub struct HostileServer {
    script: Arc<ServerScript>,
    address: std::net::SocketAddr,
    thread: Option<JoinHandle<()>>,
}

impl HostileServer {
    pub fn start(operation: Operation, response: Vec<ResponsePart>) -> HostileServer {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let script = Arc::new(ServerScript {
            operation,
            response,
            request_count: AtomicU32::new(0),
            stopped: AtomicBool::new(false),
        });
        let shared = Arc::clone(&script);
        let thread = std::thread::spawn(move || {
            while let Ok((stream, _)) = listener.accept() {
                if shared.stopped.load(Ordering::Relaxed) {
                    return;
                }
                let script = Arc::clone(&shared);
                std::thread::spawn(move || serve(&script, stream));
            }
        });
        HostileServer {
            script,
            address,
            thread: Some(thread),
        }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Returns the number of requests of the hostile operation.
    pub fn request_count(&self) -> u32 {
        self.script.request_count.load(Ordering::Relaxed)
    }
}

impl Drop for HostileServer {
    fn drop(&mut self) {
        self.script.stopped.store(true, Ordering::Relaxed);
        // The thread blocks in accept(): one connection wakes it.
        let _ = TcpStream::connect(self.address);
        let _ = self.thread.take().unwrap().join();
    }
}

/// Serves one connection; errors are ignored, since clients may close at any time.
fn serve(script: &ServerScript, mut stream: TcpStream) {
    let _ = stream.set_read_timeout(Some(Duration::from_secs(30)));
    let _ = stream.set_write_timeout(Some(Duration::from_secs(5)));
    let _ = stream.set_nodelay(true);
    while let Some(path) = read_request(&mut stream) {
        let operation = Operation::of(&path);
        if operation == Some(script.operation) {
            script.request_count.fetch_add(1, Ordering::Relaxed);
            let _ = script
                .response
                .iter()
                .try_for_each(|part| send(script, &mut stream, part));
            return;
        }
        let body = operation
            .map_or(json!({}), Operation::valid_body)
            .to_string();
        let response = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        if stream.write_all(response.as_bytes()).is_err() {
            return;
        }
    }
}

/// Reads a request with its body and returns its path.
fn read_request(stream: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(at) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break at + 4;
        }
        read_more(stream, &mut bytes)?;
    };
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        let is_length = name.eq_ignore_ascii_case("content-length");
        is_length.then(|| value.trim().parse::<usize>().unwrap())
    });
    while bytes.len() < end + length.unwrap_or(0) {
        read_more(stream, &mut bytes)?;
    }
    head.split(' ').nth(1).map(str::to_owned)
}

fn read_more(stream: &mut TcpStream, bytes: &mut Vec<u8>) -> Option<()> {
    let mut chunk = [0; 4096];
    match stream.read(&mut chunk) {
        Ok(0) => None,
        Ok(read) => {
            bytes.extend_from_slice(&chunk[..read]);
            Some(())
        }
        Err(error) if error.kind() == ErrorKind::Interrupted => Some(()),
        Err(_) => None,
    }
}

fn send(script: &ServerScript, stream: &mut TcpStream, part: &ResponsePart) -> std::io::Result<()> {
    let closed = || std::io::Error::from(ErrorKind::BrokenPipe);
    match part {
        ResponsePart::Bytes(bytes) => stream.write_all(bytes),
        ResponsePart::Flood(bytes) => {
            while !script.stopped.load(Ordering::Relaxed) {
                stream.write_all(bytes)?;
            }
            Err(closed())
        }
        ResponsePart::Stream(bytes) => {
            while !script.stopped.load(Ordering::Relaxed) {
                stream.write_all(bytes)?;
                std::thread::sleep(Duration::from_millis(5));
            }
            Err(closed())
        }
        ResponsePart::Slowly(bytes, each) => {
            for byte in bytes {
                std::thread::sleep(*each);
                if script.stopped.load(Ordering::Relaxed) {
                    return Err(closed());
                }
                stream.write_all(&[*byte])?;
            }
            Ok(())
        }
        ResponsePart::Silence(time) => {
            let begin = Instant::now();
            while begin.elapsed() < *time && !script.stopped.load(Ordering::Relaxed) {
                std::thread::sleep(Duration::from_millis(10));
            }
            Ok(())
        }
    }
}
