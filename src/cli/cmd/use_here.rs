//! `sso use`.

use crate::cli::args::Use;
use crate::context::Context;
use crate::error::{Error, Result};

/// Runs it.
pub fn run(ctx: &Context, args: Use) -> Result<u8> {
    let _ = args;
    let _ = ctx;
    Err(Error::failure("not built yet"))
}
