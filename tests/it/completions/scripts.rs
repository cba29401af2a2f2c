//! The completion scripts as files: up to date, printed unchanged, and accepted by linters and
//! by the shells.

use super::{assert_succeeds_silently, repository_path};
use crate::fixture::programs::{
    client_path, find_in_path, has_optional, has_required, has_required_files,
};
use crate::fixture::{Run, Sandbox, binary};
use crate::generate;

/// Each shell and its file in `completions/`.
const SCRIPTS: [(&str, &str); 6] = [
    ("bash", "sso.bash"),
    ("zsh", "_sso"),
    ("fish", "sso.fish"),
    ("elvish", "sso.elv"),
    ("powershell", "sso.ps1"),
    ("nushell", "sso.nu"),
];

#[test]
fn generated_files_are_current_and_complete() {
    let files = generate::files();
    for (path, text) in &files {
        let found = std::fs::read_to_string(repository_path(path)).unwrap_or_default();
        assert!(found == *text, "{path}: run `cargo xtask gen`");
    }
    for folder in ["completions", "man"] {
        for entry in std::fs::read_dir(repository_path(folder)).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            let path = format!("{folder}/{name}");
            let known = files.iter().any(|(known, _)| *known == path);
            assert!(known, "{path}: run `cargo xtask gen`");
        }
    }
}

#[test]
fn printed_scripts_equal_the_checked_in_files() {
    let sandbox = Sandbox::new();
    for (shell, file) in SCRIPTS {
        let printed = sandbox.sso(["completions", shell]).run().expect(0).stdout;
        let file = repository_path("completions").join(file);
        assert!(printed == std::fs::read_to_string(file).unwrap(), "{shell}");
    }
}

#[test]
fn bash_and_shellcheck_accept_the_script() {
    let script = repository_path("completions/sso.bash");
    assert_succeeds_silently("bash", &["-n"], &script);
    if has_required("shellcheck") {
        assert_succeeds_silently("shellcheck", &["--norc", "--shell=bash"], &script);
    }
    // It loads silently under strict shell options.
    let strict = "set -euo pipefail; source \"$0\"; complete -p sso >/dev/null";
    assert_succeeds_silently("bash", &["--norc", "--noprofile", "-c", strict], &script);
}

#[test]
fn zsh_accepts_the_script() {
    if has_required("zsh") {
        assert_succeeds_silently("zsh", &["-f", "-n"], &repository_path("completions/_sso"));
    }
}

#[test]
fn fish_accepts_the_script() {
    if has_required("fish") {
        let script = repository_path("completions/sso.fish");
        assert_succeeds_silently("fish", &["--no-config", "--no-execute"], &script);
        assert_succeeds_silently("fish_indent", &["--check"], &script);
        assert_succeeds_silently("fish", &["--no-config"], &script);
    }
}

/// Completion is a part of elvish's editor, which exists only on a terminal.
#[test]
fn elvish_loads_the_script() {
    if !has_required("elvish") {
        return;
    }
    let sandbox = Sandbox::new();
    let script = repository_path("completions/sso.elv");
    let elvish = Run::program(&sandbox, "elvish").arg("-norc");
    let mut terminal = elvish.env("TERM", "xterm").start_on_terminal();
    terminal.type_text(&format!("eval (slurp < {})\r", script.display()));
    terminal.type_text("echo got-(kind-of $edit:completion:arg-completer[sso])\r");
    terminal.wait_for_screen("got-fn");
    terminal.type_text("exit\r");
    terminal.finish();
}

/// `cargo xtask setup` cannot install PowerShell, which is in none of its registries.
#[test]
fn powershell_loads_the_script() {
    if has_optional("pwsh") {
        let load = "$ErrorActionPreference = 'Stop'; . $args[0]";
        let script = repository_path("completions/sso.ps1");
        assert_succeeds_silently("pwsh", &["-NoProfile", "-Command", load], &script);
    }
}

#[test]
fn nushell_loads_the_script() {
    let nu = find_in_path("nu").unwrap_or_else(|| client_path("bin/nu"));
    if has_required_files("nushell", std::slice::from_ref(&nu)) {
        let script = repository_path("completions/sso.nu");
        assert_succeeds_silently(nu.to_str().unwrap(), &["--no-config-file"], &script);
    }
}

#[test]
fn a_closed_pipe_is_an_error_and_not_a_panic() {
    let sandbox = Sandbox::new();
    let line = "\"$0\" completions bash | true; exit \"${PIPESTATUS[0]}\"";
    let run = Run::program(&sandbox, "bash")
        .args(["-c", line])
        .arg(binary());
    let code = run.run().code;
    // `true` may exit before or after the write, so both codes occur.
    assert!([0, 1].contains(&code), "{code}");
}
