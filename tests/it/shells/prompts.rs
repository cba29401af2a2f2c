//! One table of what happens at prompts, for all three shells.

use super::{Kind, Shell, assert_bare, assert_loaded, directory};
use crate::fixture::{ACCOUNT, ROLE, Sandbox};

const DEV: &str = "sso: dev (111122223333 AdministratorAccess, eu-central-1)";
const UNLOADED: &str = "sso: unloaded";
/// What a project's name must not do.
const HOSTILE: &str = "a b$(touch PWNED)'q`touch PWNED`\"\\";

/// A sandbox with a warm cache and a trusted project.
fn warm() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.store_token(7200);
    sandbox.write_role("corp", ACCOUNT, ROLE, 3600);
    sandbox.write_role("corp", ACCOUNT, "ReadOnlyAccess", 3600);
    sandbox.trusted_project("p", "dev\n");
    sandbox
}

#[test]
fn entering_a_subdirectory_a_nested_project_and_leaving() {
    for kind in Kind::all() {
        let sandbox = warm();
        let p = sandbox.home().join("p");
        directory(&sandbox, "p/below");
        let inner = format!("account = {ACCOUNT}\nrole = ReadOnlyAccess\nregion = eu-north-1\n");
        let inner = sandbox.trusted_project("p/inner", &inner);
        let mut shell = Shell::with(&sandbox, kind, &kind.hook(), &[], |run| {
            run.env("AWS_PROFILE", "base")
                .env("AWS_REGION", "us-east-1")
        });
        assert_bare(&shell.look());
        assert_eq!(shell.said(), [""; 0], "{kind:?}");
        let env = shell.enter(&p);
        assert_loaded(&env, "dev");
        assert_eq!(env["AWS_REGION"], "eu-central-1");
        assert!(!env.contains_key("AWS_PROFILE"), "{env:?}");
        assert_eq!(shell.said(), [DEV], "{kind:?}");
        for _ in 0..2 {
            assert_loaded(&shell.run("cd below"), "dev");
            assert_loaded(&shell.run("cd .."), "dev");
        }
        assert_eq!(shell.said(), [""; 0], "{kind:?}");
        assert_loaded(&shell.enter(&inner), &format!("ReadOnlyAccess@{ACCOUNT}"));
        assert_eq!(
            shell.said(),
            [format!("sso: ReadOnlyAccess@{ACCOUNT} (corp, eu-north-1)")]
        );
        assert_loaded(&shell.enter(&p), "dev");
        assert_eq!(shell.said(), [DEV]);
        let env = shell.run("cd");
        assert_bare(&env);
        assert_eq!(env["AWS_PROFILE"], "base", "{kind:?}");
        assert_eq!(env["AWS_REGION"], "us-east-1", "{kind:?}");
        assert_eq!(shell.said(), [UNLOADED]);
        assert_eq!(shell.complaints(), [""; 0], "{kind:?}");
    }
}

#[test]
fn what_the_user_changes_meanwhile_is_kept() {
    for kind in Kind::all() {
        let sandbox = warm();
        let mut shell = Shell::start(&sandbox, kind);
        shell.enter(&sandbox.home().join("p"));
        shell.run(&kind.export("AWS_REGION", "ap-south-1"));
        let env = shell.run("cd");
        assert_bare(&env);
        assert_eq!(env["AWS_REGION"], "ap-south-1", "{kind:?}");
        // A profile of the user's own counts, and is left to the user.
        shell.enter(&sandbox.home().join("p"));
        shell.said();
        let env = shell.run(&kind.export("AWS_PROFILE", "mine"));
        assert!(!env.contains_key("AWS_ACCESS_KEY_ID"), "{kind:?}: {env:?}");
        assert_eq!(env["AWS_PROFILE"], "mine");
        let said = shell.said();
        assert_eq!(
            said,
            ["sso: AWS_PROFILE is set in this shell; it counts until it is unset"]
        );
        assert_loaded(&shell.run(&kind.unset("AWS_PROFILE")), "dev");
    }
}

#[test]
fn an_edited_file_is_untrusted_until_it_is_allowed_again() {
    for kind in Kind::all() {
        let sandbox = warm();
        let p = sandbox.home().join("p");
        let mut shell = Shell::start(&sandbox, kind);
        shell.enter(&p);
        shell.said();
        sandbox.write_file(&p.join(".aws-sso"), b"profile = dev\nregion = eu-north-1\n");
        shell.run(":");
        let env = shell.look();
        assert!(!env.contains_key("AWS_ACCESS_KEY_ID"), "{kind:?}: {env:?}");
        let said = shell.said();
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
        let env = shell.look();
        assert_loaded(&env, "dev");
        assert_eq!(env["AWS_REGION"], "eu-north-1", "{kind:?}");
        sandbox.sso(["deny"]).current_dir(&p).run().expect(0);
        shell.run(":");
        assert_bare(&shell.look());
        std::fs::remove_file(p.join(".aws-sso")).unwrap();
        shell.run(":");
        assert_bare(&shell.look());
        assert_eq!(shell.complaints(), [""; 0], "{kind:?}");
    }
}

#[test]
fn no_name_of_a_directory_does_anything() {
    for kind in Kind::all() {
        for name in [
            HOSTILE,
            "two\nlines",
            "-n",
            "tab\tand; touch PWNED",
            "*?[a]{1,2}~",
        ] {
            let sandbox = warm();
            let hostile = sandbox.trusted_project(name, "dev\n");
            directory(&sandbox, &format!("{name}/{name}"));
            // A newline cannot be typed; the name comes from a variable.
            let place = kind.export("PLACE", hostile.to_str().unwrap());
            let startup = format!("{}{place}\n", kind.hook());
            let mut shell = Shell::with(&sandbox, kind, &startup, &[], |run| run);
            assert_loaded(&shell.run("cd \"$PLACE\""), "dev");
            assert_loaded(&shell.run("cd ./*"), "dev");
            assert_bare(&shell.run("cd"));
            for place in [sandbox.home(), &hostile, &hostile.join(name)] {
                assert!(!place.join("PWNED").exists(), "{kind:?} ran {name:?}");
            }
            assert_eq!(shell.complaints(), [""; 0], "{kind:?}");
        }
    }
}

#[test]
fn an_untrusted_file_is_named_once_and_loads_nothing() {
    for kind in Kind::all() {
        let sandbox = warm();
        let other = sandbox.project("other", "dev\n");
        let mut shell = Shell::start(&sandbox, kind);
        let env = shell.enter(&other);
        assert!(!env.contains_key("AWS_ACCESS_KEY_ID"), "{kind:?}");
        shell.look();
        assert_eq!(
            shell.said(),
            ["sso: ~/other/.aws-sso is not trusted - run `sso allow`"]
        );
        shell.run("cd");
        assert_bare(&shell.look());
        assert_eq!(shell.said(), [""; 0]);
    }
}

#[test]
fn near_the_end_the_old_keys_stay_and_the_next_prompt_has_new_ones() {
    for kind in Kind::all() {
        let sandbox = warm();
        sandbox.write_role("corp", ACCOUNT, ROLE, 300);
        let mut shell = Shell::start(&sandbox, kind);
        let env = shell.enter(&sandbox.home().join("p"));
        assert_eq!(env["AWS_ACCESS_KEY_ID"], "ASIAWRITTENBYATEST", "{kind:?}");
        shell.said();
        let mut renewed = false;
        for _ in 0..200 {
            let env = shell.look();
            assert_loaded(&env, "dev");
            renewed = env["AWS_ACCESS_KEY_ID"] != "ASIAWRITTENBYATEST";
            if renewed {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        assert!(renewed, "{kind:?}: {}", shell.terminal.shown());
        assert_eq!(shell.said(), [""; 0], "a renewal is silent");
        assert_eq!(sandbox.server().count("GetRoleCredentials"), 1);
    }
}

#[test]
fn a_session_that_nothing_can_renew_is_named_once() {
    for kind in Kind::all() {
        let sandbox = Sandbox::new();
        let p = sandbox.trusted_project("p", "dev\n");
        let mut shell = Shell::start(&sandbox, kind);
        let env = shell.enter(&p);
        assert!(!env.contains_key("AWS_ACCESS_KEY_ID"), "{kind:?}");
        shell.look();
        assert_eq!(
            shell.said(),
            ["sso: session corp has expired - run `sso login corp`"]
        );
        // Somebody signs in elsewhere; this prompt may fetch nothing by itself any more.
        sandbox.store_token(7200);
        sandbox.write_role("corp", ACCOUNT, ROLE, 3600);
        shell.run(":");
        assert_loaded(&shell.look(), "dev");
    }
}

#[test]
fn switched_off_it_unloads_and_then_does_nothing() {
    for kind in Kind::all() {
        let sandbox = warm();
        let p = sandbox.home().join("p");
        let mut shell = Shell::start(&sandbox, kind);
        assert_loaded(&shell.enter(&p), "dev");
        assert_bare(&shell.run(&kind.export("SSO_HOOK", "0")));
        shell.run("cd");
        assert_bare(&shell.enter(&p));
        assert_eq!(shell.said(), [DEV, UNLOADED]);
        assert_loaded(&shell.run(&kind.unset("SSO_HOOK")), "dev");
        // Removed, it takes along what it had loaded, and leaves nothing.
        let off = match kind {
            Kind::Fish => format!("{} hook off | source", crate::fixture::binary().display()),
            _ => format!(
                "eval \"$({} hook off)\"",
                crate::fixture::binary().display()
            ),
        };
        assert_bare(&shell.run(&off));
        shell.run("cd");
        assert_bare(&shell.enter(&p));
        let left = match kind {
            Kind::Fish => "begin; functions -n; set -n; end",
            Kind::Bash => "{ declare -F; declare -p; }",
            Kind::Zsh => "{ typeset -f; typeset -p; }",
        };
        let left = shell.ask(left);
        assert!(!left.contains("__sso"), "{kind:?}: {left}");
        assert_eq!(shell.complaints(), [""; 0], "{kind:?}");
        // And comes back.
        assert_loaded(&shell.run(kind.hook().trim_end()), "dev");
    }
}

#[test]
fn a_shell_in_a_shell_inherits_and_gives_back_for_itself() {
    for kind in Kind::all() {
        for become_it in [false, true] {
            let sandbox = warm();
            let p = sandbox.home().join("p");
            let mut shell = Shell::with(&sandbox, kind, &kind.hook(), &[], |run| {
                run.env("AWS_PROFILE", "base")
            });
            assert_loaded(&shell.enter(&p), "dev");
            shell.said();
            let inner = match kind {
                Kind::Bash => "bash --noprofile --rcfile ~/.startup -i",
                Kind::Zsh => "zsh -d -i",
                Kind::Fish => "fish -i",
            };
            let inner = if become_it {
                format!("exec {inner}")
            } else {
                inner.to_owned()
            };
            assert_loaded(&shell.run(&inner), "dev");
            assert_eq!(shell.said(), [""; 0], "{kind:?}");
            let env = shell.run("cd");
            assert_bare(&env);
            assert_eq!(env["AWS_PROFILE"], "base", "{kind:?}");
            if !become_it {
                assert_loaded(&shell.run("exit"), "dev");
                let env = shell.run("cd");
                assert_eq!(env["AWS_PROFILE"], "base", "{kind:?}");
            }
        }
    }
}

#[test]
fn a_shell_that_inherits_and_begins_elsewhere_gives_back_at_its_first_prompt() {
    for kind in Kind::all() {
        let sandbox = warm();
        let mut shell = Shell::with(&sandbox, kind, &kind.hook(), &[], |run| {
            run.env("AWS_PROFILE", "base")
        });
        assert_loaded(&shell.enter(&sandbox.home().join("p")), "dev");
        // As a window of tmux does, in one line, so that no prompt comes between.
        let elsewhere = match kind {
            Kind::Bash => "cd; exec bash --noprofile --rcfile ~/.startup -i",
            Kind::Zsh => "cd; exec zsh -d -i",
            Kind::Fish => "cd; exec fish -i",
        };
        let env = shell.run(elsewhere);
        assert_bare(&env);
        assert_eq!(env["AWS_PROFILE"], "base", "{kind:?}");
    }
}

#[test]
fn a_universal_variable_of_fish_counts_as_the_users_and_is_not_erased() {
    let kind = Kind::Fish;
    if !Kind::all().any(|found| found == kind) {
        return;
    }
    let sandbox = warm();
    let mut shell = Shell::start(&sandbox, kind);
    shell.run("set -Ux AWS_PROFILE mine");
    for _ in 0..2 {
        let env = shell.enter(&sandbox.home().join("p"));
        assert!(!env.contains_key("AWS_ACCESS_KEY_ID"), "{env:?}");
        assert_eq!(env["AWS_PROFILE"], "mine");
    }
    assert_eq!(
        shell.said(),
        ["sso: AWS_PROFILE is set in this shell; it counts until it is unset"]
    );
    assert_eq!(shell.run("cd")["AWS_PROFILE"], "mine");
    shell.enter(&sandbox.home().join("p"));
    assert_loaded(&shell.run("set -eU AWS_PROFILE"), "dev");
}

#[test]
fn a_directory_that_is_gone_and_one_behind_a_link() {
    for kind in Kind::all() {
        let sandbox = warm();
        let p = sandbox.home().join("p");
        let gone = directory(&sandbox, "p/gone");
        std::os::unix::fs::symlink(&p, sandbox.home().join("link")).unwrap();
        let mut shell = Shell::start(&sandbox, kind);
        assert_loaded(&shell.enter(&sandbox.home().join("link")), "dev");
        assert_bare(&shell.run("cd"));
        assert_loaded(&shell.enter(&gone), "dev");
        std::fs::remove_dir(&gone).unwrap();
        shell.run("true");
        shell.run("true");
        assert_bare(&shell.run("cd"));
        let complaints = shell.complaints();
        assert!(
            complaints.iter().all(|line| !line.contains("__sso")),
            "{complaints:?}"
        );
    }
}
