//! Selects the sessions for `login`, `logout` and `status`.

use crate::cli::args::{SessionArgs, SessionSelectionArgs};
use crate::cli::exit;
use crate::cli::ui::output;
use crate::context::Context;
use crate::domain::session::definition::Session;
use crate::domain::target::Instance;
use crate::domain::target::request::Request;
use crate::domain::target::sessions;
use crate::error::Result;
use crate::flow::resolve;

/// Calls `act` with each selected session and prints the text that it returns.
///
/// With one session, its error is returned. With several, errors are printed, and the result is
/// the exit code of the first error, or 0.
pub fn for_each_session(
    ctx: &Context,
    args: SessionSelectionArgs,
    act: impl Fn(&Instance) -> Result<String>,
) -> Result<u8> {
    let selected = select(ctx, args)?;
    let is_single = selected.len() == 1;
    let mut code = 0;
    for selected in selected {
        match selected.and_then(|instance| act(&instance)) {
            Ok(text) => output::eprintln(&text),
            Err(error) if is_single => return Err(error),
            Err(error) => {
                output::report(&error);
                code = if code == 0 { exit::code(&error) } else { code };
            }
        }
    }
    Ok(code)
}

/// Selects all sessions, those that the terms match, or else the one that the options name.
fn select(ctx: &Context, args: SessionSelectionArgs) -> Result<Vec<Result<Instance>>> {
    let view = ctx.view()?;
    let with_profile = |session: Result<Session>| {
        let settings = args.session.profile.clone();
        session.map(|session| Instance { session, settings })
    };
    let by_term = |term: &String| sessions::by_term(term, &view);
    let selected = match args.all {
        true => sessions::all(&view),
        false => args.sessions.iter().map(by_term).collect(),
    };
    match selected.is_empty() {
        true if args.all => sessions::only(&view).map(|_| Vec::new()),
        true => Ok(vec![resolve::instance(ctx, &args.session.into())]),
        false => Ok(selected.into_iter().map(with_profile).collect()),
    }
}

/// Selects the session that the term matches, the one that the options name, or else all. An
/// invalid session among several is an error in the list.
pub fn select_one_or_all(
    ctx: &Context,
    term: Option<&str>,
    args: SessionArgs,
) -> Result<Vec<Result<Session>>> {
    let view = ctx.view()?;
    if let Some(term) = term {
        return Ok(vec![sessions::by_term(term, &view)]);
    }
    let request = Request::from(args);
    if request.profile.is_some() || request.names_session() {
        let instance = resolve::instance(ctx, &request);
        return Ok(vec![instance.map(|instance| instance.session)]);
    }
    let sessions = sessions::all(&view);
    if sessions.is_empty() {
        return Err(sessions::no_sessions_error(&view));
    }
    Ok(sessions)
}
