//! Renders environment changes as statements of a shell, exact to the byte.
//!
//! A value is written as one word without quotes, or as one quoted part: adjacent parts mean
//! something else with options such as `rc_quotes` of zsh. shlex writes such parts.

use std::path::PathBuf;

use clap::ValueEnum;
use serde_json::{Map, Value};

use crate::domain::json;
use crate::domain::role::environment_variables::Change;
use crate::error::{Error, Result};
use crate::os::process;

use super::args::{EnvFormat, EnvShell};

/// PowerShell treats typographic quotes as quotes too.
const PWSH_QUOTES: [char; 5] = ['\'', '\u{2018}', '\u{2019}', '\u{201a}', '\u{201b}'];

/// Renders the changes, or fails on a value that the format cannot express.
pub fn render(changes: &[Change], format: EnvFormat, shell: EnvShell) -> Result<String> {
    match format {
        EnvFormat::Dotenv => changes.iter().map(render_dotenv_line).collect(),
        EnvFormat::Shell if shell != EnvShell::Nu => {
            let changes = changes.iter();
            changes.map(|it| render_statement(it, shell)).collect()
        }
        EnvFormat::Json | EnvFormat::Shell => Ok(render_json(changes)),
    }
}

/// Returns a statement that fails; empty for the formats that are no statements.
pub fn failing_statement(format: EnvFormat, shell: EnvShell) -> &'static str {
    match (format, shell) {
        (EnvFormat::Json | EnvFormat::Dotenv, _) | (_, EnvShell::Nu) => "",
        (_, EnvShell::Bash | EnvShell::Zsh | EnvShell::Sh | EnvShell::Fish) => "false\n",
        (_, EnvShell::Elvish) => "fail 'sso env failed'\n",
        (_, EnvShell::Pwsh) => "throw 'sso env failed'\n",
        (_, EnvShell::Cmd) => "exit /b 1\n",
    }
}

/// Recognizes a shell by the file name of its executable.
pub fn from_executable(name: &str) -> Option<EnvShell> {
    // A login shell has a leading dash, and Linux marks an executable that was replaced.
    let name = name.trim_start_matches('-').trim_end_matches(" (deleted)");
    Some(match name {
        "dash" | "ash" | "busybox" | "ksh" | "ksh93" | "mksh" | "yash" => EnvShell::Sh,
        "powershell" => EnvShell::Pwsh,
        // Distributions append a version.
        _ if name.starts_with("zsh-") => EnvShell::Zsh,
        _ if name.starts_with("bash-") => EnvShell::Bash,
        _ => return EnvShell::from_str(name, false).ok(),
    })
}

/// Returns the shell that runs `sso`: the nearest ancestor process that is a known shell, because
/// wrapper scripts may come between.
pub fn detect() -> Option<EnvShell> {
    let known = |path: &PathBuf| from_executable(path.file_name()?.to_str()?);
    process::ancestors().iter().find_map(known)
}

/// Quotes a word for a shell that has a hook. Plain words are quoted too, so that the shell
/// expands no alias. Fails on a NUL byte.
pub fn quote(word: &str, shell: EnvShell) -> Result<String> {
    if word.contains('\0') {
        return Err(Error::configuration(
            "a NUL byte cannot be written for a shell",
        ));
    }
    Ok(match shell {
        EnvShell::Fish => quote_fish(word),
        _ => quote_posix(word, shell),
    })
}

fn render_json(changes: &[Change]) -> String {
    let mut map = Map::new();
    for change in changes {
        match change {
            Change::Set(name, value) => map.insert((*name).to_owned(), value.expose().into()),
            Change::Remove(name) => map.insert(name.clone(), Value::Null),
        };
    }
    json::spaced(&Value::Object(map)) + "\n"
}

fn render_statement(change: &Change, shell: EnvShell) -> Result<String> {
    let (name, value) = match change {
        Change::Set(name, value) => (*name, value.expose()),
        Change::Remove(name) => return Ok(render_removal(name, shell)),
    };
    let unwritable = |why: &str| {
        Err(Error::configuration(format!(
            "the value of {name} cannot be written for this shell: {why}"
        ))
        .hint("use another --shell, or --format json"))
    };
    let is_cmd_syntax = |c: char| c.is_control() || "\"%!^&|<>".contains(c);
    if value.contains('\0') {
        return unwritable("it holds a NUL byte");
    }
    Ok(match shell {
        EnvShell::Fish => format!("set -gx {name} {};\n", quote_fish(value)),
        EnvShell::Elvish => format!("set-env {name} {}\n", quote_doubling(value, &['\''])),
        EnvShell::Pwsh => format!("$Env:{name} = {}\n", quote_doubling(value, &PWSH_QUOTES)),
        EnvShell::Cmd if value.contains(is_cmd_syntax) => {
            return unwritable("it holds a character that cmd interprets");
        }
        EnvShell::Cmd => format!("set \"{name}={value}\"\r\n"),
        EnvShell::Bash | EnvShell::Zsh | EnvShell::Sh | EnvShell::Nu => {
            let is_plain = |b: u8| b.is_ascii_alphanumeric() || b"_-+/.:@".contains(&b);
            match !value.is_empty() && value.bytes().all(is_plain) {
                true => format!("export {name}={value};\n"),
                false => format!("export {name}={};\n", quote_posix(value, shell)),
            }
        }
    })
}

fn render_removal(name: &str, shell: EnvShell) -> String {
    match shell {
        EnvShell::Bash | EnvShell::Zsh | EnvShell::Sh | EnvShell::Nu => format!("unset {name};\n"),
        // A universal variable belongs to all shells of the user, and only erasing it would hide
        // it from programs, so it stays and the user is told. `or true` resets the status, which
        // the next `set` would keep.
        EnvShell::Fish => format!(
            "set -eg {name}; set -qU {name}; and echo 'sso: {name} is a universal variable and \
             stays; `set -eU {name}` erases it' >&2; or true;\n"
        ),
        EnvShell::Elvish => format!("unset-env {name}\n"),
        EnvShell::Pwsh => format!("Remove-Item -ErrorAction Ignore Env:{name}\n"),
        EnvShell::Cmd => format!("set \"{name}=\"\r\n"),
    }
}

/// Returns statements with which a shell that has a hook stores a variable that it does not
/// export.
pub fn render_saving(name: &str, shell: EnvShell) -> String {
    match shell {
        EnvShell::Fish => format!("set -g __sso_was_{name} ${name};\n"),
        EnvShell::Zsh => format!("__sso_was_{name}=${{{name}-}};\n"),
        // With `set -a` every assignment exports.
        _ => format!("__sso_was_{name}=${{{name}-}}; export -n __sso_was_{name};\n"),
    }
}

/// Returns statements that bring back a variable that was stored, unless it is set again.
pub fn render_restoring(name: &str, shell: EnvShell) -> String {
    let was = format!("__sso_was_{name}");
    match shell {
        EnvShell::Fish => format!(
            "set -qg {was}; and begin; set -qg {name}; or set -gu {name} ${was}; set -eg {was}; \
             end;\n"
        ),
        _ => {
            let keep = match shell {
                EnvShell::Zsh => "",
                _ => &format!(" export -n {name};"),
            };
            format!(
                "if [[ -n ${{{was}+x}} ]]; then if [[ -z ${{{name}+x}} ]]; then \
                 {name}=${was};{keep} fi; unset {was}; fi;\n"
            )
        }
    }
}

/// Quotes for bash, zsh and sh as one part.
fn quote_posix(value: &str, shell: EnvShell) -> String {
    let is_special = |c: char| c == '\'' || c.is_ascii_control();
    match shell {
        EnvShell::Sh if value.contains('\'') => {
            let escape = |c: char| match c {
                '$' | '`' | '"' | '\\' => format!("\\{c}"),
                c => c.into(),
            };
            format!("\"{}\"", value.chars().map(escape).collect::<String>())
        }
        EnvShell::Bash | EnvShell::Zsh if value.contains(is_special) => {
            let escape = |c: char| match c {
                c if c == '\\' || is_special(c) => format!("\\{:03o}", u32::from(c)),
                c => c.into(),
            };
            format!("$'{}'", value.chars().map(escape).collect::<String>())
        }
        _ => format!("'{value}'"),
    }
}

/// Quotes for fish, which knows two escapes between single quotes. A line break is written outside
/// of the quotes, so that a statement is always one line.
fn quote_fish(value: &str) -> String {
    let value = value.replace('\\', "\\\\").replace('\'', "\\'");
    format!("'{}'", value.replace('\n', "'\\n'"))
}

/// Encloses in single quotes, and doubles each of `quotes` in the value.
fn quote_doubling(value: &str, quotes: &[char]) -> String {
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

/// Renders a line of a .env file. Readers of such files disagree about quotes, so a value that
/// needs them is an error.
fn render_dotenv_line(change: &Change) -> Result<String> {
    let Change::Set(name, value) = change else {
        return Ok(String::new());
    };
    let value = value.expose();
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || b"_-+/=.:@,%".contains(&b);
    if value.bytes().all(is_plain) {
        return Ok(format!("{name}={value}\n"));
    }
    Err(Error::configuration(format!(
        "the value of {name} cannot be written in a .env file that every tool reads alike"
    ))
    .hint("use --format json, or --shell"))
}
