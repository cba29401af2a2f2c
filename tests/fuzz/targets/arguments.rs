//! The command line: whatever the hand-written reader takes, clap takes with the same
//! result, and a `credential_process` line means what the same words mean to clap. A line
//! of the input is a word; a line of one byte stands for a word of a list.
#![no_main]

use std::cell::RefCell;
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;

use clap::{CommandFactory, FromArgMatches};
use libfuzzer_sys::fuzz_target;
use sso::internals::cli::args::{Cli, Command};
use sso::internals::cli::hot;
use sso::internals::domain::target::request::Request;

const WORDS: [&str; 64] = [
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
    /// Described once: that takes longer than all the rest.
    static DESCRIBED: RefCell<clap::Command> = RefCell::new({
        let mut command = Cli::command();
        command.build();
        command
    });
}

fuzz_target!(|data: &[u8]| {
    let words: Vec<OsString> = data
        .split(|byte| *byte == b'\n')
        .take(12)
        .map(word)
        .collect();
    let by_hand = hot::parse(&words);
    let by_clap = by_clap(&words);
    if let Some(by_hand) = by_hand {
        let by_clap = by_clap
            .as_ref()
            .unwrap_or_else(|error| panic!("{words:?}: {error}"));
        assert_eq!(&by_hand, by_clap, "{words:?}");
    }
    if let Some(request) = as_helper(&words)
        && let Ok(Cli {
            command: Command::CredentialProcess(args),
            ..
        }) = by_clap
    {
        assert_eq!(request, args.target.into(), "{words:?}");
    }
});

fn word(line: &[u8]) -> OsString {
    match line {
        [byte] => WORDS[usize::from(*byte) % WORDS.len()].into(),
        raw => OsString::from_vec(raw.to_vec()),
    }
}

fn by_clap(words: &[OsString]) -> Result<Cli, clap::Error> {
    let all = std::iter::once(OsString::from("sso")).chain(words.iter().cloned());
    DESCRIBED.with_borrow_mut(|command| {
        let mut matches = command.try_get_matches_from_mut(all)?;
        Cli::from_arg_matches_mut(&mut matches)
    })
}

/// The words as a `credential_process` line.
fn as_helper(words: &[OsString]) -> Option<Request> {
    let words: Option<Vec<&str>> = words.iter().map(|word| word.to_str()).collect();
    let line = std::iter::once("/opt/bin/sso").chain(words?);
    Request::from_credential_process(&shlex::try_join(line).ok()?)
}
