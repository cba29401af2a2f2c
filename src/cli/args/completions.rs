//! Arguments of `completions` and `complete`.

use std::ffi::OsString;

use clap::{Args, ValueEnum};

/// Shells that have completions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum CompletionShell {
    Bash,
    Zsh,
    Fish,
    Elvish,
    Powershell,
    Nushell,
}

#[derive(Clone, Debug, PartialEq, Eq, Args)]
#[command(after_help = "\
In the start-up file of the shell:

  eval \"$(sso completions bash)\"                   ~/.bashrc
  eval \"$(sso completions zsh)\"                    ~/.zshrc, after compinit
  sso completions fish | source                    ~/.config/fish/config.fish
  eval (sso completions elvish | slurp)            ~/.config/elvish/rc.elv
  sso completions powershell | Out-String | iex    $PROFILE

`sso setup` adds the line for bash, zsh and fish. These three complete the names of profiles, \
sessions, accounts and roles too, for which they ask the sso of PATH.")]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_name = "SHELL", value_enum)]
    pub shell: CompletionShell,
}

/// Names that a completion script can request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum CompletionKind {
    Profiles,
    Sessions,
    Accounts,
    Roles,
}

/// Arguments of `sso complete`, which the completion scripts run.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
pub struct CompleteArgs {
    /// What is wanted
    #[arg(value_name = "NAMES", value_enum)]
    pub names: CompletionKind,
    /// The words of the command line, up to the one that is being completed
    #[arg(value_name = "WORD", last = true)]
    pub words: Vec<OsString>,
}
