//! Legacy profiles, with start URL and region of their own, moved to sso-sessions: only those
//! can be refreshed.

use super::configure::{OF_THE_SESSION, no_profile, session, session_name, sessions_with};
use crate::domain::config::{SectionEdit, SectionKind};
use crate::domain::session::definition::{Session, same_start_url};
use crate::domain::target::config_view::ConfigView;
use crate::domain::target::profile::{Kind as Source, Profile};
use crate::domain::text::sanitize;
use crate::error::{Error, Hint, Result};

/// What is to be done.
#[derive(Clone, Debug, Default)]
pub struct Migration {
    /// In the file.
    pub edits: Vec<SectionEdit<'static>>,
    /// The profiles, with the session that each gets.
    pub profiles: Vec<(String, String)>,
    /// The sessions that are made.
    pub sessions: Vec<Session>,
    /// Profiles that stay as they are, and why.
    pub left: Vec<String>,
}

/// The move of the profiles named, or of all. New sessions get the name given, or one that
/// their start URL suggests.
pub fn migration(
    names: &[String],
    session_called: Option<&str>,
    view: &ConfigView,
) -> Result<Migration> {
    let mut plan = Migration::default();
    if names.is_empty() {
        for profile in Profile::all(view) {
            if is_legacy(&profile) {
                let left = plan.add(&profile, session_called, view)?;
                plan.left.extend(left);
            }
        }
        return Ok(plan);
    }
    for name in names {
        let profile = Profile::find(name, view).ok_or_else(|| no_profile(name))?;
        if !is_legacy(&profile) {
            let name = sanitize(name);
            let why = match profile.value("sso_session") {
                Some(session) => format!("it is in the sso-session \"{}\"", sanitize(session)),
                None => "it has no sso_start_url".to_owned(),
            };
            plan.left
                .push(format!("profile \"{name}\" stays as it is: {why}"));
        } else if let Some(why) = plan.add(&profile, session_called, view)? {
            return Err(Error::configuration(why));
        }
    }
    Ok(plan)
}

fn is_legacy(profile: &Profile) -> bool {
    profile.value("sso_session").is_none() && profile.value("sso_start_url").is_some()
}

impl Migration {
    /// Adds a profile, or says why it stays as it is.
    fn add(
        &mut self,
        profile: &Profile,
        called: Option<&str>,
        view: &ConfigView,
    ) -> Result<Option<String>> {
        let stays = |why: &str| {
            let (name, place) = (profile.shown_name(), profile.place_of("sso_start_url"));
            Some(format!(
                "profile \"{name}\" stays as it is: {why} ({place})"
            ))
        };
        if let Err(error) = profile.check_syntax() {
            return Ok(Some(format!("{}; it stays as it is", error.message())));
        }
        if !matches!(profile.kind(), Source::SsoRole | Source::SessionOnly) {
            return Ok(stays("something else gives it its credentials"));
        }
        let in_config = |key| view.config.profile(profile.name)?.value(key);
        if in_config("sso_start_url") != profile.value("sso_start_url") {
            return Ok(stays("its sso_start_url is in the credentials file"));
        }
        let legacy = match profile.session(view) {
            Ok(Some(session)) => session,
            Ok(None) => return Ok(stays("it has no session")),
            Err(error) => {
                return Ok(Some(format!("{}; it stays as it is", error.message())));
            }
        };
        let name = self.session_for(&legacy, called, view)?;
        let of = || profile.name.to_owned();
        self.edits.push(SectionEdit::unset(
            SectionKind::Profile,
            of(),
            OF_THE_SESSION,
        ));
        // What aws-sso-util writes beside the keys, and cannot read without them.
        let process = profile.value("credential_process").unwrap_or_default();
        if process.contains("aws-sso-util") {
            let key = ["credential_process"];
            self.edits
                .push(SectionEdit::unset(SectionKind::Profile, of(), key));
        }
        let key = [("sso_session", name.clone())];
        self.edits
            .push(SectionEdit::set(SectionKind::Profile, of(), key));
        self.profiles.push((profile.name.to_owned(), name));
        Ok(None)
    }

    /// The name of the session with this start URL and region: one that is there, one that
    /// is made for an earlier profile, or a new one.
    fn session_for(
        &mut self,
        legacy: &Session,
        called: Option<&str>,
        view: &ConfigView,
    ) -> Result<String> {
        let fits = |known: &&Session| {
            same_start_url(&known.start_url, &legacy.start_url) && known.region == legacy.region
        };
        let there = sessions_with(&legacy.start_url, Some(&legacy.region), view);
        let by_name = there.iter().find(|known| known.name.as_deref() == called);
        if let Some(known) = by_name.or(there.first().filter(|_| called.is_none())) {
            return Ok(known.label().to_owned());
        }
        if let Some(made) = self.sessions.iter().find(fits) {
            return Ok(made.label().to_owned());
        }
        let taken = |name: &str| {
            let made = self.sessions.iter().any(|made| made.label() == name);
            made || view.config.session(name).is_some()
        };
        let name = match called {
            Some(name) if taken(name) => {
                return Err(Error::usage(format!(
                    "the sso-session \"{}\" has another start URL or region",
                    sanitize(name)
                ))
                .hint(Hint::RenameSession));
            }
            Some(name) => name.to_owned(),
            None => session_name(&legacy.start_url, taken),
        };
        let made = Session::new(Some(&name), &legacy.start_url, &legacy.region);
        self.edits.push(session(&made).into_owned());
        self.sessions.push(made);
        Ok(name)
    }
}
