//! The server's clock: real time plus an offset that tests can move.
//!
//! Moving it does not delay any timer; the product under test uses the real clock.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// A clock that runs at real speed from a movable start.
#[derive(Debug, Default)]
pub(crate) struct Clock {
    offset_ms: AtomicI64,
}

impl Clock {
    /// Returns milliseconds since 1970 by the server's clock.
    pub(crate) fn now_ms(&self) -> u64 {
        real_ms().saturating_add_signed(self.offset_ms.load(Ordering::SeqCst))
    }

    /// Moves the clock; negative numbers move it back.
    pub(crate) fn advance(&self, seconds: i64) {
        self.offset_ms
            .fetch_add(seconds.saturating_mul(1000), Ordering::SeqCst);
    }

    /// Sets the clock to a time, from which it continues to run.
    pub(crate) fn set(&self, epoch_seconds: u64) {
        let target = i64::try_from(epoch_seconds.saturating_mul(1000)).unwrap_or(i64::MAX);
        let real = i64::try_from(real_ms()).unwrap_or(i64::MAX);
        self.offset_ms
            .store(target.saturating_sub(real), Ordering::SeqCst);
    }
}

/// Returns milliseconds since 1970 by the computer's clock.
pub(crate) fn real_ms() -> u64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_can_be_advanced_and_set() {
        let clock = Clock::default();
        clock.advance(3600);
        assert!(clock.now_ms() >= real_ms() + 3_599_000);
        clock.set(1_000_000);
        assert!((1_000_000_000..1_000_060_000).contains(&clock.now_ms()));
    }
}
