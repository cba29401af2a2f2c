//! Effects in order: cache, locks, network, cache again. Every decision about time, state
//! or protocol is a call into `domain`.

pub mod cached_roles;
pub mod check;
pub mod config_file;
pub mod configure;
pub mod console;
pub mod credentials;
pub mod directory;
pub mod dotfile;
pub mod hook;
pub mod listing;
pub mod loaded_credentials;
pub mod login;
pub mod logout;
pub mod migrate;
pub mod populate;
pub mod protection;
pub mod resolve;
pub mod resolve_config;
pub mod session_client;
pub mod setup;
pub mod single_flight;
pub mod status;
pub mod token;
pub mod trust;
