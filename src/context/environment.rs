//! Environment variables. An empty variable counts as unset.
#![expect(
    clippy::disallowed_methods,
    reason = "the edge where the environment is read"
)]

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::domain::directory::hook::state::HookState;
use crate::domain::role::variables::{HOOK_STATE, PROFILE_VARIABLES};

/// Returns a variable, whatever bytes it holds.
pub(super) fn var_os(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

/// Returns a variable. Bytes that are not UTF-8 become a replacement character that occurs in no
/// name, so that a name with them is an error and not another name.
pub(super) fn var(name: &str) -> Option<String> {
    let value = var_os(name)?;
    Some(value.to_string_lossy().into_owned())
}

/// Returns a variable as the user has set it, without the changes of the shell hook. Otherwise
/// the profile and region of one directory would apply in the next.
pub(super) fn var_without_hook(name: &str) -> Option<String> {
    let value = var(name)?;
    let state = var(HOOK_STATE).and_then(|text| HookState::parse(&text));
    let Some(state) = state.filter(|state| state.is_ours(name, &value)) else {
        return Some(value);
    };
    // A profile that the hook hides does not outrank the directory.
    let is_hidden = PROFILE_VARIABLES.contains(&name);
    let before = state.before(name).filter(|_| !is_hidden);
    before.map(str::to_owned)
}

/// Returns the names of all variables, except those that are not UTF-8.
pub(super) fn names() -> Vec<String> {
    std::env::vars_os()
        .filter_map(|(name, _)| name.into_string().ok())
        .collect()
}

/// Returns the current directory without symbolic links; `None` if it was removed.
pub(super) fn current_dir() -> Option<PathBuf> {
    std::env::current_dir().ok()
}

/// Replaces `~` at the start of a path, as the AWS tools do in their settings.
pub(super) fn expand_home(path: &Path, home: &Path) -> PathBuf {
    match path.strip_prefix("~") {
        Ok(rest) => home.join(rest),
        Err(_) => path.to_owned(),
    }
}
