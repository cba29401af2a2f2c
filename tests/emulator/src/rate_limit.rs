//! The token bucket that makes the portal answer 429.
//!
//! It runs on real time: moving the server's clock must not refill it.

use std::time::Instant;

/// `per_second` requests are let through on average, `burst` at once.
#[derive(Debug)]
pub(crate) struct Bucket {
    per_second: f64,
    burst: f64,
    level: f64,
    filled: Instant,
}

impl Bucket {
    pub(crate) fn new(per_second: f64, burst: f64) -> Self {
        Self {
            per_second,
            burst,
            level: burst,
            filled: Instant::now(),
        }
    }

    /// Takes one token, if there is one.
    pub(crate) fn take(&mut self) -> bool {
        let now = Instant::now();
        let gained = now.duration_since(self.filled).as_secs_f64() * self.per_second;
        self.level = (self.level + gained).min(self.burst);
        self.filled = now;
        let enough = self.level >= 1.0;
        if enough {
            self.level -= 1.0;
        }
        enough
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lets_the_burst_through_and_no_more() {
        let mut bucket = Bucket::new(0.001, 3.0);
        let passed = (0..10).filter(|_| bucket.take()).count();
        assert_eq!(passed, 3);
    }
}
