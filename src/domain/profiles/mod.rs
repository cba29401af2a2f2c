//! Edits of `~/.aws/config` that write profiles: one profile, migrated legacy profiles, and one
//! profile per role.

pub mod configure;
pub mod migrate;
pub mod naming;
pub mod populate;
pub mod session_choice;
