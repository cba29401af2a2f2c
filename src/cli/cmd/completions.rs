//! `sso completions`.

use crate::cli::args::Completions;
use crate::error::{Error, Result};

/// Runs it.
pub fn run(args: Completions) -> Result<u8> {
    let _ = args;
    Err(Error::failure("not built yet"))
}
