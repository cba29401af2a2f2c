//! Commands: one file with a function `run` for each, and shared files.

pub mod accounts;
pub mod allow;
pub mod check;
pub mod complete;
pub mod completions;
pub mod configure;
pub mod console;
pub mod credential_process;
pub mod deny;
mod each_session;
pub mod env;
pub mod exec;
mod fetch_listing;
pub mod hook;
pub mod hook_env;
mod listing_command;
pub mod login;
pub mod logout;
pub mod populate;
pub mod prompt;
pub mod renew;
mod role_environment;
pub mod roles;
pub mod setup;
pub mod status;
pub mod trust;
pub mod r#use;
