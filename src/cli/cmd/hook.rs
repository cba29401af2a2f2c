//! `sso hook`: prints the script that a shell evaluates at its start.
//!
//! The scripts are files of `shell/` with a placeholder for the path of the program. They only
//! call `sso hook-env`, which decides what a prompt has to do.

use crate::cli::args::{EnvShell, HookArgs, HookScript, HookShell};
use crate::cli::shell;
use crate::cli::ui::output;
use crate::error::{Error, Result};
use crate::os::current_exe;

/// Placeholder for the path of the program.
const PLACEHOLDER: &str = "__SSO_PROGRAM__";

/// Scripts that install the hook, for bash, zsh and fish.
const INSTALL: [&str; 3] = [
    include_str!("../../../shell/hook.bash"),
    include_str!("../../../shell/hook.zsh"),
    include_str!("../../../shell/hook.fish"),
];

/// Scripts that remove the hook, for bash, zsh and fish.
const REMOVE: [&str; 3] = [
    include_str!("../../../shell/off.bash"),
    include_str!("../../../shell/off.zsh"),
    include_str!("../../../shell/off.fish"),
];

pub fn run(args: HookArgs) -> Result<u8> {
    let (scripts, shell) = match args.script {
        HookScript::Bash => (INSTALL, HookShell::Bash),
        HookScript::Zsh => (INSTALL, HookShell::Zsh),
        HookScript::Fish => (INSTALL, HookShell::Fish),
        HookScript::Off => (REMOVE, given_or_detected(args.shell)?),
    };
    if args.script != HookScript::Off && args.shell.is_some() {
        return Err(Error::usage(
            "--shell goes with `sso hook off`; the others name their shell",
        ));
    }
    output::print(&render(scripts, shell)?)?;
    Ok(0)
}

/// Returns the given shell, or the one that runs `sso`.
///
/// # Errors
///
/// A usage error where `sso` runs in no shell that has a hook.
pub fn given_or_detected(given: Option<HookShell>) -> Result<HookShell> {
    let shell = match given {
        Some(shell) => return Ok(shell),
        None => shell::detect(),
    };
    match shell {
        Some(EnvShell::Bash) => Ok(HookShell::Bash),
        Some(EnvShell::Zsh) => Ok(HookShell::Zsh),
        Some(EnvShell::Fish) => Ok(HookShell::Fish),
        _ => Err(
            Error::usage("the shell that runs sso is none that has a hook")
                .hint("pass --shell bash, zsh or fish"),
        ),
    }
}

fn render(scripts: [&str; 3], shell: HookShell) -> Result<String> {
    let [bash, zsh, fish] = scripts;
    let script = match shell {
        HookShell::Bash => bash,
        HookShell::Zsh => zsh,
        HookShell::Fish => fish,
    };
    Ok(script.replace(PLACEHOLDER, &quoted_program(shell)?))
}

/// Returns the absolute path of `sso`, quoted for a shell.
///
/// # Errors
///
/// The path is unknown or not UTF-8.
pub fn quoted_program(shell: HookShell) -> Result<String> {
    let path = current_exe::path()?;
    let path = path
        .to_str()
        .ok_or_else(|| Error::system("the path of sso is not UTF-8, which no hook can carry"))?;
    shell::quote(path, shell.into())
}
