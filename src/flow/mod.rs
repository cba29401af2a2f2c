//! Effects in order: cache, locks, network, cache again. Every decision about time, state
//! or protocol is a call into `domain`.

pub mod candidates;
pub mod check;
pub mod config_file;
pub mod console;
pub mod credentials;
pub mod hook;
pub mod inventory;
pub mod job;
pub mod loaded;
pub mod login;
pub mod logout;
pub mod place;
pub mod populate;
pub mod session;
pub mod setup;
pub mod single_flight;
pub mod status;
pub mod target;

mod device;
mod pkce;
mod refresh;
mod register;
pub mod start_url;
