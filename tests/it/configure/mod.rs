//! `sso configure` on a terminal, with special files, beside other writers of the file, and
//! killed in the middle. The golden cases cover its output.

mod files;
mod interrupted;
mod terminal;

use std::path::PathBuf;

use crate::fixture::{ACCOUNT, Run, Sandbox};

/// Path of the configuration file.
fn config_path(sandbox: &Sandbox) -> PathBuf {
    sandbox.home().join(".aws/config")
}

/// Path of the backup of the configuration file.
fn backup_path(sandbox: &Sandbox) -> PathBuf {
    sandbox.home().join(".aws/config.sso.bak")
}

/// Reads the configuration file.
fn read_config(sandbox: &Sandbox) -> String {
    std::fs::read_to_string(config_path(sandbox)).unwrap()
}

/// Prepares a run that adds a profile without prompts.
fn add_profile<'w>(sandbox: &'w Sandbox, profile: &str) -> Run<'w> {
    sandbox.sso(add_profile_args(profile))
}

/// Returns the arguments that add a profile without prompts.
fn add_profile_args(profile: &str) -> [&str; 7] {
    ["configure", profile, "-a", ACCOUNT, "-r", "Added", "--yes"]
}
