//! The part of the command line that completion scripts use, and nobody types.

use std::ffi::OsString;

use clap::{Args, ValueEnum};

/// What a completion script can ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Names {
    Profiles,
    Sessions,
    Accounts,
    Roles,
}

/// `sso complete`, which the completion scripts run.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
pub struct Complete {
    /// What is wanted
    #[arg(value_name = "NAMES", value_enum)]
    pub names: Names,
    /// The words of the command line, up to the one that is being completed
    #[arg(value_name = "WORD", last = true)]
    pub words: Vec<OsString>,
}
