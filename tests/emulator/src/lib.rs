//! A strict, stateful IAM Identity Center on loopback, for the tests and the demo.
//!
//! It speaks HTTP and JSON only and shares no type with `sso`: otherwise a wrong field name
//! would cancel out. Real clients (AWS CLI v2, the SDKs) keep it honest. It guards nothing
//! and must never be reachable from outside this computer.
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

// The map, in reading order. What tests use:
pub mod browser;
mod directory;
mod emulator;
mod faults;
mod handle;
mod log;
mod mint;
mod options;

// The wire: bytes to requests, one exchange, and the choice of the operation.
mod control;
mod exchange;
mod http;
mod route;
mod serve;
mod tls;
mod tls_client;

// The services, as functions of state, request and time.
mod console;
mod oidc;
mod pages;
mod portal;
mod proxy;
mod redirect;
mod sts;

// What they stand on.
mod clock;
mod ids;
mod rate;
mod shared;
mod state;

pub use directory::Account;
pub use emulator::Emulator;
pub use faults::{Action, Fault};
pub use handle::Handle;
pub use log::Entry;
pub use mint::{Mint, Minted};
pub use options::{Options, RefreshMode};
pub use state::records::{Origin, RoleKeys};
