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
mod cmd;
mod commands;
mod completions;
mod configure;
mod console;
mod env;
mod exec;
mod faults;
mod hot;
mod inventory;
mod judges;
mod kill;
mod login;
mod logout;
mod mended;
mod mixture;
mod network;
mod places;
mod replies;
mod shells;
mod stopped;
mod storm;
mod targets;
mod writes;
