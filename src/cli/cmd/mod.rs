//! One command, one file, one `run`.

pub mod credential_process;
pub mod env;
pub mod exec;
pub mod login;
pub mod logout;
pub mod status;
mod target;
