//! `sso credential-process`: the JSON that AWS tools ask for.

use std::time::Duration;

use crate::cli::args::CredentialProcessArgs;
use crate::cli::ui::output;
use crate::context::Context;
use crate::error::Result;
use crate::flow::credentials::{self, SignIn};
use crate::flow::resolve;
use crate::os::terminal;

use super::target;

/// Go SDKs kill a helper after 60 seconds, on a terminal too.
const LIMIT: Duration = Duration::from_secs(50);

/// Runs it.
pub fn run(ctx: &Context, args: CredentialProcessArgs) -> Result<u8> {
    let sign_in = match (args.login, args.login && terminal::is_there()) {
        (false, _) => SignIn::No,
        (true, true) => target::sign_in_within(LIMIT, false),
        // botocore hides our stderr, so a code would be shown to nobody.
        (true, false) => target::sign_in_within(LIMIT, true),
    };
    let target = resolve::target(ctx, &args.target.into())?;
    let credentials = credentials::get(ctx, &target, sign_in)?;
    output::print(&(credentials.to_process_json(target.account()) + "\n"))?;
    Ok(0)
}
