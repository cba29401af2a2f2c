//! Migrates legacy profiles, which have their own start URL and region, to sso-sessions. Only the
//! tokens of an sso-session can be refreshed.

use super::configure::{
    SESSION_KEYS, find_sessions, profile_not_found, session_edit, suggest_session_name,
};
use crate::domain::config::{SectionEdit, SectionKind};
use crate::domain::session::definition::{Session, same_start_url};
use crate::domain::target::config_view::ConfigView;
use crate::domain::target::profile::{Profile, ProfileKind};
use crate::domain::target::sessions;
use crate::domain::text::sanitize;
use crate::error::{Error, Hint, Result};

/// A planned migration.
#[derive(Clone, Debug, Default)]
pub struct Migration {
    pub edits: Vec<SectionEdit>,
    /// Names of the migrated profiles, each with the name of its session.
    pub profiles: Vec<(String, String)>,
    pub sessions: Vec<Session>,
    /// Messages about the profiles that are not migrated, with the reasons.
    pub skipped: Vec<String>,
}

/// Plans the migration of the named profiles, or of all legacy profiles. New sessions get the
/// given name, or one suggested by their start URL. Fails if a named profile does not exist or cannot
/// be migrated, or if the given session name belongs to another start URL or region.
pub fn plan_migration(
    names: &[String],
    session_name: Option<&str>,
    view: &ConfigView,
) -> Result<Migration> {
    let mut plan = Migration::default();
    if names.is_empty() {
        for profile in Profile::all(view).iter().filter(|it| is_legacy(it)) {
            let skipped = plan.add(profile, session_name, view)?;
            plan.skipped.extend(skipped);
        }
        return Ok(plan);
    }
    for name in names {
        let profile = Profile::find(name, view).ok_or_else(|| profile_not_found(name))?;
        if !is_legacy(&profile) {
            let name = sanitize(name);
            let why = match profile.value("sso_session") {
                Some(session) => format!("it is in the sso-session \"{}\"", sanitize(session)),
                None => "it has no sso_start_url".to_owned(),
            };
            plan.skipped
                .push(format!("profile \"{name}\" stays as it is: {why}"));
        } else if let Some(why) = plan.add(&profile, session_name, view)? {
            return Err(Error::configuration(why));
        }
    }
    Ok(plan)
}

fn is_legacy(profile: &Profile) -> bool {
    profile.value("sso_session").is_none() && profile.value("sso_start_url").is_some()
}

impl Migration {
    /// Adds a profile, or returns the message that it is not migrated.
    fn add(
        &mut self,
        profile: &Profile,
        session_name: Option<&str>,
        view: &ConfigView,
    ) -> Result<Option<String>> {
        let skip = |why: &str| {
            let (name, line) = (profile.display_name(), profile.location_of("sso_start_url"));
            Some(format!("profile \"{name}\" stays as it is: {why} ({line})"))
        };
        if let Err(error) = profile.check_syntax() {
            return Ok(Some(format!("{}; it stays as it is", error.message())));
        }
        let (ProfileKind::SsoRole | ProfileKind::SessionOnly) = profile.kind() else {
            return Ok(skip("something else gives it its credentials"));
        };
        let in_config = |key| view.config.profile(profile.name)?.value(key);
        if in_config("sso_start_url") != profile.value("sso_start_url") {
            return Ok(skip("its sso_start_url is in the credentials file"));
        }
        let legacy = match sessions::of_profile(profile, view) {
            Ok(Some(session)) => session,
            Ok(None) => return Ok(skip("it has no session")),
            Err(error) => return Ok(Some(format!("{}; it stays as it is", error.message()))),
        };
        let name = self.session_for(&legacy, session_name, view)?;
        let kind = SectionKind::Profile;
        let mut removed = SESSION_KEYS.to_vec();
        // aws-sso-util writes this helper and cannot run it without the removed keys.
        let process = profile.value("credential_process").unwrap_or_default();
        if process.contains("aws-sso-util") {
            removed.push("credential_process");
        }
        let unset = SectionEdit::unset(kind, profile.name, removed);
        let set = SectionEdit::set(kind, profile.name, [("sso_session", name.as_str())]);
        self.edits.extend([unset, set]);
        self.profiles.push((profile.name.to_owned(), name));
        Ok(None)
    }

    /// Returns the name of the session with this start URL and region: a configured one, one
    /// planned for an earlier profile, or a new one.
    fn session_for(
        &mut self,
        legacy: &Session,
        session_name: Option<&str>,
        view: &ConfigView,
    ) -> Result<String> {
        let is_same = |known: &&Session| {
            same_start_url(&known.start_url, &legacy.start_url) && known.region == legacy.region
        };
        let configured = find_sessions(&legacy.start_url, Some(&legacy.region), view);
        let mut configured = configured.iter();
        let known = configured.find(|it| session_name.is_none_or(|name| it.label() == name));
        if let Some(known) = known.or_else(|| self.sessions.iter().find(is_same)) {
            return Ok(known.label().to_owned());
        }
        let is_taken = |name: &str| {
            let mut planned = self.sessions.iter();
            planned.any(|planned| planned.label() == name) || view.config.session(name).is_some()
        };
        let name = match session_name {
            Some(name) if is_taken(name) => {
                return Err(Error::usage(format!(
                    "the sso-session \"{}\" has another start URL or region",
                    sanitize(name)
                ))
                .hint(Hint::RenameSession));
            }
            Some(name) => name.to_owned(),
            None => suggest_session_name(&legacy.start_url, is_taken),
        };
        let new = Session::new(Some(&name), &legacy.start_url, &legacy.region);
        self.edits.push(session_edit(&new));
        self.sessions.push(new);
        Ok(name)
    }
}
