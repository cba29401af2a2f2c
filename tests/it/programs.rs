//! Real programs that tests need, and where they are. One that is absent is told loudly.

use std::io::Write;
use std::path::{Path, PathBuf};

use crate::compat;

/// Whether a program that `cargo xtask setup` installs is here. Where it must be
/// (SSO_REQUIRE_CLIENTS=1), its absence is a failure.
#[track_caller]
pub fn is_here(name: &str) -> bool {
    let here = is_found(name);
    assert!(
        here || !are_required(),
        "{name} is required and is not there"
    );
    here
}

/// Whether a program is here that only some people have.
pub fn is_found(name: &str) -> bool {
    let found = in_path(name).is_some();
    if !found {
        compat::absent(name);
        skipped(&format!("{name}, which is not there"));
    }
    found
}

/// Whether everything is there that `who` consists of; like `is_here` otherwise.
#[track_caller]
pub fn are_installed(who: &str, files: &[PathBuf]) -> bool {
    let missing: Vec<String> = files
        .iter()
        .filter(|path| !path.exists())
        .map(|path| path.display().to_string())
        .collect();
    if missing.is_empty() {
        return true;
    }
    compat::absent(who);
    let missing = missing.join(" and ");
    assert!(
        !are_required(),
        "{who} is required and {missing} is not there"
    );
    skipped(&format!(
        "{who}: {missing} is not there; run `cargo xtask setup`"
    ));
    false
}

fn are_required() -> bool {
    std::env::var_os("SSO_REQUIRE_CLIENTS").is_some_and(|value| value == "1")
}

/// The same for what `cargo xtask setup` cannot install and the checks have all the same:
/// where programs are required, this is too.
#[track_caller]
pub fn must_be_skipped(why: &str) {
    assert!(!are_required(), "{why} is required and is not there");
    skipped(why);
}

/// Tells that a part of this test needs something that is not there.
pub fn skipped(why: &str) {
    let test = std::thread::current();
    // Not by a macro: the test harness would keep that for itself.
    let _ = writeln!(
        std::io::stderr(),
        "SKIPPED: a part of {} needs {why}",
        test.name().unwrap_or("a test")
    );
}

/// The file that PATH gives for a program's name.
pub fn in_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
}

/// What `cargo xtask setup` put there.
pub fn installed(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("target/clients")
        .join(path)
}

/// A program of `tests/clients`, which one of the clients runs.
pub fn program(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/clients")
        .join(name)
}

/// A program by its path; where there is none, a name that does not exist.
pub fn path_of(name: &str) -> PathBuf {
    in_path(name).unwrap_or_else(|| PathBuf::from(name))
}
