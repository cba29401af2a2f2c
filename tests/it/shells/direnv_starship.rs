//! The hook together with direnv and starship, in every order.

use std::path::Path;

use super::{Shell, ShellKind, assert_loaded, assert_unloaded, warm_sandbox};
use crate::fixture::Run;
use crate::fixture::parallel::wait_until;
use crate::fixture::programs::{client_path, has_optional, has_required, has_required_files};

fn direnv(kind: ShellKind) -> String {
    match kind {
        ShellKind::Fish => "direnv hook fish | source\n".to_owned(),
        _ => format!("eval \"$(direnv hook {})\"\n", kind.name()),
    }
}

fn starship(kind: ShellKind, program: &Path) -> String {
    let program = kind.quote(program.to_str().unwrap());
    match kind {
        ShellKind::Fish => format!("{program} init fish | source\n"),
        _ => format!("eval \"$({program} init {})\"\n", kind.name()),
    }
}

#[test]
fn hook_and_direnv_each_restore_their_variables() {
    if !has_required("direnv") {
        return;
    }
    for kind in ShellKind::installed() {
        let hook = kind.hook();
        let direnv = direnv(kind);
        for (order, startup) in [format!("{direnv}{hook}"), format!("{hook}{direnv}")]
            .into_iter()
            .enumerate()
        {
            let sandbox = warm_sandbox();
            let p = sandbox.trusted_project("p", "dev\n");
            // In fish hooks run in the order of the startup file, so a variable that both set works
            // only if direnv comes first.
            let both = kind != ShellKind::Fish || order == 0;
            let envrc = if both {
                "export FROM_DIRENV=1 AWS_REGION=ap-south-1\n"
            } else {
                "export FROM_DIRENV=1\n"
            };
            sandbox.write_file(&p.join(".envrc"), envrc.as_bytes());
            Run::program(&sandbox, "direnv")
                .arg("allow")
                .arg(&p)
                .run()
                .expect(0);
            let mut shell = Shell::start_with(&sandbox, kind, &startup, &[], |run| {
                run.env("AWS_REGION", "us-east-1")
                    .env("AWS_PROFILE", "base")
            });
            for _ in 0..2 {
                let env = shell.enter(&p);
                assert_loaded(&env, "dev");
                assert_eq!(env["FROM_DIRENV"], "1", "{kind:?} {order}");
                assert_eq!(env["AWS_REGION"], "eu-central-1", "{kind:?} {order}");
                let env = shell.run("cd");
                assert_unloaded(&env);
                assert_eq!(env["AWS_REGION"], "us-east-1", "{kind:?} {order}");
                assert_eq!(env["AWS_PROFILE"], "base", "{kind:?} {order}");
                assert!(!env.contains_key("FROM_DIRENV"), "{kind:?} {order}");
            }
        }
    }
}

#[test]
fn profile_of_direnv_or_mise_is_not_left_behind() {
    if !has_required("direnv") {
        return;
    }
    for kind in ShellKind::installed() {
        let hook = kind.hook();
        let direnv = direnv(kind);
        let mise = match kind {
            ShellKind::Fish => "mise activate fish | source\n".to_owned(),
            _ => format!("eval \"$(mise activate {})\"\n", kind.name()),
        };
        let mut startups = vec![format!("{direnv}{hook}"), format!("{hook}{direnv}")];
        if has_optional("mise") {
            startups.extend([format!("{mise}{hook}"), format!("{hook}{mise}")]);
        }
        for startup in startups {
            for base in [None, Some("base")] {
                let sandbox = warm_sandbox();
                let p = sandbox.trusted_project("p", "dev\n");
                let envrc = "export AWS_PROFILE=theirs AWS_DEFAULT_PROFILE=theirs\n";
                if startup.contains("mise") {
                    let toml = "[env]\nAWS_PROFILE = 'theirs'\nAWS_DEFAULT_PROFILE = 'theirs'\n";
                    sandbox.write_file(&p.join("mise.toml"), toml.as_bytes());
                    let trust = Run::program(&sandbox, "mise").arg("trust");
                    trust.arg(p.join("mise.toml")).run().expect(0);
                } else {
                    sandbox.write_file(&p.join(".envrc"), envrc.as_bytes());
                    let allow = Run::program(&sandbox, "direnv").arg("allow").arg(&p);
                    allow.run().expect(0);
                }
                let mut shell =
                    Shell::start_with(&sandbox, kind, &startup, &[], |run| match base {
                        Some(base) => run.env("AWS_PROFILE", base),
                        None => run,
                    });
                for _ in 0..2 {
                    shell.enter(&p);
                    shell.run("true");
                    for line in ["cd", "true"] {
                        let env = shell.run(line);
                        assert_unloaded(&env);
                        let left = env.get("AWS_PROFILE").map(String::as_str);
                        assert_eq!(left, base, "{startup}");
                        assert!(
                            !env.contains_key("AWS_DEFAULT_PROFILE"),
                            "{startup}: {env:?}"
                        );
                    }
                }
            }
        }
    }
}

/// Waits until the terminal shows this text after `from`.
#[track_caller]
fn wait_for_prompt(shell: &Shell, from: usize, text: &str) {
    wait_until(&format!("{:?} shows {text:?}", shell.kind), || {
        shell.terminal.shown()[from..].contains(text)
    });
}

#[test]
fn starship_shows_the_loaded_profile_in_the_same_prompt() {
    let program = client_path("bin/starship");
    if !has_required_files("starship", std::slice::from_ref(&program)) || !has_required("direnv") {
        return;
    }
    for kind in ShellKind::installed() {
        for order in ["hs", "sh", "dhs", "dsh", "hds", "hsd", "sdh", "shd"] {
            let startup: String = order
                .chars()
                .map(|tool| match tool {
                    'd' => direnv(kind),
                    's' => starship(kind, &program),
                    _ => kind.hook(),
                })
                .collect();
            let sandbox = warm_sandbox();
            sandbox.trusted_project("p", "dev\n");
            let config = "format = \"$env_var$status <end>\"\nadd_newline = false\n\
                [env_var.AWS_SSO_PROFILE]\nformat = \"<$env_value>\"\ndefault = \"none\"\n\
                [status]\ndisabled = false\npipestatus = true\npipestatus_format = \"<was $pipestatus>\"\n\
                pipestatus_segment_format = \"$status\"\n";
            let file = sandbox.home().join("starship.toml");
            sandbox.write_file(&file, config.as_bytes());
            let mut shell = Shell::start_with(&sandbox, kind, &startup, &[], |run| {
                run.env("STARSHIP_CONFIG", &file)
            });
            let from = shell.terminal.shown().len();
            shell.send("cd p");
            wait_for_prompt(&shell, from, "<dev>");
            let from = shell.terminal.shown().len();
            shell.send(match kind {
                ShellKind::Fish => "false | true | sh -c 'exit 3'",
                _ => "false | true | (exit 3)",
            });
            // direnv's hook for bash resets PIPESTATUS for the hooks after it.
            let is_reset = kind == ShellKind::Bash && order.find('d') > order.find('s');
            let was = if is_reset { "3" } else { "<was 1|0|3>" };
            wait_for_prompt(&shell, from, was);
            assert_loaded(&shell.environment(), "dev");
            let from = shell.terminal.shown().len();
            shell.send("cd");
            wait_for_prompt(&shell, from, "<none>");
            assert_unloaded(&shell.environment());
        }
    }
}
