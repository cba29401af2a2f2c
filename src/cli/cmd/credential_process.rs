//! `sso credential-process`: prints credentials as the JSON that AWS tools read from a
//! `credential_process`.

use std::time::Duration;

use crate::cli::args::CredentialProcessArgs;
use crate::cli::ui::output;
use crate::context::Context;
use crate::error::Result;
use crate::flow::credentials::{self, SignIn};
use crate::flow::login::LoginOptions;
use crate::flow::resolve;
use crate::os::terminal;

/// Time for a sign-in: Go SDKs kill the process after 60 seconds, on a terminal too.
const SIGN_IN_LIMIT: Duration = Duration::from_secs(50);

pub fn run(ctx: &Context, args: CredentialProcessArgs) -> Result<u8> {
    let sign_in = match args.login {
        true => SignIn::Allowed(LoginOptions {
            // botocore hides our stderr, so nobody would see a code.
            browser_only: !terminal::is_interactive(),
            limit: SIGN_IN_LIMIT,
            ..LoginOptions::default()
        }),
        false => SignIn::No,
    };
    let target = resolve::target(ctx, &args.target.into())?;
    let credentials = credentials::get(ctx, &target, sign_in)?;
    output::print(&(credentials.to_process_json(&target.id.account) + "\n"))?;
    Ok(0)
}
