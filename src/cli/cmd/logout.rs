//! `sso logout`: the words around `flow::logout`.

use crate::cli::args::LogoutArgs;
use crate::context::Context;
use crate::domain::session::definition::Session;
use crate::domain::text::sanitize;
use crate::domain::time::Timestamp;
use crate::error::Result;
use crate::flow::logout::{self, Ended};

use super::target;

/// Runs it.
pub fn run(ctx: &Context, args: LogoutArgs) -> Result<u8> {
    target::for_each(ctx, &args.sessions, args.session, args.all, |instance| {
        let (ended, roles) = logout::logout(ctx, instance)?;
        Ok(report(&instance.session, &ended, roles, ctx.now()))
    })
}

fn report(session: &Session, ended: &Ended, roles: usize, now: Timestamp) -> String {
    let label = sanitize(session.label());
    let with = match roles {
        0 => String::new(),
        1 => ", and removed the credentials of 1 role".to_owned(),
        several => format!(", and removed the credentials of {several} roles"),
    };
    match ended {
        Ended::NotSignedIn => format!("not signed in to {label}{with}"),
        Ended::Everywhere => format!("signed out of {label}{with}"),
        Ended::OnlyHere(reason, until) => {
            let token = if until.is_past(now) {
                "its access token has ended, but the session may live on".to_owned()
            } else {
                format!("its access token lives until {until}")
            };
            format!(
                "signed out of {label} on this computer{with}\n\
                 warning: the session was not ended on the server ({reason})\n\
                 hint: {token}; sign out in the access portal to end it: {}",
                sanitize(&session.start_url)
            )
        }
    }
}
