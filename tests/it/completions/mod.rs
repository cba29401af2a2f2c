//! Completion scripts and man pages: the checked-in files, and the scripts in real shells.

mod candidates;
mod man_pages;
mod scripts;
mod shells;

use std::path::{Path, PathBuf};
use std::process::Command;

/// Path of a file in the repository.
fn repository_path(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Asserts that a program succeeds on a file and prints nothing.
#[track_caller]
fn assert_succeeds_silently(program: &str, arguments: &[&str], file: &Path) {
    let output = Command::new(program)
        .args(arguments)
        .arg(file)
        .output()
        .unwrap();
    let printed = [output.stdout, output.stderr].concat();
    let printed = String::from_utf8_lossy(&printed);
    assert!(
        output.status.success() && printed.is_empty(),
        "{program}: {}: {printed}",
        file.display()
    );
}
