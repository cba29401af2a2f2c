//! The part of the command line that is about directories and the shells that enter them.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::filled;

/// `sso use`
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
pub struct Use {
    /// Profile in ~/.aws/config
    #[arg(value_name = "PROFILE", value_parser = filled, conflicts_with_all = ["account", "role", "session"])]
    pub profile: Option<String>,
    /// Account id
    #[arg(short, long, value_name = "ID", requires = "role", value_parser = filled)]
    pub account: Option<String>,
    /// Role (permission set)
    #[arg(short, long, value_name = "NAME", requires = "account", value_parser = filled)]
    pub role: Option<String>,
    /// sso-session in ~/.aws/config [default: the only one]
    #[arg(short, long, value_name = "NAME", requires = "account", value_parser = filled)]
    pub session: Option<String>,
    /// Region to hand on, instead of the profile's
    #[arg(long, value_name = "REGION", value_parser = filled)]
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

/// `sso allow`
#[derive(Clone, Debug, Default, PartialEq, Eq, Args)]
#[command(after_help = "\
Shows which account, role and region the file names, and asks. Trust is for these bytes at \
this place and for what they mean today: after a change of the file, of its path, or of the \
profile that it names, sso asks again.")]
pub struct Allow {
    /// The .aws-sso file, or its directory [default: the nearest]
    #[arg(value_name = "PATH")]
    pub path: Option<PathBuf>,
    /// Do not ask
    #[arg(short, long)]
    pub yes: bool,
}

/// `sso deny`
#[derive(Clone, Debug, Default, PartialEq, Eq, Args)]
#[command(after_help = "\
A denied file is as good as absent: nothing loads it, nothing speaks of it, and one above it \
counts. `sso allow` takes that back.")]
pub struct Deny {
    /// The .aws-sso file, or its directory [default: the nearest]
    #[arg(value_name = "PATH")]
    pub path: Option<PathBuf>,
}

/// `sso trust`
#[derive(Clone, Debug, PartialEq, Eq, Args)]
pub struct Trust {
    /// What to do.
    #[command(subcommand)]
    pub command: TrustCommand,
}

/// What `sso trust` can do.
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

/// Shells that have a hook.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[expect(missing_docs, reason = "the names are the shells'")]
pub enum HookShell {
    Bash,
    Zsh,
    Fish,
}

/// What `sso hook` prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum HookScript {
    /// The hook of bash
    Bash,
    /// The hook of zsh
    Zsh,
    /// The hook of fish
    Fish,
    /// What removes the hook from the shell that runs sso
    Off,
}

/// `sso hook`
#[derive(Clone, Debug, PartialEq, Eq, Args)]
#[command(after_help = "\
In the start-up file of the shell:

  eval \"$(sso hook bash)\"        in ~/.bashrc
  eval \"$(sso hook zsh)\"         in ~/.zshrc
  sso hook fish | source         in ~/.config/fish/config.fish
  eval \"$(sso hook off)\"         in a shell, to be rid of it there

`sso setup` adds the line. It belongs after direnv and mise, and before prompt themes.

Environment: SSO_HOOK=0 switches the hook off, SSO_HOOK_QUIET=1 silences it \
(SSO_HOOK_QUIET=errors all but errors), SSO_HOOK_EXPORT=profile exports AWS_PROFILE instead \
of credentials, SSO_CONFIRM='*prod* *Admin*' names what it never loads.")]
pub struct Hook {
    /// The shell
    #[arg(value_name = "SHELL", value_enum)]
    pub script: HookScript,
    /// With off: the shell to write for [default: the one that runs sso]
    #[arg(long, value_name = "SHELL", value_enum)]
    pub shell: Option<HookShell>,
}

/// `sso hook-env`, which the hooks run.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
pub struct HookEnv {
    /// The shell to write for
    #[arg(value_name = "SHELL", value_enum)]
    pub shell: HookShell,
    /// Variables that this shell cannot hide from programs
    #[arg(value_name = "NAME")]
    pub fixed: Vec<String>,
}

/// `sso setup`
#[derive(Clone, Debug, Default, PartialEq, Eq, Args)]
#[command(after_help = "\
Adds the hook and the completions to the shell's start-up file, once, and says what it did. \
An existing line is left where it is.")]
pub struct Setup {
    /// The shell [default: the one that runs sso]
    #[arg(long, value_name = "SHELL", value_enum)]
    pub shell: Option<HookShell>,
    /// Say what would be done, and do nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// `sso prompt`
#[derive(Clone, Debug, Default, PartialEq, Eq, Args)]
#[command(after_help = "\
Placeholders of --format: {profile} {account} {role} {region} {left} {state}. {state} is \
valid, refreshable or expired; {left} is the time that is left. Prints nothing, and succeeds, \
where no credentials of sso are loaded.

  sso prompt                                dev 47m
  sso prompt --format '{role}@{account}'    AdministratorAccess@111122223333")]
pub struct Prompt {
    /// What to print [default: {profile} {left}]
    #[arg(long, value_name = "TEXT", conflicts_with = "json")]
    pub format: Option<String>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Shells that have completions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[expect(missing_docs, reason = "the names are the shells'")]
pub enum CompletionShell {
    Bash,
    Zsh,
    Fish,
    Elvish,
    Powershell,
    Nushell,
}

/// `sso completions`
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
pub struct Completions {
    /// The shell
    #[arg(value_name = "SHELL", value_enum)]
    pub shell: CompletionShell,
}

/// `sso renew`, which the hook starts in the background.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
pub struct Renew {
    /// sso-session in ~/.aws/config
    #[arg(short, long, value_parser = filled)]
    pub profile: Option<String>,
    /// Account id
    #[arg(short, long, value_parser = filled)]
    pub account: Option<String>,
    /// Role
    #[arg(short, long, value_parser = filled)]
    pub role: Option<String>,
    /// sso-session in ~/.aws/config
    #[arg(short, long, value_parser = filled)]
    pub session: Option<String>,
}
