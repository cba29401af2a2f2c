//! Accepts and serves connections: one thread per listener, one thread per connection.
//!
//! An idle connection occupies only its own thread, so it never blocks another.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use rustls::{ServerConnection, StreamOwned};

use crate::http::read::{self, ReadError};
use crate::respond::{self, Next};
use crate::shared::Shared;

/// Maximum silence between two requests of a connection.
const IDLE_TIMEOUT: Duration = Duration::from_secs(60);
/// Maximum silence inside a request.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(10);

/// Starts the thread that accepts connections until the server is stopped.
pub(crate) fn spawn_accept_loop(
    shared: Arc<Shared>,
    listener: TcpListener,
    encrypted: bool,
) -> io::Result<JoinHandle<()>> {
    thread::Builder::new()
        .name("emulator-accept".to_owned())
        .spawn(move || {
            for stream in listener.incoming() {
                if shared.is_stopped() {
                    break;
                }
                let Ok(stream) = stream else {
                    // Most likely out of file descriptors; without a pause this loop would spin.
                    thread::sleep(Duration::from_millis(20));
                    continue;
                };
                let shared = Arc::clone(&shared);
                let thread = thread::Builder::new().name("emulator-connection".to_owned());
                // If no thread starts, the connection is dropped and the client sees a close.
                let _ = thread.spawn(move || {
                    let Some(number) = shared.add_connection(&stream) else {
                        return;
                    };
                    serve_connection(&shared, &stream, encrypted);
                    shared.remove_connection(number);
                });
            }
        })
}

fn serve_connection(shared: &Arc<Shared>, raw: &TcpStream, encrypted: bool) {
    let _ = raw.set_nodelay(true);
    let _ = raw.set_write_timeout(Some(REQUEST_TIMEOUT));
    let _ = raw.set_read_timeout(Some(REQUEST_TIMEOUT));
    let Ok(stream) = raw.try_clone() else { return };
    let plain = shared.url.get().map(String::as_str).unwrap_or_default();
    let secure = shared.tls_url.get().map(String::as_str).unwrap_or_default();
    // A server with TLS is also a proxy, but not inside a tunnel. A tunnel through the TLS
    // listener is TLS inside TLS.
    let proxy = shared.tls.get().is_some();
    if !encrypted {
        if let (Next::Tunnel, stream) = serve_requests(shared, stream, raw, plain, proxy)
            && let Some(inner) = start_tls(shared, stream)
        {
            serve_requests(shared, inner, raw, secure, false);
        }
    } else if let Some(outer) = start_tls(shared, stream)
        && let (Next::Tunnel, outer) = serve_requests(shared, outer, raw, secure, proxy)
        && let Some(inner) = start_tls(shared, outer)
    {
        serve_requests(shared, inner, raw, secure, false);
    }
}

/// Starts the server side of TLS on a stream.
///
/// Tunnels end here as well, for every host that the client named: the client decides by the
/// certificate whether to go on.
fn start_tls<W: Read + Write>(
    shared: &Shared,
    wire: W,
) -> Option<StreamOwned<ServerConnection, W>> {
    let session = ServerConnection::new(Arc::clone(shared.tls.get()?)).ok()?;
    Some(StreamOwned::new(session, wire))
}

/// Serves requests until the connection ends or becomes a tunnel, and returns the stream.
fn serve_requests<W: Read + Write>(
    shared: &Arc<Shared>,
    wire: W,
    raw: &TcpStream,
    base: &str,
    tunnels: bool,
) -> (Next, W) {
    let mut wire = BufReader::new(wire);
    loop {
        let _ = raw.set_read_timeout(Some(IDLE_TIMEOUT));
        // Blocks while the connection is idle; an empty buffer means that it was closed.
        if !matches!(wire.fill_buf(), Ok(bytes) if !bytes.is_empty()) {
            return (Next::Close, wire.into_inner());
        }
        let _ = raw.set_read_timeout(Some(REQUEST_TIMEOUT));
        let next = match read::read_request(&mut wire) {
            Ok(mut request) => {
                base.clone_into(&mut request.base);
                request.tunnels = tunnels;
                respond::respond(shared, &request, wire.get_mut(), raw)
            }
            Err(ReadError::Closed) => Next::Close,
            Err(ReadError::Malformed(text)) => {
                respond::reject_malformed(shared, text, wire.get_mut())
            }
        };
        if next != Next::KeepOpen || shared.is_stopped() {
            return (next, wire.into_inner());
        }
    }
}
