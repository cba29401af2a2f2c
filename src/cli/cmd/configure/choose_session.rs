//! Asks for the session of a profile, where options and configuration leave it open.

use super::dialog::Dialog;
use crate::cli::ui::output;
use crate::domain::profiles::configure::{
    build_session, check_region, check_session_name, find_sessions, suggest_session_name,
};
use crate::domain::profiles::session_choice::{SessionChoice, SessionOptions, choose_session};
use crate::domain::session::definition::Session;
use crate::domain::target::Instance;
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

impl Dialog<'_> {
    /// Chooses the session, and asks for what is missing.
    pub fn choose_session(&self, profile: Option<&Profile>) -> Result<ChosenSession> {
        let options = SessionOptions {
            name: self.args.session.as_deref(),
            start_url: self.args.start_url.as_deref(),
            region: self.args.sso_region.as_deref(),
            keep_session: self.args.pick,
        };
        match choose_session(&options, profile, self.view)? {
            SessionChoice::Known(session) => Ok(ChosenSession::existing(session, profile)),
            SessionChoice::OneOf(sessions) => {
                let session = self.choose_listed(sessions)?;
                Ok(ChosenSession::existing(session, profile))
            }
            SessionChoice::New { start_url } => self.define_session(start_url),
            SessionChoice::NewForInstance { start_url, region } => {
                self.name_session(&start_url, &region)
            }
        }
    }

    fn choose_listed(&self, mut sessions: Vec<Session>) -> Result<Session> {
        let row = |session: &Session| {
            let (label, url) = (sanitize(session.label()), sanitize(&session.start_url));
            format!("{label}  {url}")
        };
        let rows: Vec<String> = sessions.iter().map(row).collect();
        let row = self
            .prompter
            .choose_row("session", &rows, "--session NAME")?;
        Ok(sessions.swap_remove(row))
    }

    /// Defines a new session, unless a configured one has the start URL.
    fn define_session(&self, start_url: Option<String>) -> Result<ChosenSession> {
        let check = |url: &str| build_session("x", url, PLACEHOLDER_REGION).map(drop);
        let start_url = match start_url {
            Some(url) => url,
            None => self
                .prompter
                .ask_required("start URL", "--start-url URL", check)?,
        };
        check(&start_url)?;
        if self.args.session.is_none()
            && let [session] = find_sessions(&start_url, None, self.view).as_slice()
        {
            return Ok(ChosenSession::existing(session.clone(), None));
        }
        let region = match &self.args.sso_region {
            Some(region) => region.clone(),
            None => self.find_or_ask_region(&start_url)?,
        };
        self.name_session(&start_url, &region)
    }

    /// Finds the region of the instance, or asks for it where the start URL does not lead to it.
    fn find_or_ask_region(&self, start_url: &str) -> Result<String> {
        match find_region(self.ctx, start_url) {
            Ok(Some(region)) => {
                output::eprintln(&format!("sso: the Identity Center instance is in {region}"));
                return Ok(region);
            }
            Ok(None) => {}
            Err(error) => output::warn(error.message()),
        }
        let text = "region of the Identity Center instance";
        self.prompter
            .ask_required(text, "--sso-region REGION", check_region)
    }

    /// Names a new session, and asks for the name if none is given.
    fn name_session(&self, start_url: &str, region: &str) -> Result<ChosenSession> {
        let is_taken = |name: &str| self.view.config.session(name).is_some();
        let check = |name: &str| match is_taken(name) {
            true => Err(Error::usage(format!(
                "there is an sso-session \"{}\" already",
                sanitize(name)
            ))),
            false => check_session_name(name),
        };
        let name = self.args.session.clone().unwrap_or_else(|| {
            let proposed = suggest_session_name(start_url, is_taken);
            let name = self
                .prompter
                .ask_optional("name of the session", Some(&proposed), check);
            name.unwrap_or(proposed)
        });
        let mut session = build_session(&name, start_url, region)?;
        session.scopes = self.args.scopes.as_deref().map(sessions::parse_scopes);
        Ok(ChosenSession {
            instance: Instance {
                session,
                settings: None,
            },
            is_new: true,
        })
    }
}
