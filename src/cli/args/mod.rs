//! The command line as data, and its help texts.
//!
//! Definitions only: clap reads them, `hot` builds the same values without clap, and each command
//! turns its own into a request.

mod check;
mod completions;
mod configure;
mod console;
mod credentials;
mod directory;
mod hook;
mod listing;
mod populate;
mod sessions;
mod target;

use clap::{Parser, Subcommand};

pub use check::CheckArgs;
pub use completions::{CompleteArgs, CompletionKind, CompletionShell, CompletionsArgs};
pub use configure::ConfigureArgs;
pub use console::ConsoleArgs;
pub use credentials::{CredentialProcessArgs, EnvArgs, EnvFormat, EnvShell, ExecArgs};
pub use directory::{AllowArgs, DenyArgs, TrustArgs, TrustCommand, UseArgs};
pub use hook::{HookArgs, HookEnvArgs, HookScript, HookShell, PromptArgs, SetupArgs};
pub use listing::{AccountsArgs, ListingFormatArgs, RolesArgs};
pub use populate::{PopulateArgs, ProfileNameArgs};
pub use sessions::{LoginArgs, SessionSelectionArgs, StatusArgs};
pub use target::{SessionArgs, TargetArgs};

/// The whole command line.
#[derive(Clone, Debug, PartialEq, Eq, Parser)]
#[command(
    name = "sso",
    version,
    about = "Credentials for AWS IAM Identity Center: sign in once, use them everywhere",
    long_about = "Credentials for AWS IAM Identity Center: sign in once, use them everywhere.\n\n\
        sso reads ~/.aws/config and shares ~/.aws/sso/cache and ~/.aws/cli/cache with the AWS CLI v2 and \
        the SDKs: a sign-in by one serves all.",
    after_help = "\
Start here:
  sso login                             sign in to the session of your profile
  sso exec -p dev -- terraform plan     run a command with credentials
  eval \"$(sso env -p dev)\"              load them into this shell
  sso status                            what is signed in, and for how long

Exit codes: 0 done, 1 failed, 2 usage, 4 sign-in needed; exec: the command's own.",
    arg_required_else_help = true,
    subcommand_required = true
)]
pub struct Cli {
    /// Say on stderr what is decided and why; never a secret
    #[arg(short, long, global = true)]
    pub verbose: bool,
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Clone, Debug, PartialEq, Eq, Subcommand)]
pub enum Command {
    /// Sign in, or renew a sign-in
    Login(LoginArgs),
    /// Sign out of sessions, here and on the server
    #[command(after_help = "\
Removes the session's token and the role credentials that came from it, and ends the session \
on the server. Works without network, and touches nothing of other tools.")]
    Logout(SessionSelectionArgs),
    /// Show sessions, their expiry and their cached role credentials
    Status(StatusArgs),
    /// List the accounts and roles that you may use
    Roles(RolesArgs),
    /// List the accounts that you may use
    Accounts(AccountsArgs),
    /// Write a profile for every role into ~/.aws/config
    Populate(PopulateArgs),
    /// Print credentials for `credential_process` in ~/.aws/config
    #[command(name = "credential-process", visible_alias = "credential_process")]
    CredentialProcess(CredentialProcessArgs),
    /// Run a command with credentials in its environment
    Exec(ExecArgs),
    /// Print credentials as statements for a shell
    Env(EnvArgs),
    /// Find out what works, what does not, and why
    Check(CheckArgs),
    /// Open the AWS console of a role in a browser
    Console(ConsoleArgs),
    /// Choose the profile or role of this directory, or show what applies here
    Use(UseArgs),
    /// Write a profile into ~/.aws/config, step by step or by options
    Configure(ConfigureArgs),
    /// Trust a directory's .aws-sso file
    Allow(AllowArgs),
    /// Ignore a directory's .aws-sso file
    Deny(DenyArgs),
    /// Show and clear up which .aws-sso files are trusted
    Trust(TrustArgs),
    /// Print the shell hook that loads credentials by directory
    Hook(HookArgs),
    /// Add the hook and the completions to the shell's start-up file
    Setup(SetupArgs),
    /// Print a segment for the shell prompt
    Prompt(PromptArgs),
    /// Print the completions of a shell
    Completions(CompletionsArgs),
    /// Run by the hooks
    #[command(hide = true)]
    HookEnv(HookEnvArgs),
    /// Run by the hooks in the background
    #[command(hide = true)]
    Renew(TargetArgs),
    /// Run by the completion scripts
    #[command(hide = true)]
    Complete(CompleteArgs),
}
