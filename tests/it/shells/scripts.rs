//! The hook scripts in non-interactive and strict shells, installed twice, and with aliases,
//! functions and traps of the user.

use super::{Shell, ShellKind, assert_loaded, assert_unloaded, warm_sandbox};
use crate::fixture::parallel::wait_until;
use crate::fixture::{Run, Sandbox};

/// Creates a sandbox with cached credentials and the trusted project `p`.
fn sandbox_with_project() -> Sandbox {
    let sandbox = warm_sandbox();
    sandbox.trusted_project("p", "dev\n");
    sandbox
}

#[test]
fn non_interactive_shells_get_no_hook() {
    let sandbox = Sandbox::new();
    for kind in ShellKind::installed() {
        let (words, left): (&[&str], _) = match kind {
            ShellKind::Bash => (
                &["--norc", "-eu", "-o", "pipefail", "-c"],
                "declare -F; declare -p",
            ),
            ShellKind::Zsh => (
                &["-f", "-eu", "-o", "pipefail", "-c"],
                "typeset -f; typeset -p",
            ),
            ShellKind::Fish => (&["--no-config", "-c"], "functions -n; set -n"),
        };
        let hook = kind.hook();
        let run = |script: &str| {
            Run::program(&sandbox, kind.name())
                .args(words)
                .arg(script)
                .run()
        };
        let outcome = run(&hook).expect(0);
        assert_eq!(outcome.stdout + &outcome.stderr, "", "{kind:?}");
        let outcome = run(&format!("{hook}{left}")).expect(0);
        assert!(!outcome.stdout.contains("__sso_hook ("), "{outcome:?}");
        assert!(
            !outcome
                .stdout
                .lines()
                .any(|line| line.contains("__sso_candidates=")),
            "{outcome:?}"
        );
    }
}

#[test]
fn hook_works_with_strict_shell_options() {
    let bash: [&[&str]; 4] = [
        &["-u"],
        &["-e", "-u", "-o", "pipefail"],
        &["-o", "posix"],
        &["-a", "-f", "-C"],
    ];
    let zsh: [&[&str]; 4] = [
        &[
            "-o",
            "warn_create_global",
            "-o",
            "no_unset",
            "-o",
            "warn_nested_var",
        ],
        &[
            "-o",
            "ksh_arrays",
            "-o",
            "sh_word_split",
            "-o",
            "no_clobber",
            "-o",
            "rc_quotes",
        ],
        &[
            "-e",
            "-o",
            "err_return",
            "-o",
            "all_export",
            "-o",
            "csh_junkie_quotes",
        ],
        &[
            "-o",
            "sh_glob",
            "-o",
            "ignore_braces",
            "-o",
            "null_glob",
            "-o",
            "no_bare_glob_qual",
        ],
    ];
    for kind in ShellKind::installed() {
        let variants: &[&[&str]] = match kind {
            ShellKind::Bash => &bash,
            ShellKind::Zsh => &zsh,
            ShellKind::Fish => &[&[]],
        };
        for options in variants {
            let sandbox = sandbox_with_project();
            let twice = kind.hook().repeat(2);
            // Set in the startup file, because Debian's /etc/bash.bashrc fails with these options.
            let (startup, options) = match kind {
                ShellKind::Bash => (format!("set {}\n{twice}", options.join(" ")), &[][..]),
                _ => (twice, *options),
            };
            let mut shell = Shell::start_with(&sandbox, kind, &startup, options, |run| run);
            let p = sandbox.home().join("p");
            assert_loaded(&shell.enter(&p), "dev");
            assert_loaded(&shell.run("true"), "dev");
            assert_unloaded(&shell.run("cd"));
            assert_loaded(&shell.enter(&p), "dev");
            assert_unloaded(&shell.run("cd"));
            assert_eq!(shell.error_lines(), [""; 0], "{kind:?} {options:?}");
            assert_eq!(shell.hook_messages().len(), 4, "{kind:?} {options:?}");
        }
    }
}

#[test]
fn hook_installed_twice_runs_once() {
    for kind in ShellKind::installed() {
        let sandbox = sandbox_with_project();
        let startup = kind.hook().repeat(3);
        let mut shell = Shell::start_with(&sandbox, kind, &startup, &[], |run| run);
        shell.run(kind.hook().trim_end());
        let places = match kind {
            ShellKind::Bash => shell.output_of("declare -p PROMPT_COMMAND"),
            ShellKind::Zsh => shell.output_of("print -r -- $precmd_functions"),
            ShellKind::Fish => shell.output_of("functions --handlers-type generic"),
        };
        assert_eq!(places.matches("__sso_hook").count(), 1, "{places}");
    }
}

#[test]
fn aliases_and_functions_of_the_user_are_not_called() {
    for kind in ShellKind::installed() {
        let sandbox = sandbox_with_project();
        let mut aliases = String::new();
        for name in [
            "local",
            "return",
            "unset",
            "set",
            "printf",
            "declare",
            "typeset",
            "emulate",
            "setopt",
            "unsetopt",
            "unfunction",
            "hook-env",
            "sso",
            "command",
        ] {
            aliases.push_str(&match kind {
                ShellKind::Fish => String::new(),
                _ => format!("alias {name}='echo ALIAS'\n"),
            });
        }
        if kind == ShellKind::Fish {
            for name in ["realpath", "sso"] {
                aliases.push_str(&format!("function {name}\n echo ALIAS\nend\n"));
            }
        }
        let startup = format!("{aliases}{}", kind.hook());
        let startup = if kind == ShellKind::Fish {
            startup
        } else {
            startup + "\nunalias -a\n"
        };
        let mut shell = Shell::start_with(&sandbox, kind, &startup, &[], |run| run);
        assert_loaded(&shell.enter(&sandbox.home().join("p")), "dev");
        assert_unloaded(&shell.run("cd"));
        assert!(
            !shell.terminal.shown().contains("ALIAS"),
            "{}",
            shell.terminal.shown()
        );
        assert_eq!(shell.error_lines(), [""; 0], "{kind:?}");
    }
}

#[test]
fn interrupt_traps_of_the_user_are_kept() {
    for kind in [ShellKind::Bash, ShellKind::Zsh] {
        if !ShellKind::installed().any(|here| here == kind) {
            continue;
        }
        let sandbox = sandbox_with_project();
        let startup = format!("trap 'export GOT=it' INT\n{}", kind.hook());
        let mut shell = Shell::start_with(&sandbox, kind, &startup, &[], |run| run);
        assert_loaded(&shell.enter(&sandbox.home().join("p")), "dev");
        assert!(
            shell.output_of("trap").contains("export GOT=it"),
            "{kind:?}"
        );
        // An interrupt goes to a program if one runs, such as that of the hook, so it is repeated
        // until the shell itself gets one.
        wait_until(&format!("{kind:?} runs the trap"), || {
            std::thread::sleep(std::time::Duration::from_millis(100));
            shell.terminal.type_text("\u{3}");
            shell.run("true").contains_key("GOT")
        });
    }
}

#[test]
fn shell_traces_show_no_keys() {
    for kind in ShellKind::installed() {
        let sandbox = sandbox_with_project();
        let on = match kind {
            ShellKind::Fish => "set -g fish_trace 1",
            _ => "set -x",
        };
        let startup = format!("{}{on}\n", kind.hook());
        let mut shell = Shell::start_with(&sandbox, kind, &startup, &[], |run| run);
        let p = kind.quote(sandbox.home().join("p").to_str().unwrap());
        shell.send(&format!("cd {p}"));
        // Reading the environment would be traced as well.
        let off = match kind {
            ShellKind::Fish => "set -e fish_trace",
            _ => "set +x",
        };
        shell.run(off);
        let shown = shell.terminal.shown();
        assert_loaded(&shell.environment(), "dev");
        assert!(!shown.contains("ASIAWRITTENBYATEST"), "{kind:?}: {shown}");
        sandbox.assert_no_secret(&shown, "the trace");
        // Tracing is still on after the hook.
        assert!(shown.contains("set +x") || kind == ShellKind::Fish);
    }
}

#[test]
fn exit_status_is_preserved_for_later_prompt_hooks() {
    for kind in ShellKind::installed() {
        let recorders: &[&str] = match kind {
            ShellKind::Bash => &[
                "PROMPT_COMMAND+=('export SEEN=\"$? ${PIPESTATUS[*]}\"')",
                "PROMPT_COMMAND=\"${PROMPT_COMMAND:+$PROMPT_COMMAND; }export SEEN=\\\"\\$? \\${PIPESTATUS[*]}\\\"\"",
                "PROMPT_COMMAND+=$'\\nexport SEEN=\"$? ${PIPESTATUS[*]}\"'",
            ],
            ShellKind::Zsh => {
                &["record() { export SEEN=\"$? $pipestatus\" }\nprecmd_functions+=(record)"]
            }
            ShellKind::Fish => &[
                "function record --on-event fish_prompt\n set -gx SEEN \"$status $pipestatus\"\nend",
            ],
        };
        let line = match kind {
            ShellKind::Fish => "false | true | sh -c 'exit 3'",
            _ => "false | true | (exit 3)",
        };
        for recorder in recorders {
            let sandbox = sandbox_with_project();
            let startup = format!("{}{recorder}\n", kind.hook());
            let mut shell = Shell::start_with(&sandbox, kind, &startup, &[], |run| run);
            for place in [sandbox.home().join("p"), sandbox.home().to_owned()] {
                shell.enter(&place);
                assert_eq!(shell.run(line)["SEEN"], "3 1 0 3", "{kind:?} {recorder}");
            }
        }
    }
}
