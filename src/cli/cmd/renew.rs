//! `sso renew`.

use crate::cli::args::Renew;
use crate::context::Context;
use crate::error::{Error, Result};

/// Runs it.
pub fn run(ctx: &Context, args: Renew) -> Result<u8> {
    let _ = args;
    let _ = ctx;
    Err(Error::failure("not built yet"))
}
