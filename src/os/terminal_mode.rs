//! A terminal mode without line editing, which is restored on drop.
//!
//! Signals are blocked while the mode is in effect: a Ctrl-C would leave the terminal in it.

use std::io;

use nix::sys::termios::{
    LocalFlags, SetArg, SpecialCharacterIndices, Termios, tcgetattr, tcsetattr,
};

use super::signals::BlockedSignals;

/// The mode of the terminal that is stdin.
#[derive(Debug)]
pub struct TerminalMode {
    blocked: Option<BlockedSignals>,
    previous: Termios,
    disabled: LocalFlags,
    min_bytes: u8,
}

impl TerminalMode {
    /// Disables local flags, and lets read(2) return once `min_bytes` have arrived. Returns
    /// `None` if stdin is no terminal.
    pub fn enter(disabled: LocalFlags, min_bytes: u8) -> Option<TerminalMode> {
        let mode = TerminalMode {
            previous: tcgetattr(io::stdin()).ok()?,
            blocked: Some(BlockedSignals::new()),
            disabled,
            min_bytes,
        };
        mode.apply().then_some(mode)
    }

    /// Lets a pending signal take effect in the previous mode, after `before_signal`. Returns
    /// `true` if there was one and the process was continued after it.
    pub fn deliver_signals(&mut self, before_signal: impl FnOnce()) -> bool {
        let is_pending = self.blocked.as_ref();
        if !is_pending.is_some_and(BlockedSignals::is_any_pending) {
            return false;
        }
        before_signal();
        self.restore();
        self.blocked = None;
        // Reached only after a stop and a continuation.
        self.blocked = Some(BlockedSignals::new());
        self.apply();
        true
    }

    /// Returns `true` on success.
    fn apply(&self) -> bool {
        let mut mode = self.previous.clone();
        mode.local_flags.remove(self.disabled);
        mode.control_chars[SpecialCharacterIndices::VMIN as usize] = self.min_bytes;
        mode.control_chars[SpecialCharacterIndices::VTIME as usize] = 0;
        tcsetattr(io::stdin(), SetArg::TCSANOW, &mode).is_ok()
    }

    fn restore(&self) {
        let _ = tcsetattr(io::stdin(), SetArg::TCSANOW, &self.previous);
    }
}

impl Drop for TerminalMode {
    fn drop(&mut self) {
        self.restore();
    }
}
