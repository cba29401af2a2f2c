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

#[allow(
    dead_code,
    unused_imports,
    reason = "tests that use the rest are being written"
)]
mod world;

mod clients;
mod cmd;
mod commands;
mod faults;
mod hot;
mod kill;
mod logout;
mod mixture;
mod storm;
