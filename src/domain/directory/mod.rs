//! The `.aws-sso` file of a directory: its format, whether it is trusted, and the shell hook
//! that loads its role.

pub mod directory_file;
pub mod dotfile;
pub mod hook;
pub mod prompt;
pub mod rc_file;
pub mod trust;
