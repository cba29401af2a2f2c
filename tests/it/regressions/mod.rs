//! Regression tests: each failed before its bug was fixed.

mod config_rewrites;
mod config_sources;
mod dashes;
mod endpoints;
mod files;
mod instances;
mod network;
mod promises;
mod sessions;

use emulator::Action;

use crate::fixture::{Outcome, Run, Sandbox, binary};

/// Returns a fault with an error response in the portal's format.
fn portal_error(status: u16, name: &str) -> Action {
    Action::Reply {
        status,
        headers: vec![
            ("Content-Type".to_owned(), "application/json".to_owned()),
            ("x-amzn-ErrorType".to_owned(), name.to_owned()),
        ],
        body: r#"{"message":"no"}"#.to_owned(),
    }
}

/// Returns the hint of an error.
#[track_caller]
fn hint(outcome: &Outcome) -> &str {
    let mut lines = outcome.stderr.lines();
    let hint = lines.find_map(|line| line.strip_prefix("hint: "));
    hint.unwrap_or_else(|| panic!("no hint in {outcome:#?}"))
}

/// Prepares the command of a hint as a user pastes it: a shell parses the text.
#[track_caller]
fn run_hint<'a>(sandbox: &'a Sandbox, outcome: &Outcome) -> Run<'a> {
    let script = format!("sso() {{ \"$0\" \"$@\"; }}\n{}", hint(outcome));
    Run::program(sandbox, "sh")
        .arg("-c")
        .arg(script)
        .arg(binary())
}
