//! Keys as they are pressed, from a terminal that neither waits for lines nor shows what is
//! typed.
//!
//! The old mode comes back when this is dropped, and no signal has its effect before that:
//! a Ctrl-C would leave the terminal as it is.

use std::io::{self, Write};
use std::os::fd::AsFd;

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::termios::{
    LocalFlags, SetArg, SpecialCharacterIndices, Termios, tcgetattr, tcsetattr,
};
use nix::unistd::read;

use super::ffi;
use super::key_decoder::{Key, decode};
use super::signals::Held;

/// How long to wait before looking at signals and at the size of the window.
const PAUSE: u8 = 50;

/// What has happened at the keyboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A key was pressed.
    Key(Key),
    /// Nothing yet.
    Nothing,
    /// The program was stopped and goes on: what was drawn may be gone.
    Resumed,
}

/// The keyboard.
#[derive(Debug)]
pub struct Keys {
    held: Option<Held>,
    old: Termios,
    typed: Vec<u8>,
}

impl Keys {
    /// Takes the keyboard; `None` where stdin is no terminal.
    pub fn take() -> Option<Keys> {
        let old = tcgetattr(io::stdin()).ok()?;
        let keys = Keys {
            held: Some(Held::new()),
            old,
            typed: Vec::new(),
        };
        keys.resume().then_some(keys)
    }

    /// Waits a moment for a key. `clear` is called before a signal has its effect.
    pub fn next(&mut self, clear: impl FnOnce()) -> io::Result<Event> {
        if let Some((key, length)) = decode(&self.typed) {
            self.typed.drain(..length);
            return Ok(Event::Key(key));
        }
        if self.held.as_ref().is_some_and(Held::any) {
            clear();
            self.pause();
            self.held = None;
            // Stopped and continued: on it goes.
            self.held = Some(Held::new());
            self.resume();
            return Ok(Event::Resumed);
        }
        let stdin = io::stdin();
        let mut wait = [PollFd::new(stdin.as_fd(), PollFlags::POLLIN)];
        if poll(&mut wait, PollTimeout::from(PAUSE)).unwrap_or(0) == 0 {
            // Nothing followed: it was the key itself, or a broken sequence.
            let escape = !self.typed.is_empty();
            self.typed.clear();
            return Ok(if escape {
                Event::Key(Key::Escape)
            } else {
                Event::Nothing
            });
        }
        let mut bytes = [0; 1024];
        match read(stdin.as_fd(), &mut bytes)? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            length => {
                self.typed.extend(bytes.get(..length).unwrap_or_default());
                Ok(Event::Nothing)
            }
        }
    }

    fn resume(&self) -> bool {
        let mut raw = self.old.clone();
        // Signals stay: Ctrl-C and Ctrl-Z are seen as such, and held.
        raw.local_flags
            .remove(LocalFlags::ICANON | LocalFlags::ECHO);
        raw.control_chars[SpecialCharacterIndices::VMIN as usize] = 1;
        raw.control_chars[SpecialCharacterIndices::VTIME as usize] = 0;
        tcsetattr(io::stdin(), SetArg::TCSANOW, &raw).is_ok()
    }

    fn pause(&self) {
        let _ = tcsetattr(io::stdin(), SetArg::TCSANOW, &self.old);
    }
}

impl Drop for Keys {
    fn drop(&mut self) {
        self.pause();
    }
}

/// Columns and rows of the window; what every terminal had, where it does not say.
pub fn window() -> (usize, usize) {
    match ffi::window_size() {
        Some((columns, rows)) if columns > 0 && rows > 0 => (columns.into(), rows.into()),
        _ => (80, 24),
    }
}

/// Draws.
pub fn draw(text: &str) {
    let mut stderr = io::stderr();
    let _ = stderr.write_all(text.as_bytes());
    let _ = stderr.flush();
}
