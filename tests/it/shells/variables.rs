//! Variables that are read-only or not exported, and a shell that cannot run the program.

use std::os::unix::fs::symlink;

use super::{
    Shell, ShellKind, assert_loaded, assert_unloaded, sandbox_with_projects, warm_sandbox,
};
use crate::fixture::binary;

/// Shells in which a variable can be made read-only.
fn with_read_only_variables() -> impl Iterator<Item = ShellKind> {
    ShellKind::installed().filter(|kind| *kind != ShellKind::Fish)
}

#[test]
fn read_only_variable_is_reported_once_and_nothing_is_loaded() {
    for kind in with_read_only_variables() {
        for (line, name) in [
            ("readonly AWS_REGION=us-east-1", "AWS_REGION"),
            (
                "export AWS_REGION=us-east-1; readonly AWS_REGION",
                "AWS_REGION",
            ),
            ("readonly AWS_SESSION_TOKEN", "AWS_SESSION_TOKEN"),
            ("readonly AWS_SSO_PROFILE=", "AWS_SSO_PROFILE"),
            (
                "export AWS_ROLE_ARN=mine; readonly AWS_ROLE_ARN",
                "AWS_ROLE_ARN",
            ),
        ] {
            let sandbox = sandbox_with_projects();
            let startup = format!("{line}\n{}", kind.hook());
            let mut shell = Shell::start_with(&sandbox, kind, &startup, &[], |run| run);
            let mut before = shell.environment();
            let env = shell.enter(&sandbox.home().join("p"));
            assert!(!env.contains_key("AWS_ACCESS_KEY_ID"), "{kind:?} {line}");
            assert!(
                !env.contains_key("AWS_SECRET_ACCESS_KEY"),
                "{kind:?} {line}"
            );
            shell.run("true");
            let expected = format!("sso: {name} is read-only in this shell; loading nothing");
            assert_eq!(shell.hook_messages(), [expected], "{kind:?} {line}");
            let mut after = shell.run("cd");
            for env in [&mut before, &mut after] {
                env.retain(|name, _| name.starts_with("AWS_") || name.starts_with("__SSO"));
            }
            assert_eq!(after, before, "{kind:?} {line}");
            assert_eq!(shell.error_lines(), [""; 0], "{kind:?} {line}");
        }
    }
}

#[test]
fn everything_but_a_variable_that_became_read_only_is_unloaded() {
    for kind in with_read_only_variables() {
        for name in ["AWS_REGION", "AWS_SECRET_ACCESS_KEY", "AWS_SSO_PROFILE"] {
            let sandbox = sandbox_with_projects();
            let mut shell = Shell::start_with(&sandbox, kind, &kind.hook(), &[], |run| {
                run.env("AWS_PROFILE", "base")
            });
            assert_loaded(&shell.enter(&sandbox.home().join("p")), "dev");
            shell.run(&format!("readonly {name}"));
            shell.hook_messages();
            let mut env = shell.run("cd");
            assert!(env.remove(name).is_some(), "{kind:?}");
            assert_unloaded(&env);
            assert!(!env.contains_key("AWS_DEFAULT_REGION"), "{kind:?}: {env:?}");
            assert_eq!(env["AWS_PROFILE"], "base", "{kind:?}");
            let expected =
                format!("sso: unloaded, but {name} stays: it is read-only in this shell");
            assert_eq!(shell.hook_messages(), [expected], "{kind:?}");
            assert_eq!(shell.error_lines(), [""; 0], "{kind:?}");
        }
    }
}

#[test]
fn read_only_state_loads_nothing_and_ends_what_is_loaded() {
    for kind in with_read_only_variables() {
        for is_loaded in [false, true] {
            let sandbox = sandbox_with_projects();
            let p = sandbox.home().join("p");
            let mut shell = Shell::start(&sandbox, kind);
            if is_loaded {
                assert_loaded(&shell.enter(&p), "dev");
            }
            shell.run("readonly __SSO_STATE");
            let mut env = shell.enter(&p);
            env.remove("__SSO_STATE");
            assert_unloaded(&env);
            assert_eq!(shell.error_lines(), [""; 0], "{kind:?}");
        }
    }
}

#[test]
fn variables_that_were_not_exported_come_back_set_and_not_exported() {
    for kind in ShellKind::installed() {
        let options: &[&str] = match kind {
            ShellKind::Bash => &["", "set -a"],
            ShellKind::Zsh => &["", "setopt all_export"],
            ShellKind::Fish => &[""],
        };
        for option in options {
            let sandbox = sandbox_with_projects();
            let values = [
                ("AWS_REGION", "it's \"mine\" $HOME"),
                ("AWS_SECRET_ACCESS_KEY", "own"),
            ];
            let mut startup = String::new();
            for (name, value) in values {
                startup += &match kind {
                    ShellKind::Fish => format!("set -g {name} {}\n", kind.quote(value)),
                    _ => format!("{name}={}\n", kind.quote(value)),
                };
            }
            startup += &format!("{}{option}\n", kind.hook());
            let mut shell = Shell::start_with(&sandbox, kind, &startup, &[], |run| run);
            for directory in ["p", "p/inner", "p"] {
                let env = shell.enter(&sandbox.home().join(directory));
                assert!(env.contains_key("AWS_ACCESS_KEY_ID"), "{kind:?}");
                assert_ne!(env["AWS_REGION"], values[0].1, "{kind:?}");
                assert_ne!(env["AWS_SECRET_ACCESS_KEY"], "own", "{kind:?}");
                assert!(
                    !env.keys().any(|name| name.contains("__sso_was")),
                    "{env:?}"
                );
            }
            // A child has the exported variables only, and gives back no others.
            let inner = match kind {
                ShellKind::Bash => "bash --noprofile --rcfile ~/.child -i",
                ShellKind::Zsh => "ZDOTDIR=~/child zsh -d -i",
                ShellKind::Fish => "env XDG_CONFIG_HOME=$HOME/child fish -i",
            };
            let file = match kind {
                ShellKind::Bash => ".child",
                ShellKind::Zsh => "child/.zshrc",
                ShellKind::Fish => "child/fish/config.fish",
            };
            sandbox.write_file(&sandbox.home().join(file), kind.hook().as_bytes());
            shell.run(inner);
            let env = shell.run("cd");
            assert_unloaded(&env);
            assert!(!env.contains_key("AWS_REGION"), "{kind:?}: {env:?}");
            assert_eq!(
                shell.output_of("echo \"[$AWS_REGION]\""),
                "[]\n",
                "{kind:?}"
            );
            shell.run("exit");
            let env = shell.run("cd");
            assert_unloaded(&env);
            assert!(
                !env.contains_key("AWS_REGION"),
                "{kind:?} {option}: {env:?}"
            );
            for (name, value) in values {
                let read = shell.output_of(&format!("printf %s \"${name}\""));
                assert_eq!(read, value, "{kind:?} {option}");
            }
            assert_eq!(shell.error_lines(), [""; 0], "{kind:?}");
        }
    }
}

#[test]
fn variable_set_meanwhile_outranks_the_stored_one() {
    for kind in ShellKind::installed() {
        let sandbox = sandbox_with_projects();
        let own = match kind {
            ShellKind::Fish => "set -g AWS_REGION us-east-1\n",
            _ => "AWS_REGION=us-east-1\n",
        };
        let startup = format!("{own}{}", kind.hook());
        let mut shell = Shell::start_with(&sandbox, kind, &startup, &[], |run| run);
        shell.enter(&sandbox.home().join("p"));
        shell.run(&kind.export("AWS_REGION", "ap-south-1"));
        assert_eq!(shell.run("cd")["AWS_REGION"], "ap-south-1", "{kind:?}");
        let left = match kind {
            ShellKind::Fish => "set -n",
            _ => "typeset -p",
        };
        assert!(!shell.output_of(left).contains("__sso_was"), "{kind:?}");
    }
}

#[test]
fn hook_without_its_program_unloads_and_says_so_once() {
    for kind in ShellKind::installed() {
        let sandbox = sandbox_with_projects();
        let p = sandbox.home().join("p");
        let program = sandbox.home().join("it's sso");
        symlink(binary(), &program).unwrap();
        let own = match kind {
            ShellKind::Fish => "set -g AWS_DEFAULT_REGION mine\n",
            _ => "AWS_DEFAULT_REGION=mine\n",
        };
        let startup = format!("{own}{}", kind.hook_of(&program));
        let profile = "a'$(touch PWNED) %41 \u{fc}";
        let mut shell = Shell::start_with(&sandbox, kind, &startup, &[], |run| {
            run.env("AWS_PROFILE", profile)
                .env("AWS_REGION", "us-east-1")
        });
        assert_loaded(&shell.enter(&p), "dev");
        shell.hook_messages();
        // The shell removes it, so that no hook runs meanwhile.
        let path = kind.quote(program.to_str().unwrap());
        for line in [&format!("command rm {path}"), "true"] {
            let env = shell.run(line);
            assert_unloaded(&env);
            assert_eq!(env["AWS_PROFILE"], profile, "{kind:?}");
            assert_eq!(env["AWS_REGION"], "us-east-1", "{kind:?}");
            assert!(!env.contains_key("AWS_DEFAULT_REGION"), "{kind:?}: {env:?}");
        }
        assert_eq!(shell.output_of("echo $AWS_DEFAULT_REGION"), "mine\n");
        let said = format!(
            "sso: {} is gone: nothing is loaded until it is back",
            program.display()
        );
        assert_eq!(shell.hook_messages(), [said], "{kind:?}");
        assert!(!p.join("PWNED").exists(), "{kind:?}");
        assert_eq!(shell.error_lines(), [""; 0], "{kind:?}");
        symlink(binary(), &program).unwrap();
        assert_loaded(&shell.run("true"), "dev");
        assert_unloaded(&shell.run("cd"));
    }
}

/// The state is an environment variable, so anybody can have written it.
#[test]
fn hook_without_its_program_changes_no_other_variable() {
    for kind in ShellKind::installed() {
        let sandbox = warm_sandbox();
        let program = sandbox.home().join("sso");
        symlink(binary(), &program).unwrap();
        let startup = format!(
            "{}{}\n",
            kind.hook_of(&program),
            kind.export(
                "__SSO_STATE",
                "v1;s:SHLVL=x;p:LD_PRELOAD=/evil;p:AWS_ENDPOINT_URL=https://evil;p:AWS_PROFILE=%24(touch%20PWNED)"
            )
        );
        let remove = format!("{startup}command rm {}\n", program.display());
        let mut shell = Shell::start_with(&sandbox, kind, &remove, &[], |run| run);
        let env = shell.environment();
        assert_unloaded(&env);
        assert!(
            env.contains_key("SHLVL") && !env.contains_key("LD_PRELOAD"),
            "{env:?}"
        );
        assert!(!env.contains_key("AWS_ENDPOINT_URL"), "{env:?}");
        assert_eq!(env["AWS_PROFILE"], "$(touch PWNED)", "{kind:?}");
        assert!(!sandbox.home().join("PWNED").exists(), "{kind:?}");
    }
}
