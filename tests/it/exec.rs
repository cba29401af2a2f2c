//! `sso exec`: becoming the command, with the credentials in its environment.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;

use crate::world::{ACCOUNT, ROLE, Run, World, binary};

/// A world with cached credentials of `dev`.
fn world() -> World {
    let world = World::new();
    world.write_role("corp", ACCOUNT, ROLE, 3600);
    world
}

/// What one variable of the command is; nothing when it is not set.
fn variable(run: Run, name: &str) -> String {
    let script = format!("printf %s \"${{{name}-unset}}\"");
    run.args(["sh", "-c", &script]).run().expect(0).stdout
}

#[test]
fn the_command_has_the_credentials_and_nothing_misleading() {
    let world = world();
    let exec = || {
        world
            .sso(["exec", "-p", "dev"])
            .env("AWS_PROFILE", "nowhere")
            .env("AWS_DEFAULT_PROFILE", "x")
            .env("AWS_ACCESS_KEY_ID", "old")
            .env("AWS_SECURITY_TOKEN", "x")
            .env("AWS_CREDENTIAL_SCOPE", "x")
            .env("AWS_CONTAINER_CREDENTIALS_FULL_URI", "x")
            .env("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "x")
            .env("AWS_CONTAINER_AUTHORIZATION_TOKEN", "x")
            .env("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "x")
            .env("AWS_CONTAINER_OF_TOMORROW", "x")
            .env("AWS_ROLE_ARN", "x")
            .env("AWS_ROLE_SESSION_NAME", "x")
            .env("AWS_WEB_IDENTITY_TOKEN_FILE", "x")
            .env("UNRELATED", "kept")
    };
    let outcome = exec().args(["--", "env"]).run().expect(0);
    assert_eq!(outcome.stderr, "");
    let mut ours: Vec<&str> = outcome
        .stdout
        .lines()
        .filter(|line| {
            line.starts_with("AWS_") && !line.contains("ENDPOINT") && !line.contains("METADATA")
        })
        .map(|line| line.split('=').next().unwrap())
        .collect();
    ours.sort_unstable();
    assert_eq!(
        ours,
        [
            "AWS_ACCESS_KEY_ID",
            "AWS_ACCOUNT_ID",
            "AWS_CREDENTIAL_EXPIRATION",
            "AWS_DEFAULT_REGION",
            "AWS_REGION",
            "AWS_SECRET_ACCESS_KEY",
            "AWS_SESSION_TOKEN",
            "AWS_SSO_PROFILE",
        ]
    );
    for (name, value) in [
        ("AWS_ACCESS_KEY_ID", "ASIAWRITTENBYATEST"),
        ("AWS_SECRET_ACCESS_KEY", "written-secret-key"),
        ("AWS_SESSION_TOKEN", "written-session-token"),
        ("AWS_ACCOUNT_ID", ACCOUNT),
        ("AWS_SSO_PROFILE", "dev"),
        ("AWS_REGION", "eu-central-1"),
        ("UNRELATED", "kept"),
    ] {
        assert_eq!(variable(exec(), name), value, "{name}");
    }
}

#[test]
fn the_exit_code_is_the_commands_own() {
    let world = world();
    for code in [0, 1, 2, 4, 42, 126, 127, 255] {
        let script = format!("exit {code}");
        let outcome = world
            .sso(["exec", "-p", "dev", "--", "sh", "-c", &script])
            .run();
        let outcome = outcome.expect(code);
        assert_eq!((outcome.stdout.as_str(), outcome.stderr.as_str()), ("", ""));
    }
}

#[test]
fn a_signal_reaches_the_command_and_is_its_own_end() {
    let world = world();
    for (name, number) in [("TERM", 15), ("INT", 2), ("KILL", 9), ("PIPE", 13)] {
        let script = format!("kill -{name} $$");
        // Whoever started the tests in the background may have them ignore some, and what is
        // ignored is inherited.
        let outcome = Run::other(&world, "env")
            .arg("--default-signal=INT,TERM,PIPE")
            .arg(binary())
            .args(["exec", "-p", "dev", "--", "sh", "-c", &script])
            .run();
        outcome.expect(128 + number);
    }
}

#[test]
fn the_command_begins_without_blocked_or_ignored_signals() {
    // A token is refreshed first, for which signals are held back.
    let world = World::new();
    world.stored_token(-60);
    let look = ["grep", "-E", "^Sig(Blk|Ign)", "/proc/self/status"];
    let ours = world.sso(["exec", "-p", "dev", "--"]).args(look).run();
    assert_eq!(world.server().count("CreateToken:refresh_token"), 1);
    // What whoever started us has ignored stays so.
    let without = Run::other(&world, look[0]).args(&look[1..]).run();
    assert_eq!(ours.expect(0).stdout, without.expect(0).stdout);
}

#[test]
fn the_command_has_our_process_id_and_no_other_process_is_left() {
    let world = world();
    let running = world
        .sso(["exec", "-p", "dev", "--", "sh", "-c", "echo $$"])
        .start();
    let id = running.id().to_string();
    assert_eq!(running.finish().expect(0).stdout.trim(), id);
}

#[test]
fn a_command_that_is_not_there_is_127_and_one_that_cannot_be_run_126() {
    let world = world();
    let exec = |program: &OsStr| world.sso(["exec", "-p", "dev", "--"]).arg(program).run();
    exec("no-such-command-here".as_ref())
        .expect(127)
        .says("error: there is no command \"no-such-command-here\"");
    exec("./no/such/file".as_ref()).expect(127);
    exec("".as_ref()).expect(127);
    world.write_file(&world.home().join("plain"), b"text\n");
    exec("./plain".as_ref())
        .expect(126)
        .says("error: cannot run \"./plain\": Permission denied");
    exec(world.home().as_os_str()).expect(126);
    // What the kernel cannot run and a shell can is run, as shells do.
    let script = world.home().join("script");
    world.write_file(&script, b"exit 7\n");
    std::fs::set_permissions(&script, PermissionsExt::from_mode(0o755)).unwrap();
    exec("./script".as_ref()).expect(7);
}

#[test]
fn a_command_that_is_not_there_costs_no_sign_in() {
    // The codes 126 and 127 are ours only before the command runs; so are all others.
    let world = World::new();
    world
        .sso(["exec", "-p", "dev", "--", "true"])
        .run()
        .expect(4)
        .says("hint: sso login corp");
    world
        .sso(["exec", "-p", "nowhere", "--", "true"])
        .run()
        .expect(1);
    world.sso(["exec", "--bogus", "--", "true"]).run().expect(2);
}

#[test]
fn without_a_command_it_is_the_users_shell() {
    let world = world();
    let shell = world.home().join("my shell");
    world.write_file(
        &shell,
        b"#!/bin/sh\necho \"$0 has $# arguments and $AWS_ACCESS_KEY_ID\"\n",
    );
    std::fs::set_permissions(&shell, PermissionsExt::from_mode(0o755)).unwrap();
    let expected = format!(
        "{} has 0 arguments and ASIAWRITTENBYATEST\n",
        shell.display()
    );
    for arguments in [vec!["exec", "-p", "dev"], vec!["exec", "-p", "dev", "--"]] {
        let outcome = world.sso(arguments).env("SHELL", &shell).run().expect(0);
        assert_eq!(outcome.stdout, expected);
    }
    // Where SHELL says nothing it is sh, which ends where its input ends.
    world
        .sso(["exec", "-p", "dev"])
        .input("exit 9\n")
        .run()
        .expect(9);
}

#[test]
fn the_dashes_can_be_left_out_and_the_commands_options_are_its_own() {
    let world = world();
    let echo = |arguments: &[&str]| world.sso(["exec"]).args(arguments).run().expect(0).stdout;
    for arguments in [
        ["-p", "dev", "echo", "-v", "--profile", "x"].as_slice(),
        &["-p", "dev", "--", "echo", "-v", "--profile", "x"],
        &[
            "--profile=dev",
            "--no-login",
            "echo",
            "-v",
            "--profile",
            "x",
        ],
    ] {
        assert_eq!(echo(arguments), "-v --profile x\n");
    }
    assert_eq!(echo(&["-p", "dev", "--", "echo", "--", "x"]), "-- x\n");
    assert_eq!(echo(&["-p", "dev", "echo", "--", "x"]), "-- x\n");
}

#[test]
fn arguments_pass_to_the_byte_also_when_they_are_no_text() {
    let world = world();
    let bytes: Vec<u8> = (1..=255).collect();
    let outcome = world
        .sso([
            "exec",
            "-p",
            "dev",
            "--",
            "sh",
            "-c",
            "printf %s \"$1\" | od -An -v -tu1 | tr -d ' \\n'",
            "sh",
        ])
        .arg(OsStr::from_bytes(&bytes))
        .run()
        .expect(0);
    let expected: String = (1..=255).map(|byte| byte.to_string()).collect();
    assert_eq!(outcome.stdout.trim(), expected);
    // The command's own name may be no text either.
    let name = OsStr::from_bytes(b"./na\xffme");
    let script = world.home().join(name);
    world.write_file(&script, b"#!/bin/sh\nexit 5\n");
    std::fs::set_permissions(&script, PermissionsExt::from_mode(0o755)).unwrap();
    world.sso(["exec", "-p", "dev"]).arg(name).run().expect(5);
}

#[test]
fn standard_input_and_output_are_the_commands() {
    let world = world();
    let outcome = world
        .sso(["exec", "-v", "-p", "dev", "--", "cat"])
        .input("to the command\n")
        .run()
        .expect(0);
    // Even with everything said, nothing of ours is on stdout.
    assert_eq!(outcome.stdout, "to the command\n");
    assert!(outcome.stderr.contains("sso: role"), "{outcome:?}");
}

#[test]
fn on_a_terminal_it_signs_in_by_itself() {
    let world = World::new();
    let refused = world.sso(["exec", "--no-login", "-p", "dev", "--", "true"]);
    refused.approving_browser().on_terminal().finish().expect(4);
    assert_eq!(world.server().count(""), 0);
    let command = [
        "exec",
        "-p",
        "dev",
        "--",
        "sh",
        "-c",
        "echo has $AWS_ACCOUNT_ID",
    ];
    let signed_in = world
        .sso(command)
        .approving_browser()
        .on_terminal()
        .finish();
    let shown = signed_in.expect(0).stdout;
    assert!(shown.contains("sso: not signed in to corp"), "{shown}");
    assert!(shown.contains(&format!("has {ACCOUNT}")), "{shown}");
    // An rc file's `eval "$(sso env)"` is on a terminal, too, and must not sign in.
    std::fs::remove_file(world.token_path("corp")).unwrap();
    std::fs::remove_file(world.role_path("corp", ACCOUNT, ROLE)).unwrap();
    for command in ["env", "credential-process"] {
        let run = world.sso([command, "-p", "dev"]).approving_browser();
        run.on_terminal().finish().expect(4);
    }
    let asked_to = world
        .sso(["env", "--login", "-p", "dev"])
        .approving_browser();
    asked_to.on_terminal().finish().expect(0);
}

#[test]
fn without_a_terminal_it_never_signs_in() {
    let world = World::new();
    let run = world
        .sso(["exec", "-p", "dev", "--", "true"])
        .approving_browser();
    run.run().expect(4);
    assert_eq!(world.server().count(""), 0);
}
