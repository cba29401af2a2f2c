//! Quoting of `sso env`: every shell reads back hundreds of strings with special characters, byte
//! for byte.

use std::path::Path;

use sso::internals::cli::args::{EnvFormat, EnvShell};
use sso::internals::cli::shell::render;
use sso::internals::domain::role::environment_variables::Change;
use sso::internals::domain::secret::Secret;

use super::Sandbox;
use crate::fixture::Run;
use crate::fixture::programs::{client_path, find_in_path, has_optional, has_required};

const WORDS: [&str; 44] = [
    "it's",
    "\"",
    "''",
    "'\\''",
    "\\'",
    "\\\\'",
    "\\",
    "a\\",
    "\\\n",
    "\n",
    "\n\n",
    "a\n",
    "\na",
    "$(touch ran)",
    "`touch ran`",
    "${HOME}",
    "$HOME",
    "$'a'",
    "$\"a\"",
    "%PATH%",
    "~",
    "~root",
    "=ls",
    "a=~",
    "!!",
    "!$",
    "*",
    "?",
    "[a-z]",
    "{a,b}",
    "{1..3}",
    "#a",
    "a #b",
    "; touch ran",
    "&& touch ran",
    "| touch ran",
    "> ran",
    "< /etc/passwd",
    "(touch ran)",
    "-n",
    "--",
    "\u{feff}",
    "\u{2018}touch ran\u{2019}",
    "caf\u{e9} \u{1d11e} \u{202e}x",
];

/// Returns every ASCII character in three positions, and special words alone and in pairs.
fn hostile_values() -> Vec<String> {
    let mut found: Vec<String> = vec![String::new()];
    for byte in 1..128u8 {
        let c = char::from(byte);
        found.extend([c.to_string(), format!("a{c}b"), format!("{c}'{c}\\{c}")]);
    }
    for (number, word) in WORDS.iter().enumerate() {
        let other = WORDS[(number * 7 + 3) % WORDS.len()];
        found.extend([
            (*word).to_owned(),
            format!("{word}{other}"),
            format!("{other} {word}"),
        ]);
    }
    assert!(found.len() > 400);
    found
}

/// Asserts that the program, run with these options, reads back every value.
fn assert_round_trip(shell: EnvShell, program: &Path, options: &[&str]) {
    let sandbox = Sandbox::new();
    let values = hostile_values();
    // Checks the value that a child process sees.
    let show = match shell {
        EnvShell::Nu => "^dash -c 'printf \"%s\\0\" \"$V\"'\n",
        EnvShell::Pwsh => "& dash -c 'printf \"%s\\0\" \"$V\"'\n",
        _ => "dash -c 'printf \"%s\\0\" \"$V\"'\n",
    };
    let mut script = String::new();
    for (number, value) in values.iter().enumerate() {
        let change = [Change::Set("V", Secret::new(value))];
        let text = render(&change, EnvFormat::Shell, shell).unwrap();
        if shell == EnvShell::Nu {
            std::fs::write(sandbox.home().join(format!("v{number}.json")), text).unwrap();
            script += &format!("open --raw v{number}.json | from json | load-env\n");
        } else {
            script += &text;
            script.push('\n');
        }
        script += show;
    }
    let name = format!(
        "script.{}",
        if shell == EnvShell::Pwsh {
            "ps1"
        } else {
            "txt"
        }
    );
    std::fs::write(sandbox.home().join(&name), script).unwrap();
    let run = Run::program(&sandbox, program).args(options).arg(&name);
    let outcome = run.env("LC_ALL", "C.UTF-8").run().expect(0);
    let read: Vec<&str> = outcome.stdout.split_terminator('\0').collect();
    for (value, read) in values.iter().zip(&read) {
        assert_eq!(read, value, "{shell:?}");
    }
    assert_eq!(read.len(), values.len(), "{shell:?}");
    assert!(
        !sandbox.home().join("ran").exists(),
        "{shell:?} ran something"
    );
}

#[test]
fn every_shell_reads_back_quoted_values() {
    for (shell, program, options) in [
        (EnvShell::Bash, "bash", &["--norc"][..]),
        (EnvShell::Bash, "bash", &["--norc", "--posix", "-u"]),
        (EnvShell::Zsh, "zsh", &["-f"]),
        (
            EnvShell::Zsh,
            "zsh",
            &[
                "-f",
                "-o",
                "rc_quotes",
                "-o",
                "ksh_arrays",
                "-o",
                "bang_hist",
            ],
        ),
        (EnvShell::Sh, "dash", &[]),
        (EnvShell::Fish, "fish", &["--no-config"]),
        (EnvShell::Elvish, "elvish", &["-norc"]),
    ] {
        if has_required(program) {
            assert_round_trip(shell, &find_in_path(program).unwrap(), options);
        }
    }
    let nu = find_in_path("nu").unwrap_or_else(|| client_path("bin/nu"));
    if crate::fixture::programs::has_required_files("nushell", std::slice::from_ref(&nu)) {
        assert_round_trip(EnvShell::Nu, &nu, &["--no-config-file"]);
    }
    // Optional, because no registry that `cargo xtask setup` may use has it.
    if has_optional("pwsh") {
        let options = ["-NoProfile", "-File"];
        assert_round_trip(EnvShell::Pwsh, &find_in_path("pwsh").unwrap(), &options);
    }
}

/// Options that change what is run at all, or that a running shell cannot change.
const OTHER_OPTIONS: [&str; 9] = [
    "exec",
    "interactive",
    "shinstdin",
    "singlecommand",
    "privileged",
    "restricted",
    "monitor",
    "zle",
    "login",
];

#[test]
fn zsh_reads_back_quoted_values_with_every_option_changed() {
    if !has_required("zsh") {
        return;
    }
    let sandbox = Sandbox::new();
    let values = hostile_values();
    for shell in [EnvShell::Zsh, EnvShell::Sh] {
        // Line breaks in quotes are an error with `csh_junkie_quotes`, and sh has no other way.
        let is_written = |value: &&String| shell == EnvShell::Zsh || !value.contains(['\'', '\n']);
        let values: Vec<_> = values.iter().filter(is_written).collect();
        let mut script = String::new();
        for value in &values {
            let change = [Change::Set("V", Secret::new(*value))];
            script += &render(&change, EnvFormat::Shell, shell).unwrap();
            script += "builtin printf '%s\\0' \"$V\"\n";
        }
        sandbox.write_file(&sandbox.home().join("script"), script.as_bytes());
        let start = format!(
            "for o in ${{(k)options}}; do [[ \" {} \" == *\" $o \"* ]] && continue\n\
             builtin print -rn -- $o: >>read; zsh -f -c '[[ -o $1 ]] && unsetopt $1 || setopt $1; \
             source ./script' zsh $o >>read 2>>errors; builtin print >>read; done",
            OTHER_OPTIONS.join(" ")
        );
        let run = Run::program(&sandbox, "zsh").args(["-f", "-c", &start]);
        run.env("LC_ALL", "C.UTF-8").run().expect(0);
        let read = std::fs::read(sandbox.home().join("read")).unwrap();
        std::fs::remove_file(sandbox.home().join("read")).unwrap();
        let read = String::from_utf8(read).unwrap();
        let expected: String = values.iter().map(|value| format!("{value}\0")).collect();
        let mut options = 0;
        for part in read.split_inclusive(&format!("{expected}\n")) {
            let option = part
                .strip_suffix('\n')
                .and_then(|part| part.strip_suffix(&expected));
            let option = option.unwrap_or_else(|| panic!("{shell:?}: {part:?}"));
            assert!(
                option.ends_with(':') && !option.contains('\0'),
                "{option:?}"
            );
            options += 1;
        }
        assert!(options > 150, "{options}");
    }
    assert!(!sandbox.home().join("ran").exists());
}

#[test]
fn no_value_is_written_as_adjacent_parts() {
    for shell in [EnvShell::Bash, EnvShell::Zsh, EnvShell::Sh] {
        for value in hostile_values() {
            let change = [Change::Set("V", Secret::new(&value))];
            let text = render(&change, EnvFormat::Shell, shell).unwrap();
            let word = text.strip_prefix("export V=").unwrap();
            let word = word.strip_suffix(";\n").unwrap();
            let inner = match word.chars().next().unwrap() {
                '\'' => word[1..]
                    .strip_suffix('\'')
                    .filter(|inner| !inner.contains('\'')),
                '$' => word[2..]
                    .strip_suffix('\'')
                    .filter(|inner| !inner.contains('\'')),
                '"' => word[1..].strip_suffix('"').filter(|inner| {
                    let escapes = inner.replace("\\\\", "").replace("\\\"", "");
                    !escapes.contains('"')
                }),
                _ => Some(word).filter(|word| !word.contains(['\'', '"', '\\', '$'])),
            };
            assert!(inner.is_some(), "{shell:?}: {word}");
        }
    }
}
