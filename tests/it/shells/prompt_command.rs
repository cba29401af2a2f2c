//! Position of the hook in the forms that PROMPT_COMMAND can have.

use super::{Shell, ShellKind, assert_loaded, assert_unloaded, warm_sandbox};
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
        ("", "declare -- PROMPT_COMMAND=\"HOOK\""),
        ("PROMPT_COMMAND=", "declare -- PROMPT_COMMAND=\"HOOK\""),
        (
            "PROMPT_COMMAND='a; b;'",
            "declare -- PROMPT_COMMAND=$'a; b;\\nHOOK'",
        ),
        (
            "PROMPT_COMMAND=(a b)",
            "declare -a PROMPT_COMMAND=([0]=$'a\\nHOOK' [1]=\"b\")",
        ),
        (
            "PROMPT_COMMAND=()",
            "declare -a PROMPT_COMMAND=([0]=\"HOOK\")",
        ),
        (
            "PROMPT_COMMAND='_direnv_hook;a'",
            "declare -a PROMPT_COMMAND=([0]=$'_direnv_hook\\nHOOK;a')",
        ),
        (
            "PROMPT_COMMAND=(_mise_hook_prompt_command _direnv_hook a)",
            "declare -a PROMPT_COMMAND=([0]=\"_mise_hook_prompt_command\" [1]=$'_direnv_hook\\nHOOK' [2]=\"a\")",
        ),
        (
            "PROMPT_COMMAND='_direnv_hook;_mise_hook;starship_precmd'",
            "declare -a PROMPT_COMMAND=([0]=$'_direnv_hook;_mise_hook\\nHOOK;starship_precmd')",
        ),
        (
            "PROMPT_COMMAND='x || _direnv_hook || y'",
            "declare -a PROMPT_COMMAND=([0]=$'x || _direnv_hook || y\\nHOOK')",
        ),
        (
            "PROMPT_COMMAND=starship_precmd",
            "declare -- PROMPT_COMMAND=\"starship_precmd\"",
        ),
        (
            "PROMPT_COMMAND=(a starship_precmd b)",
            "declare -a PROMPT_COMMAND=([0]=\"a\" [1]=\"starship_precmd\" [2]=\"b\")",
        ),
        (
            "PROMPT_COMMAND='_direnv_hook;starship_precmd'",
            "declare -a PROMPT_COMMAND=([0]=$'_direnv_hook\\nHOOK;starship_precmd')",
        ),
        // starship evaluates the commands that it has taken over before it draws the prompt.
        (
            "PROMPT_COMMAND=starship_precmd STARSHIP_PROMPT_COMMAND=_direnv_hook",
            "declare -- PROMPT_COMMAND=\"starship_precmd\"",
        ),
        (
            "PROMPT_COMMAND=__vsc_prompt_cmd_original",
            "declare -- PROMPT_COMMAND=\"__vsc_prompt_cmd_original\"",
        ),
        (
            "PROMPT_COMMAND=__vsc_prompt_cmd",
            "declare -- PROMPT_COMMAND=\"__vsc_prompt_cmd_original\"",
        ),
        (
            "PROMPT_COMMAND='__git_ps1 a b'",
            "declare -- PROMPT_COMMAND=$'HOOK\\n__git_ps1 a b'",
        ),
        (
            "PROMPT_COMMAND=(_update_ps1 a)",
            "declare -a PROMPT_COMMAND=([0]=$'HOOK\\n_update_ps1' [1]=\"a\")",
        ),
        (
            "PROMPT_COMMAND=(a _update_ps1)",
            "declare -a PROMPT_COMMAND=([0]=\"a\" [1]=\"HOOK\" [2]=\"_update_ps1\")",
        ),
        // Already installed.
        (
            "PROMPT_COMMAND=x __vsc_original_prompt_command=__sso_hook",
            "declare -- PROMPT_COMMAND=\"x\"",
        ),
    ] {
        let (found, said) = installed_prompt_command(&sandbox, before);
        // Within double quotes, declare escapes what it prints.
        let entry = match after.contains("\"HOOK\"") {
            true => r#"\"\${__sso_hook:-:}\""#,
            false => r#""${__sso_hook:-:}""#,
        };
        let after = after.replace("HOOK", entry);
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
__vsc_running=1
__vsc_preexec() {
    if [[ $__vsc_running == 0 ]]; then
        __vsc_running=1
        VSC_COMMANDS+=\"<$BASH_COMMAND>\"
    fi
}
trap __vsc_preexec DEBUG
__vsc_original_prompt_command=${PROMPT_COMMAND:-}
__vsc_prompt_cmd_original() {
    __vsc_status=$?
    builtin local cmd
    for cmd in \"${__vsc_original_prompt_command[@]}\"; do
        (exit \"$__vsc_status\")
        eval \"${cmd:-}\"
    done
    __vsc_prompt_cmd
}
__vsc_prompt_cmd() {
    : \"${__vsc_status=$?}\"
    export VSC_SAW=\"$__vsc_status ${AWS_SSO_PROFILE-}\"
    unset __vsc_status
    PS1=\"mark $PS1\"
    __vsc_running=0
}
if [[ -n $__vsc_original_prompt_command ]]; then
    PROMPT_COMMAND=__vsc_prompt_cmd_original
else
    PROMPT_COMMAND=__vsc_prompt_cmd
fi
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

#[test]
fn marks_of_vs_code_survive_a_prompt_theme_and_the_hook() {
    if ShellKind::installed().all(|kind| kind != ShellKind::Bash) {
        return;
    }
    let git = "__git_ps1() { export DRAWN=${AWS_SSO_PROFILE-none}; PS1='> '; }\n";
    let starship = "starship_precmd() { eval \"${STARSHIP_PROMPT_COMMAND-}\"; __git_ps1; }\n";
    let hook = ShellKind::Bash.hook();
    for theme in ["__git_ps1", "starship_precmd", "_update_ps1"] {
        let theme = format!("_update_ps1() {{ __git_ps1; }}\nPROMPT_COMMAND={theme}\n");
        for startup in [
            format!("{theme}{hook}{VS_CODE}"),
            format!("{theme}{VS_CODE}{hook}"),
            format!("{hook}{theme}{VS_CODE}{hook}"),
        ] {
            let startup = format!("{git}{starship}{startup}");
            let sandbox = warm_sandbox();
            let p = sandbox.trusted_project("p", "dev\n");
            let mut shell = Shell::start_with(&sandbox, ShellKind::Bash, &startup, &[], |run| run);
            let env = shell.enter(&p);
            assert_loaded(&env, "dev");
            assert_eq!(env["DRAWN"], "dev", "{startup}");
            assert_eq!(env["VSC_SAW"], "0 dev", "{startup}");
            for _ in 0..2 {
                // An empty line starts no command.
                shell.send("");
                let prompt = shell.output_of("printf %s \"$PS1\"");
                assert_eq!(prompt, "mark > ", "{startup}");
            }
            let commands = shell.output_of("printf %s \"$VSC_COMMANDS\"");
            assert!(!commands.contains("sso_hook"), "{startup}: {commands}");
            assert_unloaded(&shell.run("cd"));
        }
    }
}

#[test]
fn child_that_inherits_prompt_command_prints_nothing() {
    if ShellKind::installed().all(|kind| kind != ShellKind::Bash) {
        return;
    }
    let hook = ShellKind::Bash.hook();
    for startup in [
        format!("export PROMPT_COMMAND\n{hook}"),
        format!("export PROMPT_COMMAND='true'\n{hook}"),
        format!("{hook}export PROMPT_COMMAND=\"true;$PROMPT_COMMAND\"\n"),
        format!("set -a\n{hook}"),
        format!(
            "PROMPT_COMMAND=_update_ps1; _update_ps1() {{ :; }}; export -f _update_ps1\n{hook}export PROMPT_COMMAND\n"
        ),
    ] {
        let sandbox = warm_sandbox();
        let p = sandbox.trusted_project("p", "dev\n");
        let mut shell = Shell::start_with(&sandbox, ShellKind::Bash, &startup, &[], |run| run);
        assert_loaded(&shell.enter(&p), "dev");
        shell.hook_messages();
        shell.run("IFS=_so bash --norc --noprofile -i");
        shell.run("true");
        assert_eq!(shell.hook_messages(), [""; 0], "{startup}");
        assert_eq!(shell.error_lines(), [""; 0], "{startup}");
        // The hook of the child, if it has one.
        shell.run(hook.trim_end());
        assert_unloaded(&shell.run("cd"));
    }
}
