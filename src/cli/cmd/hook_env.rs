//! `sso hook-env`.

use crate::cli::args::HookEnv;
use crate::context::Context;
use crate::error::{Error, Result};

/// Runs it.
pub fn run(context: impl FnOnce() -> Result<Context>, args: HookEnv) -> Result<u8> {
    let _ = args;
    let _ = context()?;
    Err(Error::failure("not built yet"))
}
