//! The tokio runtime of a network connection, usable from every thread.

use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

use tokio::runtime::{Builder, Handle, Runtime};
use tokio::sync::oneshot;
use tokio::task::unconstrained;

use crate::domain::net::failure::{CallResult, Failure, FailureKind};
use crate::error::{Error, Result};

/// A current-thread runtime. Besides the calling thread it uses helper threads to resolve
/// names, and to run inside another runtime.
#[derive(Debug)]
pub(super) struct BlockingRuntime {
    /// Present until the drop.
    runtime: Option<Runtime>,
    on_thread_start: fn(),
}

impl Drop for BlockingRuntime {
    fn drop(&mut self) {
        // The drop of a tokio runtime waits for its helper threads, and resolving a name in
        // one of them can take longer than any time limit.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl BlockingRuntime {
    /// Builds the runtime. `on_thread_start` runs first in each helper thread.
    pub(super) fn new(on_thread_start: fn()) -> Result<BlockingRuntime> {
        let runtime = Builder::new_current_thread()
            .enable_all()
            .on_thread_start(on_thread_start)
            .build()
            .map_err(|error| Error::system(format!("cannot start the network: {error}")))?;
        Ok(BlockingRuntime {
            runtime: Some(runtime),
            on_thread_start,
        })
    }

    /// Runs a future to its end on the calling thread.
    pub(super) fn block_on<F: Future>(&self, future: F) -> CallResult<F::Output> {
        let closed = || Failure::new(FailureKind::Network, "the network is closed");
        let runtime = self.runtime.as_ref().ok_or_else(closed)?;
        let mut output = None;
        self.drive(runtime, pin!(async { output = Some(future.await) }))?;
        output.ok_or_else(closed)
    }

    /// Runs a future to its end. The trait object keeps the code from being compiled again for
    /// each call of a service.
    fn drive(
        &self,
        runtime: &Runtime,
        future: Pin<&mut dyn Future<Output = ()>>,
    ) -> CallResult<()> {
        if Handle::try_current().is_err() {
            runtime.block_on(future);
            return Ok(());
        }
        // The caller is in a runtime of its own, and tokio panics if a second one blocks the
        // same thread. So a helper thread runs the I/O and the timers of this runtime.
        let (stop, stopped) = oneshot::channel::<()>();
        let on_thread_start = self.on_thread_start;
        thread::scope(|scope| {
            // Dropped at the end of this closure, also when it panics.
            let _stop = stop;
            let helper = thread::Builder::new().spawn_scoped(scope, move || {
                on_thread_start();
                // Returns an error when the sender is dropped.
                let _ = runtime.block_on(stopped);
            });
            helper.map_err(|error| {
                let detail = format!("cannot start a thread: {error}");
                Failure::new(FailureKind::Misconfigured, detail)
            })?;
            let _context = runtime.enter();
            // The cooperative budget of the caller's task is not renewed while the task is
            // blocked here; once it is used up, no socket would ever become ready.
            poll_until_ready(pin!(unconstrained(future)));
            Ok(())
        })
    }
}

struct UnparkOnWake(Thread);

impl Wake for UnparkOnWake {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

fn poll_until_ready(mut future: Pin<&mut dyn Future<Output = ()>>) {
    let waker = Waker::from(Arc::new(UnparkOnWake(thread::current())));
    let mut context = Context::from_waker(&waker);
    while future.as_mut().poll(&mut context) == Poll::Pending {
        thread::park();
    }
}
