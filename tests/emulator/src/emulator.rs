//! Starts and stops a server.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use crate::connections;
use crate::handle::Handle;
use crate::options::Options;
use crate::shared::Shared;
use crate::state::State;
use crate::tls_server;

/// A running server, stopped on drop.
#[derive(Debug)]
pub struct Emulator {
    shared: Arc<Shared>,
    listeners: Vec<(SocketAddr, JoinHandle<()>)>,
}

impl Emulator {
    /// Binds to loopback and starts serving.
    ///
    /// # Errors
    /// If a port cannot be bound, a thread cannot be started or the TLS certificate cannot be
    /// generated.
    pub fn start(options: Options) -> io::Result<Self> {
        let ip = if options.ipv6 {
            IpAddr::V6(Ipv6Addr::LOCALHOST)
        } else {
            IpAddr::V4(Ipv4Addr::LOCALHOST)
        };
        let shared = Arc::new(Shared::new(State::new(options.clone())));
        let mut emulator = Self {
            shared: Arc::clone(&shared),
            listeners: Vec::new(),
        };
        let plain = TcpListener::bind((ip, options.port))?;
        let encrypted = match options.tls {
            true => Some(TcpListener::bind((ip, options.tls_port))?),
            false => None,
        };
        let address = plain.local_addr()?;
        let url = format!("http://{address}");
        shared.url.get_or_init(|| url);
        let thread = connections::spawn_accept_loop(Arc::clone(&shared), plain, false)?;
        emulator.listeners.push((address, thread));
        if let Some(listener) = encrypted {
            let identity = tls_server::generate_identity(&options)?;
            let address = listener.local_addr()?;
            let host = if address.is_ipv6() {
                "[::1]"
            } else {
                "localhost"
            };
            let url = format!("https://{host}:{}", address.port());
            shared.tls_url.get_or_init(|| url);
            shared.ca_pem.get_or_init(|| identity.ca_pem);
            shared.tls.get_or_init(|| identity.config);
            let thread = connections::spawn_accept_loop(shared, listener, true)?;
            emulator.listeners.push((address, thread));
        }
        Ok(emulator)
    }

    /// URL of the plain listener, such as `http://127.0.0.1:4599`, for all services.
    #[must_use]
    pub fn url(&self) -> String {
        self.shared.url.get().cloned().unwrap_or_default()
    }

    /// URL of the TLS listener, such as `https://localhost:4600`; empty without one.
    #[must_use]
    pub fn tls_url(&self) -> String {
        self.shared.tls_url.get().cloned().unwrap_or_default()
    }

    /// PEM certificate of the CA that signed the TLS listener's certificate; empty without TLS.
    #[must_use]
    pub fn ca_pem(&self) -> String {
        self.shared.ca_pem.get().cloned().unwrap_or_default()
    }

    /// Returns the controls, which can be cloned and sent to other threads.
    #[must_use]
    pub fn handle(&self) -> Handle {
        Handle::new(Arc::clone(&self.shared))
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        self.shared.stop();
        for (address, thread) in self.listeners.drain(..) {
            // The thread blocks in accept(): one connection wakes it, and it sees the stop flag.
            let _ = TcpStream::connect_timeout(&address, Duration::from_secs(1));
            let _ = thread.join();
        }
        // Also closes connections that were accepted since the first call.
        self.shared.stop();
    }
}
