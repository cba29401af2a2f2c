//! `sso setup`: the hook and the completions in a shell's start-up file.

use std::path::PathBuf;

use crate::cli::args::{EnvShell, HookShell, SetupArgs};
use crate::cli::shell;
use crate::cli::ui::output;
use crate::context::Context;
use crate::domain::directory::rc_file::{Dialect, Edit, Line, Order, Step};
use crate::error::{Error, Result};
use crate::flow::check::RcFile;
use crate::flow::setup::{self, Wanted};
use crate::os::current_exe;

use super::hook;

const HOOK: &str = "sso: credentials by directory, see `sso hook --help`";
const COMPLETIONS: &str = "sso: completions";

/// Runs it.
pub fn run(ctx: &Context, args: SetupArgs) -> Result<u8> {
    let shell = hook::of(args.shell)?;
    let texts = Texts::new(shell)?;
    let mut said = Vec::new();
    let mut done = false;
    for wanted in texts.wanted(ctx, cfg!(target_os = "macos")) {
        let edit = setup::put(ctx, &wanted, args.dry_run)?;
        let file = ctx.in_short(&wanted.file);
        for (line, step) in wanted.lines.iter().zip(&edit.steps) {
            let (verb, number) = match step {
                Step::Present(number) => ("has", number),
                Step::Added(number) if args.dry_run => ("would get", number),
                Step::Added(number) => ("has got", number),
            };
            done |= matches!(step, Step::Added(_));
            said.push(format!("{file}:{number} {verb}: {}", line.text));
        }
        if wanted.lines.iter().any(|line| line.command == "hook") {
            said.extend(about_order(&file, &edit));
        }
    }
    said.push(match (done, args.dry_run) {
        (false, _) => "nothing to do".to_owned(),
        (true, true) => "nothing was done".to_owned(),
        (true, false) => format!("for this shell: {}", texts.hook),
    });
    output::print(&(said.join("\n") + "\n"))?;
    Ok(0)
}

/// The start-up file of the shell that runs us, and whether the hook is in it.
pub(super) fn rc_file(ctx: &Context) -> Option<RcFile> {
    let texts = Texts::new(hook::of(None).ok()?).ok()?;
    let files = texts.wanted(ctx, cfg!(target_os = "macos"));
    let wanted = files.first()?;
    let edit = setup::put(ctx, wanted, true).ok()?;
    Some(RcFile {
        path: ctx.in_short(&wanted.file),
        has_hook: matches!(edit.steps.first(), Some(Step::Present(_))),
    })
}

fn about_order(file: &str, edit: &Edit) -> Option<String> {
    let said = match edit.order {
        Order::Fine => return None,
        Order::BeforeTheme(line) => {
            format!("  before the prompt theme in line {line}, so that it shows what is loaded")
        }
        Order::BehindManager(line) => {
            format!("  behind line {line}, which manages the environment as well")
        }
        Order::Torn { manager, theme } => format!(
            "  behind line {manager}, which manages the environment, and so behind the prompt \
             theme in line {theme}: put that last"
        ),
        Order::TooLate(line) => format!(
            "  it stands behind the prompt theme in line {line}, which may show the directory \
             before: put the theme last"
        ),
        Order::TooEarly(line) => format!(
            "  it stands before line {line}, which manages the environment and may undo it: put \
             the hook behind that"
        ),
        Order::Unclear => {
            format!("  {file} could not be understood; look whether the place is right")
        }
    };
    Some(said)
}

/// The lines for a shell.
struct Texts {
    shell: HookShell,
    hook: String,
    completions: String,
}

impl Texts {
    fn new(shell: HookShell) -> Result<Texts> {
        let form = match shell {
            HookShell::Bash => EnvShell::Bash,
            HookShell::Zsh => EnvShell::Zsh,
            HookShell::Fish => EnvShell::Fish,
        };
        // A program that PATH does not find is named where it is.
        let sso = if current_exe::is_in_path() {
            "sso".to_owned()
        } else {
            let path = current_exe::path()?;
            let path = path.to_str().ok_or_else(|| {
                Error::failure("the path of sso is not UTF-8, which no hook can carry")
            })?;
            shell::quoted(path, form)?
        };
        let (hook, completions) = match shell {
            HookShell::Bash => (
                format!("eval \"$({sso} hook bash)\""),
                format!("eval \"$({sso} completions bash)\""),
            ),
            // Without compinit there is nothing to register with.
            HookShell::Zsh => (
                format!("eval \"$({sso} hook zsh)\""),
                format!("(( $+functions[compdef] )) && eval \"$({sso} completions zsh)\""),
            ),
            HookShell::Fish => (
                format!("status is-interactive; and {sso} hook fish | source"),
                format!("{sso} completions fish | source"),
            ),
        };
        Ok(Texts {
            shell,
            hook,
            completions,
        })
    }

    /// What goes into which file.
    fn wanted(&self, ctx: &Context, macos: bool) -> Vec<Wanted<'_>> {
        let hook = Line {
            command: "hook",
            text: &self.hook,
            remark: HOOK,
        };
        let completions = Line {
            command: "completions",
            text: &self.completions,
            remark: COMPLETIONS,
        };
        let posix = |file: PathBuf, shell: &'static str| Wanted {
            file,
            shell,
            dialect: Dialect::Posix,
            lines: vec![hook, completions],
        };
        let fish = |file: PathBuf, line| Wanted {
            file,
            shell: "fish",
            dialect: Dialect::Fish,
            lines: vec![line],
        };
        let directory = |name: &str| {
            let path = ctx.var_os(name).map(PathBuf::from);
            path.filter(|path| path.is_absolute())
        };
        match self.shell {
            HookShell::Bash => {
                let mut files = vec![ctx.home().join(".bashrc")];
                if macos {
                    files.extend(setup::login_file(ctx.home()));
                }
                files.into_iter().map(|file| posix(file, "bash")).collect()
            }
            HookShell::Zsh => {
                let home = directory("ZDOTDIR").unwrap_or_else(|| ctx.home().to_owned());
                vec![posix(home.join(".zshrc"), "zsh")]
            }
            // fish reads completions when they are first asked for.
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
