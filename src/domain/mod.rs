//! Pure rules: no clock, file, socket, thread or environment; those come in as arguments.
//!
//! The rooms stand bottom up: each uses the small values and the rooms above it in this list,
//! never one below it.

pub mod hash;
pub mod json;
pub mod names;
pub mod secret;
pub mod sort;
pub mod text;
pub mod time;
pub mod vars;

pub mod net;

pub mod cache;

pub mod session;

pub mod config;

pub mod target;

pub mod role;

pub mod listing;

pub mod directory;

pub mod profiles;

pub mod check;

pub mod completion;
