//! One command, one file, one `run`.

pub mod accounts;
pub mod allow;
pub mod check;
pub mod complete;
pub mod completions;
pub mod configure;
pub mod console;
pub mod credential_process;
pub mod deny;
pub mod env;
pub mod exec;
pub mod hook;
pub mod hook_env;
mod listing;
pub mod login;
pub mod logout;
pub mod populate;
pub mod prompt;
pub mod renew;
pub mod roles;
pub mod setup;
pub mod status;
mod target;
pub mod trust;
pub mod r#use;
