//! `sso renew`: fetches new credentials of a role in the background.

use crate::cli::args::TargetArgs;
use crate::context::Context;
use crate::error::Result;
use crate::flow::credentials::{self, SignIn};
use crate::flow::resolve;
use crate::os::process;

/// Fetches and caches the credentials. The hook that starts it does not wait: a later prompt
/// reads the cache.
pub fn run(ctx: &Context, args: TargetArgs) -> Result<u8> {
    process::detach();
    let target = resolve::target(ctx, &args.into())?;
    credentials::get(ctx, &target, SignIn::No)?;
    Ok(0)
}
