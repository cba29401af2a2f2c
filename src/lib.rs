//! Credentials for AWS IAM Identity Center: sign in once, use them everywhere.
//!
//! This is the map. Values move down the list and are never fetched back from a global:
//!
//! ```text
//! argv -> cli::args -> command -> Request
//!      domain::resolve     options, variables, configuration -> Target
//!      flow::session       token from the cache | refresh | sign-in needed
//!      flow::credentials   role credentials from the cache | fetched with the token
//!      -> JSON | shell statements | environment -> stdout or child
//! ```
//!
//! The warm call is not a second path through this: it is the case in which the cache
//! answers. Nothing on it starts a runtime, touches TLS, looks up a name or parses more of a
//! file than it needs.

#[cfg(not(unix))]
compile_error!(
    "sso does not support this platform yet: it needs Unix file locks, signals and exec"
);

/// One typed error: message, hint, exit code. Uses nothing.
pub mod error;

/// What a flow reports while it runs, as values. Uses nothing.
pub mod notice;

/// Pure rules. No clock, file, socket, thread or environment: those come in as arguments.
/// Uses `error`.
pub mod domain;

/// This computer: atomic files, locks, signals, processes, terminal, browser. Everything
/// Unix-only is below it. Uses `domain`, `error`; never `aws`.
pub mod os;

/// The network: the AWS SDK on one lazily built runtime. Uses `domain`, `error`.
pub mod aws;

/// The outside world, read once. Opens the edges lazily. Uses `aws`, `os`, `domain`, `error`.
pub mod context;

/// Effects in order; decides nothing. Uses `domain`, `aws`, `os`, `context`, `error`.
pub mod flow;

/// The command line: words in, words out. Uses `flow`, `domain`, `os`, `context`, `error`;
/// never `aws`.
pub mod cli;
