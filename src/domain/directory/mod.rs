//! The `.aws-sso` file of a directory: its format, its trust, and the shell hook that loads it.

pub mod directory_file;
pub mod dotfile;
pub mod hook;
pub mod prompt;
pub mod rc_file;
pub mod trust;
pub mod worktree;
