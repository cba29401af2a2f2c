//! Integration tests: the built binary with a temporary HOME and the emulator.
#![expect(
    clippy::disallowed_methods,
    reason = "tests create files and processes and wait for them directly"
)]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a panic is how a test fails"
)]

mod fixture;

/// The generator behind `cargo xtask gen`, to compare its output with the checked-in files.
#[path = "../gen/generate/mod.rs"]
mod generate;

mod check;
mod clients;
mod completions;
mod concurrency;
mod configure;
mod crash_safety;
mod credentials;
mod directory;
mod external_tools;
mod faults;
mod golden;
mod listing;
mod network;
mod regressions;
mod server_responses;
mod sessions;
mod shells;
mod target;
