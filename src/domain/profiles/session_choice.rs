//! Selects the session that `sso configure` uses for a profile.

use super::configure::{check_session_name, find_sessions};
use crate::domain::session::definition::{Session, same_start_url};
use crate::domain::target::config_view::ConfigView;
use crate::domain::target::profile::Profile;
use crate::domain::target::sessions;
use crate::domain::text::sanitize;
use crate::error::{Error, Result};

/// Options that restrict the choice.
#[derive(Clone, Copy, Debug, Default)]
pub struct SessionOptions<'a> {
    /// Name of a configured or new session.
    pub name: Option<&'a str>,
    pub start_url: Option<&'a str>,
    /// Region of the instance.
    pub region: Option<&'a str>,
    /// Whether only the session of the profile will do.
    pub keep_session: bool,
}

/// The selected session, or the question that is left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SessionChoice {
    /// This session, as it is configured.
    Known(Session),
    /// One of these sessions.
    OneOf(Vec<Session>),
    /// A new session with this start URL; without one, the user must give it.
    New { start_url: Option<String> },
    /// A new session for the instance of a legacy profile.
    NewForInstance { start_url: String, region: String },
}

/// Selects the session: by the options, then that of the profile, then those of the configuration.
/// Fails if the options contradict the configuration, or the only session is invalid.
pub fn choose_session(
    options: &SessionOptions,
    profile: Option<&Profile>,
    view: &ConfigView,
) -> Result<SessionChoice> {
    let start_url = options.start_url.map(str::to_owned);
    if let Some(name) = options.name {
        if view.config.session(name).is_some() {
            let session = sessions::by_name(name, view)?;
            check_agreement(&session, options, view)?;
            return Ok(SessionChoice::Known(session));
        }
        check_session_name(name)?;
        return Ok(SessionChoice::New { start_url });
    }
    if let Some(url) = options.start_url {
        let known = find_sessions(url, options.region, view);
        return Ok(one_of(known).unwrap_or(SessionChoice::New { start_url }));
    }
    if let Some(session) = session_of(profile, options.keep_session, view)? {
        if session.name.is_some() || options.keep_session {
            return Ok(SessionChoice::Known(session));
        }
        let named = find_sessions(&session.start_url, Some(&session.region), view);
        return Ok(match named.into_iter().next() {
            Some(named) => SessionChoice::Known(named),
            None => SessionChoice::NewForInstance {
                start_url: session.start_url,
                region: session.region,
            },
        });
    }
    let mut first_error = None;
    let mut named = Vec::new();
    for session in sessions::all(view) {
        match session {
            Ok(session) if session.name.is_some() => named.push(session),
            Ok(_) => {}
            Err(error) => first_error = first_error.or(Some(error)),
        }
    }
    match (one_of(named), first_error) {
        (Some(choice), _) => Ok(choice),
        // A second session for the same instance would not repair the invalid one.
        (None, Some(error)) => Err(error),
        (None, None) => Ok(SessionChoice::New { start_url: None }),
    }
}

fn one_of(mut sessions: Vec<Session>) -> Option<SessionChoice> {
    match sessions.len() {
        0 | 1 => sessions.pop().map(SessionChoice::Known),
        _ => Some(SessionChoice::OneOf(sessions)),
    }
}

/// Returns the session of a profile. An invalid one is an error only if it is required:
/// otherwise it is about to be replaced.
fn session_of(
    profile: Option<&Profile>,
    is_required: bool,
    view: &ConfigView,
) -> Result<Option<Session>> {
    let Some(profile) = profile else {
        return Ok(None);
    };
    match sessions::of_profile(profile, view) {
        Ok(None) if is_required => Err(profile.missing_key_error("sso_session", view)),
        Err(error) if is_required => Err(error),
        Ok(session) => Ok(session),
        Err(_) => Ok(None),
    }
}

/// Rejects options that give a configured session another start URL or region.
fn check_agreement(session: &Session, options: &SessionOptions, view: &ConfigView) -> Result<()> {
    let url = options.start_url.unwrap_or(&session.start_url);
    let region = options.region.unwrap_or(&session.region);
    if same_start_url(url, &session.start_url) && region == session.region {
        return Ok(());
    }
    let line = view.config.session(session.label()).map_or(1, |it| it.line);
    let name = sanitize(session.label());
    Err(Error::usage(format!(
        "the sso-session \"{name}\" is there with another start URL or region ({}:{line})",
        view.config_path
    ))
    .hint("give the new one another name"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::config::{Dialect, Document, read};
    use crate::domain::target::config_view::ConfigExtent;

    const CORP: &str = "[sso-session corp]
sso_start_url = https://corp.awsapps.com/start
sso_region = eu-west-1
[profile legacy]
sso_start_url = https://old.awsapps.com/start
sso_region = eu-west-1
[profile dev]
sso_session = corp
";
    const TWO: &str = "[sso-session a]
sso_start_url = https://a.awsapps.com/start
sso_region = eu-west-1
[sso-session b]
sso_start_url = https://b.awsapps.com/start
sso_region = eu-west-1
";

    fn choose(text: &str, profile: Option<&str>, options: SessionOptions) -> Result<SessionChoice> {
        let config = read(text.as_bytes(), Dialect::Config);
        let view = ConfigView {
            config: &config,
            credentials: &Document::default(),
            config_path: "~/.aws/config",
            credentials_path: "~/.aws/credentials",
            extent: ConfigExtent::Whole,
        };
        let profile = profile.and_then(|name| Profile::find(name, &view));
        choose_session(&options, profile.as_ref(), &view)
    }

    fn known(choice: Result<SessionChoice>) -> String {
        match choice {
            Ok(SessionChoice::Known(session)) => session.label().to_owned(),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn options_select_before_the_profile_and_the_profile_before_the_only_session() {
        let none = SessionOptions::default();
        assert_eq!(known(choose(CORP, None, none)), "corp");
        assert_eq!(known(choose(CORP, Some("dev"), none)), "corp");
        let url = SessionOptions {
            start_url: Some("https://corp.awsapps.com/start/#"),
            ..none
        };
        assert_eq!(known(choose(CORP, Some("legacy"), url)), "corp");
        let kept = SessionOptions {
            keep_session: true,
            ..none
        };
        let legacy = known(choose(CORP, Some("legacy"), kept));
        assert_eq!(legacy, "https://old.awsapps.com/start");
        assert_eq!(
            choose(CORP, Some("legacy"), none),
            Ok(SessionChoice::NewForInstance {
                start_url: "https://old.awsapps.com/start".to_owned(),
                region: "eu-west-1".to_owned(),
            })
        );
    }

    #[test]
    fn several_sessions_are_left_to_the_user_and_none_means_a_new_one() {
        let none = SessionOptions::default();
        let choice = choose(TWO, None, none);
        assert!(matches!(choice, Ok(SessionChoice::OneOf(sessions)) if sessions.len() == 2));
        let new = SessionChoice::New { start_url: None };
        assert_eq!(choose("", None, none), Ok(new));
        let named = SessionOptions {
            name: Some("a"),
            region: Some("us-east-1"),
            ..none
        };
        assert!(choose(TWO, None, named).is_err());
        let broken = "[sso-session a]\nsso_region = eu-west-1\n";
        assert!(choose(broken, None, none).is_err());
    }
}
