//! `sso exec`: becoming the command, with the credentials in its environment.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;

use crate::fixture::{ACCOUNT, ROLE, Run, Sandbox, binary};

/// A sandbox with cached credentials of `dev`.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write_role("corp", ACCOUNT, ROLE, 3600);
    sandbox
}

/// What one variable of the command is; nothing when it is not set.
fn variable(run: Run, name: &str) -> String {
    let script = format!("printf %s \"${{{name}-unset}}\"");
    run.args(["sh", "-c", &script]).run().expect(0).stdout
}

#[test]
fn the_command_has_the_credentials_and_nothing_misleading() {
    let sandbox = sandbox();
    let exec = || {
        sandbox
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
    let sandbox = sandbox();
    for code in [0, 1, 2, 4, 42, 126, 127, 255] {
        let script = format!("exit {code}");
        let outcome = sandbox
            .sso(["exec", "-p", "dev", "--", "sh", "-c", &script])
            .run();
        let outcome = outcome.expect(code);
        assert_eq!((outcome.stdout.as_str(), outcome.stderr.as_str()), ("", ""));
    }
}

#[test]
fn a_signal_reaches_the_command_and_is_its_own_end() {
    let sandbox = sandbox();
    for (name, number) in [("TERM", 15), ("INT", 2), ("KILL", 9), ("PIPE", 13)] {
        let script = format!("kill -{name} $$");
        // Whoever started the tests in the background may have them ignore some, and what is
        // ignored is inherited.
        let outcome = Run::program(&sandbox, "env")
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
    let sandbox = Sandbox::new();
    sandbox.store_token(-60);
    let look = ["grep", "-E", "^Sig(Blk|Ign)", "/proc/self/status"];
    let ours = sandbox.sso(["exec", "-p", "dev", "--"]).args(look).run();
    assert_eq!(sandbox.server().count("CreateToken:refresh_token"), 1);
    // What whoever started us has ignored stays so.
    let without = Run::program(&sandbox, look[0]).args(&look[1..]).run();
    assert_eq!(ours.expect(0).stdout, without.expect(0).stdout);
}

#[test]
fn the_command_has_our_process_id_and_no_other_process_is_left() {
    let sandbox = sandbox();
    let running = sandbox
        .sso(["exec", "-p", "dev", "--", "sh", "-c", "echo $$"])
        .start();
    let id = running.id().to_string();
    assert_eq!(running.finish().expect(0).stdout.trim(), id);
}

#[test]
fn a_command_that_is_not_there_is_127_and_one_that_cannot_be_run_126() {
    let sandbox = sandbox();
    let exec = |program: &OsStr| sandbox.sso(["exec", "-p", "dev", "--"]).arg(program).run();
    exec("no-such-command-here".as_ref())
        .expect(127)
        .stderr_contains("error: there is no command \"no-such-command-here\"");
    exec("./no/such/file".as_ref()).expect(127);
    exec("".as_ref()).expect(127);
    sandbox.write_file(&sandbox.home().join("plain"), b"text\n");
    exec("./plain".as_ref())
        .expect(126)
        .stderr_contains("error: cannot run \"./plain\": Permission denied");
    exec(sandbox.home().as_os_str()).expect(126);
    // What the kernel cannot run and a shell can is run, as shells do.
    let script = sandbox.home().join("script");
    sandbox.write_file(&script, b"exit 7\n");
    std::fs::set_permissions(&script, PermissionsExt::from_mode(0o755)).unwrap();
    exec("./script".as_ref()).expect(7);
}

#[test]
fn a_command_that_is_not_there_costs_no_sign_in() {
    // The codes 126 and 127 are ours only before the command runs; so are all others.
    let sandbox = Sandbox::new();
    sandbox
        .sso(["exec", "-p", "dev", "--", "true"])
        .run()
        .expect(4)
        .stderr_contains("hint: sso login corp");
    sandbox
        .sso(["exec", "-p", "nowhere", "--", "true"])
        .run()
        .expect(1);
    sandbox
        .sso(["exec", "--bogus", "--", "true"])
        .run()
        .expect(2);
}

#[test]
fn without_a_command_it_is_the_users_shell() {
    let sandbox = sandbox();
    let shell = sandbox.home().join("my shell");
    sandbox.write_file(
        &shell,
        b"#!/bin/sh\necho \"$0 has $# arguments and $AWS_ACCESS_KEY_ID\"\n",
    );
    std::fs::set_permissions(&shell, PermissionsExt::from_mode(0o755)).unwrap();
    let expected = format!(
        "{} has 0 arguments and ASIAWRITTENBYATEST\n",
        shell.display()
    );
    for arguments in [vec!["exec", "-p", "dev"], vec!["exec", "-p", "dev", "--"]] {
        let outcome = sandbox.sso(arguments).env("SHELL", &shell).run().expect(0);
        assert_eq!(outcome.stdout, expected);
    }
    // Where SHELL says nothing it is sh, which ends where its input ends.
    sandbox
        .sso(["exec", "-p", "dev"])
        .stdin("exit 9\n")
        .run()
        .expect(9);
}

#[test]
fn the_dashes_can_be_left_out_and_the_commands_options_are_its_own() {
    let sandbox = sandbox();
    let echo = |arguments: &[&str]| sandbox.sso(["exec"]).args(arguments).run().expect(0).stdout;
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
    let sandbox = sandbox();
    let bytes: Vec<u8> = (1..=255).collect();
    let outcome = sandbox
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
    let script = sandbox.home().join(name);
    sandbox.write_file(&script, b"#!/bin/sh\nexit 5\n");
    std::fs::set_permissions(&script, PermissionsExt::from_mode(0o755)).unwrap();
    sandbox.sso(["exec", "-p", "dev"]).arg(name).run().expect(5);
}

#[test]
fn standard_input_and_output_are_the_commands() {
    let sandbox = sandbox();
    let outcome = sandbox
        .sso(["exec", "-v", "-p", "dev", "--", "cat"])
        .stdin("to the command\n")
        .run()
        .expect(0);
    // Even with everything said, nothing of ours is on stdout.
    assert_eq!(outcome.stdout, "to the command\n");
    assert!(outcome.stderr.contains("sso: role"), "{outcome:?}");
}

#[test]
fn on_a_terminal_it_signs_in_by_itself() {
    let sandbox = Sandbox::new();
    let refused = sandbox.sso(["exec", "--no-login", "-p", "dev", "--", "true"]);
    refused
        .approving_browser()
        .start_on_terminal()
        .finish()
        .expect(4);
    assert_eq!(sandbox.server().count(""), 0);
    let command = [
        "exec",
        "-p",
        "dev",
        "--",
        "sh",
        "-c",
        "echo has $AWS_ACCOUNT_ID",
    ];
    let signed_in = sandbox
        .sso(command)
        .approving_browser()
        .start_on_terminal()
        .finish();
    let shown = signed_in.expect(0).stdout;
    assert!(shown.contains("sso: not signed in to corp"), "{shown}");
    assert!(shown.contains(&format!("has {ACCOUNT}")), "{shown}");
    // An rc file's `eval "$(sso env)"` is on a terminal, too, and must not sign in.
    std::fs::remove_file(sandbox.token_path("corp")).unwrap();
    std::fs::remove_file(sandbox.role_path("corp", ACCOUNT, ROLE)).unwrap();
    for command in ["env", "credential-process"] {
        let run = sandbox.sso([command, "-p", "dev"]).approving_browser();
        run.start_on_terminal().finish().expect(4);
    }
    let asked_to = sandbox
        .sso(["env", "--login", "-p", "dev"])
        .approving_browser();
    asked_to.start_on_terminal().finish().expect(0);
}

#[test]
fn without_a_terminal_it_never_signs_in() {
    let sandbox = Sandbox::new();
    let run = sandbox
        .sso(["exec", "-p", "dev", "--", "true"])
        .approving_browser();
    run.run().expect(4);
    assert_eq!(sandbox.server().count(""), 0);
}
