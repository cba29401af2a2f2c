//! The scripts as linters see them, as they lie in `shell/` and as they are printed.

use std::path::PathBuf;

use super::{Kind, Sandbox};
use crate::fixture::Run;
use crate::fixture::programs::has_required;

/// Every script: in the repository, and rendered with a path that needs its quotes.
fn scripts(sandbox: &Sandbox, kind: Kind) -> Vec<PathBuf> {
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

/// Runs a linter that has nothing to say.
fn silent(sandbox: &Sandbox, program: &str, words: &[&str], file: &PathBuf) {
    if has_required(program) {
        let outcome = Run::program(sandbox, program).args(words).arg(file).run();
        let outcome = outcome.expect(0);
        assert_eq!(outcome.stdout + &outcome.stderr, "", "{program} {file:?}");
    }
}

#[test]
fn shellcheck_and_shfmt_find_nothing() {
    let sandbox = Sandbox::new();
    for script in scripts(&sandbox, Kind::Bash) {
        // The path is to stay as it is.
        let words = ["--enable=all", "--exclude=SC2016"];
        silent(&sandbox, "shellcheck", &words, &script);
        silent(&sandbox, "shfmt", &["-d", "-i", "4"], &script);
        silent(&sandbox, "bash", &["-n"], &script);
    }
}

#[test]
fn zsh_reads_its_scripts() {
    let sandbox = Sandbox::new();
    for script in scripts(&sandbox, Kind::Zsh) {
        silent(&sandbox, "zsh", &["-f", "-n"], &script);
    }
}

#[test]
fn fish_reads_its_scripts_and_would_write_them_like_that() {
    let sandbox = Sandbox::new();
    for script in scripts(&sandbox, Kind::Fish) {
        silent(&sandbox, "fish", &["--no-config", "--no-execute"], &script);
        if has_required("fish_indent") {
            let outcome = Run::program(&sandbox, "fish_indent")
                .arg(&script)
                .run()
                .expect(0);
            assert_eq!(outcome.stdout, std::fs::read_to_string(&script).unwrap());
        }
    }
}
