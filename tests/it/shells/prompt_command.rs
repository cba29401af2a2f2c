//! Position of the hook in the forms that PROMPT_COMMAND can have.

use super::{Shell, ShellKind, assert_loaded, assert_unloaded};
use crate::fixture::{ACCOUNT, ROLE, Run, Sandbox};

/// Installs the hook after `before` and returns the declaration of PROMPT_COMMAND, and stderr.
fn installed_prompt_command(sandbox: &Sandbox, before: &str) -> (String, String) {
    let hook = ShellKind::Bash.hook();
    let script = format!("{before}\n{hook}{hook}declare -p PROMPT_COMMAND");
    let run = Run::program(sandbox, "bash").args(["--norc", "-u", "-i", "-c", &script]);
    let outcome = run.run().expect(0);
    (outcome.stdout.trim().to_owned(), outcome.stderr)
}

#[test]
fn hook_is_inserted_at_the_right_position() {
    if ShellKind::installed().all(|kind| kind != ShellKind::Bash) {
        return;
    }
    let sandbox = Sandbox::new();
    for (before, after) in [
        ("", "declare -- PROMPT_COMMAND=\"__sso_hook\""),
        (
            "PROMPT_COMMAND=",
            "declare -- PROMPT_COMMAND=\"__sso_hook\"",
        ),
        (
            "PROMPT_COMMAND='a; b;'",
            "declare -- PROMPT_COMMAND=$'a; b;\\n__sso_hook'",
        ),
        (
            "PROMPT_COMMAND=(a b)",
            "declare -a PROMPT_COMMAND=([0]=$'a\\n__sso_hook' [1]=\"b\")",
        ),
        (
            "PROMPT_COMMAND=()",
            "declare -a PROMPT_COMMAND=([0]=\"__sso_hook\")",
        ),
        (
            "PROMPT_COMMAND='_direnv_hook;a'",
            "declare -a PROMPT_COMMAND=([0]=$'_direnv_hook\\n__sso_hook;a')",
        ),
        (
            "PROMPT_COMMAND=(_mise_hook_prompt_command _direnv_hook a)",
            "declare -a PROMPT_COMMAND=([0]=\"_mise_hook_prompt_command\" [1]=$'_direnv_hook\\n__sso_hook' [2]=\"a\")",
        ),
        (
            "PROMPT_COMMAND='_direnv_hook;_mise_hook;starship_precmd'",
            "declare -a PROMPT_COMMAND=([0]=$'_direnv_hook;_mise_hook\\n__sso_hook;starship_precmd')",
        ),
        (
            "PROMPT_COMMAND='x || _direnv_hook || y'",
            "declare -a PROMPT_COMMAND=([0]=$'x || _direnv_hook || y\\n__sso_hook')",
        ),
        (
            "PROMPT_COMMAND=starship_precmd",
            "declare -a PROMPT_COMMAND=([0]=\"__sso_hook\" [1]=\"starship_precmd\")",
        ),
        (
            "PROMPT_COMMAND=(a starship_precmd b)",
            "declare -a PROMPT_COMMAND=([0]=\"a\" [1]=\"__sso_hook\" [2]=\"starship_precmd\" [3]=\"b\")",
        ),
        (
            "PROMPT_COMMAND='_direnv_hook;starship_precmd'",
            "declare -a PROMPT_COMMAND=([0]=$'_direnv_hook\\n__sso_hook;starship_precmd')",
        ),
        // starship evaluates the commands that it has taken over before it draws the prompt.
        (
            "PROMPT_COMMAND=starship_precmd STARSHIP_PROMPT_COMMAND=_direnv_hook",
            "declare -- PROMPT_COMMAND=\"starship_precmd\"",
        ),
        (
            "PROMPT_COMMAND=__vsc_prompt_cmd_original",
            "declare -a PROMPT_COMMAND=([0]=\"__sso_hook\" [1]=\"__vsc_prompt_cmd_original\")",
        ),
        // Already installed.
        (
            "PROMPT_COMMAND=x __vsc_original_prompt_command=__sso_hook",
            "declare -- PROMPT_COMMAND=\"x\"",
        ),
    ] {
        let (found, said) = installed_prompt_command(&sandbox, before);
        assert_eq!(found, after, "{before}: {said}");
        assert!(!said.contains("sso"), "{before}: {said}");
    }
    let (found, said) = installed_prompt_command(&sandbox, "readonly PROMPT_COMMAND=x");
    assert_eq!(found, "declare -r PROMPT_COMMAND=\"x\"");
    assert!(
        said.contains("sso: PROMPT_COMMAND is read-only: there is no hook in this shell\n"),
        "{said}"
    );
}

/// The shell integration of VS Code, reduced to a few lines.
const VS_CODE: &str = "
__vsc_original_prompt_command=${PROMPT_COMMAND:-}
__vsc_prompt_cmd_original() {
    __vsc_status=$?
    builtin local cmd
    for cmd in \"${__vsc_original_prompt_command[@]}\"; do
        (exit \"$__vsc_status\")
        eval \"${cmd:-}\"
    done
    export VSC_SAW=\"$__vsc_status ${AWS_SSO_PROFILE-}\"
}
PROMPT_COMMAND=__vsc_prompt_cmd_original
";

#[test]
fn hook_runs_when_vs_code_takes_over_prompt_command() {
    if ShellKind::installed().all(|kind| kind != ShellKind::Bash) {
        return;
    }
    let hook = ShellKind::Bash.hook();
    for startup in [
        format!("{hook}{VS_CODE}"),
        format!("{hook}{VS_CODE}{hook}"),
        format!("PROMPT_COMMAND=true\n{hook}{VS_CODE}"),
        format!("{VS_CODE}{hook}"),
    ] {
        let sandbox = Sandbox::new();
        sandbox.store_token(7200);
        sandbox.write_role("corp", ACCOUNT, ROLE, 3600);
        let p = sandbox.trusted_project("p", "dev\n");
        let mut shell = Shell::start_with(&sandbox, ShellKind::Bash, &startup, &[], |run| run);
        let env = shell.enter(&p);
        assert_loaded(&env, "dev");
        // In the same prompt, not only in the next one.
        assert_eq!(env["VSC_SAW"], "0 dev", "{startup}");
        assert_eq!(shell.run("(exit 3)")["VSC_SAW"], "3 dev", "{startup}");
        assert_unloaded(&shell.run("cd"));
        assert_eq!(shell.hook_messages().len(), 2);
    }
}
