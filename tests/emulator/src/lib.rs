//! A strict, stateful emulator of IAM Identity Center on loopback, for the tests and the demo.
//!
//! It speaks HTTP and JSON only and shares no type with `sso`: a field name misspelt in a
//! shared type would be wrong on both sides and go unnoticed. The tests also run AWS CLI v2
//! and the SDKs against it. It protects nothing and must never be reachable from outside this
//! computer.
//!
//! ```
//! # fn main() -> std::io::Result<()> {
//! let emulator = emulator::Emulator::start(emulator::Options::default())?;
//! let session = emulator.handle().mint_session();
//! assert!(emulator.handle().is_valid(&session.access_token));
//! assert!(emulator.url().starts_with("http://127.0.0.1:"));
//! # Ok(())
//! # }
//! ```

// Modules in reading order. The API for tests:
mod assignments;
pub mod browser;
mod emulator;
mod faults;
mod handle;
mod minted_session;
mod options;
mod request_log;

// From bytes to requests, to operations, to responses:
mod connections;
mod control;
mod http;
mod respond;
mod route;
mod tls_client;
mod tls_server;

// The services, as functions of state, request and time:
mod console;
mod oidc;
mod pages;
mod portal;
mod proxy;
mod redirect_uri;
mod sts;

// State and helpers of the services:
mod clock;
mod ids;
mod rate_limit;
mod shared;
mod state;

pub use assignments::Account;
pub use emulator::Emulator;
pub use faults::{Action, Fault};
pub use handle::Handle;
pub use minted_session::{MintOptions, MintedSession};
pub use options::{Options, RefreshMode};
pub use request_log::LoggedRequest;
pub use state::records::{Provenance, RoleKeys};
