//! Writes profiles into `~/.aws/config`: by hand, from legacy ones, and one for every role.

pub mod configure;
pub mod migrate;
pub mod naming;
pub mod populate;
