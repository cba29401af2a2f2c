//! Loopback listener for the redirects of sign-in (RFC 8252 §7.3) and console.
//!
//! It is bound to 127.0.0.1 only. Browsers open connections in advance and leave them idle, so
//! one poll(2) waits for all connections.

use std::io::{self, ErrorKind, Read, Write};
use std::iter;
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::os::fd::AsFd;
use std::time::Duration;

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

use crate::domain::secret::Secret;
use crate::domain::session::callback_page;
use crate::error::{Error, Hint, Result};

use super::{file, peer_owner};

/// Limit on a request with its headers, in bytes; a connection that sends more is closed.
const MAX_REQUEST: usize = 64 * 1024;

/// Limit on open connections, more than a browser opens; another one closes the oldest.
pub const MAX_CONNECTIONS: usize = 64;

/// The listener and its open connections.
#[derive(Debug)]
pub struct Listener {
    socket: TcpListener,
    /// The port that is bound.
    pub port: u16,
    connections: Vec<Connection>,
}

#[derive(Debug)]
struct Connection {
    stream: TcpStream,
    received: Vec<u8>,
}

/// A complete request without a body, whose response is still to be sent.
#[derive(Debug)]
pub struct CallbackRequest {
    stream: TcpStream,
    /// Method, such as `GET`.
    pub method: String,
    /// Request target: `/path?query`.
    pub target: String,
}

/// The event that ended a wait.
#[derive(Debug)]
pub enum ListenerEvent {
    Request(CallbackRequest),
    /// Stdin is readable.
    Input,
    /// The wait timed out, or a connection made progress.
    Nothing,
}

impl Listener {
    /// Binds a free port.
    pub fn bind() -> Result<Listener> {
        let bound = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|socket| {
            socket.set_nonblocking(true)?;
            Ok(Listener {
                port: socket.local_addr()?.port(),
                socket,
                connections: Vec::new(),
            })
        });
        bound.map_err(|error| {
            let message = format!("cannot listen on 127.0.0.1 for the browser's answer: {error}");
            Error::system(message).hint(Hint::SignInWithDeviceCode)
        })
    }

    /// Waits for a request, and for input on stdin if `watch_stdin` is set.
    pub fn wait(&mut self, time: Duration, watch_stdin: bool) -> ListenerEvent {
        let stdin = io::stdin();
        let connections = self.connections.iter().map(|it| it.stream.as_fd());
        let mut watched: Vec<PollFd> = iter::once(self.socket.as_fd())
            .chain(connections)
            .chain(watch_stdin.then(|| stdin.as_fd()))
            .map(|file| PollFd::new(file, PollFlags::POLLIN))
            .collect();
        let timeout = PollTimeout::try_from(time).unwrap_or(PollTimeout::MAX);
        let ready = poll(&mut watched, timeout).unwrap_or(0);
        let last = watched.last().and_then(PollFd::revents);
        let is_last_ready = ready > 0 && last.is_some_and(|events| !events.is_empty());
        let has_input = watch_stdin && is_last_ready;
        self.accept();
        match self.read() {
            Some(request) => ListenerEvent::Request(request),
            None if has_input => ListenerEvent::Input,
            None => ListenerEvent::Nothing,
        }
    }

    /// Returns a request that has arrived, without waiting.
    pub fn try_next(&mut self) -> Option<CallbackRequest> {
        match self.wait(Duration::ZERO, false) {
            ListenerEvent::Request(request) => Some(request),
            ListenerEvent::Input | ListenerEvent::Nothing => None,
        }
    }

    /// Accepts all connections that wait.
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

    /// Reads from all connections until a request is complete.
    fn read(&mut self) -> Option<CallbackRequest> {
        let mut at = 0;
        while at < self.connections.len() {
            match self.connections[at].read() {
                ReadState::Incomplete => at += 1,
                ReadState::Closed => {
                    self.connections.remove(at);
                }
                ReadState::Complete(method, target) => {
                    let stream = self.connections.remove(at).stream;
                    return Some(CallbackRequest {
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

/// State of a connection after a read.
enum ReadState {
    Incomplete,
    /// Closed by the peer, failed, or not HTTP/1.
    Closed,
    /// Method and target of the request.
    Complete(String, String),
}

impl Connection {
    /// Returns `true` if the headers are complete.
    fn is_complete(&self) -> bool {
        self.received.windows(4).any(|window| window == b"\r\n\r\n")
    }

    fn read(&mut self) -> ReadState {
        let mut bytes = [0; 4096];
        loop {
            match self.stream.read(&mut bytes) {
                // A client may close its sending half and still wait for the response.
                Ok(0) if self.is_complete() => break,
                Ok(0) => return ReadState::Closed,
                Ok(read) => self.received.extend_from_slice(&bytes[..read]),
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => return ReadState::Closed,
            }
            if self.received.len() > MAX_REQUEST {
                return ReadState::Closed;
            }
        }
        if !self.is_complete() {
            return ReadState::Incomplete;
        }
        let mut lines = self.received.split(|byte| *byte == b'\r');
        let line = String::from_utf8_lossy(lines.next().unwrap_or_default());
        let mut words = line.split(' ');
        match (words.next(), words.next(), words.next()) {
            (Some(method), Some(target), Some(version)) if version.starts_with("HTTP/1.") => {
                ReadState::Complete(method.to_owned(), target.to_owned())
            }
            _ => ReadState::Closed,
        }
    }
}

impl CallbackRequest {
    /// Returns `true` if a process of this user sent the request. Root is another user, and so is
    /// a sender that the system does not name.
    pub fn is_from_this_user(&self) -> bool {
        peer_owner::uid_of_peer(&self.stream) == Some(file::user_id())
    }

    /// Redirects to a secret URL, which no cache may store and no `Referer` header may repeat.
    pub fn redirect(mut self, url: &Secret) {
        let head = Secret::new(format!(
            "HTTP/1.1 302 Found\r\nLocation: {}\r\nContent-Length: 0\r\nCache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nConnection: close\r\n\r\n",
            url.expose()
        ));
        self.send(&[head.expose().as_bytes()]);
    }

    fn send(&mut self, parts: &[&[u8]]) {
        // Errors are ignored: the browser may be gone. The timeout is for one that does not read.
        let _ = self.stream.set_nonblocking(false);
        let _ = self.stream.set_write_timeout(Some(Duration::from_secs(2)));
        let mut parts = parts.iter();
        let _ = parts.try_for_each(|part| self.stream.write_all(part));
        let _ = self.stream.shutdown(Shutdown::Write);
    }

    /// Responds with a page, which no cache may store, no frame may show and no `Referer` header
    /// may name, and closes the connection.
    pub fn respond(mut self, status: &str, html: &str) {
        let head = format!(
            "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\nCache-Control: no-store\r\nContent-Security-Policy: {}\r\nX-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\nConnection: close\r\n\r\n",
            html.len(),
            callback_page::POLICY,
        );
        let body = if self.method == "HEAD" { "" } else { html };
        self.send(&[head.as_bytes(), body.as_bytes()]);
    }
}
