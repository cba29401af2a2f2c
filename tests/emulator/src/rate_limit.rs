//! The token bucket behind the portal's 429 responses.
//!
//! It uses real time: moving the server's clock must not refill it.

use std::time::Instant;

/// A token bucket that admits `per_second` requests on average and bursts of `burst`.
#[derive(Debug)]
pub(crate) struct TokenBucket {
    per_second: f64,
    burst: f64,
    tokens: f64,
    refilled_at: Instant,
}

impl TokenBucket {
    pub(crate) fn new(per_second: f64, burst: f64) -> Self {
        Self {
            per_second,
            burst,
            tokens: burst,
            refilled_at: Instant::now(),
        }
    }

    /// Takes one token; returns `false` if the bucket is empty.
    pub(crate) fn try_take(&mut self) -> bool {
        let now = Instant::now();
        let gained = now.duration_since(self.refilled_at).as_secs_f64() * self.per_second;
        self.tokens = (self.tokens + gained).min(self.burst);
        self.refilled_at = now;
        let enough = self.tokens >= 1.0;
        if enough {
            self.tokens -= 1.0;
        }
        enough
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_burst_is_admitted() {
        let mut bucket = TokenBucket::new(0.001, 3.0);
        let passed = (0..10).filter(|_| bucket.try_take()).count();
        assert_eq!(passed, 3);
    }
}
