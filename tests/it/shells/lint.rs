//! Linters on the shell scripts, as in `shell/` and as printed by `sso hook`.

use std::path::PathBuf;

use super::{Sandbox, ShellKind};
use crate::fixture::Run;
use crate::fixture::programs::has_required;

/// Returns every script: in the repository, and printed with a path that needs quoting.
fn scripts(sandbox: &Sandbox, kind: ShellKind) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("shell");
    let odd = sandbox.home().join("it's \\ $(odd)");
    std::fs::create_dir(&odd).unwrap();
    std::os::unix::fs::symlink(crate::fixture::binary(), odd.join("sso")).unwrap();
    for script in ["hook", "off"] {
        found.push(folder.join(format!("{script}.{}", kind.name())));
        let words = match script {
            "hook" => vec!["hook", kind.name()],
            _ => vec!["hook", "off", "--shell", kind.name()],
        };
        let outcome = Run::program(sandbox, odd.join("sso"))
            .args(words)
            .run()
            .expect(0);
        assert!(outcome.stdout.contains("odd"), "{}", outcome.stdout);
        let file = sandbox.home().join(format!("{script}.{}", kind.name()));
        std::fs::write(&file, outcome.stdout).unwrap();
        found.push(file);
    }
    found
}

/// Asserts that a linter succeeds without output.
fn assert_lint_clean(sandbox: &Sandbox, program: &str, words: &[&str], file: &PathBuf) {
    if has_required(program) {
        let outcome = Run::program(sandbox, program).args(words).arg(file).run();
        let outcome = outcome.expect(0);
        assert_eq!(outcome.stdout + &outcome.stderr, "", "{program} {file:?}");
    }
}

#[test]
fn bash_scripts_pass_shellcheck_and_shfmt() {
    let sandbox = Sandbox::new();
    for script in scripts(&sandbox, ShellKind::Bash) {
        // SC2016: the path in single quotes must not be expanded.
        let words = ["--enable=all", "--exclude=SC2016"];
        assert_lint_clean(&sandbox, "shellcheck", &words, &script);
        assert_lint_clean(&sandbox, "shfmt", &["-d", "-i", "4"], &script);
        assert_lint_clean(&sandbox, "bash", &["-n"], &script);
    }
}

#[test]
fn zsh_scripts_parse() {
    let sandbox = Sandbox::new();
    for script in scripts(&sandbox, ShellKind::Zsh) {
        assert_lint_clean(&sandbox, "zsh", &["-f", "-n"], &script);
    }
}

#[test]
fn fish_scripts_parse_and_are_formatted() {
    let sandbox = Sandbox::new();
    for script in scripts(&sandbox, ShellKind::Fish) {
        assert_lint_clean(&sandbox, "fish", &["--no-config", "--no-execute"], &script);
        if has_required("fish_indent") {
            let outcome = Run::program(&sandbox, "fish_indent")
                .arg(&script)
                .run()
                .expect(0);
            assert_eq!(outcome.stdout, std::fs::read_to_string(&script).unwrap());
        }
    }
}
