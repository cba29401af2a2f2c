//! Arguments of `hook`, `hook-env`, `setup` and `prompt`.

use clap::{Args, ValueEnum};

use super::credentials::EnvShell;

/// Shells that have a hook.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum HookShell {
    Bash,
    Zsh,
    Fish,
}

/// Scripts that `sso hook` prints.
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

#[derive(Clone, Debug, PartialEq, Eq, Args)]
#[command(after_help = "\
In the start-up file of the shell:

  eval \"$(sso hook bash)\"        in ~/.bashrc
  eval \"$(sso hook zsh)\"         in ~/.zshrc
  sso hook fish | source         in ~/.config/fish/config.fish
  eval \"$(sso hook off)\"         in a shell, to be rid of it there

`sso setup` adds the line. It belongs at the end, after direnv, mise and prompt themes.

Environment: SSO_HOOK=0 switches the hook off, SSO_HOOK_QUIET=1 silences it \
(SSO_HOOK_QUIET=errors all but errors), SSO_HOOK_EXPORT=profile exports AWS_PROFILE instead \
of credentials, SSO_PROTECT='*prod* *Admin*' names what it never loads.")]
pub struct HookArgs {
    /// The shell
    #[arg(value_name = "SHELL", value_enum)]
    pub script: HookScript,
    /// With off: the shell to write for [default: the one that runs sso]
    #[arg(long, value_name = "SHELL", value_enum)]
    pub shell: Option<HookShell>,
}

/// Arguments of `sso hook-env`, which the hooks run at each prompt.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
pub struct HookEnvArgs {
    /// The shell to write for
    #[arg(value_name = "SHELL", value_enum)]
    pub shell: HookShell,
    /// Use the cache only and say nothing
    #[arg(long)]
    pub cached: bool,
    /// Variables that the shell has, exported or not; fixed:NAME is one that it cannot change
    #[arg(value_name = "NAME")]
    pub variables: Vec<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Args)]
#[command(after_help = "\
Adds the hook and the completions at the end of the shell's start-up file, once, and says what \
it did. An existing line is left where it is.")]
pub struct SetupArgs {
    /// The shell [default: the one that runs sso]
    #[arg(long, value_name = "SHELL", value_enum)]
    pub shell: Option<HookShell>,
    /// Say what would be done, and do nothing
    #[arg(long)]
    pub dry_run: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Args)]
#[command(after_help = "\
Placeholders of --format: {profile} {account} {role} {region} {left} {state}. {state} is \
valid, refreshable or expired; {left} is the time that is left. Both are empty where no expiry is \
known, as for credentials of another tool. Prints nothing, and succeeds, where no credentials \
are loaded.

  sso prompt                                dev 47m
  sso prompt --format '{role}@{account}'    AdministratorAccess@111122223333")]
pub struct PromptArgs {
    /// What to print [default: {profile} {left}]
    #[arg(long, value_name = "TEXT", conflicts_with = "json")]
    pub format: Option<String>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

impl From<HookShell> for EnvShell {
    fn from(shell: HookShell) -> EnvShell {
        match shell {
            HookShell::Bash => EnvShell::Bash,
            HookShell::Zsh => EnvShell::Zsh,
            HookShell::Fish => EnvShell::Fish,
        }
    }
}
