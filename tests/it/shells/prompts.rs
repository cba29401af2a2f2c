//! Behaviour of the hook at prompts, in all three shells.

use emulator::{Action, Fault};

use super::{Shell, ShellKind, assert_loaded, assert_unloaded, create_directory, warm_sandbox};
use crate::fixture::parallel::{WAIT_LIMIT, wait_until};
use crate::fixture::{ACCOUNT, ROLE, Sandbox};

const DEV: &str = "sso: dev (111122223333 AdministratorAccess, eu-central-1)";
const UNLOADED: &str = "sso: unloaded";
/// Name of a project with shell code that must not run.
const HOSTILE: &str = "a b$(touch PWNED)'q`touch PWNED`\"\\";

/// Creates a sandbox with cached credentials of two roles and the trusted project `p`.
fn sandbox_with_project() -> Sandbox {
    let sandbox = warm_sandbox();
    sandbox.write_role("corp", ACCOUNT, "ReadOnlyAccess", 3600);
    sandbox.trusted_project("p", "dev\n");
    sandbox
}

#[test]
fn nested_projects_load_and_leaving_restores_the_environment() {
    for kind in ShellKind::installed() {
        let sandbox = sandbox_with_project();
        let p = sandbox.home().join("p");
        create_directory(&sandbox, "p/below");
        let inner = format!("account = {ACCOUNT}\nrole = ReadOnlyAccess\nregion = eu-north-1\n");
        let inner = sandbox.trusted_project("p/inner", &inner);
        let mut shell = Shell::start_with(&sandbox, kind, &kind.hook(), &[], |run| {
            run.env("AWS_PROFILE", "base")
                .env("AWS_REGION", "us-east-1")
        });
        assert_unloaded(&shell.environment());
        assert_eq!(shell.hook_messages(), [""; 0], "{kind:?}");
        let env = shell.enter(&p);
        assert_loaded(&env, "dev");
        assert_eq!(env["AWS_REGION"], "eu-central-1");
        assert!(!env.contains_key("AWS_PROFILE"), "{env:?}");
        assert_eq!(shell.hook_messages(), [DEV], "{kind:?}");
        for _ in 0..2 {
            assert_loaded(&shell.run("cd below"), "dev");
            assert_loaded(&shell.run("cd .."), "dev");
        }
        assert_eq!(shell.hook_messages(), [""; 0], "{kind:?}");
        assert_loaded(&shell.enter(&inner), &format!("ReadOnlyAccess@{ACCOUNT}"));
        assert_eq!(
            shell.hook_messages(),
            [format!("sso: ReadOnlyAccess@{ACCOUNT} (corp, eu-north-1)")]
        );
        assert_loaded(&shell.enter(&p), "dev");
        assert_eq!(shell.hook_messages(), [DEV]);
        let env = shell.run("cd");
        assert_unloaded(&env);
        assert_eq!(env["AWS_PROFILE"], "base", "{kind:?}");
        assert_eq!(env["AWS_REGION"], "us-east-1", "{kind:?}");
        assert_eq!(shell.hook_messages(), [UNLOADED]);
        assert_eq!(shell.error_lines(), [""; 0], "{kind:?}");
    }
}

#[test]
fn variables_changed_in_the_shell_are_kept() {
    for kind in ShellKind::installed() {
        let sandbox = sandbox_with_project();
        let mut shell = Shell::start(&sandbox, kind);
        shell.enter(&sandbox.home().join("p"));
        shell.run(&kind.export("AWS_REGION", "ap-south-1"));
        let env = shell.run("cd");
        assert_unloaded(&env);
        assert_eq!(env["AWS_REGION"], "ap-south-1", "{kind:?}");
        // A profile set by the user takes precedence and is kept.
        shell.enter(&sandbox.home().join("p"));
        shell.hook_messages();
        let env = shell.run(&kind.export("AWS_PROFILE", "mine"));
        assert!(!env.contains_key("AWS_ACCESS_KEY_ID"), "{kind:?}: {env:?}");
        assert_eq!(env["AWS_PROFILE"], "mine");
        let said = shell.hook_messages();
        assert_eq!(
            said,
            ["sso: AWS_PROFILE is set in this shell; it counts until it is unset"]
        );
        assert_loaded(&shell.run(&kind.unset("AWS_PROFILE")), "dev");
    }
}

#[test]
fn edited_file_is_untrusted_until_allowed_again() {
    for kind in ShellKind::installed() {
        let sandbox = sandbox_with_project();
        let p = sandbox.home().join("p");
        let mut shell = Shell::start(&sandbox, kind);
        shell.enter(&p);
        shell.hook_messages();
        sandbox.write_file(&p.join(".aws-sso"), b"profile = dev\nregion = eu-north-1\n");
        shell.run(":");
        let env = shell.environment();
        assert!(!env.contains_key("AWS_ACCESS_KEY_ID"), "{kind:?}: {env:?}");
        let said = shell.hook_messages();
        assert_eq!(said.len(), 1, "{said:?}");
        assert!(
            said[0].contains("has changed since it was allowed"),
            "{said:?}"
        );
        sandbox
            .sso(["allow", "--yes"])
            .current_dir(&p)
            .run()
            .expect(0);
        shell.run(":");
        let env = shell.environment();
        assert_loaded(&env, "dev");
        assert_eq!(env["AWS_REGION"], "eu-north-1", "{kind:?}");
        sandbox.sso(["deny"]).current_dir(&p).run().expect(0);
        shell.run(":");
        assert_unloaded(&shell.environment());
        std::fs::remove_file(p.join(".aws-sso")).unwrap();
        shell.run(":");
        assert_unloaded(&shell.environment());
        assert_eq!(shell.error_lines(), [""; 0], "{kind:?}");
    }
}

#[test]
fn directory_names_run_no_code() {
    for kind in ShellKind::installed() {
        for name in [
            HOSTILE,
            "two\nlines",
            "-n",
            "tab\tand; touch PWNED",
            "*?[a]{1,2}~",
        ] {
            let sandbox = sandbox_with_project();
            let hostile = sandbox.trusted_project(name, "dev\n");
            create_directory(&sandbox, &format!("{name}/{name}"));
            // A newline cannot be typed, so the name comes from a variable.
            let place = kind.export("PLACE", hostile.to_str().unwrap());
            let startup = format!("{}{place}\n", kind.hook());
            let mut shell = Shell::start_with(&sandbox, kind, &startup, &[], |run| run);
            assert_loaded(&shell.run("cd \"$PLACE\""), "dev");
            assert_loaded(&shell.run("cd ./*"), "dev");
            assert_unloaded(&shell.run("cd"));
            for place in [sandbox.home(), &hostile, &hostile.join(name)] {
                assert!(!place.join("PWNED").exists(), "{kind:?} ran {name:?}");
            }
            assert_eq!(shell.error_lines(), [""; 0], "{kind:?}");
        }
    }
}

#[test]
fn untrusted_file_is_reported_once_and_loads_nothing() {
    for kind in ShellKind::installed() {
        let sandbox = sandbox_with_project();
        let other = sandbox.project("other", "dev\n");
        let mut shell = Shell::start(&sandbox, kind);
        let env = shell.enter(&other);
        assert!(!env.contains_key("AWS_ACCESS_KEY_ID"), "{kind:?}");
        shell.environment();
        assert_eq!(
            shell.hook_messages(),
            ["sso: ~/other/.aws-sso is not trusted - run `sso allow`"]
        );
        shell.run("cd");
        assert_unloaded(&shell.environment());
        assert_eq!(shell.hook_messages(), [""; 0]);
    }
}

#[test]
fn expiring_keys_stay_until_a_later_prompt_has_new_ones() {
    for kind in ShellKind::installed() {
        let sandbox = sandbox_with_project();
        sandbox.write_role("corp", ACCOUNT, ROLE, 300);
        // The change of directory starts the renewal, which could end before the prompt.
        let hold = Fault::on_operation("GetRoleCredentials", Action::Hold);
        sandbox.server().fault(hold.times(1));
        let mut shell = Shell::start(&sandbox, kind);
        let env = shell.enter(&sandbox.home().join("p"));
        assert_eq!(env["AWS_ACCESS_KEY_ID"], "ASIAWRITTENBYATEST", "{kind:?}");
        shell.hook_messages();
        assert!(sandbox.server().wait_until_held(WAIT_LIMIT));
        sandbox.server().release_held();
        wait_until(&format!("{kind:?} has new keys"), || {
            let env = shell.environment();
            assert_loaded(&env, "dev");
            env["AWS_ACCESS_KEY_ID"] != "ASIAWRITTENBYATEST"
        });
        assert_eq!(shell.hook_messages(), [""; 0], "renewals print nothing");
        assert_eq!(sandbox.server().count("GetRoleCredentials"), 1);
    }
}

#[test]
fn expired_session_is_reported_once() {
    for kind in ShellKind::installed() {
        let sandbox = Sandbox::new();
        let p = sandbox.trusted_project("p", "dev\n");
        let mut shell = Shell::start(&sandbox, kind);
        let env = shell.enter(&p);
        assert!(!env.contains_key("AWS_ACCESS_KEY_ID"), "{kind:?}");
        shell.environment();
        assert_eq!(
            shell.hook_messages(),
            ["sso: session corp has expired - run `sso login corp`"]
        );
        // A sign-in in another terminal.
        sandbox.store_token(7200);
        sandbox.write_role("corp", ACCOUNT, ROLE, 3600);
        shell.run(":");
        assert_loaded(&shell.environment(), "dev");
    }
}

#[test]
fn keys_that_cannot_be_renewed_are_reported_once_across_directories() {
    for kind in ShellKind::installed() {
        let sandbox = sandbox_with_project();
        std::fs::remove_file(sandbox.token_path("corp")).unwrap();
        sandbox.write_role("corp", ACCOUNT, ROLE, 630);
        let project = sandbox.home().join("p");
        let below = create_directory(&sandbox, "p/below");
        let mut shell = Shell::start(&sandbox, kind);
        assert_loaded(&shell.enter(&project), "dev");
        let messages = shell.hook_messages();
        let expected = "sso: dev expires in 10m and cannot be renewed; run `sso login corp`";
        assert_eq!(messages.last().map(String::as_str), Some(expected));
        for directory in [&below, &project, &below] {
            assert_loaded(&shell.enter(directory), "dev");
        }
        assert_eq!(shell.hook_messages(), [""; 0], "{}", kind.name());
    }
}

#[test]
fn disabled_hook_unloads_and_does_nothing() {
    for kind in ShellKind::installed() {
        let sandbox = sandbox_with_project();
        let p = sandbox.home().join("p");
        let mut shell = Shell::start(&sandbox, kind);
        assert_loaded(&shell.enter(&p), "dev");
        assert_unloaded(&shell.run(&kind.export("SSO_HOOK", "0")));
        shell.run("cd");
        assert_unloaded(&shell.enter(&p));
        assert_eq!(shell.hook_messages(), [DEV, UNLOADED]);
        assert_loaded(&shell.run(&kind.unset("SSO_HOOK")), "dev");
        // Removing the hook unloads its variables and leaves no function or variable.
        let off = match kind {
            ShellKind::Fish => format!("{} hook off | source", crate::fixture::binary().display()),
            _ => format!(
                "eval \"$({} hook off)\"",
                crate::fixture::binary().display()
            ),
        };
        assert_unloaded(&shell.run(&off));
        shell.run("cd");
        assert_unloaded(&shell.enter(&p));
        let left = match kind {
            ShellKind::Fish => "begin; functions -n; set -n; end",
            ShellKind::Bash => "{ declare -F; declare -p; }",
            ShellKind::Zsh => "{ typeset -f; typeset -p; }",
        };
        let left = shell.output_of(left);
        assert!(!left.contains("__sso"), "{kind:?}: {left}");
        assert_eq!(shell.error_lines(), [""; 0], "{kind:?}");
        // The hook can be installed again.
        assert_loaded(&shell.run(kind.hook().trim_end()), "dev");
    }
}

#[test]
fn nested_shell_inherits_and_restores_its_own_environment() {
    for kind in ShellKind::installed() {
        for replaces_shell in [false, true] {
            let sandbox = sandbox_with_project();
            let p = sandbox.home().join("p");
            let mut shell = Shell::start_with(&sandbox, kind, &kind.hook(), &[], |run| {
                run.env("AWS_PROFILE", "base")
            });
            assert_loaded(&shell.enter(&p), "dev");
            shell.hook_messages();
            let inner = match kind {
                ShellKind::Bash => "bash --noprofile --rcfile ~/.startup -i",
                ShellKind::Zsh => "zsh -d -i",
                ShellKind::Fish => "fish -i",
            };
            let inner = if replaces_shell {
                format!("exec {inner}")
            } else {
                inner.to_owned()
            };
            assert_loaded(&shell.run(&inner), "dev");
            assert_eq!(shell.hook_messages(), [""; 0], "{kind:?}");
            let env = shell.run("cd");
            assert_unloaded(&env);
            assert_eq!(env["AWS_PROFILE"], "base", "{kind:?}");
            if !replaces_shell {
                assert_loaded(&shell.run("exit"), "dev");
                let env = shell.run("cd");
                assert_eq!(env["AWS_PROFILE"], "base", "{kind:?}");
            }
        }
    }
}

#[test]
fn shell_started_outside_the_project_unloads_at_its_first_prompt() {
    for kind in ShellKind::installed() {
        let sandbox = sandbox_with_project();
        let mut shell = Shell::start_with(&sandbox, kind, &kind.hook(), &[], |run| {
            run.env("AWS_PROFILE", "base")
        });
        assert_loaded(&shell.enter(&sandbox.home().join("p")), "dev");
        // Like a new tmux window: in one line, so that there is no prompt in between.
        let elsewhere = match kind {
            ShellKind::Bash => "cd; exec bash --noprofile --rcfile ~/.startup -i",
            ShellKind::Zsh => "cd; exec zsh -d -i",
            ShellKind::Fish => "cd; exec fish -i",
        };
        let env = shell.run(elsewhere);
        assert_unloaded(&env);
        assert_eq!(env["AWS_PROFILE"], "base", "{kind:?}");
    }
}

#[test]
fn fish_universal_variables_are_kept() {
    let kind = ShellKind::Fish;
    if !ShellKind::installed().any(|found| found == kind) {
        return;
    }
    let sandbox = sandbox_with_project();
    let mut shell = Shell::start(&sandbox, kind);
    shell.run("set -Ux AWS_PROFILE mine");
    for _ in 0..2 {
        let env = shell.enter(&sandbox.home().join("p"));
        assert!(!env.contains_key("AWS_ACCESS_KEY_ID"), "{env:?}");
        assert_eq!(env["AWS_PROFILE"], "mine");
    }
    assert_eq!(
        shell.hook_messages(),
        ["sso: AWS_PROFILE is set in this shell; it counts until it is unset"]
    );
    assert_eq!(shell.run("cd")["AWS_PROFILE"], "mine");
    shell.enter(&sandbox.home().join("p"));
    assert_loaded(&shell.run("set -eU AWS_PROFILE"), "dev");
}

#[test]
fn removed_directories_and_links_work() {
    for kind in ShellKind::installed() {
        let sandbox = sandbox_with_project();
        let p = sandbox.home().join("p");
        let gone = create_directory(&sandbox, "p/gone");
        std::os::unix::fs::symlink(&p, sandbox.home().join("link")).unwrap();
        let mut shell = Shell::start(&sandbox, kind);
        assert_loaded(&shell.enter(&sandbox.home().join("link")), "dev");
        assert_unloaded(&shell.run("cd"));
        assert_loaded(&shell.enter(&gone), "dev");
        std::fs::remove_dir(&gone).unwrap();
        shell.run("true");
        shell.run("true");
        assert_unloaded(&shell.run("cd"));
        let complaints = shell.error_lines();
        assert!(
            complaints.iter().all(|line| !line.contains("__sso")),
            "{complaints:?}"
        );
    }
}
