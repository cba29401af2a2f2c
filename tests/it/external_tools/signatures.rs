//! Credentials from every command of `sso` pass a signature check.

use emulator::RoleKeys;
use serde_json::{Value, json};

use super::moto::{ACCOUNT, Moto};
use crate::fixture::programs::{client_path, client_program, has_required_files};
use crate::fixture::{Outcome, Run, Sandbox, binary};

/// Returns the command line with which boto3 calls STS and S3.
fn identity_command() -> [String; 2] {
    [client_path("bin/python"), client_program("identity.py")]
        .map(|path| path.display().to_string())
}

/// Parses the results of boto3, one per profile or one for the environment.
#[track_caller]
fn identities(outcome: Outcome) -> Vec<Value> {
    outcome.expect(0).json().as_array().unwrap().clone()
}

fn has_boto3() -> bool {
    has_required_files("boto3", &[client_path("bin/python")])
}

/// Prepares a run of boto3 with these profiles.
fn by_boto3<'w>(moto: &Moto, sandbox: &'w Sandbox, profiles: &[&str]) -> Run<'w> {
    let [python, program] = identity_command();
    let run = Run::program(sandbox, python).arg(program).args(profiles);
    moto.with_endpoints(run)
}

#[test]
fn credentials_of_every_command_pass_a_signature_check() {
    let Some(moto) = Moto::start().filter(|_| has_boto3()) else {
        return;
    };
    let sandbox = moto.sandbox();
    let expected = vec![json!({
        "sts": { "Account": ACCOUNT, "Arn": moto.arn },
        "s3": "written by boto3",
    })];
    let run = by_boto3(&moto, &sandbox, &["by-profile", "by-role"]);
    assert_eq!(identities(run.run()), vec![expected[0].clone(); 2]);

    let exec = sandbox
        .sso(["exec", "-p", "dev", "--"])
        .args(identity_command());
    let outcome = moto.with_endpoints(exec).run();
    assert_eq!(identities(outcome), expected);

    let line = "eval \"$(\"$0\" env -p by-role)\" && exec \"$@\"";
    let shell = Run::program(&sandbox, "bash").args(["-c", line]);
    let shell = shell.arg(binary()).args(identity_command());
    assert_eq!(identities(moto.with_endpoints(shell).run()), expected);
    assert_eq!(sandbox.server().count("GetRoleCredentials"), 1);
    moto.record_verified("boto3");
}

#[test]
fn aws_cli_has_the_expected_identity_with_credentials_of_sso() {
    let aws = client_path("bin/aws");
    let has_aws = has_required_files("AWS CLI", std::slice::from_ref(&aws));
    let Some(moto) = Moto::start().filter(|_| has_aws) else {
        return;
    };
    let sandbox = moto.sandbox();
    let get_identity = ["sts", "get-caller-identity", "--output", "json"];
    let by_profile = |profile| {
        let run = Run::program(&sandbox, &aws).args(get_identity);
        run.args(["--profile", profile])
    };
    let exec = sandbox.sso(["exec", "-p", "dev", "--"]);
    let runs = [
        by_profile("by-profile"),
        by_profile("by-role"),
        exec.arg(&aws).args(get_identity),
    ];
    for run in runs {
        let identity = moto.with_endpoints(run).run().expect(0).json();
        assert_eq!(identity["Arn"], moto.arn.as_str());
        assert_eq!(identity["Account"], ACCOUNT);
    }
    moto.record_verified("the AWS CLI");
}

#[test]
fn one_changed_letter_is_refused() {
    let Some(moto) = Moto::start().filter(|_| has_boto3()) else {
        return;
    };
    let sandbox = moto.sandbox();
    type Change = fn(&mut RoleKeys);
    let changes: [(Change, &str, &str); 3] = [
        (
            |keys| change_last_letter(&mut keys.secret_access_key),
            "SignatureDoesNotMatch",
            "SignatureDoesNotMatch",
        ),
        (
            |keys| change_last_letter(&mut keys.session_token),
            "InvalidClientTokenId",
            "InvalidToken",
        ),
        (
            |keys| change_last_letter(&mut keys.access_key_id),
            "InvalidClientTokenId",
            "InvalidAccessKeyId",
        ),
    ];
    for (change, by_sts, by_s3) in changes {
        moto.issue_keys(&sandbox, change);
        let refused = json!({ "sts": { "Refused": by_sts }, "s3": { "Refused": by_s3 } });
        let outcome = by_boto3(&moto, &sandbox, &["by-role"]).run();
        assert_eq!(identities(outcome), [refused]);
    }
}

fn change_last_letter(text: &mut String) {
    let last = text.pop();
    text.push(if last == Some('A') { 'B' } else { 'A' });
}
