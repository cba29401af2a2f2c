//! A parser without clap for the commands that must be fast.
//!
//! clap takes longer to build its description of the command line than a warm call takes for
//! everything else. This parser returns the same values as clap or nothing: the caller then
//! lets clap parse, which also reports all errors. A property test compares the two.

use std::ffi::OsString;

use crate::domain::target::request::{ParsedArgument, Request};

use super::args::{
    Cli, Command, CompleteArgs, CompletionKind, CredentialProcessArgs, EnvArgs, EnvFormat,
    EnvShell, ExecArgs, HookEnvArgs, HookShell, PromptArgs,
};

/// Parses the arguments after the name of the program.
pub fn parse(arguments: &[OsString]) -> Option<Cli> {
    let mut words = Words { arguments, at: 0 };
    let mut verbose = false;
    let mut name = words.next()?;
    if matches!(name, "-v" | "--verbose") {
        verbose = true;
        name = words.next()?;
    }
    match name {
        "hook-env" => return parse_hook_env(words, verbose),
        "prompt" => return parse_prompt(words, verbose),
        "complete" => return parse_complete(&arguments[words.at..], verbose),
        _ => {}
    }
    let mut flags = Flags::default();
    match name {
        "credential-process" | "credential_process" | "env" | "exec" => {}
        _ => return None,
    }
    let mut request = Request::default();
    let mut command: &[OsString] = &[];
    while words.at < arguments.len() {
        let before = words.at;
        let Some(word) = words.next() else {
            // Only the command of `exec` may be invalid UTF-8, and it does not start with a dash.
            let is_option = |word: &OsString| word.as_encoded_bytes().starts_with(b"-");
            if name != "exec" || arguments.get(before).is_none_or(is_option) {
                return None;
            }
            command = &arguments[before..];
            break;
        };
        match request.parse_argument(word, &mut words) {
            ParsedArgument::TargetOption => continue,
            ParsedArgument::Unclear => return None,
            ParsedArgument::Other => {}
        }
        match (name, word) {
            (_, "-v" | "--verbose") if !verbose => verbose = true,
            ("exec", "--") => {
                command = &arguments[words.at..];
                break;
            }
            ("exec", "--no-login") if !flags.no_login => flags.no_login = true,
            ("exec", word) if !word.starts_with('-') && !word.is_empty() => {
                command = &arguments[before..];
                break;
            }
            ("env" | "credential-process" | "credential_process", "--login") if !flags.login => {
                flags.login = true
            }
            ("env", "--unset") if !flags.unset => flags.unset = true,
            ("env", "--shell") if flags.shell.is_none() => {
                flags.shell = Some(parse_shell(words.next()?)?)
            }
            ("env", "--format") if flags.format.is_none() => {
                flags.format = Some(parse_format(words.next()?)?)
            }
            _ => return None,
        }
    }
    // clap reports options that exclude or require each other.
    let is_invalid =
        request.session.is_some() && request.start_url.is_some() || flags.unset && flags.login;
    if is_invalid || request.sso_region.is_some() && request.start_url.is_none() {
        return None;
    }
    let target = request.into();
    let command = match name {
        "env" => Command::Env(EnvArgs {
            target,
            shell: flags.shell,
            format: flags.format.unwrap_or_default(),
            unset: flags.unset,
            login: flags.login,
        }),
        "exec" => Command::Exec(ExecArgs {
            target,
            no_login: flags.no_login,
            command: command.to_vec(),
        }),
        _ => Command::CredentialProcess(CredentialProcessArgs {
            target,
            login: flags.login,
        }),
    };
    Some(Cli { verbose, command })
}

fn parse_hook_env(mut words: Words, verbose: bool) -> Option<Cli> {
    let shell = match words.next()? {
        "bash" => HookShell::Bash,
        "zsh" => HookShell::Zsh,
        "fish" => HookShell::Fish,
        _ => return None,
    };
    let fixed: Vec<String> = (&mut words).map(str::to_owned).collect();
    if fixed.iter().any(|name| name.starts_with('-')) {
        return None;
    }
    let command = Command::HookEnv(HookEnvArgs { shell, fixed });
    words.is_over().then_some(Cli { verbose, command })
}

fn parse_prompt(mut words: Words, verbose: bool) -> Option<Cli> {
    let format = if words.is_over() {
        None
    } else {
        match words.next()? {
            "--format" => words.next().filter(|value| !value.starts_with('-')),
            word => word.strip_prefix("--format="),
        }
        .map(|format| Some(format.to_owned()))?
    };
    let command = Command::Prompt(PromptArgs {
        format,
        json: false,
    });
    words.is_over().then_some(Cli { verbose, command })
}

/// Parses the arguments that completion scripts pass.
fn parse_complete(words: &[OsString], verbose: bool) -> Option<Cli> {
    let [names, separator, words @ ..] = words else {
        return None;
    };
    let names = match names.to_str()? {
        "profiles" => CompletionKind::Profiles,
        "sessions" => CompletionKind::Sessions,
        "accounts" => CompletionKind::Accounts,
        "roles" => CompletionKind::Roles,
        _ => return None,
    };
    let words = words.to_vec();
    let command = Command::Complete(CompleteArgs { names, words });
    (separator == "--").then_some(Cli { verbose, command })
}

#[derive(Default)]
struct Flags {
    login: bool,
    no_login: bool,
    unset: bool,
    shell: Option<EnvShell>,
    format: Option<EnvFormat>,
}

/// Iterates over the arguments; stops before one that is not UTF-8.
struct Words<'a> {
    arguments: &'a [OsString],
    at: usize,
}

impl Words<'_> {
    fn is_over(&self) -> bool {
        self.at == self.arguments.len()
    }
}

impl<'a> Iterator for Words<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let word = self.arguments.get(self.at)?.to_str()?;
        self.at += 1;
        Some(word)
    }
}

fn parse_shell(word: &str) -> Option<EnvShell> {
    Some(match word {
        "bash" => EnvShell::Bash,
        "zsh" => EnvShell::Zsh,
        "sh" => EnvShell::Sh,
        "fish" => EnvShell::Fish,
        "elvish" => EnvShell::Elvish,
        "pwsh" => EnvShell::Pwsh,
        "nu" => EnvShell::Nu,
        "cmd" => EnvShell::Cmd,
        _ => return None,
    })
}

fn parse_format(word: &str) -> Option<EnvFormat> {
    Some(match word {
        "shell" => EnvFormat::Shell,
        "dotenv" => EnvFormat::Dotenv,
        "json" => EnvFormat::Json,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;
    use proptest::prelude::*;

    fn arguments() -> impl Strategy<Value = Vec<String>> {
        let word = prop::sample::select(vec![
            "exec",
            "env",
            "credential-process",
            "credential_process",
            "complete",
            "roles",
            "login",
            "hook-env",
            "prompt",
            "fish",
            "{left}",
            "--format={left}",
            "status",
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
            "nu",
            "--shell=fish",
            "--format",
            "json",
            "--format=dotenv",
            "--unset",
            "-x",
            "--help",
            "-vv",
            "-vp",
            "a=b",
            "--prof",
            "true",
            "-c",
            "Bash",
        ]);
        prop::collection::vec(word.prop_map(str::to_owned), 0..8)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]
        #[test]
        fn clap_parses_the_same_values(tail in arguments(), head in 0..7usize) {
            let mut arguments: Vec<OsString> = tail.iter().map(OsString::from).collect();
            let heads = ["exec", "env", "credential-process", "hook-env", "prompt", "complete"];
            if let Some(name) = heads.get(head) {
                arguments.insert(0, (*name).into());
            }
            if let Some(parsed) = parse(&arguments) {
                let all = std::iter::once(OsString::from("sso")).chain(arguments.iter().cloned());
                match Cli::try_parse_from(all) {
                    Ok(by_clap) => prop_assert_eq!(parsed, by_clap),
                    Err(error) => prop_assert!(false, "clap refuses {:?}: {}", arguments, error),
                }
            }
        }
    }

    #[test]
    fn a_command_may_be_other_than_utf8_and_an_option_may_not() {
        use std::os::unix::ffi::OsStringExt;
        let parse_with = |word: &[u8]| parse(&["exec".into(), OsString::from_vec(word.to_vec())]);
        assert!(parse_with(b"tool\xff").is_some());
        for option in [&b"-\xff"[..], b"--he\xfflp"] {
            assert!(parse_with(option).is_none(), "{option:?}");
        }
    }

    #[test]
    fn common_command_lines_are_parsed() {
        let lines: [&[&str]; 8] = [
            &["complete", "roles", "--", "exec", "-s", "corp", "-p", ""],
            &["credential-process", "--profile", "dev"],
            &[
                "credential_process",
                "-s",
                "corp",
                "-a",
                "111122223333",
                "-r",
                "Admin",
            ],
            &["-v", "credential-process", "--profile=dev", "--login"],
            &["env", "--shell", "zsh", "-p", "dev"],
            &["env", "--unset"],
            &["exec", "-p", "dev", "--", "terraform", "plan", "-out", "x"],
            &["exec", "terraform", "-v", "--profile", "theirs"],
        ];
        for line in lines {
            let arguments: Vec<OsString> = line.iter().map(OsString::from).collect();
            assert!(parse(&arguments).is_some(), "{line:?}");
        }
    }
}
