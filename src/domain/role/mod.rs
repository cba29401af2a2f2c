//! One role: its credentials, the variables that carry them, and its console addresses.

pub mod console;
pub mod credentials;
pub mod variables;
