//! Environment variables. An empty variable counts as unset.
#![expect(
    clippy::disallowed_methods,
    reason = "the edge where the environment is read"
)]

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::domain::directory::hook::state::HookState;
use crate::domain::role::variables::{HOOK_STATE, PROFILE_VARIABLES};

use super::Context;

/// Returns a variable, whatever bytes it holds.
pub(super) fn var_os(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

impl Context {
    /// Returns an environment variable, whatever bytes it holds.
    pub fn var_os(&self, name: &str) -> Option<OsString> {
        var_os(name)
    }

    /// Returns an environment variable. Bytes that are not UTF-8 become a replacement character
    /// that occurs in no name, so that a name with them is an error and not another name.
    pub fn var(&self, name: &str) -> Option<String> {
        let value = var_os(name)?;
        Some(value.to_string_lossy().into_owned())
    }

    /// Returns an environment variable as the user has set it, without the changes of the shell
    /// hook. Otherwise the profile and region of one directory would apply in the next.
    pub fn var_without_hook(&self, name: &str) -> Option<String> {
        let value = self.var(name)?;
        let state = self.var(HOOK_STATE);
        let state = state.and_then(|text| HookState::parse(&text));
        let Some(state) = state.filter(|state| state.is_ours(name, &value)) else {
            return Some(value);
        };
        // A profile that the hook hides does not outrank the directory.
        let is_hidden = PROFILE_VARIABLES.contains(&name);
        let before = state.before(name).filter(|_| !is_hidden);
        before.map(str::to_owned)
    }

    /// Returns the names of all environment variables, except those that are not UTF-8.
    pub fn var_names(&self) -> Vec<String> {
        std::env::vars_os()
            .filter_map(|(name, _)| name.into_string().ok())
            .collect()
    }

    /// Returns the current directory without symbolic links; `None` if it was removed.
    pub fn current_dir(&self) -> Option<&Path> {
        let current_dir = || std::env::current_dir().ok();
        self.current_dir.get_or_init(current_dir).as_deref()
    }
}

/// Replaces `~` at the start of a path, as the AWS tools do in their settings.
pub(super) fn expand_home(path: &Path, home: &Path) -> PathBuf {
    match path.strip_prefix("~") {
        Ok(rest) => home.join(rest),
        Err(_) => path.to_owned(),
    }
}
