//! Keys as they are pressed, from a terminal without line editing and echo.

use std::io::{self, Write};
use std::os::fd::AsFd;

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::termios::LocalFlags;
use nix::unistd::read;

use super::ffi;
use super::key_decoder::{KeyCode, decode};
use super::terminal_mode::TerminalMode;

/// Milliseconds between two looks at pending signals and at the size of the window.
const POLL_INTERVAL_MS: u8 = 50;

/// An event of the keyboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyEvent {
    Key(KeyCode),
    /// Nothing happened yet.
    None,
    /// The process was stopped and continued; the screen may have changed.
    Resumed,
}

/// The keyboard. The terminal is back in its previous mode once this is dropped.
#[derive(Debug)]
pub struct RawKeys {
    mode: TerminalMode,
    /// Bytes that are not decoded yet.
    input: Vec<u8>,
}

impl RawKeys {
    /// Switches line editing and echo off; `None` if stdin is no terminal.
    pub fn take() -> Option<RawKeys> {
        // ISIG stays on: Ctrl-C and Ctrl-Z send signals, which `TerminalMode` blocks.
        let mode = TerminalMode::enter(LocalFlags::ICANON | LocalFlags::ECHO, 1)?;
        Some(RawKeys {
            mode,
            input: Vec::new(),
        })
    }

    /// Waits up to 50 ms for a key. `before_signal` is called before a pending signal takes
    /// effect. Fails if stdin cannot be read or has ended.
    pub fn next(&mut self, before_signal: impl FnOnce()) -> io::Result<KeyEvent> {
        if let Some((key, length)) = decode(&self.input) {
            self.input.drain(..length);
            return Ok(KeyEvent::Key(key));
        }
        if self.mode.deliver_signals(before_signal) {
            return Ok(KeyEvent::Resumed);
        }
        let stdin = io::stdin();
        let mut watched = [PollFd::new(stdin.as_fd(), PollFlags::POLLIN)];
        if poll(&mut watched, PollTimeout::from(POLL_INTERVAL_MS)).unwrap_or(0) == 0 {
            // Nothing follows an Escape: it is the key itself, or a broken sequence.
            let is_escape = !self.input.is_empty();
            self.input.clear();
            return Ok(if is_escape {
                KeyEvent::Key(KeyCode::Cancel)
            } else {
                KeyEvent::None
            });
        }
        let mut bytes = [0; 1024];
        match read(stdin.as_fd(), &mut bytes)? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            length => {
                self.input.extend(bytes.get(..length).unwrap_or_default());
                Ok(KeyEvent::None)
            }
        }
    }
}

/// Returns columns and rows of the window; 80 and 24 where the terminal reports none.
pub fn window_size() -> (usize, usize) {
    match ffi::window_size() {
        Some((columns, rows)) if columns > 0 && rows > 0 => (columns.into(), rows.into()),
        _ => (80, 24),
    }
}

/// Writes text and escape sequences to stderr. Errors are ignored.
pub fn draw(text: &str) {
    let mut stderr = io::stderr();
    let _ = stderr.write_all(text.as_bytes());
    let _ = stderr.flush();
}
