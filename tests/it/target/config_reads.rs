//! Number of times that a call opens the configuration files, counted in its system calls.

use std::path::Path;

use crate::fixture::programs::has_required;
use crate::fixture::{ACCOUNT, ROLE, Run, Sandbox, binary};

/// Runs `sso` under strace and returns how often it opened `.aws/config` and
/// `.aws/credentials`.
fn opened(sandbox: &Sandbox, directory: &Path, profile: Option<&str>, line: &[&str]) -> [usize; 2] {
    let trace = sandbox.home().join("trace");
    let strace =
        Run::program(sandbox, "strace").args(["-f", "-e", "trace=open,openat,openat2", "-o"]);
    let mut run = strace.arg(&trace).arg(binary()).args(line);
    if let Some(profile) = profile {
        run = run.env("AWS_PROFILE", profile);
    }
    run.current_dir(directory).run().expect(0);
    let text = std::fs::read_to_string(&trace).unwrap();
    ["config", "credentials"].map(|name| {
        let path = format!("\"{}/.aws/{name}\"", sandbox.home().display());
        text.lines().filter(|call| call.contains(&path)).count()
    })
}

#[test]
fn env_in_a_directory_reads_the_configuration_once() {
    if !has_required("strace") {
        return;
    }
    let sandbox = Sandbox::new();
    sandbox.write_role("corp", ACCOUNT, ROLE, 3600);
    let directory = sandbox.trusted_project("project", "profile = dev\n");
    let line = ["env", "--shell", "sh"];
    assert_eq!(opened(&sandbox, &directory, None, &line), [1, 1]);
}

#[test]
fn a_variable_and_a_directory_that_name_two_profiles_cost_one_read() {
    if !has_required("strace") {
        return;
    }
    let sandbox = Sandbox::new();
    sandbox.store_token(7200);
    let config = std::fs::read_to_string(sandbox.home().join(".aws/config")).unwrap();
    let other = format!(
        "[profile other]\nsso_session = corp\nsso_account_id = {ACCOUNT}\nsso_role_name = Other\n"
    );
    sandbox.write_config(&(config + &other));
    let directory = sandbox.trusted_project("project", "profile = other\n");
    let line = ["credential-process"];
    assert_eq!(opened(&sandbox, &directory, Some("dev"), &line), [1, 1]);
}

#[test]
fn a_cold_call_reads_the_configuration_once() {
    if !has_required("strace") {
        return;
    }
    let sandbox = Sandbox::new();
    sandbox.store_token(7200);
    let line = ["credential-process"];
    assert_eq!(opened(&sandbox, sandbox.home(), Some("dev"), &line), [1, 1]);
}

#[test]
fn populate_reads_the_configuration_once_and_again_only_to_replace_it() {
    if !has_required("strace") {
        return;
    }
    let sandbox = Sandbox::new();
    sandbox.store_token(7200);
    // Another tool may be writing it: it is read again under its lock, and just before the rename.
    let line = ["populate", "--region", "eu-west-1"];
    assert_eq!(opened(&sandbox, sandbox.home(), None, &line), [3, 1]);
}
