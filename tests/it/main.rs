//! The product as its users meet it: the built binary, a temporary HOME, the emulator.
#![expect(
    clippy::disallowed_methods,
    reason = "tests make files, processes and waits themselves"
)]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

#[expect(dead_code, reason = "the tests that use the rest are being written")]
mod world;

mod commands;
