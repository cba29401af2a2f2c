//! The scripts as files: current, the same as what is printed, and without fault to the
//! tools that read such scripts.

use std::io::Write;

use super::{in_repository, passes};
use crate::fixture::programs::{
    client_path, find_in_path, has_optional, has_required, has_required_files,
};
use crate::fixture::{Run, Sandbox, binary};
use crate::generate;

/// The shells, and their files in `completions/`.
const SCRIPTS: [(&str, &str); 6] = [
    ("bash", "sso.bash"),
    ("zsh", "_sso"),
    ("fish", "sso.fish"),
    ("elvish", "sso.elv"),
    ("powershell", "sso.ps1"),
    ("nushell", "sso.nu"),
];

#[test]
fn every_generated_file_is_current_and_nothing_else_is_beside_them() {
    let files = generate::files();
    for (path, text) in &files {
        let found = std::fs::read_to_string(in_repository(path)).unwrap_or_default();
        assert!(found == *text, "{path}: run `cargo xtask gen`");
    }
    for folder in ["completions", "man"] {
        for entry in std::fs::read_dir(in_repository(folder)).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            let path = format!("{folder}/{name}");
            let known = files.iter().any(|(known, _)| *known == path);
            assert!(known, "{path}: run `cargo xtask gen`");
        }
    }
}

#[test]
fn what_is_printed_is_what_is_checked_in() {
    let sandbox = Sandbox::new();
    for (shell, file) in SCRIPTS {
        let printed = sandbox.sso(["completions", shell]).run().expect(0).stdout;
        let file = in_repository("completions").join(file);
        assert!(printed == std::fs::read_to_string(file).unwrap(), "{shell}");
    }
}

#[test]
fn the_script_for_bash_has_no_fault() {
    let script = in_repository("completions/sso.bash");
    passes("bash", &["-n"], &script);
    if has_required("shellcheck") {
        passes("shellcheck", &["--norc", "--shell=bash"], &script);
    }
    // With everything that makes bash strict it loads, and says nothing.
    let strict = "set -euo pipefail; source \"$0\"; complete -p sso >/dev/null";
    passes("bash", &["--norc", "--noprofile", "-c", strict], &script);
}

#[test]
fn the_script_for_zsh_has_no_fault() {
    if has_required("zsh") {
        passes("zsh", &["-f", "-n"], &in_repository("completions/_sso"));
    }
}

#[test]
fn the_script_for_fish_has_no_fault() {
    if has_required("fish") {
        let script = in_repository("completions/sso.fish");
        passes("fish", &["--no-config", "--no-execute"], &script);
        passes("fish_indent", &["--check"], &script);
        passes("fish", &["--no-config"], &script);
    }
}

/// Completion is a part of elvish's editor, which only a terminal brings.
#[test]
fn elvish_takes_its_script() {
    if !has_required("elvish") {
        return;
    }
    let sandbox = Sandbox::new();
    let script = in_repository("completions/sso.elv");
    let elvish = Run::program(&sandbox, "elvish").arg("-norc");
    let mut terminal = elvish.env("TERM", "xterm").start_on_terminal();
    terminal.type_text(&format!("eval (slurp < {})\r", script.display()));
    terminal.type_text("echo got-(kind-of $edit:completion:arg-completer[sso])\r");
    terminal.wait_for_screen("got-fn");
    terminal.type_text("exit\r");
    terminal.finish();
}

/// PowerShell is in no registry that the set-up may use.
#[test]
fn powershell_takes_its_script_where_it_is() {
    if has_optional("pwsh") {
        let load = "$ErrorActionPreference = 'Stop'; . $args[0]";
        let script = in_repository("completions/sso.ps1");
        passes("pwsh", &["-NoProfile", "-Command", load], &script);
    }
}

#[test]
fn nushell_takes_its_script() {
    let nu = find_in_path("nu").unwrap_or_else(|| client_path("bin/nu"));
    if has_required_files("nushell", std::slice::from_ref(&nu)) {
        let script = in_repository("completions/sso.nu");
        passes(nu.to_str().unwrap(), &["--no-config-file"], &script);
    }
}

#[test]
fn a_reader_that_goes_away_is_an_error_and_no_panic() {
    let sandbox = Sandbox::new();
    let line = "\"$0\" completions bash | true; exit \"${PIPESTATUS[0]}\"";
    let run = Run::program(&sandbox, "bash")
        .args(["-c", line])
        .arg(binary());
    let code = run.run().code;
    let _ = writeln!(std::io::stderr(), "it ended with {code}");
    assert!([0, 1].contains(&code), "{code}");
}
