//! Blocks the signals that a user or a terminal session sends.
//!
//! Nothing may stop the process between spending a refresh token and storing its successor.
//! Blocked signals stay pending in the kernel and take effect afterwards.

use nix::sys::signal::{SigSet, SigmaskHow, Signal};

use super::ffi::is_pending;

const BLOCKED: [Signal; 4] = [
    Signal::SIGINT,
    Signal::SIGTERM,
    Signal::SIGHUP,
    Signal::SIGTSTP,
];

/// Blocks the signals for this thread until it is dropped. Holds the previous signal mask; `None`
/// if it could not be changed.
#[derive(Debug)]
pub struct BlockedSignals(Option<SigSet>);

impl BlockedSignals {
    /// Blocks the signals.
    pub fn new() -> BlockedSignals {
        BlockedSignals(signal_set().thread_swap_mask(SigmaskHow::SIG_BLOCK).ok())
    }

    /// Returns `true` if the user pressed Ctrl-C.
    pub fn is_interrupt_pending(&self) -> bool {
        is_pending(Signal::SIGINT)
    }

    /// Returns `true` if any blocked signal is pending.
    pub fn is_any_pending(&self) -> bool {
        BLOCKED.into_iter().any(is_pending)
    }
}

impl Drop for BlockedSignals {
    fn drop(&mut self) {
        if let Some(previous) = &self.0 {
            let _ = previous.thread_set_mask();
        }
    }
}

/// Blocks the signals for a helper thread for good, so that they are delivered to the main
/// thread, which knows when to block them.
pub fn block_in_this_thread() {
    let _ = signal_set().thread_block();
}

fn signal_set() -> SigSet {
    BLOCKED.into_iter().collect()
}
