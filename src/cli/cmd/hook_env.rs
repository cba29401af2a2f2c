//! `sso hook-env`: what a shell with a hook evaluates at a prompt.

use crate::cli::args::{EnvFormat, EnvShell, HookEnvArgs, HookShell};
use crate::cli::hints::hook_line;
use crate::cli::shell;
use crate::cli::ui::output;
use crate::context::Context;
use crate::error::Result;
use crate::flow::hook;

/// Runs it. A prompt must never break: what goes wrong is said, and changes nothing.
pub fn run(context: impl FnOnce() -> Result<Context>, args: HookEnvArgs) -> Result<u8> {
    let Ok(ctx) = context() else {
        return Ok(0);
    };
    let turn = hook::turn(&ctx, &args.fixed);
    let form = match args.shell {
        HookShell::Bash => EnvShell::Bash,
        HookShell::Zsh => EnvShell::Zsh,
        HookShell::Fish => EnvShell::Fish,
    };
    let mut text = shell::render(&turn.changes, EnvFormat::Shell, form)?;
    if form == EnvShell::Fish {
        // fish takes what it captures apart by lines, and putting them together again costs it
        // as much as a process. No value has a line of its own: they are escaped.
        text = text.replace('\n', " ");
    }
    output::print(&text)?;
    let quiet = ctx.var("SSO_HOOK_QUIET").unwrap_or_default();
    if let Some(line) = turn.say {
        let wanted = match quiet.as_str() {
            "" | "0" => true,
            "errors" => line.error,
            _ => false,
        };
        if wanted {
            output::eprintln(&format!(
                "sso: {}",
                hook_line(&line.text, line.hint.as_ref())
            ));
        }
    }
    Ok(0)
}
