//! `sso env`: prints credentials as statements for a shell.

use std::ffi::OsString;

use clap::ValueEnum;

use super::role_environment;
use super::sign_in::sign_in_if;
use crate::cli::args::{EnvArgs, EnvFormat, EnvShell};
use crate::cli::shell;
use crate::cli::ui::output;
use crate::context::Context;
use crate::domain::role::variables;
use crate::error::Result;

/// Prints the statements. After an error a shell gets a statement that fails, because
/// `eval "$(sso env)" && terraform apply` ignores the exit code of `sso`.
pub fn run(context: impl FnOnce() -> Result<Context>, args: EnvArgs) -> Result<u8> {
    let format = args.format;
    let shell = match (format, args.shell) {
        (_, Some(shell)) => shell,
        (EnvFormat::Shell, None) => shell::detect().unwrap_or(EnvShell::Sh),
        (_, None) => EnvShell::Sh,
    };
    let outcome = context()
        .and_then(|ctx| statements(&ctx, args, shell))
        .and_then(|text| output::print(&text));
    match outcome {
        Ok(()) => Ok(0),
        Err(error) => {
            // If this cannot be written either, no shell can evaluate it.
            let _ = output::print(shell::failing_statement(format, shell));
            Err(error)
        }
    }
}

fn statements(ctx: &Context, args: EnvArgs, shell: EnvShell) -> Result<String> {
    let changes = if args.unset {
        variables::unset()
    } else {
        role_environment::load(ctx, args.target, sign_in_if(args.login))?
    };
    shell::render(&changes, args.format, shell)
}

/// Prints the failing statement for a command line that clap rejects, such as
/// `sso env --bogus`. Prints nothing where `env` is not the command.
pub fn fail_for_shell(arguments: &[OsString]) {
    let arguments: Vec<&str> = arguments.iter().filter_map(|it| it.to_str()).collect();
    let command = arguments.iter().find(|word| !word.starts_with('-'));
    if command != Some(&"env") {
        return;
    }
    let value_of = |option: &str| {
        let next = arguments
            .iter()
            .zip(arguments.iter().skip(1))
            .find(|(word, _)| **word == option);
        let inline = arguments
            .iter()
            .find_map(|word| word.strip_prefix(option)?.strip_prefix('='));
        next.map(|(_, value)| *value).or(inline)
    };
    let format = value_of("--format").and_then(|name| EnvFormat::from_str(name, false).ok());
    let shell = value_of("--shell").and_then(|name| EnvShell::from_str(name, false).ok());
    let (format, shell) = (
        format.unwrap_or_default(),
        shell.unwrap_or_else(|| shell::detect().unwrap_or(EnvShell::Sh)),
    );
    let _ = output::print(shell::failing_statement(format, shell));
}
