//! `sso setup`: what it makes of start-up files, and that shells then have the hook.

use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::PathBuf;

use super::{Kind, Sandbox, Shell, assert_loaded};
use crate::fixture::{ACCOUNT, Outcome, ROLE, Run, binary};

/// Runs it with a PATH on which `sso` is found.
fn setup(sandbox: &Sandbox, kind: Kind, more: &[&str]) -> Outcome {
    let run = sandbox.sso(["setup", "--shell", kind.name()]).args(more);
    run.env("PATH", path()).run()
}

fn path() -> String {
    let path = std::env::var("PATH").unwrap();
    format!("{}:{path}", binary().parent().unwrap().display())
}

/// The files that it works on; the first gets the hook.
fn files(sandbox: &Sandbox, kind: Kind) -> Vec<PathBuf> {
    let names: &[&str] = match kind {
        Kind::Bash => &[".bashrc"],
        Kind::Zsh => &[".zshrc"],
        Kind::Fish => &[
            ".config/fish/config.fish",
            ".config/fish/completions/sso.fish",
        ],
    };
    names.iter().map(|name| sandbox.home().join(name)).collect()
}

fn line(kind: Kind) -> &'static str {
    match kind {
        Kind::Bash => "eval \"$(sso hook bash)\"",
        Kind::Zsh => "eval \"$(sso hook zsh)\"",
        Kind::Fish => "status is-interactive; and sso hook fish | source",
    }
}

#[test]
fn it_adds_the_lines_once_and_says_where() {
    for kind in super::KINDS {
        let sandbox = Sandbox::new();
        let rc = &files(&sandbox, kind)[0];
        let dry = setup(&sandbox, kind, &["--dry-run"]).expect(0);
        assert!(dry.stdout.contains("would get: "), "{dry:?}");
        assert!(dry.stdout.ends_with("nothing was done\n"), "{dry:?}");
        assert!(!rc.exists());
        let done = setup(&sandbox, kind, &[]).expect(0);
        let shown = rc.strip_prefix(sandbox.home()).unwrap().display();
        let said = format!("~/{shown}:2 has got: {}\n", line(kind));
        assert!(done.stdout.starts_with(&said), "{done:?}");
        assert!(
            done.stdout
                .contains(&format!("for this shell: {}", line(kind))),
            "{done:?}"
        );
        let before: Vec<_> = files(&sandbox, kind)
            .iter()
            .map(|file| std::fs::read(file).unwrap())
            .collect();
        assert_eq!(
            String::from_utf8_lossy(&before[0])
                .matches(line(kind))
                .count(),
            1
        );
        let all = String::from_utf8_lossy(&before.concat()).into_owned();
        assert_eq!(all.matches("sso completions").count(), 1, "{all}");
        let again = setup(&sandbox, kind, &[]).expect(0);
        assert!(
            again.stdout.starts_with(&format!("~/{shown}:2 has: ")),
            "{again:?}"
        );
        assert!(again.stdout.ends_with("nothing to do\n"), "{again:?}");
        let after: Vec<_> = files(&sandbox, kind)
            .iter()
            .map(|file| std::fs::read(file).unwrap())
            .collect();
        assert_eq!(after, before);
    }
}

#[test]
fn a_shell_then_has_the_hook() {
    for kind in Kind::all() {
        let sandbox = Sandbox::new();
        sandbox.store_token(7200);
        sandbox.write_role("corp", ACCOUNT, ROLE, 3600);
        let p = sandbox.trusted_project("p", "dev\n");
        setup(&sandbox, kind, &[]).expect(0);
        let startup = std::fs::read_to_string(&files(&sandbox, kind)[0]).unwrap();
        let mut shell = Shell::with(&sandbox, kind, &startup, &[], |run| run.env("PATH", path()));
        assert_loaded(&shell.enter(&p), "dev");
        assert_eq!(shell.complaints(), [""; 0], "{kind:?}");
    }
}

#[test]
fn a_hook_after_a_guard_and_a_theme_runs_before_the_theme() {
    if Kind::all().all(|kind| kind != Kind::Bash) {
        return;
    }
    let sandbox = Sandbox::new();
    sandbox.store_token(7200);
    sandbox.write_role("corp", ACCOUNT, ROLE, 3600);
    let p = sandbox.trusted_project("p", "dev\n");
    let rc = &files(&sandbox, Kind::Bash)[0];
    let startup = "[ -z \"$PS1\" ] && return\n\
        _update_ps1() { export DRAWN=${AWS_SSO_PROFILE-none}; }\n\
        PROMPT_COMMAND=\"_update_ps1;$PROMPT_COMMAND\"\n";
    sandbox.write_file(rc, startup.as_bytes());
    setup(&sandbox, Kind::Bash, &[]).expect(0);
    let startup = std::fs::read_to_string(rc).unwrap();
    let mut shell = Shell::with(&sandbox, Kind::Bash, &startup, &[], |run| {
        run.env("PATH", path())
    });
    let env = shell.enter(&p);
    assert_loaded(&env, "dev");
    assert_eq!(env["DRAWN"], "dev");
    assert_eq!(shell.run("cd")["DRAWN"], "none");
}

#[test]
fn a_file_keeps_its_link_its_mode_and_what_stands_in_it() {
    let sandbox = Sandbox::new();
    let dotfiles = super::directory(&sandbox, "dotfiles");
    let real = dotfiles.join("zshrc");
    let old =
        b"# caf\xe9\r\neval \"$(direnv hook zsh)\"\n\n# prompt\neval \"$(starship init zsh)\"\n";
    std::fs::write(&real, old).unwrap();
    std::fs::set_permissions(&real, PermissionsExt::from_mode(0o640)).unwrap();
    symlink("dotfiles/zshrc", sandbox.home().join(".zshrc")).unwrap();
    setup(&sandbox, Kind::Zsh, &[]).expect(0);
    let link = sandbox.home().join(".zshrc");
    assert!(link.symlink_metadata().unwrap().is_symlink());
    assert_eq!(
        real.metadata().unwrap().permissions().mode() & 0o7777,
        0o640
    );
    let new = std::fs::read(&real).unwrap();
    let mut expected = old.to_vec();
    expected.extend(b"\n# sso: credentials by directory, see `sso hook --help`\n");
    expected.extend(b"eval \"$(sso hook zsh)\"\n");
    assert!(
        new.starts_with(&expected),
        "{}",
        String::from_utf8_lossy(&new)
    );
    // Nothing is left beside it.
    assert_eq!(std::fs::read_dir(&dotfiles).unwrap().count(), 1);
}

#[test]
fn a_hook_that_cannot_work_where_it_is_gets_a_warning() {
    let sandbox = Sandbox::new();
    let rc = sandbox.home().join(".bashrc");
    let run = |text: &str| {
        std::fs::write(&rc, text).unwrap();
        let stdout = setup(&sandbox, Kind::Bash, &[]).expect(0).stdout;
        assert!(std::fs::read(&rc).unwrap().starts_with(text.as_bytes()));
        stdout
    };
    for (text, expected) in [
        (
            "sso hook bash\ndirenv hook bash\n",
            "  the environment manager in line 2 may undo what the hook loads: \
             move line 1 to the end of ~/.bashrc\n",
        ),
        (
            "sso hook bash\nPROMPT_COMMAND=\"_update_ps1;$PROMPT_COMMAND\"\n",
            "  the prompt theme in line 2 may show the previous directory's profile: \
             move line 1 to the end of ~/.bashrc\n",
        ),
        (
            "a\nreturn\n",
            "  the file returns in line 2, before the hook: move line 5 of ~/.bashrc above line 2\n",
        ),
    ] {
        let stdout = run(text);
        assert!(stdout.contains(expected), "{text}: {stdout}");
    }
    for text in [
        "if never\n",
        "starship init bash\ndirenv hook bash\n",
        "starship init bash\nsso hook bash\n",
        "[ -z \"$PS1\" ] && return\n",
    ] {
        let stdout = run(text);
        let is_warning = |line: &str| line.starts_with("  ");
        assert!(!stdout.lines().any(is_warning), "{text}: {stdout}");
    }
}

#[test]
fn what_it_cannot_write_it_leaves_and_says_what_to_do() {
    let sandbox = Sandbox::new();
    let rc = sandbox.home().join(".bashrc");
    std::fs::create_dir(&rc).unwrap();
    let outcome = setup(&sandbox, Kind::Bash, &[]).expect(1);
    let outcome = outcome.stderr_contains("cannot read ~/.bashrc: it is not a regular file");
    outcome.stderr_contains("hint: put this there yourself: eval \"$(sso hook bash)\"");
    std::fs::remove_dir(&rc).unwrap();
    symlink(".bashrc", &rc).unwrap();
    setup(&sandbox, Kind::Bash, &[])
        .expect(1)
        .stderr_contains("~/.bashrc");
    std::fs::remove_file(&rc).unwrap();
    std::fs::write(&rc, "a\n").unwrap();
    let full = super::directory(&sandbox, "full");
    symlink(full.join("gone/rc"), sandbox.home().join(".zshrc")).unwrap();
    // A link that leads to nothing yet is followed, and its file made.
    setup(&sandbox, Kind::Zsh, &[]).expect(0);
    assert!(full.join("gone/rc").is_file());
}

#[test]
fn other_places_and_other_programs_are_named() {
    let sandbox = Sandbox::new();
    let (zdotdir, config) = (sandbox.home().join("z"), sandbox.home().join("c"));
    let run = |kind: Kind, name: &str, value: &PathBuf| {
        let run = sandbox
            .sso(["setup", "--shell", kind.name()])
            .env(name, value);
        run.run().expect(0).stdout
    };
    // `sso` is not on this PATH, so the line says where it is.
    let said = run(Kind::Zsh, "ZDOTDIR", &zdotdir);
    let named = format!(
        "~/z/.zshrc:2 has got: eval \"$('{}' hook zsh)\"",
        binary().display()
    );
    assert!(said.contains(&named), "{said}");
    let said = run(Kind::Fish, "XDG_CONFIG_HOME", &config);
    assert!(said.contains("~/c/fish/config.fish:2 has got: "), "{said}");
    assert!(config.join("fish/completions/sso.fish").is_file());
    // The shell is the one that runs it, or has to be named.
    let sso = binary();
    let script = format!("'{}' setup --dry-run && true", sso.display());
    let outcome = Run::program(&sandbox, "bash")
        .args(["-c", &script])
        .run()
        .expect(0);
    assert!(
        outcome.stdout.contains("~/.bashrc:2 would get"),
        "{outcome:?}"
    );
    let script = format!("'{}' hook off && true", sso.display());
    let outcome = Run::program(&sandbox, "dash").args(["-c", &script]).run();
    outcome
        .expect(2)
        .stderr_contains("the shell that runs sso is none that has a hook");
    let outcome = sandbox.sso(["hook", "zsh", "--shell", "bash"]).run();
    outcome
        .expect(2)
        .stderr_contains("--shell goes with `sso hook off`");
}
