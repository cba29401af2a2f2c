//! `sso allow`.

use crate::cli::args::Allow;
use crate::context::Context;
use crate::error::{Error, Result};

/// Runs it.
pub fn run(ctx: &Context, args: Allow) -> Result<u8> {
    let _ = args;
    let _ = ctx;
    Err(Error::failure("not built yet"))
}
