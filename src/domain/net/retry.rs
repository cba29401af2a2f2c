//! Retries of a failed request. Throttled listings are paced by `listing::rate_limit` instead.

use std::time::Duration;

use super::failure::FailureKind;

/// Requests that may be sent again after a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RetryPolicy {
    /// The request changes nothing: repeat it after every transient failure.
    Idempotent,
    /// The request spends a refresh token or a code: repeat it only if it was throttled, which
    /// says that the service did not process it.
    OnlyIfThrottled,
    /// Do not repeat the request, because the caller has its own pace.
    Never,
}

/// Returns the time to wait before the next attempt, before jitter, or `None` if the failure
/// is final. `attempts` counts the attempts so far, from 1.
///
/// The wait begins at 400 ms and doubles up to 6.4 s.
pub fn retry_delay(kind: FailureKind, attempts: u32, policy: RetryPolicy) -> Option<Duration> {
    let max_attempts = match (kind, policy) {
        (_, RetryPolicy::Never) => 1,
        (FailureKind::Throttled, _) => 6,
        (
            FailureKind::Server | FailureKind::Network | FailureKind::Proxy,
            RetryPolicy::Idempotent,
        ) => 3,
        _ => 1,
    };
    let delay = Duration::from_millis(200 << attempts.min(5));
    (attempts < max_attempts).then_some(delay)
}

/// Shortens a delay to between half and all of it, so that callers that failed together do not
/// retry together. `random` is from 0 to 1.
pub fn jitter(delay: Duration, random: f64) -> Duration {
    delay.mul_f64(0.5 + random.clamp(0.0, 1.0) / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_that_spend_a_token_are_repeated_only_if_throttled() {
        use RetryPolicy::{Idempotent, Never, OnlyIfThrottled};
        let first = Some(Duration::from_millis(400));
        let last = Some(Duration::from_millis(6400));
        for (kind, attempts, policy, delay) in [
            (FailureKind::Server, 1, OnlyIfThrottled, None),
            (FailureKind::Server, 1, Idempotent, first),
            (FailureKind::Server, 3, Idempotent, None),
            (FailureKind::Throttled, 1, OnlyIfThrottled, first),
            (FailureKind::Forbidden, 1, Idempotent, None),
            (FailureKind::Throttled, 1, Never, None),
            (FailureKind::Throttled, 5, Idempotent, last),
        ] {
            assert_eq!(retry_delay(kind, attempts, policy), delay, "{kind:?}");
        }
    }

    #[test]
    fn jitter_keeps_at_least_half_of_a_delay() {
        let delay = Duration::from_millis(400);
        assert_eq!(jitter(delay, 0.0), Duration::from_millis(200));
        assert_eq!(jitter(delay, 2.0), delay);
    }
}
