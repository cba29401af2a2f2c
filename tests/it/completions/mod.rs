//! Completion scripts and man pages: what is checked in, and what the real shells make of it.

mod candidates;
mod man_pages;
mod scripts;
mod shells;

use std::path::{Path, PathBuf};
use std::process::Command;

/// A file of the repository.
fn in_repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Runs a program to its end; it must succeed and say nothing.
#[track_caller]
fn passes(program: &str, arguments: &[&str], file: &Path) {
    let output = Command::new(program)
        .args(arguments)
        .arg(file)
        .output()
        .unwrap();
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    assert!(
        output.status.success() && said.is_empty(),
        "{program}: {}: {said}",
        file.display()
    );
}
