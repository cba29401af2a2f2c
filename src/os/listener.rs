//! The loopback listener of the redirect (RFC 8252 §7.3).
//!
//! It is bound to 127.0.0.1 only. Browsers open connections ahead of time and leave them
//! idle, so no connection may wait for another: all of them are watched together.

use std::io::{ErrorKind, Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::os::fd::AsFd;
use std::time::Duration;

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

use crate::domain::secret::Secret;
use crate::domain::session::callback_page;
use crate::error::{Error, Hint, Result};

use super::{file, peer_owner, terminal};

/// A request line and its headers are never longer from a browser that we want.
const MAX_BYTES: usize = 64 * 1024;
/// More connections than a browser opens; the oldest goes when another comes.
pub const MAX_CONNECTIONS: usize = 64;

/// The listener and its open connections.
#[derive(Debug)]
pub struct Listener {
    socket: TcpListener,
    port: u16,
    connections: Vec<Connection>,
}

#[derive(Debug)]
struct Connection {
    stream: TcpStream,
    received: Vec<u8>,
}

/// A complete request that waits for its answer.
#[derive(Debug)]
pub struct Request {
    stream: TcpStream,
    /// `GET`, …
    pub method: String,
    /// `/path?query`
    pub target: String,
}

/// What happened in a while.
#[derive(Debug)]
pub enum Event {
    /// A request arrived.
    Request(Request),
    /// Something was typed.
    Input,
    /// Nothing.
    Nothing,
}

impl Listener {
    /// Binds a free port.
    #[expect(
        clippy::disallowed_methods,
        reason = "the edge where the listener is bound"
    )]
    pub fn bind() -> Result<Listener> {
        let bound = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|socket| {
            socket.set_nonblocking(true)?;
            let port = socket.local_addr()?.port();
            Ok(Listener {
                socket,
                port,
                connections: Vec::new(),
            })
        });
        bound.map_err(|error| {
            Error::system(format!(
                "cannot listen on 127.0.0.1 for the browser's answer: {error}"
            ))
            .hint(Hint::SignInWithDeviceCode)
        })
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Waits a while for a request, or for input where that is wanted.
    pub fn wait(&mut self, time: Duration, watch_stdin: bool) -> Event {
        let typed = terminal::with_stdin(|stdin| {
            let mut watched = vec![PollFd::new(self.socket.as_fd(), PollFlags::POLLIN)];
            watched.extend(
                self.connections
                    .iter()
                    .map(|c| PollFd::new(c.stream.as_fd(), PollFlags::POLLIN)),
            );
            if watch_stdin {
                watched.push(PollFd::new(stdin, PollFlags::POLLIN));
            }
            let timeout = PollTimeout::try_from(time).unwrap_or(PollTimeout::MAX);
            let ready = poll(&mut watched, timeout).unwrap_or(0);
            let last = watched.last().and_then(PollFd::revents);
            watch_stdin && ready > 0 && last.is_some_and(|events| !events.is_empty())
        });
        self.accept();
        if let Some(request) = self.read() {
            return Event::Request(request);
        }
        if typed { Event::Input } else { Event::Nothing }
    }

    /// A request that has arrived already, without waiting for one.
    pub fn next_waiting(&mut self) -> Option<Request> {
        match self.wait(Duration::ZERO, false) {
            Event::Request(request) => Some(request),
            Event::Input | Event::Nothing => None,
        }
    }

    fn accept(&mut self) {
        while let Ok((stream, _)) = self.socket.accept() {
            if stream.set_nonblocking(true).is_err() {
                continue;
            }
            if self.connections.len() == MAX_CONNECTIONS {
                self.connections.remove(0);
            }
            self.connections.push(Connection {
                stream,
                received: Vec::new(),
            });
        }
    }

    /// Reads what has arrived; the first request that is complete comes out.
    fn read(&mut self) -> Option<Request> {
        let mut at = 0;
        while at < self.connections.len() {
            match self.connections[at].advance() {
                Progress::Waiting => at += 1,
                Progress::Closed => {
                    self.connections.remove(at);
                }
                Progress::Complete(method, target) => {
                    let stream = self.connections.remove(at).stream;
                    return Some(Request {
                        stream,
                        method,
                        target,
                    });
                }
            }
        }
        None
    }
}

enum Progress {
    Waiting,
    Closed,
    Complete(String, String),
}

impl Connection {
    fn is_complete(&self) -> bool {
        self.received.windows(4).any(|window| window == b"\r\n\r\n")
    }

    fn advance(&mut self) -> Progress {
        let mut bytes = [0; 4096];
        loop {
            match self.stream.read(&mut bytes) {
                // Whoever has asked may have nothing more to say and still wait for the answer.
                Ok(0) if self.is_complete() => break,
                Ok(0) => return Progress::Closed,
                Ok(read) => self.received.extend_from_slice(&bytes[..read]),
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => return Progress::Closed,
            }
            if self.received.len() > MAX_BYTES {
                return Progress::Closed;
            }
        }
        if !self.is_complete() {
            return Progress::Waiting;
        }
        let line = self
            .received
            .split(|byte| *byte == b'\r')
            .next()
            .unwrap_or_default();
        let line = String::from_utf8_lossy(line);
        let mut words = line.split(' ');
        match (words.next(), words.next(), words.next()) {
            (Some(method), Some(target), Some(version)) if version.starts_with("HTTP/1.") => {
                Progress::Complete(method.to_owned(), target.to_owned())
            }
            _ => Progress::Closed,
        }
    }
}

impl Request {
    /// Whether another user of this computer sends it, where the system can say so. Root can
    /// look into every process anyway.
    pub fn is_of_another_user(&self) -> bool {
        peer_owner::user_of(&self.stream).is_some_and(|user| user != 0 && user != file::us())
    }

    /// Leads on to an address that nobody may keep.
    pub fn redirect(mut self, address: &Secret) {
        let head = Secret::new(format!(
            "HTTP/1.1 302 Found\r\nLocation: {}\r\nContent-Length: 0\r\nCache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nConnection: close\r\n\r\n",
            address.expose()
        ));
        self.send(&[head.expose().as_bytes()]);
    }

    fn send(&mut self, parts: &[&[u8]]) {
        // A browser that has gone away does not matter; one that does not read must not
        // keep us either.
        let _ = self.stream.set_nonblocking(false);
        let _ = self.stream.set_write_timeout(Some(Duration::from_secs(2)));
        let _ = parts
            .iter()
            .try_for_each(|part| self.stream.write_all(part));
        let _ = self.stream.shutdown(Shutdown::Write);
    }

    /// Answers with a page and closes. Nobody may keep the page, frame it, or learn from it
    /// where its reader came from.
    pub fn answer(mut self, status: &str, html: &str) {
        let head = format!(
            "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\nCache-Control: no-store\r\nContent-Security-Policy: {}\r\nX-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\nConnection: close\r\n\r\n",
            html.len(),
            callback_page::POLICY,
        );
        let body = if self.method == "HEAD" { "" } else { html };
        self.send(&[head.as_bytes(), body.as_bytes()]);
    }
}
