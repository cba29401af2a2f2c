//! `sso logout`: signs out, here and on the server.

use super::each_session::{Purpose, for_each_session};
use crate::cli::args::SessionSelectionArgs;
use crate::context::Context;
use crate::domain::session::definition::Session;
use crate::domain::text::{counted, sanitize};
use crate::domain::time::Timestamp;
use crate::error::Result;
use crate::flow::logout::{self, SignOut};

pub fn run(ctx: &Context, args: SessionSelectionArgs) -> Result<u8> {
    for_each_session(ctx, args, Purpose::SignOut, |instance| {
        let (ended, roles) = logout::logout(ctx, instance)?;
        Ok(describe(&instance.session, &ended, roles, ctx.now()))
    })
}

fn describe(session: &Session, ended: &SignOut, roles: usize, now: Timestamp) -> String {
    let label = sanitize(session.label());
    let removed = match roles {
        0 => String::new(),
        _ => format!(
            ", and removed the credentials of {}",
            counted(roles, "role")
        ),
    };
    match ended {
        SignOut::NotSignedIn => format!("not signed in to {label}{removed}"),
        SignOut::Complete => format!("signed out of {label}{removed}"),
        SignOut::LocalOnly { reason, until } => {
            let token = if until.is_past(now) {
                "its access token has ended, but the session may live on".to_owned()
            } else {
                format!("its access token lives until {until}")
            };
            format!(
                "signed out of {label} on this computer{removed}\n\
                 warning: the session was not ended on the server ({reason})\n\
                 hint: {token}; sign out in the access portal to end it: {}",
                sanitize(&session.start_url)
            )
        }
    }
}
