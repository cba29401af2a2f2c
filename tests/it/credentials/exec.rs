//! `sso exec`: it replaces itself with the command, with the credentials in the environment.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;

use crate::fixture::{ACCOUNT, ROLE, Run, Sandbox, binary};

/// Creates a sandbox with cached credentials of `dev`.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write_role("corp", ACCOUNT, ROLE, 3600);
    sandbox
}

/// Returns the value of a variable in the command's environment, or "unset".
fn variable(run: Run, name: &str) -> String {
    let script = format!("printf %s \"${{{name}-unset}}\"");
    run.args(["sh", "-c", &script]).run().expect(0).stdout
}

#[test]
fn the_command_has_the_credentials_and_no_conflicting_variables() {
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
fn the_exit_code_is_that_of_the_command() {
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
fn a_command_killed_by_a_signal_ends_sso_with_that_signal() {
    let sandbox = sandbox();
    for (name, number) in [("TERM", 15), ("INT", 2), ("KILL", 9), ("PIPE", 13)] {
        let script = format!("kill -{name} $$");
        // Ignored signals are inherited, and a shell starts background jobs with some ignored.
        let outcome = Run::program(&sandbox, "env")
            .arg("--default-signal=INT,TERM,PIPE")
            .arg(binary())
            .args(["exec", "-p", "dev", "--", "sh", "-c", &script])
            .run();
        outcome.expect(128 + number);
    }
}

#[test]
fn the_command_starts_without_blocked_or_ignored_signals() {
    // The refresh before the command blocks signals.
    let sandbox = Sandbox::new();
    sandbox.store_token(-60);
    let grep = ["grep", "-E", "^Sig(Blk|Ign)", "/proc/self/status"];
    let inside = sandbox.sso(["exec", "-p", "dev", "--"]).args(grep).run();
    assert_eq!(sandbox.server().count("CreateToken:refresh_token"), 1);
    // Signals that are already ignored here stay ignored.
    let outside = Run::program(&sandbox, grep[0]).args(&grep[1..]).run();
    assert_eq!(inside.expect(0).stdout, outside.expect(0).stdout);
}

#[test]
fn the_command_replaces_the_process_of_sso() {
    let sandbox = sandbox();
    let running = sandbox
        .sso(["exec", "-p", "dev", "--", "sh", "-c", "echo $$"])
        .start();
    let id = running.id().to_string();
    assert_eq!(running.finish().expect(0).stdout.trim(), id);
}

#[test]
fn a_missing_command_is_127_and_one_that_cannot_run_is_126() {
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
    // An executable text without `#!` is run with sh, as shells do.
    let script = sandbox.home().join("script");
    sandbox.write_file(&script, b"exit 7\n");
    std::fs::set_permissions(&script, PermissionsExt::from_mode(0o755)).unwrap();
    exec("./script".as_ref()).expect(7);
}

#[test]
fn failures_before_the_command_have_the_codes_of_sso() {
    // Failures before the command runs have the exit codes of `sso`.
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
fn without_a_command_it_runs_the_users_shell() {
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
    // Without SHELL it is sh.
    sandbox
        .sso(["exec", "-p", "dev"])
        .stdin("exit 9\n")
        .run()
        .expect(9);
}

#[test]
fn the_dashes_are_optional_and_the_commands_options_are_passed_on() {
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
fn arguments_that_are_not_utf_8_are_passed_on_unchanged() {
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
    // The command's name need not be UTF-8 either.
    let name = OsStr::from_bytes(b"./na\xffme");
    let script = sandbox.home().join(name);
    sandbox.write_file(&script, b"#!/bin/sh\nexit 5\n");
    std::fs::set_permissions(&script, PermissionsExt::from_mode(0o755)).unwrap();
    sandbox.sso(["exec", "-p", "dev"]).arg(name).run().expect(5);
}

#[test]
fn stdin_and_stdout_belong_to_the_command() {
    let sandbox = sandbox();
    let outcome = sandbox
        .sso(["exec", "-v", "-p", "dev", "--", "cat"])
        .stdin("to the command\n")
        .run()
        .expect(0);
    // `-v` prints to stderr only.
    assert_eq!(outcome.stdout, "to the command\n");
    assert!(outcome.stderr.contains("sso: role"), "{outcome:?}");
}

#[test]
fn on_a_terminal_it_signs_in_automatically() {
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
    // `eval "$(sso env)"` in an rc file also runs on a terminal, and must not sign in.
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
