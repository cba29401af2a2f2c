//! Beside direnv and starship, in every order.

use std::path::Path;
use std::time::Duration;

use super::{Kind, Sandbox, Shell, assert_bare, assert_loaded};
use crate::fixture::programs::{client_path, has_required, has_required_files};
use crate::fixture::{ACCOUNT, ROLE, Run};

fn warm() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.store_token(7200);
    sandbox.write_role("corp", ACCOUNT, ROLE, 3600);
    sandbox
}

fn direnv(kind: Kind) -> String {
    match kind {
        Kind::Fish => "direnv hook fish | source\n".to_owned(),
        _ => format!("eval \"$(direnv hook {})\"\n", kind.name()),
    }
}

fn starship(kind: Kind, program: &Path) -> String {
    let program = kind.quote(program.to_str().unwrap());
    match kind {
        Kind::Fish => format!("{program} init fish | source\n"),
        _ => format!("eval \"$({program} init {})\"\n", kind.name()),
    }
}

#[test]
fn with_direnv_each_gives_back_what_it_took() {
    if !has_required("direnv") {
        return;
    }
    for kind in Kind::all() {
        let hook = kind.hook();
        let direnv = direnv(kind);
        for (order, startup) in [format!("{direnv}{hook}"), format!("{hook}{direnv}")]
            .into_iter()
            .enumerate()
        {
            let sandbox = warm();
            let p = sandbox.trusted_project("p", "dev\n");
            // fish runs them in the order of its start-up file alone: there, only the right
            // one works for a variable that both set.
            let both = kind != Kind::Fish || order == 0;
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
            let mut shell = Shell::with(&sandbox, kind, &startup, &[], |run| {
                run.env("AWS_REGION", "us-east-1")
                    .env("AWS_PROFILE", "base")
            });
            for _ in 0..2 {
                let env = shell.enter(&p);
                assert_loaded(&env, "dev");
                assert_eq!(env["FROM_DIRENV"], "1", "{kind:?} {order}");
                assert_eq!(env["AWS_REGION"], "eu-central-1", "{kind:?} {order}");
                let env = shell.run("cd");
                assert_bare(&env);
                assert_eq!(env["AWS_REGION"], "us-east-1", "{kind:?} {order}");
                assert_eq!(env["AWS_PROFILE"], "base", "{kind:?} {order}");
                assert!(!env.contains_key("FROM_DIRENV"), "{kind:?} {order}");
            }
        }
    }
}

/// Waits for what a prompt shows, before anything else is typed.
#[track_caller]
fn wait_for(shell: &Shell, from: usize, text: &str) {
    for _ in 0..4000 {
        if shell.terminal.shown()[from..].contains(text) {
            return;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    panic!(
        "{:?} never showed {text:?}: {}",
        shell.kind,
        &shell.terminal.shown()[from..]
    );
}

#[test]
fn starship_draws_what_is_loaded_in_the_same_prompt() {
    let program = client_path("bin/starship");
    if !has_required_files("starship", std::slice::from_ref(&program)) || !has_required("direnv") {
        return;
    }
    for kind in Kind::all() {
        for order in ["hs", "sh", "dhs", "dsh", "hds", "hsd", "sdh", "shd"] {
            let startup: String = order
                .chars()
                .map(|tool| match tool {
                    'd' => direnv(kind),
                    's' => starship(kind, &program),
                    _ => kind.hook(),
                })
                .collect();
            let sandbox = warm();
            sandbox.trusted_project("p", "dev\n");
            let config = "format = \"$env_var$status <end>\"\nadd_newline = false\n\
                [env_var.AWS_SSO_PROFILE]\nformat = \"<$env_value>\"\ndefault = \"none\"\n\
                [status]\ndisabled = false\npipestatus = true\npipestatus_format = \"<was $pipestatus>\"\n\
                pipestatus_segment_format = \"$status\"\n";
            let file = sandbox.home().join("starship.toml");
            sandbox.write_file(&file, config.as_bytes());
            let mut shell = Shell::with(&sandbox, kind, &startup, &[], |run| {
                run.env("STARSHIP_CONFIG", &file)
            });
            let from = shell.terminal.shown().len();
            shell.send("cd p");
            wait_for(&shell, from, "<dev>");
            let from = shell.terminal.shown().len();
            shell.send(match kind {
                Kind::Fish => "false | true | sh -c 'exit 3'",
                _ => "false | true | (exit 3)",
            });
            // direnv's own hook for bash takes the statuses of a pipe from what follows it.
            let taken = kind == Kind::Bash && order.find('d') > order.find('s');
            let was = if taken { "3" } else { "<was 1|0|3>" };
            wait_for(&shell, from, was);
            assert_loaded(&shell.look(), "dev");
            let from = shell.terminal.shown().len();
            shell.send("cd");
            wait_for(&shell, from, "<none>");
            assert_bare(&shell.look());
        }
    }
}
