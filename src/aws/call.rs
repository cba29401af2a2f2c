//! One call of a service: its attempts, its time limit and the ticks while it runs.

use std::cell::RefCell;
use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use tokio::time::Instant;

use crate::domain::net::failure::{CallResult, Failure, FailureKind};
use crate::domain::net::retry::{RetryPolicy, jitter, retry_delay};

use super::client::Aws;

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
    /// Runs a call until it succeeds, fails for good or exceeds its time limit.
    pub(super) fn run<T, F>(
        &self,
        options: CallOptions,
        mut attempt: impl FnMut() -> F,
    ) -> CallResult<T>
    where
        F: Future<Output = CallResult<T>>,
    {
        let begin = Instant::now();
        // Reported if a later attempt runs into the time limit, because it says more.
        let last_failure = RefCell::new(None);
        let attempts = async {
            let mut count = 0;
            loop {
                count += 1;
                let failure = match attempt().await {
                    Ok(value) => return Ok(value),
                    Err(failure) => failure,
                };
                let Some(delay) = retry_delay(failure.kind, count, options.retry) else {
                    return Err(failure);
                };
                let delay = jitter(delay, random_fraction());
                if begin.elapsed() + delay >= options.limit {
                    return Err(failure);
                }
                last_failure.replace(Some(failure));
                tokio::time::sleep(delay).await;
            }
        };
        self.runtime.block_on(async {
            let mut attempts = pin!(attempts);
            let mut spent = Duration::ZERO;
            let mut was_stopped = false;
            loop {
                let left = options.limit.saturating_sub(spent);
                let wait = match was_stopped {
                    true => TICK_INTERVAL,
                    false => left.min(TICK_INTERVAL),
                };
                let before = Instant::now();
                if let Ok(result) = tokio::time::timeout(wait, attempts.as_mut()).await {
                    return result;
                }
                // Time in which this process was stopped (SIGSTOP, suspend) does not count. A
                // response that arrived meanwhile must still be read: the successor of a
                // refresh token is sent only once.
                let took = before.elapsed();
                was_stopped = took > wait + TICK_INTERVAL;
                spent += if was_stopped { wait } else { took };
                if spent >= options.limit && !was_stopped {
                    let failure = last_failure.take();
                    return Err(failure.unwrap_or_else(|| timed_out(options.limit)));
                }
                if let Some(tick) = options.tick {
                    tick();
                }
            }
        })?
    }
}

/// Returns the failure of a call without a response within its time limit.
pub(super) fn timed_out(limit: Duration) -> Failure {
    let seconds = limit.as_millis().div_ceil(100) as f64 / 10.0;
    let detail = format!("no answer within {seconds} s");
    Failure::new(FailureKind::Timeout, detail)
}

/// Returns a random number from 0 to 1.
pub(super) fn random_fraction() -> f64 {
    let mut byte = [0];
    let _ = getrandom::fill(&mut byte);
    f64::from(byte[0]) / 255.0
}
