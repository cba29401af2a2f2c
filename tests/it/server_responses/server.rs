//! A server that answers one operation as it is told, byte by byte, and every other one as
//! the services do.

use std::io::{ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::fixture::now;

/// What can be asked of the services.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    RegisterClient,
    StartDeviceAuthorization,
    /// By refresh token, device code or authorization code.
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

    /// The body of a good answer.
    pub fn body(self) -> Value {
        match self {
            Operation::RegisterClient => json!({
                "clientId": "the-client",
                "clientSecret": "the-client-secret-of-a-hostile-server",
                "clientIdIssuedAt": now(),
                "clientSecretExpiresAt": now() + 86_400,
            }),
            // The code ends soon, and with it a sign-in that gets no token.
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

/// A part of an answer.
#[derive(Clone)]
pub enum Part {
    Bytes(Vec<u8>),
    /// These bytes again and again, as fast as they are taken.
    Flood(Vec<u8>),
    /// These bytes again and again, at a pace that anybody can keep.
    Stream(Vec<u8>),
    /// These bytes one by one, with this pause before each.
    Slowly(Vec<u8>, Duration),
    /// Nothing for so long.
    Silence(Duration),
}

impl std::fmt::Debug for Part {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let shown = |bytes: &[u8]| {
            let head = String::from_utf8_lossy(&bytes[..bytes.len().min(300)]).into_owned();
            format!("{head:?} ({} bytes)", bytes.len())
        };
        match self {
            Part::Bytes(bytes) => write!(f, "{}", shown(bytes)),
            Part::Flood(bytes) => write!(f, "for ever {}", shown(bytes)),
            Part::Stream(bytes) => write!(f, "for ever, at a pace, {}", shown(bytes)),
            Part::Slowly(bytes, each) => write!(f, "slowly ({each:?}) {}", shown(bytes)),
            Part::Silence(time) => write!(f, "silence for {time:?}"),
        }
    }
}

struct Plan {
    operation: Operation,
    answer: Vec<Part>,
    asked: AtomicU32,
    stopped: AtomicBool,
}

/// The server; it stops when this is dropped.
pub struct Hostile {
    plan: Arc<Plan>,
    address: std::net::SocketAddr,
    thread: Option<JoinHandle<()>>,
}

impl Hostile {
    pub fn start(operation: Operation, answer: Vec<Part>) -> Hostile {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let plan = Arc::new(Plan {
            operation,
            answer,
            asked: AtomicU32::new(0),
            stopped: AtomicBool::new(false),
        });
        let shared = Arc::clone(&plan);
        let thread = std::thread::spawn(move || {
            while let Ok((stream, _)) = listener.accept() {
                if shared.stopped.load(Ordering::Relaxed) {
                    return;
                }
                let plan = Arc::clone(&shared);
                std::thread::spawn(move || serve(&plan, stream));
            }
        });
        Hostile {
            plan,
            address,
            thread: Some(thread),
        }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// How often the one operation was asked for.
    pub fn asked(&self) -> u32 {
        self.plan.asked.load(Ordering::Relaxed)
    }
}

impl Drop for Hostile {
    fn drop(&mut self) {
        self.plan.stopped.store(true, Ordering::Relaxed);
        // The thread sits in accept(): one connection wakes it.
        let _ = TcpStream::connect(self.address);
        let _ = self.thread.take().unwrap().join();
    }
}

/// Serves one connection; whatever goes wrong on it is the client's doing or wanted.
fn serve(plan: &Plan, mut stream: TcpStream) {
    let _ = stream.set_read_timeout(Some(Duration::from_secs(30)));
    let _ = stream.set_write_timeout(Some(Duration::from_secs(5)));
    let _ = stream.set_nodelay(true);
    while let Some(path) = read_request(&mut stream) {
        let operation = Operation::of(&path);
        if operation == Some(plan.operation) {
            plan.asked.fetch_add(1, Ordering::Relaxed);
            let _ = plan
                .answer
                .iter()
                .try_for_each(|part| send(plan, &mut stream, part));
            return;
        }
        let body = operation.map_or(json!({}), Operation::body).to_string();
        let answer = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        if stream.write_all(answer.as_bytes()).is_err() {
            return;
        }
    }
}

/// Reads a request with its body, and gives its path.
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

fn send(plan: &Plan, stream: &mut TcpStream, part: &Part) -> std::io::Result<()> {
    let gone = || std::io::Error::from(ErrorKind::BrokenPipe);
    match part {
        Part::Bytes(bytes) => stream.write_all(bytes),
        Part::Flood(bytes) => {
            while !plan.stopped.load(Ordering::Relaxed) {
                stream.write_all(bytes)?;
            }
            Err(gone())
        }
        Part::Stream(bytes) => {
            while !plan.stopped.load(Ordering::Relaxed) {
                stream.write_all(bytes)?;
                std::thread::sleep(Duration::from_millis(5));
            }
            Err(gone())
        }
        Part::Slowly(bytes, each) => {
            for byte in bytes {
                std::thread::sleep(*each);
                if plan.stopped.load(Ordering::Relaxed) {
                    return Err(gone());
                }
                stream.write_all(&[*byte])?;
            }
            Ok(())
        }
        Part::Silence(time) => {
            let begin = Instant::now();
            while begin.elapsed() < *time && !plan.stopped.load(Ordering::Relaxed) {
                std::thread::sleep(Duration::from_millis(10));
            }
            Ok(())
        }
    }
}
