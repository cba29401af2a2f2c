//! `sso completions`: prints a script of `completions/`, which `cargo xtask gen` generates.

use crate::cli::args::{CompletionShell, CompletionsArgs};
use crate::cli::ui::output;
use crate::error::Result;

pub fn run(args: CompletionsArgs) -> Result<u8> {
    output::print(match args.shell {
        CompletionShell::Bash => include_str!("../../../completions/sso.bash"),
        CompletionShell::Zsh => include_str!("../../../completions/_sso"),
        CompletionShell::Fish => include_str!("../../../completions/sso.fish"),
        CompletionShell::Elvish => include_str!("../../../completions/sso.elv"),
        CompletionShell::Powershell => include_str!("../../../completions/sso.ps1"),
        CompletionShell::Nushell => include_str!("../../../completions/sso.nu"),
    })?;
    Ok(0)
}
