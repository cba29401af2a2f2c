//! Shells that are interrupted while they evaluate the output of the hook.

use std::path::Path;

use super::Shell;
use super::hook::warm;
use crate::fixture::{ACCOUNT, ROLE, Sandbox};

const BEFORE: [(&str, &str); 3] = [
    ("AWS_PROFILE", "base"),
    ("AWS_REGION", "us-east-1"),
    ("AWS_ROLE_ARN", "arn:aws:iam::1:role/x"),
];

/// Asserts that nothing is left behind outside of projects, wherever the evaluation of the prompt
/// in this directory is interrupted.
#[track_caller]
fn assert_unloads_after_interruption(sandbox: &Sandbox, shell: &Shell, directory: &Path) {
    let (_, all) = shell.clone().interrupted_prompt(directory, 0);
    assert!(all > 3, "the prompt changes nothing");
    for statements in 0..all {
        let mut shell = shell.clone();
        shell.interrupted_prompt(directory, statements);
        // The user may go on there, or leave.
        for prompts in [0, 2] {
            let mut shell = shell.clone();
            for _ in 0..prompts {
                shell.prompt(directory);
            }
            shell.prompt(sandbox.home());
            shell.assert_env(&BEFORE);
            assert!(shell.get("__SSO_STATE").is_none());
        }
    }
}

#[test]
fn an_interrupted_evaluation_can_be_unloaded() {
    let sandbox = warm();
    let p = sandbox.home().join("p");
    // Its credentials are fetched, so its keys are others.
    let inner = "account = 222233334444\nrole = PowerUserAccess\nregion = eu-north-1\n";
    let inner = sandbox.trusted_project("p/inner", inner);
    let by_profile = sandbox.trusted_project("by-profile", "profile = dev\nexport = profile\n");
    let mut shell = Shell::new(&sandbox);
    for (name, value) in BEFORE {
        shell.set(name, value);
    }
    for directory in [&p, &inner, &by_profile, &inner, &p] {
        assert_unloads_after_interruption(&sandbox, &shell, directory);
        shell.prompt(directory);
        assert_unloads_after_interruption(&sandbox, &shell, sandbox.home());
    }
}

#[test]
fn renewed_keys_that_are_interrupted_can_be_unloaded() {
    let sandbox = warm();
    let p = sandbox.home().join("p");
    let mut shell = Shell::new(&sandbox);
    for (name, value) in BEFORE {
        shell.set(name, value);
    }
    shell.prompt(&p);
    let file = sandbox.role_path("corp", ACCOUNT, ROLE);
    let text = std::fs::read_to_string(&file).unwrap();
    let text = text.replace("ASIAWRITTENBYATEST", "ASIARENEWED");
    sandbox.write_file(&file, text.replace("written-", "renewed-").as_bytes());
    let (_, all) = shell.clone().interrupted_prompt(&p, 0);
    assert!(all > 1, "{all}");
    for statements in 0..all {
        let mut shell = shell.clone();
        shell.interrupted_prompt(&p, statements);
        shell.prompt(sandbox.home());
        shell.assert_env(&BEFORE);
    }
}
