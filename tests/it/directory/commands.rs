//! Commands in a directory with a `.aws-sso` file, and in a shell with a loaded hook.

use super::Shell;
use super::hook::warm;
use crate::fixture::{ACCOUNT, ROLE};

#[test]
fn commands_use_the_file_after_options_and_aws_profile() {
    let sandbox = warm();
    let p = sandbox.home().join("p");
    let run_in_project = |arguments: &[&str], variables: &[(&str, &str)]| {
        let mut run = sandbox.sso(arguments).current_dir(&p);
        for (name, value) in variables {
            run = run.env(name, value);
        }
        run.run()
    };
    let exec = [
        "exec",
        "--",
        "sh",
        "-c",
        "echo $AWS_SSO_PROFILE $AWS_REGION",
    ];
    assert_eq!(
        run_in_project(&exec, &[]).expect(0).stdout,
        "dev eu-central-1\n"
    );
    run_in_project(&["credential-process"], &[]).expect(0);
    let other = [
        "exec",
        "-r",
        "ReadOnlyAccess",
        "--",
        "sh",
        "-c",
        "echo $AWS_SSO_PROFILE",
    ];
    assert_eq!(
        run_in_project(&other, &[]).expect(0).stdout,
        "ReadOnlyAccess@111122223333\n"
    );
    sandbox.write_config(&format!(
        "{}\n[profile base]\nsso_session = corp\nsso_account_id = {ACCOUNT}\nsso_role_name = ReadOnlyAccess\n",
        std::fs::read_to_string(sandbox.home().join(".aws/config")).unwrap()
    ));
    let outranked = run_in_project(&exec, &[("AWS_PROFILE", "base")]).expect(0);
    assert!(outranked.stdout.starts_with("base"));
    outranked.stderr_contains("sso: AWS_PROFILE=base outranks ~/p/.aws-sso, which names dev (");
    let untrusted = sandbox.project("p/q", "dev\n");
    for arguments in [
        &["exec", "--", "true"][..],
        &["env"],
        &["credential-process"],
    ] {
        let run = sandbox
            .sso(arguments)
            .current_dir(&untrusted)
            .run()
            .expect(1);
        run.stderr_contains("~/p/q/.aws-sso is not trusted")
            .stderr_contains("sso allow");
    }
    let complete = [
        "credential-process",
        "-s",
        "corp",
        "-a",
        ACCOUNT,
        "-r",
        ROLE,
    ];
    sandbox
        .sso(complete)
        .current_dir(&untrusted)
        .run()
        .expect(0);
    // The file also selects the session of `status`.
    sandbox
        .sso(["status", "-q"])
        .current_dir(&p)
        .run()
        .expect(0);
}

#[test]
fn variables_of_the_hook_do_not_affect_other_profiles() {
    let sandbox = warm();
    let p = sandbox.home().join("p");
    let no_region = format!(
        "{}\n[profile bare]\nsso_session = corp\nsso_account_id = {ACCOUNT}\nsso_role_name = {ROLE}\n",
        std::fs::read_to_string(sandbox.home().join(".aws/config")).unwrap()
    );
    sandbox.write_config(&no_region);
    let mut shell = Shell::new(&sandbox);
    shell.set("AWS_REGION", "us-east-1");
    shell.prompt(&p);
    let mut run = sandbox.sso([
        "exec",
        "-p",
        "bare",
        "--",
        "sh",
        "-c",
        "echo $AWS_REGION ${__SSO_STATE-none}",
    ]);
    for (name, value) in &shell.env {
        run = run.env(name, value);
    }
    let outcome = run.run().expect(0);
    assert_eq!(outcome.stdout, "us-east-1 none\n");
    assert_eq!(outcome.stderr, "");
}
