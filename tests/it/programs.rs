//! Real programs that tests need. One that is absent is told loudly.

use std::io::Write;

/// Whether a program that `cargo xtask setup` installs is here. Where it must be
/// (SSO_REQUIRE_CLIENTS=1), its absence is a failure.
#[track_caller]
pub fn is_here(name: &str) -> bool {
    let here = is_found(name);
    let required = std::env::var_os("SSO_REQUIRE_CLIENTS").is_some_and(|value| value == "1");
    assert!(here || !required, "{name} is required and is not there");
    here
}

/// Whether a program is here that only some people have.
pub fn is_found(name: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).any(|folder| folder.join(name).is_file());
    if !found {
        let test = std::thread::current();
        // Not by a macro: the test harness would keep that for itself.
        let _ = writeln!(
            std::io::stderr(),
            "SKIPPED: a part of {} needs {name}, which is not there",
            test.name().unwrap_or("a test")
        );
    }
    found
}
