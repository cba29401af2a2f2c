//! Data to stdout, messages to stderr.

use std::io::{self, ErrorKind, Write};

use crate::cli::hints;
use crate::error::{Error, Result};

/// Writes data to stdout and flushes it.
///
/// # Errors
///
/// `Error::broken_pipe`, which is reported to nobody, where the reader has closed the pipe, as
/// `head` does in `sso roles | head`; otherwise a failure that names the system's error.
pub fn print(text: &str) -> Result<()> {
    let mut stdout = io::stdout().lock();
    stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush())
        .map_err(|error| match error.kind() {
            ErrorKind::BrokenPipe => Error::broken_pipe(),
            _ => Error::storage(format!("cannot write to standard output: {error}")),
        })
}

/// Writes a message and a line break to stderr. Errors are ignored: there is no other stream to
/// report them on.
pub fn eprintln(text: &str) {
    // One write, so that lines of parallel processes do not mix.
    let _ = io::stderr().write_all(format!("{text}\n").as_bytes());
}

/// Writes an error and its hint to stderr; nothing for an error that is not reported.
pub fn report(error: &Error) {
    if let Some(text) = hints::error_text(error) {
        eprintln(&text);
    }
}

/// Writes a warning to stderr.
pub fn warn(text: &str) {
    eprintln(&format!("warning: {text}"));
}
