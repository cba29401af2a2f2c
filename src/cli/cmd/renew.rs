//! `sso renew`: new credentials for a role, in the background.

use crate::cli::args::RenewArgs;
use crate::context::Context;
use crate::domain::target::request::Request;
use crate::error::Result;
use crate::flow::credentials::{self, SignIn};
use crate::flow::resolve;
use crate::os::process;

/// Runs it. The hook does not wait for it and looks at what is cached later.
pub fn run(ctx: &Context, args: RenewArgs) -> Result<u8> {
    process::detach();
    let RenewArgs {
        profile,
        account,
        role,
        session,
    } = args;
    let request = Request {
        profile,
        account,
        role,
        session,
        ..Request::default()
    };
    let target = resolve::target(ctx, &request)?;
    credentials::get(ctx, &target, SignIn::No)?;
    Ok(0)
}
