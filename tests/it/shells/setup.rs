//! `sso setup`: changes to startup files, and the hook in shells started after it.

use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::PathBuf;

use super::{Sandbox, Shell, ShellKind, assert_loaded};
use crate::fixture::{ACCOUNT, Outcome, ROLE, Run, binary};

/// Runs `sso setup` with a PATH that contains `sso`.
fn run_setup(sandbox: &Sandbox, kind: ShellKind, more: &[&str]) -> Outcome {
    let run = sandbox.sso(["setup", "--shell", kind.name()]).args(more);
    run.env("PATH", path_with_sso()).run()
}

/// Returns a PATH that contains the built binary.
fn path_with_sso() -> String {
    let path = std::env::var("PATH").unwrap();
    format!("{}:{path}", binary().parent().unwrap().display())
}

/// Returns the files that `sso setup` changes; the first one gets the hook.
fn startup_files(sandbox: &Sandbox, kind: ShellKind) -> Vec<PathBuf> {
    let names: &[&str] = match kind {
        ShellKind::Bash => &[".bashrc"],
        ShellKind::Zsh => &[".zshrc"],
        ShellKind::Fish => &[
            ".config/fish/config.fish",
            ".config/fish/completions/sso.fish",
        ],
    };
    names.iter().map(|name| sandbox.home().join(name)).collect()
}

/// Returns the line that `sso setup` adds.
fn hook_line(kind: ShellKind) -> &'static str {
    match kind {
        ShellKind::Bash => "eval \"$(sso hook bash)\"",
        ShellKind::Zsh => "eval \"$(sso hook zsh)\"",
        ShellKind::Fish => "status is-interactive; and sso hook fish | source",
    }
}

#[test]
fn setup_adds_the_lines_once_and_prints_their_position() {
    for kind in super::SHELL_KINDS {
        let sandbox = Sandbox::new();
        let rc = &startup_files(&sandbox, kind)[0];
        let dry = run_setup(&sandbox, kind, &["--dry-run"]).expect(0);
        assert!(dry.stdout.contains("would get: "), "{dry:?}");
        assert!(dry.stdout.ends_with("nothing was done\n"), "{dry:?}");
        assert!(!rc.exists());
        let done = run_setup(&sandbox, kind, &[]).expect(0);
        let shown = rc.strip_prefix(sandbox.home()).unwrap().display();
        let said = format!("~/{shown}:2 has got: {}\n", hook_line(kind));
        assert!(done.stdout.starts_with(&said), "{done:?}");
        assert!(
            done.stdout
                .contains(&format!("for this shell: {}", hook_line(kind))),
            "{done:?}"
        );
        let before: Vec<_> = startup_files(&sandbox, kind)
            .iter()
            .map(|file| std::fs::read(file).unwrap())
            .collect();
        assert_eq!(
            String::from_utf8_lossy(&before[0])
                .matches(hook_line(kind))
                .count(),
            1
        );
        let all = String::from_utf8_lossy(&before.concat()).into_owned();
        assert_eq!(all.matches("sso completions").count(), 1, "{all}");
        let again = run_setup(&sandbox, kind, &[]).expect(0);
        assert!(
            again.stdout.starts_with(&format!("~/{shown}:2 has: ")),
            "{again:?}"
        );
        assert!(again.stdout.ends_with("nothing to do\n"), "{again:?}");
        let after: Vec<_> = startup_files(&sandbox, kind)
            .iter()
            .map(|file| std::fs::read(file).unwrap())
            .collect();
        assert_eq!(after, before);
    }
}

#[test]
fn shells_have_the_hook_after_setup() {
    for kind in ShellKind::installed() {
        let sandbox = Sandbox::new();
        sandbox.store_token(7200);
        sandbox.write_role("corp", ACCOUNT, ROLE, 3600);
        let p = sandbox.trusted_project("p", "dev\n");
        run_setup(&sandbox, kind, &[]).expect(0);
        let startup = std::fs::read_to_string(&startup_files(&sandbox, kind)[0]).unwrap();
        let mut shell = Shell::start_with(&sandbox, kind, &startup, &[], |run| {
            run.env("PATH", path_with_sso())
        });
        assert_loaded(&shell.enter(&p), "dev");
        assert_eq!(shell.error_lines(), [""; 0], "{kind:?}");
    }
}

#[test]
fn hook_added_by_setup_runs_before_the_prompt_theme() {
    if ShellKind::installed().all(|kind| kind != ShellKind::Bash) {
        return;
    }
    let sandbox = Sandbox::new();
    sandbox.store_token(7200);
    sandbox.write_role("corp", ACCOUNT, ROLE, 3600);
    let p = sandbox.trusted_project("p", "dev\n");
    let rc = &startup_files(&sandbox, ShellKind::Bash)[0];
    let startup = "[ -z \"$PS1\" ] && return\n\
        _update_ps1() { export DRAWN=${AWS_SSO_PROFILE-none}; }\n\
        PROMPT_COMMAND=\"_update_ps1;$PROMPT_COMMAND\"\n";
    sandbox.write_file(rc, startup.as_bytes());
    run_setup(&sandbox, ShellKind::Bash, &[]).expect(0);
    let startup = std::fs::read_to_string(rc).unwrap();
    let mut shell = Shell::start_with(&sandbox, ShellKind::Bash, &startup, &[], |run| {
        run.env("PATH", path_with_sso())
    });
    let env = shell.enter(&p);
    assert_loaded(&env, "dev");
    assert_eq!(env["DRAWN"], "dev");
    assert_eq!(shell.run("cd")["DRAWN"], "none");
}

#[test]
fn setup_keeps_link_mode_and_content_of_a_startup_file() {
    let sandbox = Sandbox::new();
    let dotfiles = super::create_directory(&sandbox, "dotfiles");
    let real = dotfiles.join("zshrc");
    let old =
        b"# caf\xe9\r\neval \"$(direnv hook zsh)\"\n\n# prompt\neval \"$(starship init zsh)\"\n";
    std::fs::write(&real, old).unwrap();
    std::fs::set_permissions(&real, PermissionsExt::from_mode(0o640)).unwrap();
    symlink("dotfiles/zshrc", sandbox.home().join(".zshrc")).unwrap();
    run_setup(&sandbox, ShellKind::Zsh, &[]).expect(0);
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
    // No temporary file is left.
    assert_eq!(std::fs::read_dir(&dotfiles).unwrap().count(), 1);
}

#[test]
fn setup_warns_about_a_wrong_position_of_the_hook() {
    let sandbox = Sandbox::new();
    let rc = sandbox.home().join(".bashrc");
    let run = |text: &str| {
        std::fs::write(&rc, text).unwrap();
        let stdout = run_setup(&sandbox, ShellKind::Bash, &[]).expect(0).stdout;
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
fn setup_keeps_files_that_it_cannot_write_and_prints_a_hint() {
    let sandbox = Sandbox::new();
    let rc = sandbox.home().join(".bashrc");
    std::fs::create_dir(&rc).unwrap();
    let outcome = run_setup(&sandbox, ShellKind::Bash, &[]).expect(1);
    let outcome = outcome.stderr_contains("cannot read ~/.bashrc: it is not a regular file");
    outcome.stderr_contains("hint: put this there yourself: eval \"$(sso hook bash)\"");
    std::fs::remove_dir(&rc).unwrap();
    symlink(".bashrc", &rc).unwrap();
    run_setup(&sandbox, ShellKind::Bash, &[])
        .expect(1)
        .stderr_contains("~/.bashrc");
    std::fs::remove_file(&rc).unwrap();
    std::fs::write(&rc, "a\n").unwrap();
    let full = super::create_directory(&sandbox, "full");
    symlink(full.join("gone/rc"), sandbox.home().join(".zshrc")).unwrap();
    // A dangling link is followed and its target created.
    run_setup(&sandbox, ShellKind::Zsh, &[]).expect(0);
    assert!(full.join("gone/rc").is_file());
}

#[test]
fn setup_uses_zdotdir_xdg_config_home_and_the_calling_shell() {
    let sandbox = Sandbox::new();
    let (zdotdir, config) = (sandbox.home().join("z"), sandbox.home().join("c"));
    let run = |kind: ShellKind, name: &str, value: &PathBuf| {
        let run = sandbox
            .sso(["setup", "--shell", kind.name()])
            .env(name, value);
        run.run().expect(0).stdout
    };
    // `sso` is not in this PATH, so the line contains its path.
    let said = run(ShellKind::Zsh, "ZDOTDIR", &zdotdir);
    let named = format!(
        "~/z/.zshrc:2 has got: eval \"$('{}' hook zsh)\"",
        binary().display()
    );
    assert!(said.contains(&named), "{said}");
    let said = run(ShellKind::Fish, "XDG_CONFIG_HOME", &config);
    assert!(said.contains("~/c/fish/config.fish:2 has got: "), "{said}");
    assert!(config.join("fish/completions/sso.fish").is_file());
    // The default is the shell that runs `sso`; without one, --shell is required.
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
