//! Command lines: `hot::parse`, which parses the common ones without clap, and clap itself.
//!
//! If `hot::parse` accepts a command line, clap accepts it with the same result. A request parsed
//! from a `credential_process` line equals the one that clap parses from the same arguments.
//!
//! Each line of the input is an argument; a line of one byte is an index into `COMMON_ARGUMENTS`.
#![no_main]

use std::cell::RefCell;
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;

use clap::{CommandFactory, FromArgMatches};
use libfuzzer_sys::fuzz_target;
use sso::internals::cli::args::{Cli, Command};
use sso::internals::cli::hot;
use sso::internals::domain::target::request::Request;

const COMMON_ARGUMENTS: [&str; 64] = [
    "exec",
    "env",
    "credential-process",
    "credential_process",
    "-v",
    "--verbose",
    "-p",
    "--profile",
    "--profile=x",
    "-px",
    "-p=x",
    "dev",
    "",
    "-",
    "--",
    "--login",
    "--no-login",
    "-a",
    "--account",
    "111122223333",
    "--account=",
    "-r",
    "--role",
    "Admin",
    "-s",
    "--session",
    "--start-url",
    "https://x",
    "--sso-region",
    "eu-west-1",
    "--region",
    "--region=r",
    "--shell",
    "bash",
    "zsh",
    "sh",
    "fish",
    "elvish",
    "pwsh",
    "nu",
    "cmd",
    "--shell=fish",
    "--format",
    "shell",
    "json",
    "dotenv",
    "--format=dotenv",
    "--unset",
    "-x",
    "--help",
    "-h",
    "-V",
    "--version",
    "-vv",
    "-vp",
    "-va",
    "a=b",
    "--prof",
    "login",
    "status",
    "logout",
    "help",
    "--start-url=https://x",
    "--session=",
];

thread_local! {
    /// Built once, because building takes longer than parsing.
    static CLAP_COMMAND: RefCell<clap::Command> = RefCell::new({
        let mut command = Cli::command();
        command.build();
        command
    });
}

fuzz_target!(|data: &[u8]| {
    let args: Vec<OsString> = data
        .split(|byte| *byte == b'\n')
        .take(12)
        .map(argument)
        .collect();
    let hot = hot::parse(&args);
    let clap = parse_with_clap(&args);
    if let Some(hot) = hot {
        let clap = clap
            .as_ref()
            .unwrap_or_else(|error| panic!("{args:?}: {error}"));
        assert_eq!(&hot, clap, "{args:?}");
    }
    if let Some(request) = parse_as_credential_process(&args)
        && let Ok(Cli {
            command: Command::CredentialProcess(parsed),
            ..
        }) = clap
    {
        assert_eq!(request, parsed.target.into(), "{args:?}");
    }
});

fn argument(line: &[u8]) -> OsString {
    match line {
        [byte] => COMMON_ARGUMENTS[usize::from(*byte) % COMMON_ARGUMENTS.len()].into(),
        raw => OsString::from_vec(raw.to_vec()),
    }
}

fn parse_with_clap(args: &[OsString]) -> Result<Cli, clap::Error> {
    let all = std::iter::once(OsString::from("sso")).chain(args.iter().cloned());
    CLAP_COMMAND.with_borrow_mut(|command| {
        let mut matches = command.try_get_matches_from_mut(all)?;
        Cli::from_arg_matches_mut(&mut matches)
    })
}

/// Parses the arguments as the value of `credential_process` in a profile.
fn parse_as_credential_process(args: &[OsString]) -> Option<Request> {
    let args: Option<Vec<&str>> = args.iter().map(|arg| arg.to_str()).collect();
    let line = std::iter::once("/opt/bin/sso").chain(args?);
    Request::from_credential_process(&shlex::try_join(line).ok()?)
}
