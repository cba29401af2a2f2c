//! `sso hook`.

use crate::cli::args::Hook;
use crate::error::{Error, Result};

/// Runs it.
pub fn run(args: Hook) -> Result<u8> {
    let _ = args;
    Err(Error::failure("not built yet"))
}
