//! One role: its credentials, the variables that carry them, and its console URLs.

pub mod console;
pub mod credentials;
pub mod environment_variables;
