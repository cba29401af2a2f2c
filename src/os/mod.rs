//! This computer: files, locks, signals, processes, the terminal, the browser.
//!
//! All Unix-only code is in this folder. It knows no AWS service and makes no decisions.
#![expect(
    clippy::disallowed_methods,
    reason = "the layer that reads the clock, opens files, starts programs and binds the listener"
)]

pub mod atomic;
pub mod browser;
pub mod clock;
pub mod current_exe;
pub mod dotfile;
pub mod ffi;
pub mod file;
pub mod key_decoder;
mod links;
pub mod listener;
pub mod lock;
mod peer_owner;
pub mod private_dir;
pub mod process;
pub mod raw_keys;
pub mod signals;
pub mod store;
pub mod terminal;
mod terminal_mode;
pub mod trust_store;
pub mod user_file;
pub mod worktree;
