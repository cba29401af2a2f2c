//! The listeners: one thread accepts, one thread per connection serves.
//!
//! An idle connection keeps a thread and nothing else, so it blocks nobody.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use rustls::{ServerConnection, StreamOwned};

use crate::http::read::{self, ReadError};
use crate::respond::{self, Next};
use crate::shared::Shared;

/// How long a connection may be silent between two requests.
const IDLE_TIMEOUT: Duration = Duration::from_secs(60);
/// How long it may be silent inside a request.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(10);

/// Accepts connections until the server is stopped.
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
                    // Out of descriptors, most likely: without a pause this loop would spin.
                    thread::sleep(Duration::from_millis(20));
                    continue;
                };
                let shared = Arc::clone(&shared);
                let thread = thread::Builder::new().name("emulator-connection".to_owned());
                // Without a thread the connection is dropped, which the client sees at once.
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
    // Outside a tunnel a server with TLS is a proxy; inside there is one TLS more.
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

/// The server's side of TLS. A tunnel ends here as well, whatever host it was asked for:
/// the certificate tells the client whether it likes that.
fn start_tls<W: Read + Write>(
    shared: &Shared,
    wire: W,
) -> Option<StreamOwned<ServerConnection, W>> {
    let session = ServerConnection::new(Arc::clone(shared.tls.get()?)).ok()?;
    Some(StreamOwned::new(session, wire))
}

/// Serves requests until the connection ends or becomes a tunnel, and gives it back.
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
        // Waits here while the connection is idle; an empty buffer is its end.
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
