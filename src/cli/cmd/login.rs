//! `sso login`: the words around `flow::login`.

use crate::cli::args::LoginArgs;
use crate::context::Context;
use crate::domain::session::definition::Session;
use crate::domain::session::login_flow::Wanted;
use crate::domain::text::sanitize;
use crate::domain::time::{Timestamp, format_duration};
use crate::error::Result;
use crate::flow::login::{self, How, LoginOptions};

use super::target;

/// Runs it.
pub fn run(ctx: &Context, args: LoginArgs) -> Result<u8> {
    let options = LoginOptions {
        force: args.force,
        wanted: Wanted {
            device: args.device_code,
            no_browser: args.no_browser,
        },
        ..LoginOptions::default()
    };
    target::for_each(ctx, &args.sessions, args.session, args.all, |instance| {
        let (how, expires_at) = login::ensure(ctx, instance, options)?;
        Ok(report(&instance.session, how, expires_at, ctx.now()))
    })
}

fn report(session: &Session, how: How, expires_at: Timestamp, now: Timestamp) -> String {
    let label = sanitize(session.label());
    let left = format_duration(expires_at.left(now));
    match how {
        How::Valid => format!("already signed in to {label}: the access token has {left} left"),
        How::Refreshed => {
            format!("renewed the sign-in to {label}: the access token has {left} left")
        }
        How::SignedIn => format!("signed in to {label}: the access token has {left} left"),
    }
}
