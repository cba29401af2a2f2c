//! `sso env` in formats that no shell evaluates, and with a broken stdout.

use super::sandbox;
use crate::fixture::{ACCOUNT, ROLE, Run, Sandbox};

#[test]
fn dotenv_and_cmd_refuse_values_that_they_cannot_represent() {
    for (format, secret) in [
        (["--format", "dotenv"], "two words"),
        (["--format", "dotenv"], "it's"),
        (["--format", "dotenv"], "two\nlines"),
        (["--shell", "cmd"], "100%PATH%"),
        (["--shell", "cmd"], "a&b"),
        (["--shell", "cmd"], "two\nlines"),
    ] {
        let sandbox = sandbox(["ASIAEXAMPLE", secret, "token"]);
        let outcome = sandbox.sso(["env", "-p", "dev"]).args(format).run();
        let outcome = outcome
            .expect(1)
            .stderr_contains("the value of AWS_SECRET_ACCESS_KEY cannot be written");
        // A partial output would be used by a shell or a tool.
        assert!(!outcome.stdout.contains("ASIAEXAMPLE"), "{outcome:?}");
        assert!(outcome.stderr.contains("hint: use"), "{outcome:?}");
    }
    let sandbox = sandbox(["ASIAEXAMPLE", "se/cr+et=", "to ken(1)"]);
    let outcome = sandbox
        .sso(["env", "-p", "dev", "--shell", "cmd"])
        .run()
        .expect(0);
    assert!(
        outcome
            .stdout
            .contains("set \"AWS_SECRET_ACCESS_KEY=se/cr+et=\"\r\n"),
        "{outcome:?}"
    );
    assert!(
        outcome
            .stdout
            .contains("set \"AWS_SESSION_TOKEN=to ken(1)\"\r\n"),
        "{outcome:?}"
    );
    assert!(
        outcome.stdout.contains("set \"AWS_PROFILE=\"\r\n"),
        "{outcome:?}"
    );
}

#[test]
fn dotenv_and_json_have_the_same_values() {
    let sandbox = sandbox(["ASIAEXAMPLE", "se/cr+et=", "token"]);
    let json = sandbox
        .sso(["env", "-p", "dev", "--format=json"])
        .run()
        .expect(0)
        .json();
    let dotenv = sandbox
        .sso(["env", "-p", "dev", "--format=dotenv"])
        .run()
        .expect(0);
    let from_json: Vec<String> = json
        .as_object()
        .unwrap()
        .iter()
        .filter_map(|(name, value)| Some(format!("{name}={}", value.as_str()?)))
        .collect();
    let from_dotenv: Vec<&str> = dotenv.stdout.lines().collect();
    assert_eq!(from_json, from_dotenv);
    assert_eq!(json["AWS_PROFILE"], serde_json::Value::Null);
    assert!(json.as_object().unwrap().contains_key("AWS_PROFILE"));
    // Neither format has statements that could fail, so a failure prints nothing.
    for format in ["json", "dotenv"] {
        let outcome = sandbox
            .sso(["env", "-p", "nowhere", "--format", format])
            .run()
            .expect(1);
        assert_eq!(outcome.stdout, "");
    }
}

#[test]
fn a_profile_name_that_a_prompt_would_evaluate_is_not_exported() {
    let sandbox = Sandbox::new();
    sandbox.write_config(&format!(
        "[sso-session corp]\nsso_start_url = https://corp.awsapps.com/start\nsso_region = eu-west-1\n\n\
         [profile '$(id)']\nsso_session = corp\nsso_account_id = {ACCOUNT}\nsso_role_name = {ROLE}\n"
    ));
    sandbox.write_role("corp", ACCOUNT, ROLE, 3600);
    let json = |arguments: &[&str]| {
        let run = sandbox.sso(["env", "--format", "json"]).args(arguments);
        run.env("AWS_SSO_PROFILE", "another").run().expect(0).json()
    };
    assert_eq!(
        json(&["-p", "$(id)"])["AWS_SSO_PROFILE"],
        serde_json::Value::Null
    );
    let complete = json(&["-s", "corp", "-a", ACCOUNT, "-r", ROLE]);
    assert_eq!(complete["AWS_SSO_PROFILE"], format!("{ROLE}@{ACCOUNT}"));
}

#[test]
fn a_broken_stdout_is_an_error_and_not_a_panic() {
    let sandbox = Sandbox::new();
    sandbox.write_role("corp", ACCOUNT, ROLE, 3600);
    let sso = crate::fixture::binary();
    for words in [
        "env -p dev --shell sh",
        "env -p dev --format json",
        "credential-process -p dev",
        "status",
        "--help",
        "env --bogus",
    ] {
        // A pipe without a reader.
        let broken_pipe = format!(
            "mkfifo pipe && exec 3<>pipe 4>pipe 3<&- && rm pipe; {} {words} >&4",
            sso.display()
        );
        for (script, has_error) in [
            (broken_pipe, false),
            (
                format!("{} {words} >/dev/full", sso.display()),
                words != "--help",
            ),
        ] {
            let outcome = Run::program(&sandbox, "bash").args(["-c", &script]).run();
            assert!(
                !outcome.stderr.contains("panicked"),
                "{script}: {outcome:?}"
            );
            // A broken pipe is not reported: its reader has read enough.
            let is_usage = words.contains("bogus");
            let code = if is_usage { 2 } else { 1 };
            assert_eq!(outcome.code, code, "{script}: {outcome:?}");
            assert_eq!(
                outcome.stderr.is_empty(),
                !has_error && !is_usage,
                "{script}: {outcome:?}"
            );
        }
        let closed = format!("{} {words} >&-", sso.display());
        let outcome = Run::program(&sandbox, "bash").args(["-c", &closed]).run();
        assert!(
            !outcome.stderr.contains("panicked"),
            "{closed}: {outcome:?}"
        );
    }
}
