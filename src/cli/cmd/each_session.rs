//! Selects the sessions for `login`, `logout` and `status`.

use crate::cli::args::{SessionArgs, SessionSelectionArgs};
use crate::cli::exit;
use crate::cli::ui::output;
use crate::context::Context;
use crate::domain::session::definition::Session;
use crate::domain::target::Instance;
use crate::domain::target::profile::Profile;
use crate::domain::target::request::Request;
use crate::domain::target::sessions;
use crate::error::Result;
use crate::flow::resolve;

/// Reason for the selection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    SignIn,
    /// A part of a name selects nothing, and legacy sessions end with the sso-session of their
    /// instance.
    SignOut,
}

/// Calls `act` with each selected session and prints the text that it returns.
///
/// With one session, its error is returned. With several, errors are printed, and the result is
/// the exit code of the first error, or 0.
pub fn for_each_session(
    ctx: &Context,
    args: SessionSelectionArgs,
    purpose: Purpose,
    act: impl Fn(&Instance) -> Result<String>,
) -> Result<u8> {
    let selected = select(ctx, args, purpose)?;
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
fn select(
    ctx: &Context,
    args: SessionSelectionArgs,
    purpose: Purpose,
) -> Result<Vec<Result<Instance>>> {
    let view = ctx.view()?;
    if args.all {
        let sessions = match purpose {
            Purpose::SignIn => sessions::with_own_token(&view),
            Purpose::SignOut => sessions::all(&view),
        };
        if sessions.is_empty() {
            return Err(ctx.with_hidden_cause(sessions::no_sessions_error(&view)));
        }
        let instance = |session| Instance {
            session,
            settings: None,
        };
        let instances = sessions.into_iter().map(|session| session.map(instance));
        return Ok(instances.collect());
    }
    if args.sessions.is_empty() {
        return Ok(vec![resolve::instance(ctx, &args.session.into())]);
    }
    let settings = args.session.profile.as_deref();
    let terms = args.sessions.iter();
    Ok(terms
        .map(|term| by_term(ctx, term, settings, purpose))
        .collect())
}

/// Selects the session that a term means: the name of a session, a start URL, the name of a
/// profile, or a part of a session's name or start URL.
fn by_term(
    ctx: &Context,
    term: &str,
    settings: Option<&str>,
    purpose: Purpose,
) -> Result<Instance> {
    let view = ctx.view()?;
    let is_session = term.contains("://") || view.config.session(term).is_some();
    if !is_session && Profile::find(term, &view).is_some() {
        let request = Request {
            profile: Some(term.to_owned()),
            ..Request::default()
        };
        return resolve::instance(ctx, &request);
    }
    let session = match purpose {
        Purpose::SignIn => sessions::by_term(term, &view),
        Purpose::SignOut => sessions::by_name_or_url(term, &view),
    };
    let session = session.map_err(|error| ctx.with_hidden_cause(error))?;
    let settings = settings.map(str::to_owned);
    Ok(Instance { session, settings })
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
        let instance = by_term(ctx, term, None, Purpose::SignIn);
        return Ok(vec![instance.map(|instance| instance.session)]);
    }
    let request = Request::from(args);
    if request.profile.is_some() || request.names_session() {
        let instance = resolve::instance(ctx, &request);
        return Ok(vec![instance.map(|instance| instance.session)]);
    }
    let sessions = sessions::with_own_token(&view);
    if sessions.is_empty() {
        return Err(ctx.with_hidden_cause(sessions::no_sessions_error(&view)));
    }
    Ok(sessions)
}
