//! `sso login`: signs in, or renews a sign-in.

use super::each_session::{Purpose, for_each_session};
use crate::cli::args::LoginArgs;
use crate::context::Context;
use crate::domain::session::definition::Session;
use crate::domain::session::login_flow::FlowOptions;
use crate::domain::text::sanitize;
use crate::domain::time::{Timestamp, format_duration};
use crate::error::Result;
use crate::flow::login::{self, LoginOptions, LoginResult};

pub fn run(ctx: &Context, args: LoginArgs) -> Result<u8> {
    let options = LoginOptions {
        force: args.force,
        flow: FlowOptions {
            device: args.device_code,
            no_browser: args.no_browser,
        },
        ..LoginOptions::default()
    };
    for_each_session(ctx, args.selection, Purpose::SignIn, |instance| {
        let (how, expires_at) = login::ensure(ctx, instance, options)?;
        Ok(describe(&instance.session, how, expires_at, ctx.now()))
    })
}

fn describe(session: &Session, how: LoginResult, expires_at: Timestamp, now: Timestamp) -> String {
    let label = sanitize(session.label());
    let left = format_duration(expires_at.left(now));
    let done = match how {
        LoginResult::Valid => "already signed in to",
        LoginResult::Refreshed => "renewed the sign-in to",
        LoginResult::SignedIn => "signed in to",
    };
    format!("{done} {label}: the access token has {left} left")
}
