//! Time and randomness of this computer.
#![expect(
    clippy::disallowed_methods,
    reason = "the edge where the clock is read and a wait is made"
)]

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::domain::time::Timestamp;
use crate::error::{Error, Result};

/// Now, in whole seconds.
pub fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    Timestamp(since.map_or(0, |since| {
        i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
    }))
}

/// A limit that does not move with the wall clock.
#[derive(Clone, Copy, Debug)]
pub struct Deadline {
    start: Instant,
    limit: Duration,
}

impl Deadline {
    /// A limit from now on.
    pub fn after(limit: Duration) -> Deadline {
        Deadline {
            start: Instant::now(),
            limit,
        }
    }

    /// What is left of it.
    pub fn left(&self) -> Duration {
        self.limit.saturating_sub(self.start.elapsed())
    }

    /// A limit at half of what is left.
    pub fn half(&self) -> Deadline {
        Deadline::after(self.left() / 2)
    }

    /// Whether it has passed.
    pub fn is_over(&self) -> bool {
        self.left().is_zero()
    }

    /// Whether less than a tenth is left.
    pub fn is_nearly_over(&self) -> bool {
        self.left() < self.limit / 10
    }

    /// For how long it has been over.
    pub fn overdue(&self) -> Duration {
        self.start.elapsed().saturating_sub(self.limit)
    }

    /// How long it has been running.
    pub fn elapsed(&self) -> Duration {
        self.start.elapsed()
    }
}

/// Waits.
pub fn sleep(time: Duration) {
    std::thread::sleep(time);
}

/// Random bytes of the operating system.
pub fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)
        .map_err(|error| Error::system(format!("the system gives no random bytes: {error}")))?;
    Ok(bytes)
}
