//! Resolves what a command is about: from options, variables and configuration to a role.

pub mod config_view;
pub mod network;
pub mod precedence;
pub mod profile;
pub mod request;
pub mod resolve;
pub mod sessions;
pub mod sso_role;
