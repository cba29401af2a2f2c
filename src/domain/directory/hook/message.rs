//! Messages of the shell hook.

use super::credentials_plan::RenewalFailure;
use crate::error::SessionSelector;

/// Message of the hook at a prompt. Names and paths are fit for a terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HookMessage {
    /// The role's credentials are loaded.
    Loaded { role: String },
    /// `AWS_PROFILE` names the role.
    ProfileExported { role: String },
    /// The shell is as it was before, apart from a read-only variable.
    Unloaded { stays: Option<&'static str> },
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
    /// The loaded credentials end soon, and their renewal failed.
    NotRenewed {
        name: String,
        seconds_left: i64,
        failure: RenewalFailure,
    },
    /// The role matches `SSO_PROTECT`.
    Protected {
        role: String,
        reason: String,
        /// Session whose accounts have no known names, if that is the reason.
        names_of: Option<Box<SessionSelector>>,
    },
    /// The shell has signing keys of its own.
    ForeignKeys { variable: &'static str },
    /// A variable that would have to change is read-only.
    ReadOnly { variable: &'static str },
    /// The user has removed loaded credentials from the shell.
    KeysRemoved,
    /// The user has chosen a profile in this shell.
    OtherProfile { variable: &'static str },
}

impl HookMessage {
    /// Letter under which the state records the message.
    pub(super) fn kind(&self) -> char {
        match self {
            HookMessage::Loaded { .. }
            | HookMessage::ProfileExported { .. }
            | HookMessage::Unloaded { .. } => 'l',
            HookMessage::Renewing { .. } => 'w',
            HookMessage::FileIgnored { .. }
            | HookMessage::Failed { .. }
            | HookMessage::NotFetched { .. } => FAILURE,
            HookMessage::FileChanged { .. } | HookMessage::FileUntrusted { .. } => 'u',
            HookMessage::SessionExpired { .. } => 'x',
            HookMessage::NotRenewed { .. } => NOT_RENEWED,
            HookMessage::Protected { .. } => 'c',
            HookMessage::ForeignKeys { .. } | HookMessage::ReadOnly { .. } => 'k',
            HookMessage::KeysRemoved => KEYS_REMOVED,
            HookMessage::OtherProfile { .. } => OTHER_PROFILE,
        }
    }

    /// Returns `true` if the user has something to do, so that `SSO_HOOK_QUIET=errors` shows
    /// it.
    pub fn is_problem(&self) -> bool {
        !matches!(self.kind(), 'l' | 'w')
    }
}

pub(super) const FAILURE: char = 'e';
pub(super) const NOT_RENEWED: char = 'n';
pub(super) const KEYS_REMOVED: char = 'r';
pub(super) const OTHER_PROFILE: char = 'p';
