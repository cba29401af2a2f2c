//! The session of a profile: one that is configured, or a new one.

use crate::cli::args::ConfigureArgs;
use crate::cli::ui::output;
use crate::cli::ui::questions::{Asker, Question};
use crate::domain::profiles::configure::{
    build_session, check_region, check_session_name, find_sessions, suggest_session_name,
};
use crate::domain::session::definition::{Session, same_start_url};
use crate::domain::target::config_view::ConfigView;
use crate::domain::target::instance::Instance;
use crate::domain::target::profile::Profile;
use crate::domain::target::sessions;
use crate::domain::text::sanitize;
use crate::error::{Error, Result};
use crate::flow::login::start_url;

/// A session, and whether it is yet to be written.
#[derive(Debug)]
pub struct Chosen {
    pub instance: Instance,
    pub is_new: bool,
}

/// Where a region is found out, the question goes to no region's service.
const NOWHERE: &str = "us-east-1";

pub fn choose(
    asker: &Asker,
    args: &ConfigureArgs,
    there: Option<&Profile>,
    view: &ConfigView,
) -> Result<Chosen> {
    let profile = there.map(|profile| profile.name.to_owned());
    let known = |session| Chosen {
        instance: Instance {
            session,
            settings: profile.clone(),
        },
        is_new: false,
    };
    if let Some(name) = &args.session {
        if view.config.session(name).is_some() {
            let session = sessions::named(name, view)?;
            agree(&session, args, view)?;
            return Ok(known(session));
        }
        check_session_name(name)?;
        return make(asker, args, args.start_url.clone(), view);
    }
    if let Some(url) = &args.start_url {
        return match find_sessions(url, args.sso_region.as_deref(), view).as_slice() {
            [] => make(asker, args, Some(url.clone()), view),
            [session] => Ok(known(session.clone())),
            several => one_of(asker, several).map(known),
        };
    }
    if let Some(session) = of_profile(there, args.pick, view)? {
        let again = find_sessions(&session.start_url, Some(&session.region), view);
        return match again.first() {
            _ if session.name.is_some() || args.pick => Ok(known(session)),
            Some(named) => Ok(known(named.clone())),
            None => name_it(asker, args, &session.start_url, &session.region, view),
        };
    }
    let mut broken = None;
    let mut all = Vec::new();
    for session in sessions::all(view) {
        match session {
            Ok(session) if session.name.is_some() => all.push(session),
            Ok(_) => {}
            Err(error) => broken = broken.or(Some(error)),
        }
    }
    match (all.as_slice(), broken) {
        // One more for the same instance would not mend it.
        ([], Some(error)) => Err(error),
        ([], None) => make(asker, args, None, view),
        ([session], _) => Ok(known(session.clone())),
        (several, _) => one_of(asker, several).map(known),
    }
}

/// The session that a profile is in already.
fn of_profile(there: Option<&Profile>, needed: bool, view: &ConfigView) -> Result<Option<Session>> {
    let Some(profile) = there else {
        return Ok(None);
    };
    match profile.session(view) {
        Ok(None) if needed => Err(profile.missing("sso_session")),
        Err(error) if needed => Err(error),
        Ok(session) => Ok(session),
        // It is about to be put right.
        Err(_) => Ok(None),
    }
}

/// What is given must not say something else than the session that is there.
fn agree(session: &Session, args: &ConfigureArgs, view: &ConfigView) -> Result<()> {
    let url = args.start_url.as_deref().unwrap_or(&session.start_url);
    let region = args.sso_region.as_deref().unwrap_or(&session.region);
    if same_start_url(url, &session.start_url) && region == session.region {
        return Ok(());
    }
    let line = view
        .config
        .session(session.label())
        .map_or(1, |own| own.line);
    let name = sanitize(session.label());
    Err(Error::usage(format!(
        "the sso-session \"{name}\" is there with another start URL or region ({}:{line})",
        view.config_path
    ))
    .hint("give the new one another name"))
}

fn one_of(asker: &Asker, several: &[Session]) -> Result<Session> {
    let rows: Vec<String> = several
        .iter()
        .map(|session| {
            format!(
                "{}  {}",
                sanitize(session.label()),
                sanitize(&session.start_url)
            )
        })
        .collect();
    let at = asker.row("session", &rows, "--session NAME")?;
    several
        .get(at)
        .cloned()
        .ok_or_else(|| Error::configuration("no session was chosen"))
}

/// A new session.
fn make(
    asker: &Asker,
    args: &ConfigureArgs,
    url: Option<String>,
    view: &ConfigView,
) -> Result<Chosen> {
    let url = match url {
        Some(url) => url,
        None => {
            let question = Question {
                text: "start URL",
                default: None,
                option: "--start-url URL",
            };
            asker.line(&question, |url| build_session("x", url, NOWHERE).map(drop))?
        }
    };
    build_session("x", &url, NOWHERE)?;
    if let ([session], None) = (find_sessions(&url, None, view).as_slice(), &args.session) {
        return Ok(Chosen {
            instance: Instance {
                session: session.clone(),
                settings: None,
            },
            is_new: false,
        });
    }
    let region = match &args.sso_region {
        Some(region) => region.clone(),
        None => region_of(asker, &url)?,
    };
    name_it(asker, args, &url, &region, view)
}

/// The region of the instance: its portal's host may say it, otherwise a person must.
fn region_of(asker: &Asker, url: &str) -> Result<String> {
    let session = Session::new(None, url, NOWHERE);
    let found = start_url::portal(asker.context(), &session);
    match found {
        Ok(Some(portal)) => {
            if let Some(region) = portal.region {
                output::eprintln(&format!("sso: the Identity Center instance is in {region}"));
                return Ok(region);
            }
        }
        Ok(None) => {}
        Err(error) => output::eprintln(&format!("warning: {}", error.message())),
    }
    let question = Question {
        text: "region of the Identity Center instance",
        default: None,
        option: "--sso-region REGION",
    };
    asker.line(&question, check_region)
}

fn name_it(
    asker: &Asker,
    args: &ConfigureArgs,
    url: &str,
    region: &str,
    view: &ConfigView,
) -> Result<Chosen> {
    let taken = |name: &str| view.config.session(name).is_some();
    let name = match &args.session {
        Some(name) => name.clone(),
        None => {
            let proposed = suggest_session_name(url, taken);
            let question = Question {
                text: "name of the session",
                default: Some(&proposed),
                option: "--session NAME",
            };
            let check = |name: &str| match taken(name) {
                true => Err(Error::usage(format!(
                    "there is an sso-session \"{}\" already",
                    sanitize(name)
                ))),
                false => check_session_name(name),
            };
            let name = asker.optional(&question, check)?;
            name.unwrap_or(proposed)
        }
    };
    let mut session = build_session(&name, url, region)?;
    session.scopes = args.scopes.as_deref().map(sessions::scopes);
    Ok(Chosen {
        instance: Instance {
            session,
            settings: None,
        },
        is_new: true,
    })
}
