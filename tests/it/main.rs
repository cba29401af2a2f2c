//! The product as its users meet it: the built binary, a temporary HOME, the emulator.
#![expect(
    clippy::disallowed_methods,
    reason = "tests make files, processes and waits themselves"
)]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

mod fixture;

/// What `cargo xtask gen` writes, to compare with what is checked in.
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
