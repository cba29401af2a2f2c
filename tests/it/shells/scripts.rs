//! The scripts on their own: strictly, twice, in a shell that nobody types in, and with
//! whatever a user has made of the shell.

use super::{Kind, Shell, assert_bare, assert_loaded};
use crate::fixture::{ACCOUNT, ROLE, Run, Sandbox};

fn warm() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.store_token(7200);
    sandbox.write_role("corp", ACCOUNT, ROLE, 3600);
    sandbox.trusted_project("p", "dev\n");
    sandbox
}

#[test]
fn a_shell_that_nobody_types_in_gets_no_hook() {
    let sandbox = Sandbox::new();
    for kind in Kind::all() {
        let (words, left): (&[&str], _) = match kind {
            Kind::Bash => (
                &["--norc", "-eu", "-o", "pipefail", "-c"],
                "declare -F; declare -p",
            ),
            Kind::Zsh => (
                &["-f", "-eu", "-o", "pipefail", "-c"],
                "typeset -f; typeset -p",
            ),
            Kind::Fish => (&["--no-config", "-c"], "functions -n; set -n"),
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
fn strict_shells_with_odd_options_have_nothing_to_say() {
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
    for kind in Kind::all() {
        let variants: &[&[&str]] = match kind {
            Kind::Bash => &bash,
            Kind::Zsh => &zsh,
            Kind::Fish => &[&[]],
        };
        for options in variants {
            let sandbox = warm();
            let twice = kind.hook().repeat(2);
            // Debian's own start-up file for bash is not that strict.
            let (startup, options) = match kind {
                Kind::Bash => (format!("set {}\n{twice}", options.join(" ")), &[][..]),
                _ => (twice, *options),
            };
            let mut shell = Shell::with(&sandbox, kind, &startup, options, |run| run);
            let p = sandbox.home().join("p");
            assert_loaded(&shell.enter(&p), "dev");
            assert_loaded(&shell.run("true"), "dev");
            assert_bare(&shell.run("cd"));
            assert_loaded(&shell.enter(&p), "dev");
            assert_bare(&shell.run("cd"));
            assert_eq!(shell.complaints(), [""; 0], "{kind:?} {options:?}");
            assert_eq!(shell.said().len(), 4, "{kind:?} {options:?}");
        }
    }
}

#[test]
fn installed_twice_it_runs_once() {
    for kind in Kind::all() {
        let sandbox = warm();
        let startup = kind.hook().repeat(3);
        let mut shell = Shell::with(&sandbox, kind, &startup, &[], |run| run);
        shell.run(kind.hook().trim_end());
        let places = match kind {
            Kind::Bash => shell.ask("declare -p PROMPT_COMMAND"),
            Kind::Zsh => shell.ask("print -r -- $precmd_functions"),
            Kind::Fish => shell.ask("functions --handlers-type generic"),
        };
        assert_eq!(places.matches("__sso_hook").count(), 1, "{places}");
    }
}

#[test]
fn aliases_and_functions_of_the_user_are_not_asked() {
    for kind in Kind::all() {
        let sandbox = warm();
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
                Kind::Fish => String::new(),
                _ => format!("alias {name}='echo ALIAS'\n"),
            });
        }
        if kind == Kind::Fish {
            for name in ["realpath", "sso"] {
                aliases.push_str(&format!("function {name}\n echo ALIAS\nend\n"));
            }
        }
        let startup = format!("{aliases}{}", kind.hook());
        let startup = if kind == Kind::Fish {
            startup
        } else {
            startup + "\nunalias -a\n"
        };
        let mut shell = Shell::with(&sandbox, kind, &startup, &[], |run| run);
        assert_loaded(&shell.enter(&sandbox.home().join("p")), "dev");
        assert_bare(&shell.run("cd"));
        assert!(
            !shell.terminal.shown().contains("ALIAS"),
            "{}",
            shell.terminal.shown()
        );
        assert_eq!(shell.complaints(), [""; 0], "{kind:?}");
    }
}

#[test]
fn traps_on_interrupts_stay_the_users() {
    for kind in [Kind::Bash, Kind::Zsh] {
        if !Kind::all().any(|here| here == kind) {
            continue;
        }
        let sandbox = warm();
        let startup = format!("trap 'export GOT=it' INT\n{}", kind.hook());
        let mut shell = Shell::with(&sandbox, kind, &startup, &[], |run| run);
        assert_loaded(&shell.enter(&sandbox.home().join("p")), "dev");
        assert!(shell.ask("trap").contains("export GOT=it"), "{kind:?}");
        // One that comes while a program of the shell runs is that program's.
        let got = (0..20).any(|_| {
            std::thread::sleep(std::time::Duration::from_millis(100));
            shell.terminal.type_text("\u{3}");
            shell.run("true").contains_key("GOT")
        });
        assert!(got, "{kind:?}: {}", shell.terminal.shown());
    }
}

#[test]
fn a_trace_shows_no_keys() {
    for kind in Kind::all() {
        let sandbox = warm();
        let on = match kind {
            Kind::Fish => "set -g fish_trace 1",
            _ => "set -x",
        };
        let startup = format!("{}{on}\n", kind.hook());
        let mut shell = Shell::with(&sandbox, kind, &startup, &[], |run| run);
        let p = kind.quote(sandbox.home().join("p").to_str().unwrap());
        shell.send(&format!("cd {p}"));
        // Looking would be traced as well.
        let off = match kind {
            Kind::Fish => "set -e fish_trace",
            _ => "set +x",
        };
        shell.run(off);
        let shown = shell.terminal.shown();
        assert_loaded(&shell.look(), "dev");
        assert!(!shown.contains("ASIAWRITTENBYATEST"), "{kind:?}: {shown}");
        sandbox.assert_no_secret(&shown, "the trace");
        // And it goes on being traced.
        assert!(shown.contains("set +x") || kind == Kind::Fish);
    }
}

#[test]
fn what_the_status_was_the_next_one_sees_as_well() {
    for kind in Kind::all() {
        let recorders: &[&str] = match kind {
            Kind::Bash => &[
                "PROMPT_COMMAND+=('export SEEN=\"$? ${PIPESTATUS[*]}\"')",
                "PROMPT_COMMAND=\"${PROMPT_COMMAND:+$PROMPT_COMMAND; }export SEEN=\\\"\\$? \\${PIPESTATUS[*]}\\\"\"",
                "PROMPT_COMMAND+=$'\\nexport SEEN=\"$? ${PIPESTATUS[*]}\"'",
            ],
            Kind::Zsh => {
                &["record() { export SEEN=\"$? $pipestatus\" }\nprecmd_functions+=(record)"]
            }
            Kind::Fish => &[
                "function record --on-event fish_prompt\n set -gx SEEN \"$status $pipestatus\"\nend",
            ],
        };
        let line = match kind {
            Kind::Fish => "false | true | sh -c 'exit 3'",
            _ => "false | true | (exit 3)",
        };
        for recorder in recorders {
            let sandbox = warm();
            let startup = format!("{}{recorder}\n", kind.hook());
            let mut shell = Shell::with(&sandbox, kind, &startup, &[], |run| run);
            for place in [sandbox.home().join("p"), sandbox.home().to_owned()] {
                shell.enter(&place);
                assert_eq!(shell.run(line)["SEEN"], "3 1 0 3", "{kind:?} {recorder}");
            }
        }
    }
}
