//! Data shared by the threads of one server: state, clock, open connections, stop flag.

use std::collections::HashMap;
use std::net::{Shutdown, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use rustls::ServerConfig;

use crate::clock::Clock;
use crate::state::State;

/// A request is held no longer than this, so that a test that fails to release it still ends.
const HOLD_LIMIT: Duration = Duration::from_secs(120);

/// Data shared by the threads of one server.
#[derive(Debug, Default)]
pub(crate) struct Shared {
    state: Mutex<State>,
    /// Notified whenever a request has arrived or been answered.
    changed: Condvar,
    pub(crate) clock: Clock,
    stopped: Mutex<bool>,
    stopping: Condvar,
    connections: Mutex<Connections>,
    pub(crate) url: OnceLock<String>,
    pub(crate) tls_url: OnceLock<String>,
    pub(crate) ca_pem: OnceLock<String>,
    /// TLS configuration of the TLS listener and of tunnels.
    pub(crate) tls: OnceLock<Arc<ServerConfig>>,
}

#[derive(Debug, Default)]
struct Connections {
    open: HashMap<u64, TcpStream>,
    last: u64,
}

/// Locks a mutex, ignoring poison: a panic in one test thread must not stop the server, and
/// the state is valid between any two statements that can panic.
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

    /// Wakes the threads in [`Shared::wait_for`].
    pub(crate) fn notify(&self) {
        self.changed.notify_all();
    }

    /// Waits until `find` returns a value for the state; returns `None` after `limit`.
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

    /// Sleeps for `time`; returns `true` as soon as the server is stopped.
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

    /// Holds a request until there are more than `releases`; returns `true` if the server is
    /// stopped first.
    pub(crate) fn hold(&self, releases: u64) -> bool {
        self.state().faults.held += 1;
        self.notify();
        let outcome = self.wait_for(HOLD_LIMIT, |state| match self.is_stopped() {
            true => Some(true),
            false => (state.faults.releases > releases).then_some(false),
        });
        self.state().faults.held -= 1;
        outcome.unwrap_or(false)
    }

    pub(crate) fn is_stopped(&self) -> bool {
        *lock(&self.stopped)
    }

    /// Sets the stop flag, wakes sleeping threads and closes all connections.
    pub(crate) fn stop(&self) {
        *lock(&self.stopped) = true;
        self.stopping.notify_all();
        // Without the lock a thread in `wait_for` could miss the notification between its check
        // and its wait.
        drop(self.state());
        self.notify();
        for stream in lock(&self.connections).open.values() {
            // An error means that the connection is closed already.
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    /// Registers an open connection; returns `None` if there are too many.
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

    /// Removes a connection.
    ///
    /// Call it before the last descriptor is dropped: a TCP reset is only sent when none is left.
    pub(crate) fn remove_connection(&self, number: u64) {
        lock(&self.connections).open.remove(&number);
    }
}
