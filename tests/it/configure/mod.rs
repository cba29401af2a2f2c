//! `sso configure` beyond its words: on a terminal, on files of every sort, among others that
//! write the same file, and killed in the middle.

mod files;
mod interrupted;
mod terminal;

use std::path::PathBuf;

use crate::fixture::{ACCOUNT, Run, Sandbox};

fn config(sandbox: &Sandbox) -> PathBuf {
    sandbox.home().join(".aws/config")
}

fn copy(sandbox: &Sandbox) -> PathBuf {
    sandbox.home().join(".aws/config.sso.bak")
}

fn held(sandbox: &Sandbox) -> String {
    std::fs::read_to_string(config(sandbox)).unwrap()
}

/// A run that adds a profile, without asking anything.
fn adds<'w>(sandbox: &'w Sandbox, profile: &str) -> Run<'w> {
    sandbox.sso(adding(profile))
}

fn adding(profile: &str) -> [&str; 7] {
    ["configure", profile, "-a", ACCOUNT, "-r", "Added", "--yes"]
}
