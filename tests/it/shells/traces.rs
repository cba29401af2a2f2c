//! Options and traps that show the commands of a shell: they show no key.

use super::{Shell, ShellKind, assert_loaded, assert_unloaded, warm_sandbox};

/// Returns lines that switch a trace on, and a text that it shows afterwards as well.
fn traces(kind: ShellKind) -> &'static [&'static str] {
    match kind {
        ShellKind::Bash => &[
            "set -x",
            "set -v",
            "trap 'echo \"traced $BASH_COMMAND\"' DEBUG; set -T",
            "trap 'echo \"traced $BASH_COMMAND\"' DEBUG; shopt -s extdebug",
            "trap 'echo \"traced $BASH_COMMAND\"' ERR; set -E",
            "trap 'echo \"traced $BASH_COMMAND ${__sso_text-}\"' RETURN; set -T",
            "set -xvTE",
        ],
        ShellKind::Zsh => &[
            "setopt xtrace",
            "setopt verbose",
            "TRAPDEBUG() { print -r \"traced $ZSH_DEBUG_CMD\" }",
            "trap 'print -r \"traced $ZSH_DEBUG_CMD\"' DEBUG",
            "TRAPZERR() { print -r \"traced $ZSH_DEBUG_CMD $__sso_text\" }",
            "trap 'print -r \"traced $ZSH_DEBUG_CMD $__sso_text\"' ERR",
            "functions -t __sso_hook __sso_turn",
            "functions -T __sso_hook",
        ],
        ShellKind::Fish => &["set -g fish_trace 1", "set -gx fish_trace all"],
    }
}

#[test]
fn no_trace_shows_a_key() {
    for kind in ShellKind::installed() {
        for trace in traces(kind) {
            let sandbox = warm_sandbox();
            let p = sandbox.trusted_project("p", "dev\n");
            let startup = format!("{}{trace}\n", kind.hook());
            let mut shell = Shell::start_with(&sandbox, kind, &startup, &[], |run| run);
            for _ in 0..2 {
                let p = kind.quote(p.to_str().unwrap());
                shell.send(&format!("cd {p}"));
                assert_loaded(&shell.environment(), "dev");
                shell.send("false");
                assert_unloaded(&shell.run("cd"));
            }
            let shown = shell.terminal.shown();
            assert!(
                !shown.contains("ASIAWRITTENBYATEST"),
                "{kind:?} {trace}: {shown}"
            );
            sandbox.assert_no_secret(&shown, trace);
        }
    }
}

#[test]
fn options_and_traps_are_the_same_after_the_hook() {
    for kind in ShellKind::installed() {
        for trace in traces(kind) {
            let sandbox = warm_sandbox();
            let p = sandbox.trusted_project("p", "dev\n");
            let mut shell = Shell::start(&sandbox, kind);
            let report = match kind {
                ShellKind::Bash => "{ echo $-; trap -p; shopt -p extdebug; }",
                ShellKind::Zsh => "{ setopt; trap; functions TRAPDEBUG TRAPZERR; }",
                ShellKind::Fish => "echo $fish_trace",
            };
            shell.run(trace);
            let before = shell.output_of(report);
            assert_loaded(&shell.enter(&p), "dev");
            assert_eq!(shell.output_of(report), before, "{kind:?} {trace}");
        }
    }
}
