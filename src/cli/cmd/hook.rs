//! `sso hook`: the scripts that shells evaluate.
//!
//! They are whole scripts in `shell/`, with one word for the path of the program. What a
//! prompt has to do is decided by `sso hook-env`, not here.

use crate::cli::args::{EnvShell, HookArgs, HookScript, HookShell};
use crate::cli::shell;
use crate::cli::ui::output;
use crate::error::{Error, Result};
use crate::os::current_exe;

/// The word that stands for the program.
const PROGRAM: &str = "__SSO_PROGRAM__";

const HOOKS: [&str; 3] = [
    include_str!("../../../shell/hook.bash"),
    include_str!("../../../shell/hook.zsh"),
    include_str!("../../../shell/hook.fish"),
];

const OFF: [&str; 3] = [
    include_str!("../../../shell/off.bash"),
    include_str!("../../../shell/off.zsh"),
    include_str!("../../../shell/off.fish"),
];

/// Runs it.
pub fn run(args: HookArgs) -> Result<u8> {
    let (scripts, shell) = match args.script {
        HookScript::Bash => (HOOKS, HookShell::Bash),
        HookScript::Zsh => (HOOKS, HookShell::Zsh),
        HookScript::Fish => (HOOKS, HookShell::Fish),
        HookScript::Off => (OFF, of(args.shell)?),
    };
    if args.script != HookScript::Off && args.shell.is_some() {
        return Err(Error::usage(
            "--shell goes with `sso hook off`; the others name their shell",
        ));
    }
    output::print(&rendered(scripts, shell)?)?;
    Ok(0)
}

/// The shell that was named, or the one that runs us.
pub fn of(named: Option<HookShell>) -> Result<HookShell> {
    let shell = match named {
        Some(shell) => return Ok(shell),
        None => shell::of_caller(),
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

fn rendered(scripts: [&str; 3], shell: HookShell) -> Result<String> {
    let (script, form) = match shell {
        HookShell::Bash => (scripts[0], EnvShell::Bash),
        HookShell::Zsh => (scripts[1], EnvShell::Zsh),
        HookShell::Fish => (scripts[2], EnvShell::Fish),
    };
    let path = current_exe::path()?;
    let path = path
        .to_str()
        .ok_or_else(|| Error::system("the path of sso is not UTF-8, which no hook can carry"))?;
    Ok(script.replace(PROGRAM, &shell::quoted(path, form)?))
}
