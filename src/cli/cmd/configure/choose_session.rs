//! Asks for the session of a profile, where options and configuration leave it open.

use crate::cli::args::ConfigureArgs;
use crate::cli::ui::output;
use crate::cli::ui::questions::{Prompter, Question};
use crate::context::Context;
use crate::domain::profiles::configure::{
    build_session, check_region, check_session_name, find_sessions, suggest_session_name,
};
use crate::domain::profiles::session_choice::{SessionChoice, SessionOptions, choose_session};
use crate::domain::session::definition::Session;
use crate::domain::target::Instance;
use crate::domain::target::config_view::ConfigView;
use crate::domain::target::profile::Profile;
use crate::domain::target::sessions;
use crate::domain::text::sanitize;
use crate::error::{Error, Result};
use crate::flow::configure::{PLACEHOLDER_REGION, find_region};

/// The session of a profile.
#[derive(Debug)]
pub struct ChosenSession {
    pub instance: Instance,
    /// Whether the session has yet to be written.
    pub is_new: bool,
}

impl ChosenSession {
    fn new(session: Session) -> ChosenSession {
        ChosenSession {
            instance: Instance {
                session,
                settings: None,
            },
            is_new: true,
        }
    }

    fn existing(session: Session, profile: Option<&Profile>) -> ChosenSession {
        ChosenSession {
            instance: Instance {
                session,
                settings: profile.map(|profile| profile.name.to_owned()),
            },
            is_new: false,
        }
    }
}

/// Chooses the session, and asks for what is missing.
///
/// # Errors
///
/// As for [`choose_session`], or a required answer is missing.
pub fn choose(
    ctx: &Context,
    prompter: &Prompter,
    args: &ConfigureArgs,
    profile: Option<&Profile>,
    view: &ConfigView,
) -> Result<ChosenSession> {
    let options = SessionOptions {
        name: args.session.as_deref(),
        start_url: args.start_url.as_deref(),
        region: args.sso_region.as_deref(),
        keep_session: args.pick,
    };
    match choose_session(&options, profile, view)? {
        SessionChoice::Known(session) => Ok(ChosenSession::existing(session, profile)),
        SessionChoice::OneOf(sessions) => {
            let session = choose_listed(prompter, sessions)?;
            Ok(ChosenSession::existing(session, profile))
        }
        SessionChoice::New { start_url } => define(ctx, prompter, args, start_url, view),
        SessionChoice::NewForInstance { start_url, region } => {
            name_new(prompter, args, &start_url, &region, view)
        }
    }
}

fn choose_listed(prompter: &Prompter, mut sessions: Vec<Session>) -> Result<Session> {
    let rows: Vec<String> = sessions
        .iter()
        .map(|session| {
            format!(
                "{}  {}",
                sanitize(session.label()),
                sanitize(&session.start_url)
            )
        })
        .collect();
    let row = prompter.choose_row("session", &rows, "--session NAME")?;
    if row >= sessions.len() {
        return Err(Error::configuration("no session was chosen"));
    }
    Ok(sessions.swap_remove(row))
}

/// Defines a new session, unless a configured one has the start URL.
fn define(
    ctx: &Context,
    prompter: &Prompter,
    args: &ConfigureArgs,
    start_url: Option<String>,
    view: &ConfigView,
) -> Result<ChosenSession> {
    let check = |url: &str| build_session("x", url, PLACEHOLDER_REGION).map(drop);
    let start_url = match start_url {
        Some(url) => url,
        None => {
            let question = Question {
                text: "start URL",
                default: None,
                option: "--start-url URL",
            };
            prompter.ask_required(&question, check)?
        }
    };
    check(&start_url)?;
    if args.session.is_none()
        && let [session] = find_sessions(&start_url, None, view).as_slice()
    {
        return Ok(ChosenSession::existing(session.clone(), None));
    }
    let region = match &args.sso_region {
        Some(region) => region.clone(),
        None => find_or_ask_region(ctx, prompter, &start_url)?,
    };
    name_new(prompter, args, &start_url, &region, view)
}

/// Finds the region of the instance, or asks for it where the start URL does not lead to it.
fn find_or_ask_region(ctx: &Context, prompter: &Prompter, start_url: &str) -> Result<String> {
    match find_region(ctx, start_url) {
        Ok(Some(region)) => {
            output::eprintln(&format!("sso: the Identity Center instance is in {region}"));
            return Ok(region);
        }
        Ok(None) => {}
        Err(error) => output::eprintln(&format!("warning: {}", error.message())),
    }
    let question = Question {
        text: "region of the Identity Center instance",
        default: None,
        option: "--sso-region REGION",
    };
    prompter.ask_required(&question, check_region)
}

fn name_new(
    prompter: &Prompter,
    args: &ConfigureArgs,
    start_url: &str,
    region: &str,
    view: &ConfigView,
) -> Result<ChosenSession> {
    let is_taken = |name: &str| view.config.session(name).is_some();
    let name = match &args.session {
        Some(name) => name.clone(),
        None => {
            let proposed = suggest_session_name(start_url, is_taken);
            let question = Question {
                text: "name of the session",
                default: Some(&proposed),
                option: "--session NAME",
            };
            let check = |name: &str| match is_taken(name) {
                true => Err(Error::usage(format!(
                    "there is an sso-session \"{}\" already",
                    sanitize(name)
                ))),
                false => check_session_name(name),
            };
            let name = prompter.ask_optional(&question, check)?;
            name.unwrap_or(proposed)
        }
    };
    let mut session = build_session(&name, start_url, region)?;
    session.scopes = args.scopes.as_deref().map(sessions::parse_scopes);
    Ok(ChosenSession::new(session))
}
