//! This computer: files, locks, signals, processes, the terminal, the browser.
//!
//! Everything Unix-only lives below this folder. Nothing here knows the network
//! services, and nothing chooses; it carries out.

pub mod atomic;
pub mod browser;
pub mod cache;
pub mod clock;
pub mod config_file;
pub mod directory;
pub mod dotfile;
pub mod ffi;
pub mod file;
pub mod keys;
pub mod listener;
pub mod lock;
mod peer;
pub mod process;
pub mod program;
pub mod signals;
pub mod startup;
pub mod terminal;
pub mod trust;
