//! What `sso env` prints: each shell reads back exactly the value that was written, or
//! writing it is an error. The readers here are the shells' rules in a few lines, but for
//! shlex; the shells themselves are asked in the tests.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sso::internals::cli::args::{EnvFormat, EnvShell};
use sso::internals::cli::shell::{from_executable, render};
use sso::internals::domain::json;
use sso::internals::domain::role::variables::Change;
use sso::internals::domain::secret::Secret;

fuzz_target!(|data: &[u8]| {
    let Ok(value) = std::str::from_utf8(data) else {
        return;
    };
    let _ = from_executable(value);
    let changes = [Change::Set("NAME", Secret::new(value))];
    let written = |format, shell| render(&changes, format, shell).ok();
    for shell in [EnvShell::Bash, EnvShell::Zsh, EnvShell::Sh] {
        let statement = written(EnvFormat::Shell, shell);
        let read = statement.map(|text| posix(&text));
        assert_eq!(read, (!value.contains('\0')).then(|| value.to_owned()));
    }
    let quoted = [
        (
            EnvShell::Fish,
            "set -gx NAME ",
            ";\n",
            fish as fn(&str) -> String,
        ),
        (EnvShell::Elvish, "set-env NAME ", "\n", elvish),
        (EnvShell::Pwsh, "$Env:NAME = ", "\n", pwsh),
    ];
    for (shell, start, end, read) in quoted {
        let statement = written(EnvFormat::Shell, shell);
        let read = statement.map(|text| {
            let text = text
                .strip_prefix(start)
                .and_then(|text| text.strip_suffix(end));
            read(text.expect("the statement"))
        });
        assert_eq!(read, (!value.contains('\0')).then(|| value.to_owned()));
    }
    if let Some(statement) = written(EnvFormat::Shell, EnvShell::Cmd) {
        assert_eq!(statement, format!("set \"NAME={value}\"\r\n"));
        assert!(!value.contains(['"', '%', '!', '^', '&', '|', '<', '>', '\n', '\r', '\0']));
    }
    if let Some(line) = written(EnvFormat::Dotenv, EnvShell::Bash) {
        assert_eq!(line, format!("NAME={value}\n"));
        assert!(!value.contains(|c: char| c.is_whitespace() || "\"'`$\\#;".contains(c)));
    }
    for object in [
        written(EnvFormat::Json, EnvShell::Bash),
        written(EnvFormat::Shell, EnvShell::Nu),
    ] {
        let map = json::parse_object(object.expect("JSON holds any text").as_bytes());
        assert_eq!(map.expect("an object")["NAME"], value);
    }
});

fn posix(statement: &str) -> String {
    let statement = statement.strip_suffix(";\n").expect("a statement");
    let words = shlex::split(statement).expect("words");
    let [export, assignment] = words.as_slice() else {
        panic!("{words:?}");
    };
    assert_eq!(export, "export");
    assignment
        .strip_prefix("NAME=")
        .expect("an assignment")
        .to_owned()
}

fn inside(text: &str) -> &str {
    let text = text
        .strip_prefix('\'')
        .and_then(|text| text.strip_suffix('\''));
    text.expect("a quoted word")
}

/// Between single quotes fish knows two escapes; outside of them the line end has one, and
/// nothing else is there.
fn fish(text: &str) -> String {
    assert!(!text.contains('\n'), "a statement is one line: {text:?}");
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

fn elvish(text: &str) -> String {
    undoubled(text, "'")
}

/// PowerShell takes typographic quotes for quotes; two of any sort are the second of them.
fn pwsh(text: &str) -> String {
    undoubled(text, "'\u{2018}\u{2019}\u{201a}\u{201b}")
}

fn undoubled(text: &str, quotes: &str) -> String {
    let mut out = String::new();
    let mut chars = inside(text).chars();
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
