//! Pure rules: no clock, files, sockets, threads or environment; their values are arguments.
//!
//! The folders are listed bottom up: each uses the single files and the folders above it.

pub mod hash;
pub mod json;
pub mod names;
pub mod secret;
pub mod sort;
pub mod staleness;
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
