//! `sso login`: the words around `flow::login`.

use crate::cli::args::Login;
use crate::context::Context;
use crate::domain::method::Wanted;
use crate::error::Result;
use crate::flow::login::{self, Wish};

use super::target;

/// Runs it.
pub fn run(ctx: &Context, args: Login) -> Result<u8> {
    let wish = Wish {
        force: args.force,
        wanted: Wanted {
            device: args.device_code,
            no_browser: args.no_browser,
        },
        ..Wish::default()
    };
    target::for_each(ctx, &args.sessions, args.session, args.all, |chosen| {
        let session = &chosen.session;
        let (how, expires_at) = login::ensure(ctx, session, chosen.profile.as_deref(), wish)?;
        Ok(login::report(session, how, expires_at, ctx.now()))
    })
}
