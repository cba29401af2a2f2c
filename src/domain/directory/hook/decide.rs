//! The decisions of the shell hook at a prompt.
//!
//! The caller collects the facts in the order of these functions and stops at the first
//! [`Outcome`], so that no file is read and no request sent for a later one.

use super::credentials_plan::RenewalFailure;
use super::environment::{Baseline, ExportMode, Exports, ShellVariables, changes};
use super::message::{FAILURE, HookMessage, KEYS_REMOVED, NOT_RENEWED, OTHER_PROFILE};
use super::state::HookState;
use crate::domain::directory::dotfile::Dotfile;
use crate::domain::directory::trust::{TrustState, digest};
use crate::domain::names::is_plain_name;
use crate::domain::net::failure::FailureKind;
use crate::domain::role::credentials::RoleCredentials;
use crate::domain::role::environment_variables::{Change, HOOK_STATE, region_values, values};
use crate::domain::secret::Secret;
use crate::domain::target::Target;
use crate::domain::target::profile::Profile;
use crate::domain::time::Timestamp;
use crate::domain::vars::Vars;

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

    /// Nothing is exported before the next prompt.
    pub fn nothing_cached() -> Outcome {
        Outcome::nothing(Report::Unchanged)
    }

    /// Credentials are exported.
    pub fn credentials(target: &Target, credentials: &RoleCredentials) -> Outcome {
        let role = target.label();
        let report = Report::Message(HookMessage::Loaded { role });
        let set = values(target, credentials);
        Outcome::new(report, set, ExportMode::Credentials)
    }

    /// Credentials that end soon are exported. `last` is the state of the last prompt for the same
    /// file.
    pub fn expiring(
        target: &Target,
        credentials: &RoleCredentials,
        failure: Option<RenewalFailure>,
        last: Option<&HookState>,
        now: Timestamp,
    ) -> Outcome {
        let mut outcome = Outcome::credentials(target, credentials);
        if last.is_some_and(|state| state.message.starts_with(NOT_RENEWED)) {
            outcome.report = Report::Unchanged;
        } else if let Some(failure) = failure {
            outcome.report = Report::Message(HookMessage::NotRenewed {
                name: target.name(),
                seconds_left: credentials.expiration.left(now),
                failure,
            });
        }
        outcome
    }

    /// The profile's name is exported.
    pub fn profile(name: &str, target: &Target) -> Outcome {
        let role = target.label();
        let report = Report::Message(HookMessage::ProfileExported { role });
        let mut set = vec![("AWS_PROFILE", Secret::new(name))];
        set.extend(region_values(target));
        Outcome::new(report, set, ExportMode::Profile)
    }

    /// The credentials are on their way, unless the renewal failed. `last` is the state of the last
    /// prompt for the same file.
    pub fn renewing(
        target: &Target,
        failure: Option<FailureKind>,
        last: Option<&HookState>,
    ) -> Outcome {
        // A failure was reported; the renewal after it changes nothing yet.
        if last.is_some_and(|state| state.message.starts_with(FAILURE)) {
            return Outcome::nothing(Report::Unchanged);
        }
        let role = target.label();
        let reason = failure.map(|kind| kind.description().to_owned());
        match reason {
            Some(reason) => HookMessage::NotFetched { role, reason }.into(),
            None => HookMessage::Renewing { role }.into(),
        }
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
/// `last` is the state of the last prompt, if the same file decided.
pub fn check_shell(
    baseline: &Baseline,
    variables: &ShellVariables,
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
    let is_fixed = |name: &&str| variables.is_fixed(name);
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

/// The shell at a prompt.
#[derive(Clone, Copy)]
pub struct ShellFacts<'a> {
    /// Text of [`HOOK_STATE`].
    pub text: Option<&'a str>,
    /// The state of the last prompt, which is that text.
    pub last: Option<&'a HookState>,
    pub baseline: &'a Baseline,
    pub env: Vars<'a>,
    pub variables: &'a ShellVariables,
    /// Nothing is shown now; the next prompt shows it.
    pub is_silent: bool,
}

/// Instructions to the shell at a prompt, in the order in which it follows them.
#[derive(Debug, Default)]
pub struct Prompt {
    /// Variables whose values, which are not exported, the shell stores.
    pub saved: Vec<&'static str>,
    pub changes: Vec<Change>,
    /// Variables that get their stored values back.
    pub restored: Vec<&'static str>,
    pub message: Option<HookMessage>,
}

/// Leaves: no file decides here.
pub fn leave(shell: ShellFacts) -> Prompt {
    let ShellFacts {
        baseline,
        env,
        last,
        ..
    } = shell;
    let nothing = Exports::default();
    let steps = changes(baseline, &nothing, false, env, &mut HookState::default());
    let stays = shell.variables.fixed_of(&steps.undo);
    let mut changes = steps.undo;
    changes.extend(shell.text.map(|_| Change::Remove(HOOK_STATE.to_owned())));
    changes.retain(|change| !shell.variables.is_fixed(change.name()));
    // A message about a state that cannot be removed would be repeated.
    let is_silent = shell.is_silent || shell.variables.is_fixed(HOOK_STATE);
    let was_loaded = last.is_some_and(HookState::is_loaded) && !is_silent;
    Prompt {
        changes,
        restored: last.map(|last| last.local.clone()).unwrap_or_default(),
        message: was_loaded.then_some(HookMessage::Unloaded { stays }),
        ..Prompt::default()
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

/// Applies an outcome.
pub fn apply(outcome: Outcome, file: DecidingFile, shell: ShellFacts) -> Prompt {
    let ShellFacts {
        baseline,
        env,
        last,
        variables,
        ..
    } = shell;
    let same = file.same_path(last);
    let was_local = last.map_or(&[][..], |last| last.local.as_slice());
    let message = match &outcome.report {
        Report::Message(message) if !shell.is_silent => {
            let digest = digest(file.path, format!("{message:?}").as_bytes());
            format!("{}{}", message.kind(), &digest[..12])
        }
        Report::Silent if !shell.is_silent => SILENT.to_owned(),
        _ => same.map(|state| state.message.clone()).unwrap_or_default(),
    };
    // Without its digest, the file is new to the next prompt.
    let digest = match shell.is_silent {
        true => same.map_or("", |state| &state.digest),
        false => file.digest,
    };
    let mut next = HookState {
        file: file.path.to_owned(),
        digest: digest.to_owned(),
        message,
        renewed_at: outcome.renewed_at,
        ..HookState::default()
    };
    let steps = changes(baseline, &outcome.exports, same.is_some(), env, &mut next);
    if let Some(variable) = variables.fixed_of(&steps.redo) {
        return apply(HookMessage::ReadOnly { variable }.into(), file, shell);
    }
    // Those that the shell had without exporting them, at this prompt or before the last one.
    let is_local = |name: &&'static str| {
        was_local.contains(name) && !baseline.is_changed(name) || variables.has_local(name)
    };
    let set = next.set.iter().map(|(name, _)| *name);
    next.local = set.filter(is_local).collect();
    let was_shown = same.is_some_and(|state| state.message == next.message);
    let was_loaded = last.is_some_and(HookState::is_loaded);
    let stays = variables.fixed_of(&steps.undo);
    let message = match outcome.report {
        _ if was_shown || shell.is_silent => None,
        Report::Message(message) => Some(message),
        Report::Silent => was_loaded.then_some(HookMessage::Unloaded { stays }),
        Report::Unchanged => None,
    };
    let difference = |names: &[&'static str], others: &[&str]| {
        let names = names.iter().copied();
        names.filter(|name| !others.contains(name)).collect()
    };
    let (saved, restored) = (
        difference(&next.local, was_local),
        difference(was_local, &next.local),
    );
    let mut changes = steps.undo;
    changes.retain(|change| !variables.is_fixed(change.name()));
    // The state comes before the values that it records: an interrupted shell can unload them.
    let next = next.to_text();
    if shell.text != Some(next.as_str()) {
        changes.push(Change::Set(HOOK_STATE, Secret::new(next)));
    }
    changes.extend(steps.redo);
    Prompt {
        saved,
        changes,
        restored,
        message,
    }
}

#[cfg(test)]
mod tests;
