//! Environment variables. An empty variable counts as unset.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// Returns a variable, whatever bytes it holds.
pub(super) fn var_os(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

/// Replaces `~` at the start of a path, as the AWS tools do in their settings.
pub(super) fn expand_home(path: &Path, home: &Path) -> PathBuf {
    match path.strip_prefix("~") {
        Ok(rest) => home.join(rest),
        Err(_) => path.to_owned(),
    }
}
