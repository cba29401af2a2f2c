//! When the next request of a listing may go.
//!
//! The portal lets about 20 requests pass in a second, and answers 429 to the others. One
//! pace for all workers: it begins at what is documented, slows down where the portal says
//! so, and comes back. Time is what passed since the listing began; nothing here waits.

use std::time::Duration;

/// Requests a second, as documented and never more.
const MOST: f64 = 20.0;

/// The slowest rate; the pauses can be longer.
const LEAST: f64 = 0.5;

/// Where so few pass between two refusals, the rate is far from what is let through.
const FEW: u32 = 5;

/// How many requests may go at once at the beginning, and after a wait that came late. A
/// small organization is listed at once; in a large one it makes up for a late timer.
const BURST: f64 = 4.0;

/// The longest pause.
const LONGEST: Duration = Duration::from_secs(2);

/// The pace.
#[derive(Clone, Debug)]
pub struct Pace {
    /// Requests a second.
    rate: f64,
    /// Up to here it comes back quickly: a little below what was too much.
    known: f64,
    /// How many may go now, and at most.
    level: f64,
    burst: f64,
    /// When `level` was right.
    at: Duration,
    paused_until: Duration,
    /// Answers to requests that went before say nothing about the rate since.
    slowed_at: Option<Duration>,
    /// How many were let through since.
    passed: u32,
    /// How often it has paused since anything was let through.
    strikes: u32,
}

impl Default for Pace {
    fn default() -> Pace {
        Pace {
            rate: MOST,
            known: MOST,
            level: BURST,
            burst: BURST,
            at: Duration::ZERO,
            paused_until: Duration::ZERO,
            slowed_at: None,
            passed: 0,
            strikes: 0,
        }
    }
}

impl Pace {
    /// How long the next request must wait; not at all, when it may go now.
    pub fn wait(&mut self, now: Duration) -> Duration {
        let pause = self.paused_until.saturating_sub(now);
        if !pause.is_zero() {
            return pause;
        }
        self.fill(now);
        if self.level >= 1.0 {
            return Duration::ZERO;
        }
        Duration::from_secs_f64((1.0 - self.level) / self.rate)
    }

    /// A request goes.
    pub fn sent(&mut self, now: Duration) {
        self.fill(now);
        self.level = (self.level - 1.0).max(0.0);
    }

    /// One that went at `sent` was let through.
    pub fn passed(&mut self, sent: Duration) {
        if self.slowed_at.is_some_and(|slowed| sent < slowed) {
            return;
        }
        self.strikes = 0;
        self.passed += 1;
        let step = if self.rate < self.known { 0.08 } else { 0.001 };
        self.rate = (self.rate * (1.0 + step)).min(MOST);
    }

    /// One that went at `sent` was too much. `chance`, from 0 to 1, keeps several processes
    /// from coming back together.
    pub fn throttled(&mut self, sent: Duration, now: Duration, chance: f64) {
        self.fill(now);
        self.level = 0.0;
        // Of several that were under way together the first has said it.
        if self.slowed_at.is_some_and(|slowed| sent < slowed) {
            return;
        }
        self.burst = 1.0;
        let chance = chance.clamp(0.0, 1.0);
        let passed = std::mem::take(&mut self.passed);
        let pause = if passed == 0 && self.slowed_at.is_some() {
            // Nothing passes at all: that is not the rate, and only time helps.
            self.strikes += 1;
            let doubled = Duration::from_millis(100) * (1 << self.strikes.min(8));
            doubled.min(LONGEST).mul_f64(0.5 + chance / 2.0)
        } else {
            let (known, rate) = if passed < FEW {
                (0.85, 0.75)
            } else {
                (0.98, 0.92)
            };
            self.known = (self.rate * known).max(LEAST);
            self.rate = (self.rate * rate).max(LEAST);
            // The portal lets something pass all the time; it is the next turn that is put off.
            Duration::from_secs_f64(chance / self.rate)
        };
        self.slowed_at = Some(now);
        self.paused_until = now + pause;
        // What a pause has room for does not go at its end all at once.
        self.at = self.paused_until;
    }

    fn fill(&mut self, now: Duration) {
        let passed = now.saturating_sub(self.at);
        if passed.is_zero() {
            return;
        }
        self.level = (self.level + passed.as_secs_f64() * self.rate).min(self.burst);
        self.at = now;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A portal with a token bucket, and what a listing against it came to.
    struct Portal {
        rate: f64,
        burst: f64,
        level: f64,
        at: f64,
    }

    impl Portal {
        fn new(rate: f64, burst: f64) -> Portal {
            Portal {
                rate,
                burst,
                level: burst,
                at: 0.0,
            }
        }

        fn passes(&mut self, now: f64) -> bool {
            self.level = (self.level + (now - self.at) * self.rate).min(self.burst);
            self.at = now;
            let passes = self.level >= 1.0;
            if passes {
                self.level -= 1.0;
            }
            passes
        }
    }

    /// Lets `needed` requests through in simulated time; gives how long it took and how many
    /// were refused. Timers are late by up to 2 ms, answers take from 20 to 120 ms.
    fn run(portal: &mut Portal, needed: usize, busy: impl Fn(f64) -> bool) -> (f64, usize) {
        let mut pace = Pace::default();
        let (mut now, mut seed) = (0.0_f64, 7_u64);
        let mut chance = || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (seed >> 33) as f64 / f64::from(1u32 << 31)
        };
        let time = Duration::from_secs_f64;
        let mut under_way: Vec<(f64, f64, bool)> = Vec::new();
        let (mut passed, mut refused) = (0, 0);
        while passed < needed {
            let next = under_way
                .iter()
                .map(|(end, ..)| *end)
                .fold(f64::MAX, f64::min);
            let wait = pace.wait(time(now)).as_secs_f64();
            let may = under_way.len() < 25 && passed + under_way.len() < needed;
            if may && wait <= 0.0 {
                pace.sent(time(now));
                let let_through = !busy(now) && portal.passes(now);
                under_way.push((now + 0.02 + 0.1 * chance(), now, let_through));
                continue;
            }
            let timer = now + wait + 0.002 * chance();
            now = if may { next.min(timer) } else { next };
            under_way.retain(|(end, sent, let_through)| {
                if *end > now {
                    return true;
                }
                if *let_through {
                    passed += 1;
                    pace.passed(time(*sent));
                } else {
                    refused += 1;
                    pace.throttled(time(*sent), time(now), 0.5);
                }
                false
            });
            assert!(now < 10_000.0, "it does not come to an end");
        }
        (now, refused)
    }

    #[test]
    fn the_documented_rate_is_used_and_not_exceeded() {
        for burst in [1.0, 2.0, 5.0, 20.0] {
            let (took, refused) = run(&mut Portal::new(20.0, burst), 1010, |_| false);
            assert!(
                took <= 1.08 * 1010.0 / 20.0,
                "{took} s with a burst of {burst}"
            );
            assert!(refused <= 60, "{refused} refused with a burst of {burst}");
        }
    }

    #[test]
    fn a_portal_that_lets_less_through_is_found_out() {
        for (rate, most) in [(10.0, 1.15), (5.0, 1.25), (2.0, 1.35)] {
            let (took, refused) = run(&mut Portal::new(rate, 3.0), 400, |_| false);
            let ideal = 400.0 / rate;
            assert!(
                took <= most * ideal,
                "{took} s instead of {ideal} s at {rate}"
            );
            assert!(refused <= 120, "{refused} refused at {rate}");
        }
    }

    #[test]
    fn a_storm_is_sat_out_and_the_pace_comes_back() {
        let storm = |now: f64| (5.0..15.0).contains(&now);
        let (took, refused) = run(&mut Portal::new(20.0, 5.0), 1010, storm);
        assert!(refused <= 40, "{refused} requests into a storm");
        assert!(took <= 1010.0 / 20.0 + 10.0 + 8.0 + 6.0, "{took} s");
    }

    #[test]
    fn several_refusals_of_one_moment_count_once() {
        let mut pace = Pace::default();
        let at = Duration::from_millis;
        for sent in 0..4 {
            pace.sent(at(sent));
        }
        for sent in 0..4 {
            pace.throttled(at(sent), at(100 + sent), 1.0);
        }
        assert!(pace.rate > MOST * 0.7 && pace.strikes == 0);
        // What was under way and passes says nothing either.
        pace.passed(at(50));
        assert_eq!(pace.passed, 0);
        pace.throttled(at(300), at(400), 1.0);
        pace.throttled(at(500), at(600), 1.0);
        assert_eq!(pace.strikes, 2);
        assert!(pace.wait(at(600)) > at(300));
    }
}
