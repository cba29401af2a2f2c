//! `sso login`: the words around `flow::login`.

use crate::cli::args::Login;
use crate::cli::output;
use crate::context::Context;
use crate::domain::method::Wanted;
use crate::error::{Error, Result};
use crate::flow::login::{self, Wish};

use super::target;

/// Runs it. Of several sessions each gets its turn; the first error is the outcome.
pub fn run(ctx: &Context, args: Login) -> Result<u8> {
    let profile = args.session.profile.clone();
    let sessions = target::sessions(ctx, &args.sessions, args.session, args.all)?;
    if sessions.is_empty() {
        return Err(Error::failure("there is no session to sign in to")
            .hint("add an [sso-session NAME] section to ~/.aws/config"));
    }
    let wish = Wish {
        force: args.force,
        wanted: Wanted {
            device: args.device_code,
            no_browser: args.no_browser,
        },
        ..Wish::default()
    };
    let mut first_error = None;
    for session in &sessions {
        match login::ensure(ctx, session, profile.as_deref(), wish) {
            Ok((how, expires_at)) => {
                output::say(&login::report(session, how, expires_at, ctx.now()))
            }
            Err(error) if first_error.is_none() && sessions.len() == 1 => return Err(error),
            Err(error) => {
                if first_error.is_some() {
                    output::say(&error.to_string());
                } else {
                    first_error = Some(error);
                }
            }
        }
    }
    first_error.map_or(Ok(0), Err)
}
