//! Arguments of `credential-process`, `exec` and `env`.

use std::ffi::OsString;

use clap::{Args, ValueEnum};

use super::target::TargetArgs;

#[derive(Clone, Debug, Default, PartialEq, Eq, Args)]
#[command(after_help = "\
In ~/.aws/config, with the absolute path of sso and nothing else that names a source:

  [profile dev]
  credential_process = /usr/local/bin/sso credential-process -s corp -a 111122223333 -r Admin

With session, account and role given, a warm call reads no configuration at all.")]
pub struct CredentialProcessArgs {
    #[command(flatten)]
    pub target: TargetArgs,
    /// Sign in when that is needed; without a terminal only in a browser, for at most 50 s
    #[arg(long)]
    pub login: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Args)]
#[command(after_help = "\
Examples:
  sso exec -p dev -- terraform plan
  sso exec -a 111122223333 -r ReadOnlyAccess aws s3 ls
  sso exec -p dev                         your shell

sso replaces itself by the command, so signals and the exit code are the command's own. \
Before that, sso itself may end with 1, 2 or 4, with 127 (no such command) or 126 (it cannot \
be run). Signs in first when that is needed and a terminal is there.")]
pub struct ExecArgs {
    #[command(flatten)]
    pub target: TargetArgs,
    /// Never sign in; exit 4 instead
    #[arg(long)]
    pub no_login: bool,
    /// Answer yes where SSO_PROTECT asks
    #[arg(short, long)]
    pub yes: bool,
    /// The command and its arguments [default: $SHELL]
    #[arg(value_name = "COMMAND", trailing_var_arg = true)]
    pub command: Vec<OsString>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Args)]
#[command(after_help = "\
Examples:
  eval \"$(sso env -p dev)\"                bash, zsh, sh
  sso env -p dev | source                 fish
  eval (sso env -p dev | slurp)           elvish
  sso env -p dev | Out-String | iex       PowerShell
  sso env -p dev | from json | load-env   nushell

On failure the shell forms print a statement that fails, so that \
`eval \"$(sso env)\" && terraform apply` stops.")]
pub struct EnvArgs {
    #[command(flatten)]
    pub target: TargetArgs,
    /// The shell to write for [default: the one that runs sso]
    #[arg(long, value_name = "SHELL", value_enum)]
    pub shell: Option<EnvShell>,
    /// The form of the output
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    pub format: EnvFormat,
    /// Print what removes the variables again
    #[arg(long)]
    pub unset: bool,
    /// Sign in when that is needed
    #[arg(long, conflicts_with = "unset")]
    pub login: bool,
    /// Answer yes where SSO_PROTECT asks
    #[arg(short, long)]
    pub yes: bool,
}

/// Shells that `sso env` writes statements for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum EnvShell {
    Bash,
    Zsh,
    Sh,
    Fish,
    Elvish,
    Pwsh,
    Nu,
    Cmd,
}

/// Output formats of `sso env`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum EnvFormat {
    /// Statements for a shell
    #[default]
    Shell,
    /// NAME=value lines, without quotes, for tools that read .env files
    Dotenv,
    /// A JSON object; null removes a variable
    Json,
}
