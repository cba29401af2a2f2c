//! Rate limit of a listing: when the next request may be sent.
//!
//! The portal accepts about 20 requests a second and answers 429 to the others. One limiter
//! serves all requests of a listing: it starts at the documented rate, slows down on 429, and
//! recovers. Times count from the start of the listing; nothing here sleeps.

use std::time::Duration;

/// Documented rate of the portal, in requests a second, which is never exceeded.
const MAX_RATE: f64 = 20.0;

/// Slowest rate, in requests a second. Pauses can be longer.
const MIN_RATE: f64 = 0.5;

/// Number of accepted requests between two 429 answers below which the rate is far too high.
const FEW_ACCEPTED: u32 = 5;

/// Number of requests that may be sent at once at the start, and after a timer that fired
/// late. A small organization is listed at once; in a large one it makes up for late timers.
const BURST: f64 = 4.0;

/// Longest pause while the portal accepts nothing.
const MAX_PAUSE: Duration = Duration::from_secs(2);

/// Token bucket whose rate adapts to the portal's answers.
#[derive(Clone, Debug)]
pub struct RateLimiter {
    /// Requests a second.
    rate: f64,
    /// Rate up to which the limiter recovers quickly: a little below the one that was
    /// throttled.
    safe_rate: f64,
    /// Number of requests that may be sent now.
    level: f64,
    /// Time at which `level` was computed.
    level_at: Duration,
    paused_until: Duration,
    /// Time of the last slowdown. Answers to earlier requests say nothing about the rate
    /// since then.
    slowed_at: Option<Duration>,
    /// Number of requests accepted since then.
    accepted: u32,
    /// Number of pauses since a request was accepted.
    pauses: u32,
}

impl Default for RateLimiter {
    fn default() -> RateLimiter {
        RateLimiter {
            rate: MAX_RATE,
            safe_rate: MAX_RATE,
            level: BURST,
            level_at: Duration::ZERO,
            paused_until: Duration::ZERO,
            slowed_at: None,
            accepted: 0,
            pauses: 0,
        }
    }
}

impl RateLimiter {
    /// Returns the time until the next request may be sent; zero if it may be sent now.
    pub fn delay(&mut self, now: Duration) -> Duration {
        let pause = self.paused_until.saturating_sub(now);
        if !pause.is_zero() {
            return pause;
        }
        self.refill(now);
        if self.level >= 1.0 {
            return Duration::ZERO;
        }
        Duration::from_secs_f64((1.0 - self.level) / self.rate)
    }

    /// Records that a request is sent.
    pub fn record_sent(&mut self, now: Duration) {
        self.refill(now);
        self.level = (self.level - 1.0).max(0.0);
    }

    /// Records that the portal accepted the request sent at `sent_at`.
    pub fn record_accepted(&mut self, sent_at: Duration) {
        if self.slowed_at.is_some_and(|slowed| sent_at < slowed) {
            return;
        }
        self.pauses = 0;
        self.accepted += 1;
        let is_safe = self.rate < self.safe_rate;
        let step = if is_safe { 0.08 } else { 0.001 };
        self.rate = (self.rate * (1.0 + step)).min(MAX_RATE);
    }

    /// Records a 429 answer to the request sent at `sent_at`. `random`, from 0 to 1, keeps
    /// several processes from resuming at the same time.
    pub fn record_throttled(&mut self, sent_at: Duration, now: Duration, random: f64) {
        self.refill(now);
        self.level = 0.0;
        // Several requests of one moment count once.
        if self.slowed_at.is_some_and(|slowed| sent_at < slowed) {
            return;
        }
        let random = random.clamp(0.0, 1.0);
        let accepted = std::mem::take(&mut self.accepted);
        let pause = if accepted == 0 && self.slowed_at.is_some() {
            // The portal accepts nothing at all, so a lower rate would not help.
            self.pauses += 1;
            let doubled = Duration::from_millis(100) * (1 << self.pauses.min(8));
            doubled.min(MAX_PAUSE).mul_f64(0.5 + random / 2.0)
        } else {
            let (safe, rate) = match accepted < FEW_ACCEPTED {
                true => (0.85, 0.75),
                false => (0.98, 0.92),
            };
            self.safe_rate = (self.rate * safe).max(MIN_RATE);
            self.rate = (self.rate * rate).max(MIN_RATE);
            // The portal still accepts requests, so one interval is enough.
            Duration::from_secs_f64(random / self.rate)
        };
        self.slowed_at = Some(now);
        self.paused_until = now + pause;
        // The level does not grow during the pause, or its end would be a burst.
        self.level_at = self.paused_until;
    }

    fn refill(&mut self, now: Duration) {
        let passed = now.saturating_sub(self.level_at);
        if passed.is_zero() {
            return;
        }
        let burst = if self.slowed_at.is_some() { 1.0 } else { BURST };
        self.level = (self.level + passed.as_secs_f64() * self.rate).min(burst);
        self.level_at = now;
    }
}

#[cfg(test)]
mod tests {
    use std::ops::Range;

    use super::*;

    /// Sends requests in simulated time until `needed` are accepted by a portal that limits them
    /// by a token bucket and accepts none while it is `busy`. Returns the seconds that it took
    /// and the number of throttled requests. Timers are up to 2 ms late, answers take from 20 to
    /// 120 ms.
    fn run(rate: f64, burst: f64, needed: usize, busy: Range<f64>) -> (f64, usize) {
        let mut limiter = RateLimiter::default();
        let (mut level, mut level_at) = (burst, 0.0);
        let mut accepts = |now: f64| {
            level = (level + (now - level_at) * rate).min(burst);
            level_at = now;
            let accepts = level >= 1.0;
            level -= if accepts { 1.0 } else { 0.0 };
            accepts
        };
        let (mut now, mut seed) = (0.0_f64, 7_u64);
        let mut random = || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (seed >> 33) as f64 / f64::from(1u32 << 31)
        };
        let time = Duration::from_secs_f64;
        let mut in_flight: Vec<(f64, f64, bool)> = Vec::new();
        let (mut accepted, mut throttled) = (0, 0);
        while accepted < needed {
            let ends = in_flight.iter().map(|(end, ..)| *end);
            let next = ends.fold(f64::MAX, f64::min);
            let wait = limiter.delay(time(now)).as_secs_f64();
            let may = in_flight.len() < 25 && accepted + in_flight.len() < needed;
            if may && wait <= 0.0 {
                limiter.record_sent(time(now));
                let is_accepted = !busy.contains(&now) && accepts(now);
                in_flight.push((now + 0.02 + 0.1 * random(), now, is_accepted));
                continue;
            }
            let timer = now + wait + 0.002 * random();
            now = if may { next.min(timer) } else { next };
            in_flight.retain(|(end, sent, is_accepted)| {
                if *end > now {
                    return true;
                }
                if *is_accepted {
                    accepted += 1;
                    limiter.record_accepted(time(*sent));
                } else {
                    throttled += 1;
                    limiter.record_throttled(time(*sent), time(now), 0.5);
                }
                false
            });
            assert!(now < 10_000.0, "endless listing");
        }
        (now, throttled)
    }

    #[test]
    fn the_rate_of_the_portal_is_found_and_seldom_exceeded() {
        for (rate, burst, needed, busy, max_seconds, max_throttled) in [
            // The documented rate.
            (20.0, 1.0, 1010, 0.0..0.0, 1.08 * 1010.0 / 20.0, 60),
            (20.0, 2.0, 1010, 0.0..0.0, 1.08 * 1010.0 / 20.0, 60),
            (20.0, 5.0, 1010, 0.0..0.0, 1.08 * 1010.0 / 20.0, 60),
            (20.0, 20.0, 1010, 0.0..0.0, 1.08 * 1010.0 / 20.0, 60),
            // Lower rates.
            (10.0, 3.0, 400, 0.0..0.0, 1.15 * 400.0 / 10.0, 120),
            (5.0, 3.0, 400, 0.0..0.0, 1.25 * 400.0 / 5.0, 120),
            (2.0, 3.0, 400, 0.0..0.0, 1.35 * 400.0 / 2.0, 120),
            // Ten seconds in which nothing is accepted.
            (20.0, 5.0, 1010, 5.0..15.0, 1010.0 / 20.0 + 24.0, 40),
        ] {
            let (seconds, throttled) = run(rate, burst, needed, busy);
            let message = format!("{throttled} throttled, {seconds} s at {rate}, burst {burst}");
            assert!(seconds <= max_seconds, "{message}");
            assert!(throttled <= max_throttled, "{message}");
        }
    }

    #[test]
    fn several_throttled_requests_of_one_moment_count_once() {
        let mut limiter = RateLimiter::default();
        let at = Duration::from_millis;
        for sent in 0..4 {
            limiter.record_sent(at(sent));
        }
        for sent in 0..4 {
            limiter.record_throttled(at(sent), at(100 + sent), 1.0);
        }
        assert!(limiter.rate > MAX_RATE * 0.7 && limiter.pauses == 0);
        // Nor does the acceptance of a request that was in flight count.
        limiter.record_accepted(at(50));
        assert_eq!(limiter.accepted, 0);
        limiter.record_throttled(at(300), at(400), 1.0);
        limiter.record_throttled(at(500), at(600), 1.0);
        assert_eq!(limiter.pauses, 2);
        assert!(limiter.delay(at(600)) > at(300));
    }
}
