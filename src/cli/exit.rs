//! Exit codes that scripts rely on.

use crate::error::{Error, ErrorKind};

/// Something failed.
pub const FAILURE: u8 = 1;
/// The command line or the configuration is incomplete, ambiguous or malformed.
pub const USAGE: u8 = 2;
/// A sign-in is needed first.
pub const SIGN_IN: u8 = 4;
/// `exec`: the command exists but cannot be started.
pub const NOT_EXECUTABLE: u8 = 126;
/// `exec`: the command does not exist.
pub const NOT_FOUND: u8 = 127;

/// Returns the exit code of an error.
pub fn code(error: &Error) -> u8 {
    match error.kind() {
        ErrorKind::Usage => USAGE,
        ErrorKind::SignInNeeded => SIGN_IN,
        ErrorKind::CommandNotExecutable => NOT_EXECUTABLE,
        ErrorKind::CommandNotFound => NOT_FOUND,
        _ => FAILURE,
    }
}
