//! What a review found, each as a test that failed before it was mended.

mod files;
mod network;
mod sessions;

use emulator::Action;

use crate::fixture::{Outcome, Run, Sandbox, binary};

/// A refusal as the portal words it.
fn refusal(status: u16, name: &str) -> Action {
    Action::Reply {
        status,
        headers: vec![
            ("Content-Type".to_owned(), "application/json".to_owned()),
            ("x-amzn-ErrorType".to_owned(), name.to_owned()),
        ],
        body: r#"{"message":"no"}"#.to_owned(),
    }
}

/// The command that an error tells the user to run.
#[track_caller]
fn hint(outcome: &Outcome) -> &str {
    let mut lines = outcome.stderr.lines();
    let hint = lines.find_map(|line| line.strip_prefix("hint: "));
    hint.unwrap_or_else(|| panic!("no hint in {outcome:#?}"))
}

/// Does what the error says, to the letter: a shell reads the hint, as it would read what
/// the user pasted.
#[track_caller]
fn as_hinted<'a>(sandbox: &'a Sandbox, outcome: &Outcome) -> Run<'a> {
    let script = format!("sso() {{ \"$0\" \"$@\"; }}\n{}", hint(outcome));
    Run::program(sandbox, "sh")
        .arg("-c")
        .arg(script)
        .arg(binary())
}
