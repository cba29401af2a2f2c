//! Output of `sso env` for each shell and format.
//!
//! The shell reads back exactly the value that was written, or writing it fails. The parsers below
//! implement the quoting rules of each shell in a few lines; the integration tests run
//! the shells themselves.
//!
//! The input is the value of a variable.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sso::internals::cli::args::{EnvFormat, EnvShell};
use sso::internals::cli::shell::{from_executable, render};
use sso::internals::domain::json;
use sso::internals::domain::role::environment_variables::Change;
use sso::internals::domain::secret::Secret;

fuzz_target!(|data: &[u8]| {
    let Ok(value) = std::str::from_utf8(data) else {
        return;
    };
    let _ = from_executable(value);
    let changes = [Change::Set("NAME", Secret::new(value))];
    let rendered = |format, shell| render(&changes, format, shell).ok();
    for shell in [EnvShell::Bash, EnvShell::Zsh, EnvShell::Sh] {
        let statement = rendered(EnvFormat::Shell, shell);
        let parsed = statement.map(|text| parse_posix(&text));
        assert_eq!(parsed, (!value.contains('\0')).then(|| value.to_owned()));
    }
    let quoting_shells = [
        (
            EnvShell::Fish,
            "set -gx NAME ",
            ";\n",
            parse_fish as fn(&str) -> String,
        ),
        (EnvShell::Elvish, "set-env NAME ", "\n", parse_elvish),
        (EnvShell::Pwsh, "$Env:NAME = ", "\n", parse_pwsh),
    ];
    for (shell, start, end, parse) in quoting_shells {
        let statement = rendered(EnvFormat::Shell, shell);
        let parsed = statement.map(|text| {
            let text = text
                .strip_prefix(start)
                .and_then(|text| text.strip_suffix(end));
            parse(text.expect("the statement"))
        });
        assert_eq!(parsed, (!value.contains('\0')).then(|| value.to_owned()));
    }
    if let Some(statement) = rendered(EnvFormat::Shell, EnvShell::Cmd) {
        assert_eq!(statement, format!("set \"NAME={value}\"\r\n"));
        assert!(!value.contains(['"', '%', '!', '^', '&', '|', '<', '>', '\n', '\r', '\0']));
    }
    if let Some(line) = rendered(EnvFormat::Dotenv, EnvShell::Bash) {
        assert_eq!(line, format!("NAME={value}\n"));
        assert!(!value.contains(|c: char| c.is_whitespace() || "\"'`$\\#;".contains(c)));
    }
    for object in [
        rendered(EnvFormat::Json, EnvShell::Bash),
        rendered(EnvFormat::Shell, EnvShell::Nu),
    ] {
        let map = json::parse_object(object.expect("JSON can express any text").as_bytes());
        assert_eq!(map.expect("a JSON object")["NAME"], value);
    }
});

/// Reads a value that is plain or one quoted part: `'…'`, `"…"`, or `$'…'` with octal escapes only.
fn parse_posix(statement: &str) -> String {
    let part = statement
        .strip_prefix("export NAME=")
        .and_then(|rest| rest.strip_suffix(";\n"))
        .expect("a statement");
    let quoted = |start: &str, end: char| part.strip_prefix(start)?.strip_suffix(end);
    if let Some(text) = quoted("$'", '\'') {
        assert!(!text.contains('\''), "{text}");
        let mut pieces = text.split('\\');
        let mut value = pieces.next().unwrap_or_default().to_owned();
        for piece in pieces {
            let (octal, rest) = piece.split_at(3);
            let code = u8::from_str_radix(octal, 8).expect("an octal escape");
            value.push(char::from(code));
            value += rest;
        }
        return value;
    }
    if let Some(text) = quoted("\"", '"') {
        let mut chars = text.chars();
        let mut value = String::new();
        while let Some(c) = chars.next() {
            assert!(!matches!(c, '"' | '$' | '`'), "{text}");
            value.push(if c == '\\' {
                chars.next().expect("escaped")
            } else {
                c
            });
        }
        return value;
    }
    let Some(text) = quoted("'", '\'') else {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "_-+=./:@%,".contains(c);
        assert!(part.chars().all(is_plain), "{part}");
        return part.to_owned();
    };
    assert!(!text.contains('\''), "{text}");
    text.to_owned()
}

fn strip_quotes(text: &str) -> &str {
    let text = text
        .strip_prefix('\'')
        .and_then(|text| text.strip_suffix('\''));
    text.expect("a quoted word")
}

/// Parses a word of fish. Its single quotes know the escapes `\\` and `\'`; outside of quotes only
/// `\n` is expected.
fn parse_fish(text: &str) -> String {
    assert!(!text.contains('\n'), "more than one line: {text:?}");
    let mut out = String::new();
    let mut chars = text.chars().peekable();
    let mut quoted = false;
    while let Some(c) = chars.next() {
        match (quoted, c, chars.peek()) {
            (_, '\'', _) => quoted = !quoted,
            (true, '\\', Some(escaped @ ('\\' | '\''))) => {
                out.push(*escaped);
                chars.next();
            }
            (true, c, _) => out.push(c),
            (false, '\\', Some('n')) => {
                out.push('\n');
                chars.next();
            }
            (false, ..) => panic!("the word ends early: {text:?}"),
        }
    }
    assert!(!quoted, "the word does not end: {text:?}");
    out
}

fn parse_elvish(text: &str) -> String {
    parse_doubled_quotes(text, "'")
}

/// Parses a string of PowerShell, where typographic quotes are quotes too, and two quotes of any
/// kind in a row mean the second one.
fn parse_pwsh(text: &str) -> String {
    parse_doubled_quotes(text, "'\u{2018}\u{2019}\u{201a}\u{201b}")
}

/// Parses a single-quoted string in which a quote is written twice.
fn parse_doubled_quotes(text: &str, quotes: &str) -> String {
    let mut out = String::new();
    let mut chars = strip_quotes(text).chars();
    while let Some(c) = chars.next() {
        if quotes.contains(c) {
            let second = chars.next().expect("the word ends early");
            assert!(quotes.contains(second), "the word ends early: {text:?}");
            out.push(second);
        } else {
            out.push(c);
        }
    }
    out
}
