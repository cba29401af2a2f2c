//! `cargo xtask compat`: the table of who was tested with `sso`, and in which direction.
//!
//! The tests record what they have seen in `target/compatibility`. From these records
//! COMPATIBILITY.md is written, and after the tests of `ci` it is compared with them: who
//! takes a test away takes a line of the table away, and has to say so. A version that has
//! moved is told and is no failure, because one of the clients comes from a suite that moves.

mod lines;
mod seen;
mod table;

use crate::files::write;
use crate::run::{cargo, run};
use crate::setup;
use crate::workspace::Workspace;
use seen::Seen;
use std::path::PathBuf;

pub(crate) fn main(workspace: &Workspace, words: &[&str]) -> Result<(), String> {
    match words {
        [] => test(workspace).and_then(|()| renew(workspace)),
        ["--write"] => renew(workspace),
        ["--check"] => check(workspace),
        other => Err(format!(
            "cannot use {:?}; try --write or --check",
            other.join(" ")
        )),
    }
}

/// Forgets what earlier tests have seen: a record of a test that is gone would count.
pub(crate) fn start_over(workspace: &Workspace) {
    let _ = std::fs::remove_dir_all(records(workspace));
}

fn test(workspace: &Workspace) -> Result<(), String> {
    start_over(workspace);
    let mut test = cargo(&workspace.root);
    test.args([
        "test",
        "--locked",
        "--test",
        "it",
        "--",
        "clients::",
        "external_tools::",
    ]);
    if workspace.in_ci || setup::clients_are_ready(workspace) {
        test.env("SSO_REQUIRE_CLIENTS", "1");
    }
    run(&mut test)
}

fn renew(workspace: &Workspace) -> Result<(), String> {
    let seen = Seen::recorded(&records(workspace))?.with_absent(&before(workspace));
    write(&file(workspace), &table::text(&seen))
}

fn check(workspace: &Workspace) -> Result<(), String> {
    let before = before(workspace);
    let now = Seen::recorded(&records(workspace))?.with_absent(&before);
    for line in now.moved_since(&before) {
        println!("{line}");
    }
    let differences = now.differences(&before);
    if !differences.is_empty() {
        let lines = differences.join("\n");
        return Err(format!(
            "COMPATIBILITY.md says something else than the tests have seen:\n{lines}\n\
             `cargo xtask compat --write` takes over what they have"
        ));
    }
    // The same things seen, in the same versions: only the text around them can differ.
    if table::text(&before) == read(workspace) {
        Ok(())
    } else {
        Err("COMPATIBILITY.md is not as `cargo xtask compat` writes it".to_string())
    }
}

fn before(workspace: &Workspace) -> Seen {
    table::parse(&read(workspace))
}

fn read(workspace: &Workspace) -> String {
    std::fs::read_to_string(file(workspace)).unwrap_or_default()
}

fn file(workspace: &Workspace) -> PathBuf {
    workspace.root.join("COMPATIBILITY.md")
}

fn records(workspace: &Workspace) -> PathBuf {
    workspace.root.join("target/compatibility")
}
