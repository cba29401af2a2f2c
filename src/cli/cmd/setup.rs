//! `sso setup`.

use crate::cli::args::Setup;
use crate::context::Context;
use crate::error::{Error, Result};

/// Runs it.
pub fn run(ctx: &Context, args: Setup) -> Result<u8> {
    let _ = args;
    let _ = ctx;
    Err(Error::failure("not built yet"))
}
