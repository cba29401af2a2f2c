//! The program: arguments in, exit code out.
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
