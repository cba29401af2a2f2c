//! The command line: parses arguments, runs one command, prints its result.
//!
//! Each command is a file of `cmd`, named after it.

pub mod args;
mod cmd;
mod exit;
pub mod hints;
pub mod hot;
mod notices;
pub mod shell;
mod ui;

use std::ffi::OsString;

use clap::Parser;

use crate::cli::args::{Cli, Command};
use crate::cli::ui::output;
use crate::context::Context;
use crate::error::Result;
use crate::os::ffi;

/// Runs the program and returns its exit code. The first argument is the name of the program.
pub fn run(arguments: &[OsString]) -> u8 {
    let words = arguments.get(1..).unwrap_or_default();
    let cli = match hot::parse(words) {
        Some(cli) => cli,
        None => match Cli::try_parse_from(arguments) {
            Ok(cli) => cli,
            Err(error) => return report_clap_error(&error, words),
        },
    };
    match dispatch(cli) {
        Ok(code) => code,
        Err(error) => {
            output::report(&error);
            exit::code(&error)
        }
    }
}

fn dispatch(cli: Cli) -> Result<u8> {
    let context = || {
        let ctx = Context::new(notices::to_stderr(cli.verbose), ffi::restrict_host_lookup)?;
        if cli.verbose {
            // Reports the lines of the configuration that AWS tools read differently. An error
            // is reported by the command, if it needs the configuration.
            let _ = ctx.view();
        }
        Ok(ctx)
    };
    match cli.command {
        Command::CredentialProcess(args) => cmd::credential_process::run(&context()?, args),
        Command::Env(args) => cmd::env::run(context, args),
        Command::Exec(args) => cmd::exec::run(&context()?, args),
        Command::Login(args) => cmd::login::run(&context()?, args),
        Command::Logout(args) => cmd::logout::run(&context()?, args),
        Command::Status(args) => cmd::status::run(&context()?, args),
        Command::Roles(args) => cmd::roles::run(&context()?, args),
        Command::Accounts(args) => cmd::accounts::run(&context()?, args),
        Command::Populate(args) => cmd::populate::run(&context()?, args),
        Command::Check(args) => cmd::check::run(&context()?, args),
        Command::Console(args) => cmd::console::run(&context()?, args),
        Command::Use(args) => cmd::r#use::run(&context()?, args),
        Command::Configure(args) => cmd::configure::run(&context()?, args),
        Command::Allow(args) => cmd::allow::run(&context()?, args),
        Command::Deny(args) => cmd::deny::run(&context()?, args),
        Command::Trust(args) => cmd::trust::run(&context()?, args),
        Command::Hook(args) => cmd::hook::run(args),
        Command::HookEnv(args) => cmd::hook_env::run(context, args),
        Command::Setup(args) => cmd::setup::run(&context()?, args),
        Command::Prompt(args) => cmd::prompt::run(&context()?, args),
        Command::Completions(args) => cmd::completions::run(args),
        Command::Renew(args) => cmd::renew::run(&context()?, args),
        Command::Complete(args) => cmd::complete::run(&context()?, args),
    }
}

/// Prints a message of clap and returns the exit code: 0 for help and version, which go to stdout,
/// otherwise that of a usage error.
fn report_clap_error(error: &clap::Error, words: &[OsString]) -> u8 {
    // A shell that evaluates the output of `sso env` ignores its exit code.
    if error.use_stderr() {
        cmd::env::fail_for_shell(words);
    }
    if error.print().is_err() {
        return exit::FAILURE;
    }
    if error.use_stderr() { exit::USAGE } else { 0 }
}
