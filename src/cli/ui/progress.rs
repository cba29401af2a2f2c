//! A progress line on stderr that is overwritten by its successor.

use std::io::{self, IsTerminal};
use std::time::Duration;

use super::colour::{accepts_escapes, is_dumb};
use super::text::width;
use crate::context::Context;
use crate::os::clock::Deadline;
use crate::os::raw_keys;

/// Time before the line of [`Progress::after_delay`] appears: a shorter wait needs none.
const DELAY: Duration = Duration::from_secs(1);

/// Shortest time between two updates after the delay.
const INTERVAL: Duration = Duration::from_millis(100);

/// The progress line. It is erased on drop.
#[derive(Debug)]
pub struct Progress {
    is_enabled: bool,
    accepts_escapes: bool,
    interval: Duration,
    next_update: Deadline,
    shown: Option<String>,
}

impl Progress {
    /// Shows updates after one second, where stderr is a terminal.
    pub fn after_delay(ctx: &Context) -> Progress {
        let mut progress = Progress::immediate(ctx, io::stderr().is_terminal());
        progress.interval = INTERVAL;
        progress.next_update = Deadline::after(DELAY);
        progress
    }

    /// Shows each update at once if enabled. A dumb terminal cannot overwrite a line.
    pub fn immediate(ctx: &Context, is_enabled: bool) -> Progress {
        Progress {
            is_enabled: is_enabled && !is_dumb(ctx),
            accepts_escapes: accepts_escapes(ctx),
            interval: Duration::ZERO,
            next_update: Deadline::after(Duration::ZERO),
            shown: None,
        }
    }

    /// Replaces the line, unless the last update is too recent.
    pub fn update(&mut self, text: impl FnOnce() -> String) {
        if !self.is_enabled || !self.next_update.is_over() {
            return;
        }
        self.next_update = Deadline::after(self.interval);
        let text = text();
        if self.shown.as_ref() != Some(&text) {
            raw_keys::draw(&format!("{}{text}", self.erasure()));
            self.shown = Some(text);
        }
    }

    /// Erases the line, so that something else can be written.
    pub fn clear(&mut self) {
        if self.shown.is_some() {
            raw_keys::draw(&self.erasure());
            self.shown = None;
        }
    }

    /// Returns the characters that erase the line and leave the cursor at its start.
    fn erasure(&self) -> String {
        match &self.shown {
            _ if self.accepts_escapes => "\r\u{1b}[K".to_owned(),
            Some(shown) => format!("\r{:1$}\r", "", width(shown)),
            None => String::new(),
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.clear();
    }
}
