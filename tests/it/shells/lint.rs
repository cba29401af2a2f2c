//! The scripts as linters see them, as they lie in `shell/` and as they are printed.

use std::path::PathBuf;

use super::{Kind, World};
use crate::programs::is_here;
use crate::world::Run;

/// Every script: in the repository, and rendered with a path that needs its quotes.
fn scripts(world: &World, kind: Kind) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("shell");
    let odd = world.home().join("it's \\ $(odd)");
    std::fs::create_dir(&odd).unwrap();
    std::os::unix::fs::symlink(crate::world::binary(), odd.join("sso")).unwrap();
    for script in ["hook", "off"] {
        found.push(folder.join(format!("{script}.{}", kind.name())));
        let words = match script {
            "hook" => vec!["hook", kind.name()],
            _ => vec!["hook", "off", "--shell", kind.name()],
        };
        let outcome = Run::other(world, odd.join("sso"))
            .args(words)
            .run()
            .expect(0);
        assert!(outcome.stdout.contains("odd"), "{}", outcome.stdout);
        let file = world.home().join(format!("{script}.{}", kind.name()));
        std::fs::write(&file, outcome.stdout).unwrap();
        found.push(file);
    }
    found
}

/// Runs a linter that has nothing to say.
fn silent(world: &World, program: &str, words: &[&str], file: &PathBuf) {
    if is_here(program) {
        let outcome = Run::other(world, program).args(words).arg(file).run();
        let outcome = outcome.expect(0);
        assert_eq!(outcome.stdout + &outcome.stderr, "", "{program} {file:?}");
    }
}

#[test]
fn shellcheck_and_shfmt_find_nothing() {
    let world = World::new();
    for script in scripts(&world, Kind::Bash) {
        // The path is to stay as it is.
        let words = ["--enable=all", "--exclude=SC2016"];
        silent(&world, "shellcheck", &words, &script);
        silent(&world, "shfmt", &["-d", "-i", "4"], &script);
        silent(&world, "bash", &["-n"], &script);
    }
}

#[test]
fn zsh_reads_its_scripts() {
    let world = World::new();
    for script in scripts(&world, Kind::Zsh) {
        silent(&world, "zsh", &["-f", "-n"], &script);
    }
}

#[test]
fn fish_reads_its_scripts_and_would_write_them_like_that() {
    let world = World::new();
    for script in scripts(&world, Kind::Fish) {
        silent(&world, "fish", &["--no-config", "--no-execute"], &script);
        if is_here("fish_indent") {
            let outcome = Run::other(&world, "fish_indent")
                .arg(&script)
                .run()
                .expect(0);
            assert_eq!(outcome.stdout, std::fs::read_to_string(&script).unwrap());
        }
    }
}
