//! A line on the terminal that says how far something is, once it takes longer than a second.

use std::io::{self, Write};
use std::time::Duration;

use crate::os::clock::Deadline;
use crate::os::terminal;

/// Whoever waits less needs no news.
const PATIENCE: Duration = Duration::from_secs(1);

/// How often the line changes.
const BEAT: Duration = Duration::from_millis(100);

/// The line. It goes when this does.
#[derive(Debug)]
pub struct Progress {
    terminal: bool,
    quiet: Deadline,
    shown: Option<String>,
}

impl Progress {
    /// Nothing yet.
    pub fn new() -> Progress {
        Progress {
            terminal: terminal::stderr_is_terminal(),
            quiet: Deadline::after(PATIENCE),
            shown: None,
        }
    }

    /// Says something, when it is time to.
    pub fn tell(&mut self, text: impl FnOnce() -> String) {
        if !self.terminal || !self.quiet.is_over() {
            return;
        }
        self.quiet = Deadline::after(BEAT);
        let text = text();
        if self.shown.as_ref() != Some(&text) {
            self.write(&format!("\r\u{1b}[K{text}"));
            self.shown = Some(text);
        }
    }

    /// Takes the line away, so that something else can be written.
    pub fn clear(&mut self) {
        if self.shown.take().is_some() {
            self.write("\r\u{1b}[K");
        }
    }

    fn write(&self, text: &str) {
        // There is nobody to tell that stderr is closed.
        let _ = io::stderr().write_all(text.as_bytes());
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.clear();
    }
}
