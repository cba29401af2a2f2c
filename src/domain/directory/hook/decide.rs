//! The decisions of the shell hook at a prompt.
//!
//! The caller collects the facts in the order of these functions and stops at the first
//! [`Outcome`], so that no file is read and no request sent for a later one.

use super::environment::{Baseline, ExportMode, Exports, changes};
use super::state::HookState;
use crate::domain::directory::dotfile::Dotfile;
use crate::domain::directory::trust::{TrustState, digest};
use crate::domain::names::is_plain_name;
use crate::domain::role::credentials::RoleCredentials;
use crate::domain::role::environment_variables::{Change, HOOK_STATE, region_values, values};
use crate::domain::secret::Secret;
use crate::domain::session::state::SessionState;
use crate::domain::target::Target;
use crate::domain::target::profile::Profile;
use crate::domain::time::Timestamp;
use crate::domain::vars::Vars;
use crate::error::SessionSelector;

/// Seconds after the start of a background renewal before another one is started.
const RENEWAL_BACKOFF: i64 = 60;

/// Message of the hook at a prompt. Names and paths are fit for a terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HookMessage {
    /// The role's credentials are loaded.
    Loaded { role: String },
    /// `AWS_PROFILE` names the role.
    ProfileExported { role: String },
    /// The shell is as it was before.
    Unloaded,
    /// A background renewal of the role's credentials runs.
    Renewing { role: String },
    /// The `.aws-sso` file cannot be used.
    FileIgnored { file: String, reason: String },
    /// The `.aws-sso` file has changed since it was allowed.
    FileChanged { file: String },
    /// The `.aws-sso` file was never allowed.
    FileUntrusted { file: String },
    /// The file's role cannot be resolved or exported.
    Failed { reason: String },
    /// The role's credentials could not be fetched.
    NotFetched { role: String, reason: String },
    SessionExpired {
        session: String,
        selector: Box<SessionSelector>,
    },
    /// The role matches `SSO_CONFIRM`.
    Protected { role: String },
    /// The shell has signing keys of its own.
    ForeignKeys { variable: &'static str },
    /// The user has removed loaded credentials from the shell.
    KeysRemoved,
    /// The user has chosen a profile in this shell.
    OtherProfile { variable: &'static str },
}

impl HookMessage {
    /// Letter under which the state records the message.
    fn kind(&self) -> char {
        match self {
            HookMessage::Loaded { .. }
            | HookMessage::ProfileExported { .. }
            | HookMessage::Unloaded => 'l',
            HookMessage::Renewing { .. } => 'w',
            HookMessage::FileIgnored { .. }
            | HookMessage::Failed { .. }
            | HookMessage::NotFetched { .. } => FAILURE,
            HookMessage::FileChanged { .. } | HookMessage::FileUntrusted { .. } => 'u',
            HookMessage::SessionExpired { .. } => 'x',
            HookMessage::Protected { .. } => 'c',
            HookMessage::ForeignKeys { .. } => 'k',
            HookMessage::KeysRemoved => KEYS_REMOVED,
            HookMessage::OtherProfile { .. } => OTHER_PROFILE,
        }
    }

    /// Returns `true` if the user has something to do, so that `SSO_HOOK_QUIET=errors` shows it.
    pub fn is_problem(&self) -> bool {
        !matches!(self.kind(), 'l' | 'w')
    }
}

const FAILURE: char = 'e';
const KEYS_REMOVED: char = 'r';
const OTHER_PROFILE: char = 'p';

/// Text that the state records where nothing is shown.
const SILENT: &str = "s";

/// The message part of an outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Report {
    /// The message, unless it was the last one already.
    Message(HookMessage),
    /// Nothing, apart from the unloading of what was loaded.
    Silent,
    /// Nothing: the last message still holds.
    Unchanged,
}

/// Decision at one prompt: what to export and what to show.
#[derive(Clone, Debug)]
pub struct Outcome {
    report: Report,
    exports: Exports,
    /// When a background renewal was last started, in seconds since 1970.
    pub renewed_at: i64,
}

impl Outcome {
    fn new(report: Report, set: Vec<(&'static str, Secret)>, mode: ExportMode) -> Outcome {
        Outcome {
            report,
            exports: Exports { set, mode },
            renewed_at: 0,
        }
    }

    fn nothing(report: Report) -> Outcome {
        Outcome::new(report, Vec::new(), ExportMode::Nothing)
    }

    /// Credentials are exported.
    pub fn credentials(target: &Target, credentials: &RoleCredentials) -> Outcome {
        let role = target.label();
        let report = Report::Message(HookMessage::Loaded { role });
        let set = values(target, credentials);
        Outcome::new(report, set, ExportMode::Credentials)
    }

    /// The profile's name is exported.
    pub fn profile(name: &str, target: &Target) -> Outcome {
        let role = target.label();
        let report = Report::Message(HookMessage::ProfileExported { role });
        let mut set = vec![("AWS_PROFILE", Secret::new(name))];
        set.extend(region_values(target));
        Outcome::new(report, set, ExportMode::Profile)
    }

    /// The credentials are on their way. `last` is the state of the last prompt for the same file.
    pub fn renewing(target: &Target, last: Option<&HookState>) -> Outcome {
        // A fetch that failed was reported; the renewal after it changes nothing yet.
        if last.is_some_and(|state| state.message.starts_with(FAILURE)) {
            return Outcome::nothing(Report::Unchanged);
        }
        let role = target.label();
        HookMessage::Renewing { role }.into()
    }
}

impl From<HookMessage> for Outcome {
    /// Nothing is exported, and the message is shown.
    fn from(message: HookMessage) -> Outcome {
        Outcome::nothing(Report::Message(message))
    }
}

/// Stops at a file that may not be used. `file` is its path for people.
pub fn check_file(
    file: &str,
    is_own: bool,
    content: Result<&Dotfile, &str>,
    trust: TrustState,
) -> Option<Outcome> {
    let file = file.to_owned();
    Some(match (content, trust) {
        // The user did not put it there, and need not hear of it.
        _ if !is_own && trust != TrustState::Trusted => Outcome::nothing(Report::Silent),
        (Err(reason), _) => {
            let reason = reason.to_owned();
            HookMessage::FileIgnored { file, reason }.into()
        }
        (Ok(_), TrustState::Trusted) => return None,
        (Ok(_), TrustState::Changed) => HookMessage::FileChanged { file }.into(),
        (Ok(_), _) => HookMessage::FileUntrusted { file }.into(),
    })
}

/// Stops where the user has set keys or a profile in the shell, or removed loaded keys.
///
/// `last` is the state of the last prompt, if the same file decided. `fixed` are the
/// variables that the shell cannot hide from programs, such as fish's universal ones.
pub fn check_shell(
    baseline: &Baseline,
    fixed: &[String],
    last: Option<&HookState>,
) -> Option<Outcome> {
    let was_shown = |kind: char| last.is_some_and(|state| state.message.starts_with(kind));
    if let Some(variable) = baseline.foreign_key() {
        return Some(HookMessage::ForeignKeys { variable }.into());
    }
    let loaded = last.filter(|state| state.is_loaded());
    if loaded.is_some() && baseline.has_lost_key() || was_shown(KEYS_REMOVED) {
        return Some(HookMessage::KeysRemoved.into());
    }
    let chosen = match loaded {
        Some(state) => baseline.new_profile(state),
        None if was_shown(OTHER_PROFILE) => baseline.any_profile(),
        None => None,
    };
    let is_fixed = |name: &&str| fixed.iter().any(|fixed| fixed == name);
    let variable = chosen.or_else(|| baseline.any_profile().filter(is_fixed))?;
    Some(HookMessage::OtherProfile { variable }.into())
}

/// Returns the profile to export: the one that the file names, or one of the configuration
/// that is the same role.
pub fn profile_to_export<'a>(
    dotfile: &Dotfile,
    target: &Target,
    profiles: impl FnOnce() -> Vec<Profile<'a>>,
) -> Option<String> {
    if let Some(profile) = dotfile.to_request().profile {
        return Some(profile);
    }
    let is_same = |profile: &Profile| {
        is_plain_name(profile.name) && profile.role_id().as_ref() == Some(&target.id)
    };
    let profiles = profiles();
    let found = profiles.iter().find(|profile| is_same(profile));
    found.map(|profile| profile.name.to_owned())
}

/// How the credentials of a role get into the shell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CredentialsPlan {
    /// Loads these, and starts a background renewal if they end soon.
    Load {
        credentials: RoleCredentials,
        renew: bool,
    },
    /// Fetches them while the prompt waits.
    Fetch,
    /// Starts a background renewal; a later prompt loads the result.
    Renew,
    /// Reports that a sign-in is needed.
    SignIn,
}

/// Plans by the cached credentials and, unless these are fresh, the session's state.
///
/// Only the first prompt for a file waits for a fetch.
pub fn plan_credentials(
    cached: Option<RoleCredentials>,
    session: impl FnOnce() -> SessionState,
    is_first_prompt: bool,
    now: Timestamp,
) -> CredentialsPlan {
    let usable = cached.filter(|cached| !cached.expiration.is_past(now));
    if let Some(credentials) = usable {
        let renew = !credentials.is_fresh(now) && session().is_usable();
        return CredentialsPlan::Load { credentials, renew };
    }
    match session() {
        SessionState::Valid if is_first_prompt => CredentialsPlan::Fetch,
        SessionState::Valid | SessionState::Refreshable => CredentialsPlan::Renew,
        SessionState::Expired | SessionState::SignedOut | SessionState::Corrupt => {
            CredentialsPlan::SignIn
        }
    }
}

/// Returns `true` if a background renewal may start, the last one having been started at
/// `renewed_at`, in seconds since 1970.
pub fn is_renewal_due(renewed_at: i64, now: Timestamp) -> bool {
    !(0..RENEWAL_BACKOFF).contains(&(now.0 - renewed_at))
}

/// Instructions to the shell at a prompt.
#[derive(Debug, Default)]
pub struct Prompt {
    pub changes: Vec<Change>,
    pub message: Option<HookMessage>,
}

/// Leaves: no file decides here. `state` is the text of [`HOOK_STATE`].
pub fn leave(
    state: Option<&str>,
    last: Option<&HookState>,
    baseline: &Baseline,
    env: Vars,
) -> Prompt {
    let nothing = Exports::default();
    let mut changes = changes(baseline, &nothing, false, env, &mut HookState::default());
    changes.extend(state.map(|_| Change::Remove(HOOK_STATE.to_owned())));
    let was_loaded = last.is_some_and(HookState::is_loaded);
    Prompt {
        changes,
        message: was_loaded.then_some(HookMessage::Unloaded),
    }
}

/// The file that decides at a prompt.
#[derive(Clone, Copy, Debug)]
pub struct DecidingFile<'a> {
    /// Its canonical path.
    pub path: &'a str,
    /// First digits of the digest of its path and bytes.
    pub digest: &'a str,
}

impl DecidingFile<'_> {
    /// Returns the last state, if this file decided then, whatever its bytes were.
    pub fn same_path(self, last: Option<&HookState>) -> Option<&HookState> {
        last.filter(|state| state.file == self.path)
    }

    /// Returns the last state, if this file with these bytes decided then.
    pub fn same_bytes(self, last: Option<&HookState>) -> Option<&HookState> {
        let same = self.same_path(last);
        same.filter(|state| state.digest == self.digest)
    }
}

/// Applies an outcome. `state` is the text of [`HOOK_STATE`].
pub fn apply(
    outcome: Outcome,
    file: DecidingFile,
    state: Option<&str>,
    last: Option<&HookState>,
    baseline: &Baseline,
    env: Vars,
) -> Prompt {
    let same = file.same_path(last);
    let message = match &outcome.report {
        Report::Silent => SILENT.to_owned(),
        Report::Unchanged => same.map(|state| state.message.clone()).unwrap_or_default(),
        Report::Message(message) => {
            let digest = digest(file.path, format!("{message:?}").as_bytes());
            format!("{}{}", message.kind(), &digest[..12])
        }
    };
    let mut next = HookState {
        file: file.path.to_owned(),
        digest: file.digest.to_owned(),
        message,
        renewed_at: outcome.renewed_at,
        ..HookState::default()
    };
    let mut changes = changes(baseline, &outcome.exports, same.is_some(), env, &mut next);
    let was_shown = same.is_some_and(|state| state.message == next.message);
    let was_loaded = last.is_some_and(HookState::is_loaded);
    let message = match outcome.report {
        _ if was_shown => None,
        Report::Message(message) => Some(message),
        Report::Silent => was_loaded.then_some(HookMessage::Unloaded),
        Report::Unchanged => None,
    };
    let next = next.to_text();
    if state != Some(next.as_str()) {
        changes.push(Change::Set(HOOK_STATE, Secret::new(next)));
    }
    Prompt { changes, message }
}

#[cfg(test)]
mod tests;
