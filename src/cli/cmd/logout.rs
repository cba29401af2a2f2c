//! `sso logout`: the words around `flow::logout`.

use crate::cli::args::Logout;
use crate::cli::output;
use crate::context::Context;
use crate::domain::session::Session;
use crate::domain::text::shown;
use crate::error::Result;
use crate::flow::logout::{self, Ended};

use super::target;

/// Runs it. Of several sessions each gets its turn; the first error is the outcome.
pub fn run(ctx: &Context, args: Logout) -> Result<u8> {
    let profile = args.session.profile.clone();
    let sessions = target::sessions(ctx, &args.sessions, args.session, args.all)?;
    let mut first_error = None;
    for session in &sessions {
        match logout::logout(ctx, session, profile.as_deref()) {
            Ok((ended, roles)) => output::say(&report(session, &ended, roles)),
            Err(error) => {
                first_error.get_or_insert(error);
            }
        }
    }
    first_error.map_or(Ok(0), Err)
}

fn report(session: &Session, ended: &Ended, roles: usize) -> String {
    let label = shown(session.label());
    let with = match roles {
        0 => String::new(),
        1 => ", and removed the credentials of 1 role".to_owned(),
        several => format!(", and removed the credentials of {several} roles"),
    };
    match ended {
        Ended::NotSignedIn => format!("not signed in to {label}{with}"),
        Ended::Everywhere => format!("signed out of {label}{with}"),
        Ended::OnlyHere(reason, until) => format!(
            "signed out of {label} on this computer{with}\n\
             warning: the session was not ended on the server ({reason})\n\
             hint: its access token lives until {until}; sign out in the access portal to end it: {}",
            shown(&session.start_url)
        ),
    }
}
