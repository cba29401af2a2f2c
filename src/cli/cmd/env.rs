//! `sso env`: credentials as statements for a shell.

use std::ffi::OsString;

use clap::ValueEnum;

use crate::cli::args::{EnvArgs, EnvFormat, EnvShell};
use crate::cli::shell;
use crate::cli::ui::output;
use crate::context::Context;
use crate::domain::role::variables;
use crate::error::Result;
use crate::flow::{credentials, resolve};

use super::target;

/// Runs it. On failure a shell gets a statement that fails, because
/// `eval "$(sso env)" && terraform apply` does not look at our exit code.
pub fn run(context: impl FnOnce() -> Result<Context>, args: EnvArgs) -> Result<u8> {
    let format = args.format;
    let shell = match (format, args.shell) {
        (_, Some(shell)) => shell,
        (EnvFormat::Shell, None) => shell::of_caller().unwrap_or(EnvShell::Sh),
        (_, None) => EnvShell::Sh,
    };
    let outcome = context()
        .and_then(|ctx| text(&ctx, args, shell))
        .and_then(|text| output::print(&text));
    match outcome {
        Ok(()) => Ok(0),
        Err(error) => {
            // When even this cannot be written there is no shell that could evaluate it.
            let _ = output::print(shell::failure(format, shell));
            Err(error)
        }
    }
}

fn text(ctx: &Context, args: EnvArgs, shell: EnvShell) -> Result<String> {
    if args.unset {
        return shell::render(&variables::unset(), args.format, shell);
    }
    let target = resolve::target(ctx, &args.target.into())?;
    let credentials = credentials::get(ctx, &target, target::sign_in(args.login))?;
    target::tell_about_region(ctx, &target);
    target::tell_about_confirm(ctx, &target);
    let names = ctx.var_names();
    let changes = variables::changes(&target, &credentials, names.iter().map(String::as_str));
    shell::render(&changes, args.format, shell)
}

/// The same for a command line that cannot be read: `sso env --bogus`.
pub fn fail_for_shell(words: &[OsString]) {
    let words: Vec<&str> = words.iter().filter_map(|word| word.to_str()).collect();
    let command = words.iter().find(|word| !word.starts_with('-'));
    if command != Some(&"env") {
        return;
    }
    let value_of = |option: &str| {
        let next = words
            .iter()
            .zip(words.iter().skip(1))
            .find(|(word, _)| **word == option);
        let inline = words
            .iter()
            .find_map(|word| word.strip_prefix(option)?.strip_prefix('='));
        next.map(|(_, value)| *value).or(inline)
    };
    let format = value_of("--format").and_then(|name| EnvFormat::from_str(name, false).ok());
    let shell = value_of("--shell").and_then(|name| EnvShell::from_str(name, false).ok());
    let (format, shell) = (
        format.unwrap_or_default(),
        shell.unwrap_or_else(|| shell::of_caller().unwrap_or(EnvShell::Sh)),
    );
    let _ = output::print(shell::failure(format, shell));
}
