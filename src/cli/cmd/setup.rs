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

/// Comment above the line of the hook.
const HOOK_COMMENT: &str = "sso: credentials by directory, see `sso hook --help`";
/// Comment above the line of the completions.
const COMPLETIONS_COMMENT: &str = "sso: completions";

pub fn run(ctx: &Context, args: SetupArgs) -> Result<u8> {
    let shell = hook::given_or_detected(args.shell)?;
    let lines = ShellLines::new(shell)?;
    let mut output = Vec::new();
    let mut is_changed = false;
    for rc_file in lines.rc_files(ctx, cfg!(target_os = "macos")) {
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
        (true, false) => format!("for this shell: {}", lines.hook),
    });
    output::print(&(output.join("\n") + "\n"))?;
    Ok(0)
}

/// Returns the line of the hook in the start-up file of the shell that runs `sso`, if it is
/// there.
pub(super) fn installed_hook(ctx: &Context) -> Option<HookLine> {
    let lines = ShellLines::new(hook::given_or_detected(None).ok()?).ok()?;
    let rc_files = lines.rc_files(ctx, cfg!(target_os = "macos"));
    let state = setup::add_lines(ctx, rc_files.first()?, true).ok()?;
    let is_present = state.lines.first().is_some_and(|line| !line.is_appended);
    state.hook.filter(|_| is_present)
}

/// The lines of sso in the start-up files of a shell.
struct ShellLines {
    shell: HookShell,
    hook: String,
    completions: String,
}

impl ShellLines {
    fn new(shell: HookShell) -> Result<ShellLines> {
        // The absolute path, if PATH does not lead to this program.
        let sso = if current_exe::is_in_path() {
            "sso".to_owned()
        } else {
            hook::quoted_program(shell)?
        };
        let (hook, completions) = match shell {
            HookShell::Bash => (
                format!("eval \"$({sso} hook bash)\""),
                format!("eval \"$({sso} completions bash)\""),
            ),
            // compdef exists only after compinit.
            HookShell::Zsh => (
                format!("eval \"$({sso} hook zsh)\""),
                format!("(( $+functions[compdef] )) && eval \"$({sso} completions zsh)\""),
            ),
            HookShell::Fish => (
                format!("status is-interactive; and {sso} hook fish | source"),
                format!("{sso} completions fish | source"),
            ),
        };
        Ok(ShellLines {
            shell,
            hook,
            completions,
        })
    }

    /// Returns the files that the shell reads, each with its lines.
    fn rc_files(&self, ctx: &Context, macos: bool) -> Vec<RcFile<'_>> {
        let hook = RcLine {
            command: "hook",
            text: &self.hook,
            comment: HOOK_COMMENT,
        };
        let completions = RcLine {
            command: "completions",
            text: &self.completions,
            comment: COMPLETIONS_COMMENT,
        };
        let both = |path: PathBuf, shell: &'static str| RcFile {
            path,
            shell,
            lines: vec![hook, completions],
        };
        let fish = |path: PathBuf, line| RcFile {
            path,
            shell: "fish",
            lines: vec![line],
        };
        let directory = |name: &str| {
            let path = ctx.var_os(name).map(PathBuf::from);
            path.filter(|path| path.is_absolute())
        };
        match self.shell {
            HookShell::Bash => {
                let mut paths = vec![ctx.home().join(".bashrc")];
                if macos {
                    paths.extend(setup::bash_login_file(ctx.home()));
                }
                paths.into_iter().map(|path| both(path, "bash")).collect()
            }
            HookShell::Zsh => {
                let home = directory("ZDOTDIR").unwrap_or_else(|| ctx.home().to_owned());
                vec![both(home.join(".zshrc"), "zsh")]
            }
            // fish loads a command's completions from this directory on first use.
            HookShell::Fish => {
                let config = directory("XDG_CONFIG_HOME");
                let config = config.unwrap_or_else(|| ctx.home().join(".config"));
                vec![
                    fish(config.join("fish/config.fish"), hook),
                    fish(config.join("fish/completions/sso.fish"), completions),
                ]
            }
        }
    }
}
