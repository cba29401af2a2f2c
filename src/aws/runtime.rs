//! Thread that runs the network, so that the calling thread can enforce time limits.
//!
//! A server decides how long one step of a connection takes, and the timers of a runtime fire only
//! between two steps. The caller therefore waits on its own thread, which also works inside
//! another tokio runtime.

use std::fmt::Display;
use std::future::Future;
use std::sync::mpsc::Sender;
use std::thread;

use tokio::runtime::{Builder, Handle};
use tokio::sync::oneshot;
use tokio::task::AbortHandle;

use crate::error::{Error, Result};

/// Thread with a current-thread runtime. It ends when this is dropped.
#[derive(Debug)]
pub(super) struct NetworkThread {
    handle: Handle,
    /// Ends the thread when it is dropped.
    _stop: oneshot::Sender<()>,
}

impl NetworkThread {
    /// Starts the thread. `on_thread_start` runs first in it, and in each thread that it starts to
    /// resolve a name.
    pub(super) fn start(on_thread_start: fn()) -> Result<NetworkThread> {
        fn failed(error: impl Display) -> Error {
            Error::system(format!("cannot start the network: {error}"))
        }
        let runtime = Builder::new_current_thread()
            .enable_all()
            .on_thread_start(on_thread_start)
            .build()
            .map_err(failed)?;
        let handle = runtime.handle().clone();
        let (stop, stopped) = oneshot::channel();
        let run = move || {
            on_thread_start();
            // Ends when the sender is dropped.
            let _ = runtime.block_on(stopped);
            // A plain drop would wait for a thread that resolves a name, which has no time limit.
            runtime.shutdown_background();
        };
        let thread = thread::Builder::new().name("network".to_owned());
        thread.spawn(run).map_err(failed)?;
        Ok(NetworkThread {
            handle,
            _stop: stop,
        })
    }

    /// Runs a future on the thread and sends its output. Dropping the task aborts it.
    pub(super) fn spawn<T: Send + 'static>(
        &self,
        future: impl Future<Output = T> + Send + 'static,
        sender: &Sender<T>,
    ) -> Task {
        let sender = sender.clone();
        let task = self.handle.spawn(async move {
            // The caller no longer waits after its time limit.
            let _ = sender.send(future.await);
        });
        Task(task.abort_handle())
    }
}

/// Task that is aborted on drop.
pub(super) struct Task(AbortHandle);

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}
