//! Data to stdout, everything else to stderr.
#![expect(clippy::disallowed_methods, reason = "the edge where NO_COLOR is read")]

use std::io::{self, Write};

use crate::error::{Error, Result};
use crate::os::terminal;

/// Data.
pub fn data(text: &str) -> Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .map_err(|error| stdout_error(&error))
}

/// A message. There is nobody to tell that stderr is closed.
pub fn say(text: &str) {
    // In one piece, so that lines of several processes do not mix.
    let _ = io::stderr().write_all(format!("{text}\n").as_bytes());
}

/// Prints a warning to stderr.
pub fn warn(text: &str) {
    say(&format!("warning: {text}"));
}

/// The text in a colour, on a terminal that wants colours (no-color.org).
pub fn coloured(text: &str, colour: Colour) -> String {
    let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    if refused || dumb || !terminal::stdout_is_terminal() {
        return text.to_owned();
    }
    let code = match colour {
        Colour::Good => "32",
        Colour::Soon => "33",
        Colour::Bad => "31",
    };
    format!("\u{1b}[{code}m{text}\u{1b}[0m")
}

/// What a colour means.
#[derive(Clone, Copy, Debug)]
pub enum Colour {
    /// Usable.
    Good,
    /// Usable, with a step in between.
    Soon,
    /// Not usable.
    Bad,
}

/// Turns a failed write to stdout into an error. A closed pipe, as in `sso roles | head`, is
/// not reported.
fn stdout_error(error: &io::Error) -> Error {
    if error.kind() == io::ErrorKind::BrokenPipe {
        return Error::broken_pipe();
    }
    Error::failure(format!("cannot write to standard output: {error}"))
}
