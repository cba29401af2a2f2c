//! `cargo xtask compat`: writes COMPATIBILITY.md from the records of the tests, or checks it.
//!
//! Passing tests record which program worked with `sso` and in which direction, in
//! `target/compatibility`. `ci` compares these records with the document, so that removing a test
//! forces a change there. A changed version is printed and is not an error, because the AWS CLI
//! comes from a Debian suite that changes.

mod directions;
mod observations;
mod table;

use crate::process::{cargo, run};
use crate::setup;
use crate::workspace::Workspace;
use crate::write_files::write;
use observations::Observations;
use std::path::PathBuf;

pub(crate) fn main(workspace: &Workspace, args: &[&str]) -> Result<(), String> {
    match args {
        [] => run_tests(workspace).and_then(|()| write_document(workspace)),
        ["--write"] => write_document(workspace),
        ["--check"] => check(workspace),
        other => Err(format!(
            "unexpected arguments {:?}; try --write or --check",
            other.join(" ")
        )),
    }
}

/// Deletes the records of earlier runs; that of a removed test would count otherwise.
pub(crate) fn clear_records(workspace: &Workspace) {
    let _ = std::fs::remove_dir_all(records_dir(workspace));
}

/// Runs the tests that use other programs.
fn run_tests(workspace: &Workspace) -> Result<(), String> {
    clear_records(workspace);
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

/// Writes the document. Programs that are not installed here keep their old entries.
fn write_document(workspace: &Workspace) -> Result<(), String> {
    let documented = documented(workspace);
    let observed = Observations::read(&records_dir(workspace))?.with_absent(&documented);
    write(&document(workspace), &table::format(&observed))
}

/// Compares the document with the records.
fn check(workspace: &Workspace) -> Result<(), String> {
    let documented = documented(workspace);
    let observed = Observations::read(&records_dir(workspace))?.with_absent(&documented);
    for line in observed.remarks(&documented) {
        println!("{line}");
    }
    let differences = observed.differences(&documented);
    if !differences.is_empty() {
        let lines = differences.join("\n");
        return Err(format!(
            "COMPATIBILITY.md differs from the records of the tests:\n{lines}\n\
             run `cargo xtask compat --write` to update it"
        ));
    }
    // The observations are equal, so only the text around them can differ.
    if table::format(&documented) == read_document(workspace) {
        Ok(())
    } else {
        Err("COMPATIBILITY.md was edited; run `cargo xtask compat --write`".to_string())
    }
}

/// Observations in the existing document.
fn documented(workspace: &Workspace) -> Observations {
    table::parse(&read_document(workspace))
}

fn read_document(workspace: &Workspace) -> String {
    std::fs::read_to_string(document(workspace)).unwrap_or_default()
}

fn document(workspace: &Workspace) -> PathBuf {
    workspace.root.join("COMPATIBILITY.md")
}

fn records_dir(workspace: &Workspace) -> PathBuf {
    workspace.root.join("target/compatibility")
}
