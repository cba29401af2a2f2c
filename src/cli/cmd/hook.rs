//! `sso hook`: prints the script that a shell evaluates at its start.
//!
//! The scripts are files of `shell/` with a placeholder for the path of the program. They only
//! call `sso hook-env`, which decides what a prompt has to do.

use crate::cli::args::{EnvShell, HookArgs, HookScript, HookShell};
use crate::cli::shell;
use crate::cli::ui::output;
use crate::domain::role::environment_variables::{HOOK_STATE, changed_by_hook};
use crate::error::{Error, Result};
use crate::os::current_exe;

/// Placeholder for the path of the program.
const PROGRAM: &str = "__SSO_PROGRAM__";

/// Placeholder for the names of the variables that the hook may change.
const VARIABLES: &str = "__SSO_VARIABLES__";

pub fn run(args: HookArgs) -> Result<u8> {
    let is_removal = args.script == HookScript::Off;
    if !is_removal && args.shell.is_some() {
        return Err(Error::usage(
            "--shell goes with `sso hook off`; the others name their shell",
        ));
    }
    let shell = match args.script {
        HookScript::Bash => HookShell::Bash,
        HookScript::Zsh => HookShell::Zsh,
        HookScript::Fish => HookShell::Fish,
        HookScript::Off => given_or_detected(args.shell)?,
    };
    let script = match (shell, is_removal) {
        (HookShell::Bash, false) => include_str!("../../../shell/hook.bash"),
        (HookShell::Zsh, false) => include_str!("../../../shell/hook.zsh"),
        (HookShell::Fish, false) => include_str!("../../../shell/hook.fish"),
        (HookShell::Bash, true) => include_str!("../../../shell/off.bash"),
        (HookShell::Zsh, true) => include_str!("../../../shell/off.zsh"),
        (HookShell::Fish, true) => include_str!("../../../shell/off.fish"),
    };
    let variables: Vec<_> = changed_by_hook().chain([HOOK_STATE]).collect();
    let script = script.replace(VARIABLES, &variables.join(" "));
    output::print(&script.replace(PROGRAM, &quoted_program(shell)?))?;
    Ok(0)
}

/// Returns the given shell, or the one that runs `sso`, which may have no hook.
pub fn given_or_detected(given: Option<HookShell>) -> Result<HookShell> {
    match given.map(EnvShell::from).or_else(shell::detect) {
        Some(EnvShell::Bash) => Ok(HookShell::Bash),
        Some(EnvShell::Zsh) => Ok(HookShell::Zsh),
        Some(EnvShell::Fish) => Ok(HookShell::Fish),
        _ => Err(
            Error::usage("the shell that runs sso is none that has a hook")
                .hint("pass --shell bash, zsh or fish"),
        ),
    }
}

/// Returns the absolute path of `sso`, quoted for a shell.
pub fn quoted_program(shell: HookShell) -> Result<String> {
    let path = current_exe::path()?;
    let path = path
        .to_str()
        .ok_or_else(|| Error::system("the path of sso is not UTF-8, which no hook can carry"))?;
    shell::quote(path, shell.into())
}
