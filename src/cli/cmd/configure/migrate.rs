//! `sso configure --migrate`: moves legacy profiles to sso-sessions.

use super::write::{report, write};
use crate::cli::args::ConfigureArgs;
use crate::cli::hints::argument_text;
use crate::cli::ui::output;
use crate::context::Context;
use crate::domain::text::sanitize;
use crate::error::Result;
use crate::flow::migrate::{MigrationRequest, sessions_to_sign_in};

pub fn run(ctx: &Context, args: &ConfigureArgs) -> Result<u8> {
    let request = MigrationRequest {
        profiles: &args.profiles,
        session: args.session.as_deref(),
    };
    let plan = request.plan(ctx)?;
    for reason in &plan.skipped {
        output::eprintln(reason);
    }
    let subject = match plan.profiles.as_slice() {
        [] => {
            output::eprintln("no legacy profile is left to move");
            return Ok(0);
        }
        [(name, _)] => format!("profile \"{}\"", sanitize(name)),
        several => format!("{} profiles", several.len()),
    };
    let edits = |text: &[u8]| request.edits(ctx, text);
    let Some(written) = write(ctx, args, &subject, true, edits)? else {
        return Ok(0);
    };
    for (profile, session) in &plan.profiles {
        let (profile, session) = (sanitize(profile), sanitize(session));
        let text = format!("profile \"{profile}\" is in the sso-session \"{session}\"");
        report(ctx, &written, &text);
    }
    for session in sessions_to_sign_in(ctx, &plan)? {
        output::eprintln(&format!(
            "sign in once: sso login {}",
            argument_text(&sanitize(&session))
        ));
    }
    Ok(0)
}
