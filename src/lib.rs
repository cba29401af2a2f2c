//! Credentials for AWS IAM Identity Center: sign in once, use them everywhere.
//!
//! Every command is one path through these layers. Values move down the list and are never
//! fetched back from a global:
//!
//! ```text
//! argv -> cli::args -> command -> Request
//!      domain::target::resolve   options, variables, configuration, directory -> Target
//!      flow::token               token: from the cache | refreshed | sign-in needed
//!      flow::credentials         role credentials: from the cache | fetched with the token
//!      -> JSON | shell statements | environment -> stdout or child
//! ```
//!
//! The warm call is the case in which the cache answers. Nothing on it starts a runtime, touches
//! TLS, looks up a name or parses more of a file than it needs.
#![cfg_attr(
    not(feature = "cli"),
    allow(
        dead_code,
        unused_imports,
        reason = "flows of the command line; they are checked for dead code with it"
    )
)]

#[cfg(not(unix))]
compile_error!(
    "sso does not support this platform yet: it needs Unix file locks, signals and exec"
);

/// Error kind, message and hint. Uses nothing.
mod error;

/// Progress, warnings and traces that flows report, as values. Uses nothing.
mod notice;

/// Pure rules. No clock, file, socket, thread or environment: those come in as arguments.
/// Uses `error`.
mod domain;

/// This computer: atomic files, locks, signals, processes, terminal, browser. Everything that
/// is Unix-only is below it. Uses `domain`, `error`; never `aws`.
mod os;

/// The network: the AWS SDK on one lazily built runtime. Uses `domain`, `error`.
mod aws;

/// The outside world, read once. Opens the edges lazily. Uses `aws`, `os`, `domain`, `notice`,
/// `error`.
mod context;

/// Effects in order. Every choice about time, state or protocol is a call into `domain`. Uses
/// `domain`, `aws`, `os`, `context`, `notice`, `error`.
mod flow;

/// The command line: arguments, printing, exit codes. Uses `flow`, `domain`, `os`, `context`,
/// `notice`, `error`; never `aws`.
#[cfg(feature = "cli")]
mod cli;

/// The program.
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod program {
    pub use crate::cli::run;
}

/// The private modules, for the generator, the fuzz targets and the tests.
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod internals {
    pub mod aws {
        pub use crate::aws::*;
    }
    #[cfg(feature = "cli")]
    pub mod cli {
        pub use crate::cli::*;
    }
    pub mod domain {
        pub use crate::domain::*;
    }
    pub mod error {
        pub use crate::error::*;
    }
}
