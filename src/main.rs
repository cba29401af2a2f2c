//! Entry point: runs the command line and exits with its code.
#![expect(
    clippy::disallowed_methods,
    reason = "the edge where the arguments are read"
)]

use std::ffi::OsString;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    ExitCode::from(sso::program::run(&arguments))
}
