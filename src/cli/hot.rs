//! A parser without clap for the commands that must be fast.
//!
//! clap takes longer to build its description of the command line than a warm call takes for
//! everything else. This parser returns the same values as clap or nothing: the caller then
//! lets clap parse, which also reports all errors. A property test compares the two.

use std::ffi::OsString;
use std::slice::Iter;

use clap::ValueEnum;

use crate::domain::target::request::{ParsedArgument, Request};

use super::args::{
    Cli, Command, CompleteArgs, CredentialProcessArgs, EnvArgs, ExecArgs, HookEnvArgs, PromptArgs,
};

/// Parses the arguments after the name of the program.
pub fn parse(arguments: &[OsString]) -> Option<Cli> {
    let mut words = arguments.iter();
    let mut name = words.next()?.to_str()?;
    let mut verbose = matches!(name, "-v" | "--verbose");
    if verbose {
        name = words.next()?.to_str()?;
    }
    let command = match name {
        "hook-env" => Command::HookEnv(parse_hook_env(words)?),
        "prompt" => Command::Prompt(parse_prompt(words)?),
        "complete" => Command::Complete(parse_complete(words)?),
        "env" | "exec" | "credential-process" | "credential_process" => {
            parse_role_command(name, words, &mut verbose)?
        }
        _ => return None,
    };
    Some(Cli { verbose, command })
}

fn parse_role_command(
    name: &str,
    mut words: Iter<OsString>,
    verbose: &mut bool,
) -> Option<Command> {
    let mut request = Request::default();
    let (mut env, mut exec) = (EnvArgs::default(), ExecArgs::default());
    let mut format = None;
    loop {
        let rest = words.as_slice();
        let Some(word) = words.next() else { break };
        let Some(word) = word.to_str() else {
            // Only the command of `exec` may be invalid UTF-8, and it does not start with a dash.
            if name != "exec" || word.as_encoded_bytes().starts_with(b"-") {
                return None;
            }
            exec.command = rest.to_vec();
            break;
        };
        let mut values = words.by_ref().map_while(|word| word.to_str());
        match request.parse_argument(word, &mut values) {
            ParsedArgument::TargetOption => continue,
            ParsedArgument::Unclear => return None,
            ParsedArgument::Other => {}
        }
        match (name, word) {
            (_, "-v" | "--verbose") if !*verbose => *verbose = true,
            ("exec", "--") => {
                exec.command = words.as_slice().to_vec();
                break;
            }
            ("exec", "--no-login") if !exec.no_login => exec.no_login = true,
            ("exec", "-y" | "--yes") if !exec.yes => exec.yes = true,
            ("exec", word) if !word.starts_with('-') && !word.is_empty() => {
                exec.command = rest.to_vec();
                break;
            }
            ("exec", _) => return None,
            (_, "--login") if !env.login => env.login = true,
            ("env", "--unset") if !env.unset => env.unset = true,
            ("env", "-y" | "--yes") if !env.yes => env.yes = true,
            ("env", "--shell") if env.shell.is_none() => env.shell = Some(value(words.next())?),
            ("env", "--format") if format.is_none() => format = Some(value(words.next())?),
            _ => return None,
        }
    }
    // clap reports options that exclude or require each other.
    let is_invalid =
        request.session.is_some() && request.start_url.is_some() || env.unset && env.login;
    if is_invalid || request.sso_region.is_some() && request.start_url.is_none() {
        return None;
    }
    let target = request.into();
    Some(match name {
        "env" => Command::Env(EnvArgs {
            target,
            format: format.unwrap_or_default(),
            ..env
        }),
        "exec" => Command::Exec(ExecArgs { target, ..exec }),
        _ => Command::CredentialProcess(CredentialProcessArgs {
            target,
            login: env.login,
        }),
    })
}

fn parse_hook_env(mut words: Iter<OsString>) -> Option<HookEnvArgs> {
    let shell = value(words.next())?;
    let variables = words.map(|word| Some(word.to_str()?.to_owned()));
    let mut variables = variables.collect::<Option<Vec<String>>>()?;
    let cached = variables.first().is_some_and(|word| word == "--cached");
    variables.drain(..usize::from(cached));
    let is_plain = variables.iter().all(|name| !name.starts_with('-'));
    is_plain.then_some(HookEnvArgs {
        shell,
        cached,
        variables,
    })
}

fn parse_prompt(mut words: Iter<OsString>) -> Option<PromptArgs> {
    let format = match words.next() {
        None => None,
        Some(word) => Some(match word.to_str()? {
            "--format" => words
                .next()?
                .to_str()
                .filter(|value| !value.starts_with('-'))?,
            word => word.strip_prefix("--format=")?,
        }),
    };
    let is_over = words.len() == 0;
    is_over.then(|| PromptArgs {
        format: format.map(str::to_owned),
        json: false,
    })
}

/// Parses the arguments that completion scripts pass.
fn parse_complete(mut words: Iter<OsString>) -> Option<CompleteArgs> {
    let names = value(words.next())?;
    let is_separated = words.next()? == "--";
    is_separated.then(|| CompleteArgs {
        names,
        words: words.cloned().collect(),
    })
}

fn value<T: ValueEnum>(word: Option<&OsString>) -> Option<T> {
    T::from_str(word?.to_str()?, false).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;
    use proptest::prelude::*;

    const WORDS: &str = "exec env credential-process credential_process complete roles login \
        hook-env prompt fish -y --yes {left} --format={left} status -v --verbose -p --profile --profile=x \
        -px -p=x dev - -- --login --no-login -a --account 111122223333 --account= -r --role Admin \
        -s --session --start-url https://x --sso-region eu-west-1 --region --region=r --shell bash \
        nu --shell=fish --format json --format=dotenv --unset -x --help -vv -vp a=b --prof true -c \
        Bash";

    fn arguments() -> impl Strategy<Value = Vec<String>> {
        let words: Vec<&str> = WORDS.split(' ').chain([""]).collect();
        let word = prop::sample::select(words);
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
        let lines = [
            "complete roles -- exec -s corp -p ",
            "credential-process --profile dev",
            "credential_process -s corp -a 111122223333 -r Admin",
            "-v credential-process --profile=dev --login",
            "env --shell zsh -p dev",
            "env --unset",
            "exec -p dev -- terraform plan -out x",
            "exec terraform -v --profile theirs",
        ];
        for line in lines {
            let arguments: Vec<OsString> = line.split(' ').map(OsString::from).collect();
            assert!(parse(&arguments).is_some(), "{line:?}");
        }
    }
}
