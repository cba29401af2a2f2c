//! The access token of a session: reads it and refreshes it.

pub mod get;
pub mod refresh;
