//! Holding back the signals that a user or a session sends.
//!
//! Between spending a refresh token and storing its successor nothing may stop us. The
//! signals wait in the kernel meanwhile, and have their usual effect afterwards.

use nix::sys::signal::{SigSet, SigmaskHow, Signal};

use super::ffi::is_pending;

const HELD: [Signal; 4] = [
    Signal::SIGINT,
    Signal::SIGTERM,
    Signal::SIGHUP,
    Signal::SIGTSTP,
];

fn set() -> SigSet {
    HELD.into_iter().collect()
}

/// While this lives, the signals wait.
#[derive(Debug)]
pub struct Held(Option<SigSet>);

impl Held {
    /// Holds them back from now on.
    pub fn new() -> Held {
        Held(set().thread_swap_mask(SigmaskHow::SIG_BLOCK).ok())
    }

    /// Whether the user pressed Ctrl-C.
    pub fn interrupted(&self) -> bool {
        is_pending(Signal::SIGINT)
    }

    /// Whether any of them waits.
    pub fn any(&self) -> bool {
        HELD.into_iter().any(is_pending)
    }
}

impl Default for Held {
    fn default() -> Self {
        Held::new()
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if let Some(old) = &self.0 {
            let _ = old.thread_set_mask();
        }
    }
}

/// Keeps them from a helper thread for good, so that only the main thread, which knows
/// when to hold them, ever gets them.
pub fn never_here() {
    let _ = set().thread_block();
}
