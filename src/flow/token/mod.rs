//! The access token of a session: reads, refreshes and deletes it.

pub mod file;
pub mod get;
pub mod refresh;
