//! `sso setup`: adds the hook and the completions to a shell's start-up file.

use std::path::PathBuf;

use super::hook;
use crate::cli::args::{HookShell, SetupArgs};
use crate::cli::hints::hint_text;
use crate::cli::ui::output;
use crate::context::Context;
use crate::domain::check::hook_line;
use crate::domain::directory::rc_file::{HookLine, RcLine};
use crate::error::Result;
use crate::flow::setup::{self, RcFile};
use crate::os::current_exe;

pub fn run(ctx: &Context, args: SetupArgs) -> Result<u8> {
    let shell = hook::given_or_detected(args.shell)?;
    let lines = rc_lines(shell)?;
    let mut output = Vec::new();
    let mut is_changed = false;
    for rc_file in rc_files(ctx, shell, &lines) {
        let state = setup::add_lines(ctx, &rc_file, args.dry_run)?;
        let path = ctx.display_path(&rc_file.path);
        for (line, state) in rc_file.lines.iter().zip(&state.lines) {
            let verb = match (state.is_appended, args.dry_run) {
                (false, _) => "has",
                (true, true) => "would get",
                (true, false) => "has got",
            };
            is_changed |= state.is_appended;
            output.push(format!("{path}:{} {verb}: {}", state.number, line.text));
        }
        if let Some(warning) = state.hook.as_ref().and_then(hook_line::hook_line) {
            let fix = warning.fix.as_ref().map(hint_text).unwrap_or_default();
            output.push(format!("  {}: {fix}", warning.what));
        }
    }
    output.push(match (is_changed, args.dry_run) {
        (false, _) => "nothing to do".to_owned(),
        (true, true) => "nothing was done".to_owned(),
        (true, false) => format!("for this shell: {}", lines[0]),
    });
    output::print(&(output.join("\n") + "\n"))?;
    Ok(0)
}

/// Returns the line of the hook in the start-up file of the shell that runs `sso`, if it is
/// there.
pub(super) fn installed_hook(ctx: &Context) -> Option<HookLine> {
    let shell = hook::given_or_detected(None).ok()?;
    let lines = rc_lines(shell).ok()?;
    let rc_files = rc_files(ctx, shell, &lines);
    let state = setup::add_lines(ctx, rc_files.first()?, true).ok()?;
    let is_present = state.lines.first().is_some_and(|line| !line.is_appended);
    state.hook.filter(|_| is_present)
}

/// Returns the lines of the hook and of the completions.
fn rc_lines(shell: HookShell) -> Result<[String; 2]> {
    // The absolute path, if PATH does not lead to this program.
    let sso = if current_exe::is_in_path() {
        "sso".to_owned()
    } else {
        hook::quoted_program(shell)?
    };
    Ok(match shell {
        HookShell::Bash => [
            format!("eval \"$({sso} hook bash)\""),
            format!("eval \"$({sso} completions bash)\""),
        ],
        // compdef exists only after compinit.
        HookShell::Zsh => [
            format!("eval \"$({sso} hook zsh)\""),
            format!("(( $+functions[compdef] )) && eval \"$({sso} completions zsh)\""),
        ],
        HookShell::Fish => [
            format!("status is-interactive; and {sso} hook fish | source"),
            format!("{sso} completions fish | source"),
        ],
    })
}

/// Returns the files that the shell reads, each with its lines.
fn rc_files<'a>(
    ctx: &Context,
    shell: HookShell,
    [hook, completions]: &'a [String; 2],
) -> Vec<RcFile<'a>> {
    let hook = RcLine {
        command: "hook",
        text: hook,
        comment: "sso: credentials by directory, see `sso hook --help`",
    };
    let completions = RcLine {
        command: "completions",
        text: completions,
        comment: "sso: completions",
    };
    let directory = |variable: &str, default: &str| {
        let path = ctx.var_os(variable).map(PathBuf::from);
        let path = path.filter(|path| path.is_absolute());
        path.unwrap_or_else(|| ctx.home().join(default))
    };
    let file = |path, shell, lines: &[RcLine<'a>]| RcFile {
        path,
        shell,
        lines: lines.to_vec(),
    };
    let both = [hook, completions];
    match shell {
        HookShell::Bash => {
            let is_login = cfg!(target_os = "macos");
            let login = is_login.then(|| setup::bash_login_file(ctx.home()));
            let paths = [Some(ctx.home().join(".bashrc")), login.flatten()];
            let paths = paths.into_iter().flatten();
            paths.map(|path| file(path, "bash", &both)).collect()
        }
        HookShell::Zsh => vec![file(directory("ZDOTDIR", "").join(".zshrc"), "zsh", &both)],
        // fish loads a command's completions from this directory on first use.
        HookShell::Fish => {
            let config = directory("XDG_CONFIG_HOME", ".config").join("fish");
            vec![
                file(config.join("config.fish"), "fish", &[hook]),
                file(config.join("completions/sso.fish"), "fish", &[completions]),
            ]
        }
    }
}
