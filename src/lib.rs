//! Credentials for AWS IAM Identity Center: sign in once, use them everywhere.
//!
//! Every command passes through these layers. Values are passed down as arguments, never through
//! globals:
//!
//! ```text
//! argv -> cli::args -> command -> Request
//!      domain::target::resolve   options, variables, configuration, directory -> Target
//!      flow::token               token: from the cache | refreshed | sign-in needed
//!      flow::credentials         role credentials: from the cache | fetched with the token
//!      -> JSON | shell statements | environment -> stdout or child
//! ```
//!
//! A warm call is answered from the cache. It starts no runtime, sets up no TLS, resolves no host
//! name and parses no more of a file than it needs.
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

// The layers. CONTRIBUTING.md says which one may use which.
mod aws;
#[cfg(feature = "cli")]
mod cli;
mod context;
mod domain;
mod error;
mod flow;
mod notice;
mod os;

/// Entry point of the program.
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod program {
    pub use crate::cli::run;
}

/// Private modules, for the generator, the fuzz targets and the tests.
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
