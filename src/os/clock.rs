//! Clock, timeouts and random bytes of this computer.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::domain::time::Timestamp;
use crate::error::{Error, Result};

/// Returns the current time in whole seconds; 0 before 1970.
pub fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    Timestamp(since.map_or(0, |since| {
        i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
    }))
}

/// A point in time after which something times out. It does not move with the wall clock.
#[derive(Clone, Copy, Debug)]
pub struct Deadline {
    start: Instant,
    limit: Duration,
}

impl Deadline {
    /// Sets a deadline after this time from now.
    pub fn after(limit: Duration) -> Deadline {
        Deadline {
            start: Instant::now(),
            limit,
        }
    }

    /// Returns the time until the deadline; zero after it.
    pub fn left(&self) -> Duration {
        self.limit.saturating_sub(self.start.elapsed())
    }

    /// Sets a deadline after half of the time that is left.
    pub fn half(&self) -> Deadline {
        Deadline::after(self.left() / 2)
    }

    /// Returns `true` after the deadline.
    pub fn is_over(&self) -> bool {
        self.left().is_zero()
    }

    /// Returns `true` if less than a tenth of the whole time is left.
    pub fn is_nearly_over(&self) -> bool {
        self.left() < self.limit / 10
    }

    /// Returns the time since the deadline; zero before it.
    pub fn overdue(&self) -> Duration {
        self.start.elapsed().saturating_sub(self.limit)
    }

    /// Returns the time since the deadline was set.
    pub fn elapsed(&self) -> Duration {
        self.start.elapsed()
    }
}

/// Blocks this thread.
pub fn sleep(time: Duration) {
    std::thread::sleep(time);
}

/// Returns random bytes of the operating system, which has none before its random generator is
/// seeded.
pub fn random_bytes<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)
        .map_err(|error| Error::system(format!("the system gives no random bytes: {error}")))?;
    Ok(bytes)
}
