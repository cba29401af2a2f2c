//! `sso configure --migrate`: legacy profiles into sso-sessions.

use super::{put, tell};
use crate::cli::args::ConfigureArgs;
use crate::cli::ui::output;
use crate::cli::ui::questions::Asker;
use crate::context::Context;
use crate::domain::config::{Dialect, read};
use crate::domain::profiles::configure::check_session_name;
use crate::domain::profiles::migrate::plan_migration;
use crate::domain::session::state::State;
use crate::domain::target::config_view::ConfigView;
use crate::domain::target::sessions;
use crate::domain::text::sanitize;
use crate::error::Result;
use crate::flow::status;

pub fn run(ctx: &Context, args: &ConfigureArgs) -> Result<u8> {
    if let Some(name) = &args.session {
        check_session_name(name)?;
    }
    let view = ctx.view()?;
    let plan = plan_migration(&args.profiles, args.session.as_deref(), &view)?;
    for why in &plan.skipped {
        output::eprintln(why);
    }
    if plan.profiles.is_empty() {
        output::eprintln("no legacy profile is left to move");
        return Ok(0);
    }
    let asker = Asker::new(ctx, args.yes);
    let what = match plan.profiles.as_slice() {
        [(name, _)] => format!("profile \"{}\"", sanitize(name)),
        several => format!("{} profiles", several.len()),
    };
    // Planned once more from what the file holds when it is written.
    let edits = |text: &[u8]| {
        let config = read(text, Dialect::Config);
        let view = ConfigView {
            config: &config,
            ..view
        };
        Ok(plan_migration(&args.profiles, args.session.as_deref(), &view)?.edits)
    };
    let Some(written) = put(ctx, &asker, args, &what, true, edits)? else {
        return Ok(0);
    };
    for (profile, session) in &plan.profiles {
        let (profile, session) = (sanitize(profile), sanitize(session));
        tell(
            ctx,
            &written,
            &format!("profile \"{profile}\" is in the sso-session \"{session}\""),
        );
    }
    // The tokens of the profiles are under another name; a session may have one already.
    let signed_in = |name: &str| {
        let status = sessions::named(name, &view).and_then(|session| status::of(ctx, &session));
        status.is_ok_and(|status| matches!(status.state, State::Valid | State::Refreshable))
    };
    let mut sessions: Vec<&str> = plan
        .profiles
        .iter()
        .map(|(_, session)| session.as_str())
        .collect();
    sessions.sort_unstable();
    sessions.dedup();
    for session in sessions.into_iter().filter(|name| !signed_in(name)) {
        output::eprintln(&format!("sign in once: sso login {}", sanitize(session)));
    }
    Ok(0)
}
