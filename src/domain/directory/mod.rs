//! Directories and shells: `.aws-sso` files, trust in them, and the shell hook.

pub mod dotfile;
pub mod hook;
pub mod prompt;
pub mod rc_file;
pub mod trust;
