//! Lookup of environment variables, an argument because `domain` does not read them.

/// Returns the value of an environment variable. An empty variable counts as unset.
pub type Vars<'a> = &'a dyn Fn(&str) -> Option<String>;
