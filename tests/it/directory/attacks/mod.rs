//! Attacks by somebody who can write files or variables, numbered as the threats in SECURITY.md.
//!
//! Each test fails without the defence that it names.

mod dotfile;
mod shell;
mod trust;
mod worktrees;
mod writing;

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::Shell;
use crate::fixture::{ACCOUNT, ROLE, Sandbox};

/// Creates a sandbox with a valid token and cached credentials of `dev`.
fn warm() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.store_token(3600);
    sandbox.write_role("corp", ACCOUNT, ROLE, 3600);
    sandbox
}

/// Asserts that entering a directory sets no variable; returns the message.
#[track_caller]
fn assert_loads_nothing(sandbox: &Sandbox, directory: &Path) -> String {
    let mut shell = Shell::new(sandbox);
    let message = shell.prompt(directory);
    shell.assert_env(&[]);
    message
}

fn chmod(path: &Path, mode: u32) {
    std::fs::set_permissions(path, PermissionsExt::from_mode(mode)).unwrap();
}
