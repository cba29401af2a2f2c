//! Arguments of `use`, `allow`, `deny` and `trust`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::target::non_empty;

#[derive(Clone, Debug, Default, PartialEq, Eq, Args)]
#[command(after_help = "\
Writes .aws-sso in this directory and trusts what it wrote; without a profile or a role it \
says what applies here, and why. The file names what ~/.aws/config knows and defines nothing: \
it can be committed.

  sso use dev                             the profile of ~/.aws/config
  sso use -a 111122223333 -r ReadOnly     a role of the only session
  sso use                                 what applies here

The shell hook loads it on entering (`sso setup`); exec, env and credential-process use it \
where neither options nor AWS_PROFILE name a profile.")]
pub struct UseArgs {
    /// Profile in ~/.aws/config
    #[arg(value_name = "PROFILE", value_parser = non_empty, conflicts_with_all = ["account", "role", "session"])]
    pub profile: Option<String>,
    /// Account id
    #[arg(short, long, value_name = "ID", requires = "role", value_parser = non_empty)]
    pub account: Option<String>,
    /// Role (permission set)
    #[arg(short, long, value_name = "NAME", requires = "account", value_parser = non_empty)]
    pub role: Option<String>,
    /// sso-session in ~/.aws/config [default: the only one]
    #[arg(short, long, value_name = "NAME", requires = "account", value_parser = non_empty)]
    pub session: Option<String>,
    /// Region to hand on, instead of the profile's
    #[arg(long, value_name = "REGION", value_parser = non_empty)]
    pub region: Option<String>,
    /// Let the shell hook export AWS_PROFILE instead of credentials
    #[arg(long)]
    pub export_profile: bool,
    /// Replace a file that says something else, without asking
    #[arg(short, long)]
    pub yes: bool,
    /// Print what applies here as JSON
    #[arg(long, conflicts_with_all = ["profile", "account", "region", "export_profile", "yes"])]
    pub json: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Args)]
#[command(after_help = "\
Shows which account, role and region the file names, and asks. Trust is for these bytes at \
this place and for what they mean today: after a change of the file, of its path, or of the \
profile that it names, sso asks again. It covers the same bytes at the same place of other \
worktrees of the git repository.")]
pub struct AllowArgs {
    /// The .aws-sso file, or its directory [default: the nearest]
    #[arg(value_name = "PATH")]
    pub path: Option<PathBuf>,
    /// Do not ask
    #[arg(short, long)]
    pub yes: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Args)]
#[command(after_help = "\
A denied file is as good as absent: nothing loads it, nothing speaks of it, and one above it \
counts. `sso allow` takes that back.")]
pub struct DenyArgs {
    /// The .aws-sso file, or its directory [default: the nearest]
    #[arg(value_name = "PATH")]
    pub path: Option<PathBuf>,
}

#[derive(Clone, Debug, PartialEq, Eq, Args)]
pub struct TrustArgs {
    #[command(subcommand)]
    pub command: TrustCommand,
}

/// Subcommands of `sso trust`.
#[derive(Clone, Debug, PartialEq, Eq, Subcommand)]
pub enum TrustCommand {
    /// Show every .aws-sso file that was allowed or denied
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Forget files that have changed or are gone
    Prune {
        /// Print what was forgotten as JSON
        #[arg(long)]
        json: bool,
    },
}
