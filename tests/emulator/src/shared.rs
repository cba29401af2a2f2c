//! What the threads of one server share: the state, the clock, the connections and the
//! order to stop.

use std::collections::HashMap;
use std::net::{Shutdown, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use rustls::ServerConfig;

use crate::clock::Clock;
use crate::state::State;

#[derive(Debug, Default)]
pub(crate) struct Shared {
    state: Mutex<State>,
    /// Told whenever a request arrived or a device code was made.
    changed: Condvar,
    pub(crate) clock: Clock,
    stopped: Mutex<bool>,
    stopping: Condvar,
    connections: Mutex<Connections>,
    pub(crate) url: OnceLock<String>,
    pub(crate) tls_url: OnceLock<String>,
    pub(crate) ca_pem: OnceLock<String>,
    /// What the TLS listener, and a tunnel through the plain one, encrypts with.
    pub(crate) tls: OnceLock<Arc<ServerConfig>>,
}

#[derive(Debug, Default)]
struct Connections {
    open: HashMap<u64, TcpStream>,
    last: u64,
}

/// A thread that panicked in a test must not take the server with it: the state is valid
/// between any two statements that can panic.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shared {
    pub(crate) fn new(state: State) -> Self {
        Self {
            state: Mutex::new(state),
            ..Self::default()
        }
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    /// Wakes everybody who waits for the state to change.
    pub(crate) fn notify(&self) {
        self.changed.notify_all();
    }

    /// Waits until `found` finds something in the state, at most for `limit`.
    pub(crate) fn wait_for<T>(
        &self,
        limit: Duration,
        mut find: impl FnMut(&mut State) -> Option<T>,
    ) -> Option<T> {
        let end = Instant::now() + limit;
        let mut state = self.state();
        loop {
            if let Some(value) = find(&mut state) {
                return Some(value);
            }
            let left = end.checked_duration_since(Instant::now())?;
            let waited = self.changed.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Sleeps; true if the server was told to stop meanwhile.
    pub(crate) fn sleep_unless_stopped(&self, time: Duration) -> bool {
        let end = Instant::now() + time;
        let mut stopped = lock(&self.stopped);
        while !*stopped {
            let Some(left) = end
                .checked_duration_since(Instant::now())
                .filter(|d| !d.is_zero())
            else {
                return false;
            };
            let waited = self.stopping.wait_timeout(stopped, left);
            stopped = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        true
    }

    pub(crate) fn is_stopped(&self) -> bool {
        *lock(&self.stopped)
    }

    /// Ends all waiting and closes all connections.
    pub(crate) fn stop(&self) {
        *lock(&self.stopped) = true;
        self.stopping.notify_all();
        for stream in lock(&self.connections).open.values() {
            // It may be closed already, which is all that is wanted.
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    /// Notes an open connection, unless there are too many.
    pub(crate) fn add_connection(&self, stream: &TcpStream) -> Option<u64> {
        const LIMIT: usize = 2000;
        let mut connections = lock(&self.connections);
        if connections.open.len() >= LIMIT {
            return None;
        }
        connections.last += 1;
        let number = connections.last;
        connections.open.insert(number, stream.try_clone().ok()?);
        Some(number)
    }

    /// Forgets a connection. A TCP reset is only sent when no descriptor of it is left, so
    /// this must come before the last one is dropped.
    pub(crate) fn remove_connection(&self, number: u64) {
        lock(&self.connections).open.remove(&number);
    }
}
