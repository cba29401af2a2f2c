//! Statements that set and remove variables, exact to the byte, for each shell.
//!
//! bash, zsh, sh and fish are quoted by shlex, which gets all of them right; the others
//! have rules of their own.

use std::path::PathBuf;

use serde_json::{Map, Value};

use crate::domain::json;
use crate::domain::role::variables::Change;
use crate::error::{Error, Result};
use crate::os::process;

use super::args::{EnvFormat, EnvShell};

/// The changes as text of this form.
pub fn render(changes: &[Change], format: EnvFormat, shell: EnvShell) -> Result<String> {
    match format {
        EnvFormat::Json => Ok(object(changes)),
        EnvFormat::Dotenv => changes.iter().map(dotenv).collect(),
        EnvFormat::Shell if shell == EnvShell::Nu => Ok(object(changes)),
        EnvFormat::Shell => changes
            .iter()
            .map(|change| statement(change, shell))
            .collect(),
    }
}

/// A statement that fails, where the form has statements.
pub fn failure(format: EnvFormat, shell: EnvShell) -> &'static str {
    match (format, shell) {
        (EnvFormat::Json | EnvFormat::Dotenv, _) | (_, EnvShell::Nu) => "",
        (_, EnvShell::Bash | EnvShell::Zsh | EnvShell::Sh | EnvShell::Fish) => "false\n",
        (_, EnvShell::Elvish) => "fail 'sso env failed'\n",
        (_, EnvShell::Pwsh) => "throw 'sso env failed'\n",
        (_, EnvShell::Cmd) => "exit /b 1\n",
    }
}

/// The shell that an executable is, if it is one.
pub fn from_executable(name: &str) -> Option<EnvShell> {
    // A login shell's name may begin with a dash; an updated one's link ends in a mark.
    let name = name.trim_start_matches('-').trim_end_matches(" (deleted)");
    Some(match name {
        "bash" => EnvShell::Bash,
        "zsh" => EnvShell::Zsh,
        "sh" | "dash" | "ash" | "busybox" | "ksh" | "ksh93" | "mksh" | "yash" => EnvShell::Sh,
        "fish" => EnvShell::Fish,
        "elvish" => EnvShell::Elvish,
        "pwsh" | "powershell" => EnvShell::Pwsh,
        "nu" => EnvShell::Nu,
        "cmd" => EnvShell::Cmd,
        // Distributions put versions behind the name.
        _ if name.starts_with("zsh-") => EnvShell::Zsh,
        _ if name.starts_with("bash-") => EnvShell::Bash,
        _ => return None,
    })
}

/// The first known shell among our ancestors: a wrapper may stand between.
pub fn of_caller() -> Option<EnvShell> {
    let known = |path: &PathBuf| from_executable(path.file_name()?.to_str()?);
    process::ancestors().iter().find_map(known)
}

/// A word for one of the shells that have a hook. Always in quotes: no alias is expanded then.
pub fn quoted(word: &str, shell: EnvShell) -> Result<String> {
    let quoted = match shell {
        EnvShell::Fish => Ok(fish(word).into()),
        _ => shlex::try_quote(word),
    };
    match quoted {
        Ok(quoted) if quoted == word => Ok(format!("'{word}'")),
        Ok(quoted) => Ok(quoted.into_owned()),
        Err(_) => Err(Error::configuration(
            "a NUL byte cannot be written for a shell",
        )),
    }
}

fn object(changes: &[Change]) -> String {
    let mut map = Map::new();
    for change in changes {
        match change {
            Change::Set(name, value) => map.insert((*name).to_owned(), value.expose().into()),
            Change::Remove(name) => map.insert(name.clone(), Value::Null),
        };
    }
    json::spaced(&Value::Object(map)) + "\n"
}

fn statement(change: &Change, shell: EnvShell) -> Result<String> {
    let (name, value) = match change {
        Change::Set(name, value) => (*name, value.expose()),
        Change::Remove(name) => return Ok(removal(name, shell)),
    };
    let impossible = |why: &str| {
        Err(Error::configuration(format!(
            "the value of {name} cannot be written for this shell: {why}"
        ))
        .hint("use another --shell, or --format json"))
    };
    if value.contains('\0') {
        return impossible("it holds a NUL byte");
    }
    Ok(match shell {
        EnvShell::Fish => format!("set -gx {name} {};\n", fish(value)),
        EnvShell::Elvish => format!("set-env {name} {}\n", doubled(value, &['\''])),
        // PowerShell takes the typographic quotes for quotes as well.
        EnvShell::Pwsh => {
            format!(
                "$Env:{name} = {}\n",
                doubled(
                    value,
                    &['\'', '\u{2018}', '\u{2019}', '\u{201a}', '\u{201b}']
                )
            )
        }
        EnvShell::Cmd
            if value
                .chars()
                .any(|c| c.is_control() || "\"%!^&|<>".contains(c)) =>
        {
            return impossible("it holds a character that cmd interprets");
        }
        EnvShell::Cmd => format!("set \"{name}={value}\"\r\n"),
        EnvShell::Bash | EnvShell::Zsh | EnvShell::Sh | EnvShell::Nu => {
            match shlex::try_quote(value) {
                Ok(quoted) => format!("export {name}={quoted};\n"),
                Err(_) => return impossible("it holds a NUL byte"),
            }
        }
    })
}

fn removal(name: &str, shell: EnvShell) -> String {
    match shell {
        EnvShell::Bash | EnvShell::Zsh | EnvShell::Sh | EnvShell::Nu => format!("unset {name};\n"),
        // A universal variable is the user's, in every shell and for good. Nothing can hide
        // one from programs without erasing it, so it stays, and that is said. What fails
        // here must not show: `set` keeps it as the status.
        EnvShell::Fish => format!(
            "set -eg {name}; set -qU {name}; and echo 'sso: {name} is a universal variable and \
             stays; `set -eU {name}` erases it' >&2; or true;\n"
        ),
        EnvShell::Elvish => format!("unset-env {name}\n"),
        EnvShell::Pwsh => format!("Remove-Item -ErrorAction Ignore Env:{name}\n"),
        EnvShell::Cmd => format!("set \"{name}=\"\r\n"),
    }
}

/// fish knows only two escapes between single quotes. A line end is written outside of them, so
/// that a statement is always one line.
fn fish(value: &str) -> String {
    let value = value.replace('\\', "\\\\").replace('\'', "\\'");
    format!("'{}'", value.replace('\n', "'\\n'"))
}

/// Single quotes, in which a quote is written twice.
fn doubled(value: &str, quotes: &[char]) -> String {
    let mut out = String::from("'");
    for c in value.chars() {
        if quotes.contains(&c) {
            out.push(c);
        }
        out.push(c);
    }
    out.push('\'');
    out
}

/// Readers of .env files disagree about quotes, so only values that need none are written.
fn dotenv(change: &Change) -> Result<String> {
    let Change::Set(name, value) = change else {
        return Ok(String::new());
    };
    let value = value.expose();
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"_-+/=.:@,%".contains(&b);
    if value.bytes().all(plain) {
        return Ok(format!("{name}={value}\n"));
    }
    Err(Error::configuration(format!(
        "the value of {name} cannot be written in a .env file that every tool reads alike"
    ))
    .hint("use --format json, or --shell"))
}
