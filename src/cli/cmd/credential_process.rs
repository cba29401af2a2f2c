//! `sso credential-process`: prints credentials as the JSON that AWS tools read from a
//! `credential_process`.

use std::time::Duration;

use super::sign_in::{sign_in_if, sign_in_within};
use crate::cli::args::CredentialProcessArgs;
use crate::cli::ui::output;
use crate::context::Context;
use crate::error::Result;
use crate::flow::{credentials, resolve};
use crate::os::terminal;

/// Time for a sign-in: Go SDKs kill the process after 60 seconds, on a terminal too.
const SIGN_IN_LIMIT: Duration = Duration::from_secs(50);

pub fn run(ctx: &Context, args: CredentialProcessArgs) -> Result<u8> {
    let sign_in = if args.login {
        // botocore hides our stderr, so nobody would see a code.
        let browser_only = !terminal::is_interactive();
        sign_in_within(SIGN_IN_LIMIT, browser_only)
    } else {
        sign_in_if(false)
    };
    let target = resolve::target(ctx, &args.target.into())?;
    let credentials = credentials::get(ctx, &target, sign_in)?;
    output::print(&(credentials.to_process_json(&target.id.account) + "\n"))?;
    Ok(0)
}
