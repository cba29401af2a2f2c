//! One call of a service: its attempts, its time limit and the ticks while it runs.

use std::future::Future;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use crate::domain::net::endpoint::Service;
use crate::domain::net::failure::{CallResult, Failure};
use crate::domain::net::retry::{RetryPolicy, jitter, retry_delay};

use super::client::Aws;
use super::route::Route;

/// Interval of ticks and of checks of the time limit.
pub(super) const TICK_INTERVAL: Duration = Duration::from_millis(100);

/// Options of one call.
#[derive(Clone, Copy)]
pub(super) struct CallOptions<'a> {
    /// Time limit for all attempts and the waits between them.
    pub limit: Duration,
    /// Whether a failed attempt is repeated.
    pub retry: RetryPolicy,
    /// Called about ten times a second while the call runs.
    pub tick: Option<&'a dyn Fn()>,
}

impl CallOptions<'_> {
    /// Options of a request that changes nothing.
    pub(super) fn idempotent(limit: Duration) -> CallOptions<'static> {
        CallOptions {
            limit,
            retry: RetryPolicy::Idempotent,
            tick: None,
        }
    }
}

impl Aws {
    /// Sends a request of an SDK client, as [`Aws::run`] does.
    pub(super) fn call<T, E, F>(
        &self,
        service: Service,
        options: CallOptions,
        send: impl Fn() -> F,
    ) -> CallResult<T>
    where
        F: Future<Output = Result<T, SdkError<E, HttpResponse>>> + Send + 'static,
        T: Send + 'static,
        E: ProvideErrorMetadata + std::error::Error + Send + 'static,
    {
        self.run(self.route(service), options, send, |error| {
            self.failure(service, &error)
        })
    }

    /// Sends a request until it succeeds, fails for good or exceeds its time limit. The futures run
    /// on the network thread; `convert` turns their errors into failures.
    pub(super) fn run<T, E, F>(
        &self,
        route: &Route,
        options: CallOptions,
        send: impl Fn() -> F,
        convert: impl Fn(E) -> Failure,
    ) -> CallResult<T>
    where
        F: Future<Output = Result<T, E>> + Send + 'static,
        T: Send + 'static,
        E: Send + 'static,
    {
        let mut limit = TimeLimit::new(options.limit);
        // Reported if a later attempt runs into the time limit, because it says more.
        let mut last_failure = None;
        for count in 1.. {
            let (sender, receiver) = mpsc::channel();
            let _task = self.network_thread.spawn(send(), &sender);
            let result = limit.poll(options.tick, |wait| receiver.recv_timeout(wait).ok());
            let failure = match result {
                Some(Ok(value)) => return Ok(value),
                Some(Err(error)) => convert(error),
                None => break,
            };
            let Some(delay) = retry_delay(failure.kind, count, options.retry) else {
                return Err(failure);
            };
            let mut delay = jitter(delay, random_fraction());
            if delay >= limit.left {
                return Err(failure);
            }
            last_failure = Some(failure);
            limit.poll(options.tick, |wait| {
                std::thread::sleep(wait.min(delay));
                delay = delay.saturating_sub(wait);
                delay.is_zero().then_some(())
            });
        }
        Err(last_failure.unwrap_or_else(|| route.timed_out(options.limit)))
    }
}

/// Time limit of a call. Time in which this process was stopped (SIGSTOP, suspend) does not count.
/// A response that arrived meanwhile must still be read: the successor of a refresh token is sent
/// only once.
struct TimeLimit {
    left: Duration,
    was_stopped: bool,
}

impl TimeLimit {
    fn new(limit: Duration) -> TimeLimit {
        TimeLimit {
            left: limit,
            was_stopped: false,
        }
    }

    /// Calls `wait` with short times until it returns a value. Returns `None` after the limit.
    fn poll<T>(
        &mut self,
        tick: Option<&dyn Fn()>,
        mut wait: impl FnMut(Duration) -> Option<T>,
    ) -> Option<T> {
        loop {
            let time = match self.was_stopped {
                true => TICK_INTERVAL,
                false => self.left.min(TICK_INTERVAL),
            };
            let before = Instant::now();
            let value = wait(time);
            let took = before.elapsed();
            self.was_stopped = took > time + TICK_INTERVAL;
            let counted = if self.was_stopped { time } else { took };
            self.left = self.left.saturating_sub(counted);
            if value.is_some() || (self.left.is_zero() && !self.was_stopped) {
                return value;
            }
            if let Some(tick) = tick {
                tick();
            }
        }
    }
}

/// Returns a random number from 0 to 1.
pub(super) fn random_fraction() -> f64 {
    let mut byte = [0];
    let _ = getrandom::fill(&mut byte);
    f64::from(byte[0]) / 255.0
}
