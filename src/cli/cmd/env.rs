//! `sso env`: prints credentials as statements for a shell.

use std::ffi::OsString;

use clap::ValueEnum;

use super::role_environment::{self, sign_in_if};
use crate::cli::args::{EnvArgs, EnvFormat, EnvShell};
use crate::cli::shell;
use crate::cli::ui::output;
use crate::context::Context;
use crate::domain::role::environment_variables;
use crate::error::Result;

/// Prints the statements. After an error a shell gets a statement that fails, because
/// `eval "$(sso env)" && terraform apply` ignores the exit code of `sso`.
pub fn run(context: impl FnOnce() -> Result<Context>, args: EnvArgs) -> Result<u8> {
    let format = args.format;
    let shell = match args.shell {
        None if format == EnvFormat::Shell => shell::detect(),
        given => given,
    };
    let shell = shell.unwrap_or(EnvShell::Sh);
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
        environment_variables::unset()
    } else {
        role_environment::load(ctx, args.target, sign_in_if(args.login), args.yes, "env")?
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
        let mut pairs = arguments.windows(2);
        let next = pairs.find_map(|pair| (pair[0] == option).then_some(pair[1]));
        let mut words = arguments.iter();
        next.or_else(|| words.find_map(|word| word.strip_prefix(option)?.strip_prefix('=')))
    };
    let format = value_of("--format").and_then(|name| EnvFormat::from_str(name, false).ok());
    let shell = value_of("--shell").and_then(|name| EnvShell::from_str(name, false).ok());
    let shell = shell.or_else(shell::detect).unwrap_or(EnvShell::Sh);
    let _ = output::print(shell::failing_statement(format.unwrap_or_default(), shell));
}
