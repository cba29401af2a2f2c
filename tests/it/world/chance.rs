//! Randomness that can be repeated, and how often a test repeats itself.
//!
//! `SSO_SEED` repeats what a failure printed; `SSO_SOAK` is the count of a longer run
//! (`cargo xtask soak`).

use std::io::Write;
use std::time::{SystemTime, UNIX_EPOCH};

/// How many rounds: the usual number, or what a longer run asks for.
pub fn rounds(usual: u32) -> u32 {
    number("SSO_SOAK").map_or(usual, |count| u32::try_from(count).unwrap_or(u32::MAX))
}

/// Whether this is a longer run, in which a test tells what it has done.
pub fn is_soak() -> bool {
    number("SSO_SOAK").is_some()
}

/// Tells in a longer run what has been done so far.
pub fn tell(text: &str) {
    if is_soak() {
        // Not by a macro: the test harness would keep that for itself.
        let _ = writeln!(std::io::stderr(), "soak: {text}");
    }
}

fn number(variable: &str) -> Option<u64> {
    let value = std::env::var(variable).ok()?;
    let number = value.parse();
    assert!(number.is_ok(), "{variable} is {value:?}, which is no count");
    number.ok()
}

/// A sequence that looks random and follows from its seed. A test that fails prints it.
pub struct Dice {
    what: &'static str,
    seed: u64,
    state: u64,
}

impl Dice {
    /// Dice for a test, with a seed of its own in every run.
    pub fn new(what: &'static str) -> Dice {
        let seed = number("SSO_SEED").unwrap_or_else(|| {
            let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
            u64::try_from(now.as_nanos() % 1_000_000_007).unwrap()
        });
        tell(&format!("{what}: SSO_SEED={seed}"));
        Dice::seeded(what, seed)
    }

    fn seeded(what: &'static str, seed: u64) -> Dice {
        Dice {
            what,
            seed,
            state: seed,
        }
    }

    /// Dice of their own for one round, which is then the same whatever the others did.
    pub fn of_round(&self, round: u32) -> Dice {
        let mut dice = Dice::seeded(self.what, self.seed);
        dice.state ^= u64::from(round).wrapping_mul(0xd134_2543_de82_ef95);
        dice
    }

    /// Any number (splitmix64).
    pub fn any(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below this one.
    pub fn below(&mut self, end: u64) -> u64 {
        self.any() % end.max(1)
    }

    /// One of these.
    pub fn one_of<T: Clone>(&mut self, choices: &[T]) -> T {
        let at = self.below(choices.len() as u64);
        choices[usize::try_from(at).unwrap()].clone()
    }
}

impl Drop for Dice {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let _ = writeln!(
                std::io::stderr(),
                "{}: to repeat it, set SSO_SEED={}",
                self.what,
                self.seed
            );
        }
    }
}
