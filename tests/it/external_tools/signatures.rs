//! Credentials as each way of delivering them leaves them, before a signature check.

use emulator::RoleKeys;
use serde_json::{Value, json};

use super::moto::{ACCOUNT, Moto};
use crate::fixture::programs::{client_path, client_program, has_required_files};
use crate::fixture::{Outcome, Run, Sandbox, binary};

/// The command that asks as boto3.
fn question() -> [String; 2] {
    [client_path("bin/python"), client_program("identity.py")]
        .map(|path| path.display().to_string())
}

/// What AWS answered to boto3, once for each profile or once for the environment.
#[track_caller]
fn verdicts(outcome: Outcome) -> Vec<Value> {
    outcome.expect(0).json().as_array().unwrap().clone()
}

fn boto3_is_here() -> bool {
    has_required_files("boto3", &[client_path("bin/python")])
}

/// A run of boto3 with profiles.
fn by_boto3<'w>(moto: &Moto, sandbox: &'w Sandbox, profiles: &[&str]) -> Run<'w> {
    let [python, program] = question();
    let run = Run::program(sandbox, python).arg(program).args(profiles);
    moto.reached_by(run)
}

#[test]
fn whatever_sso_delivers_passes_a_signature_check() {
    let Some(moto) = Moto::start().filter(|_| boto3_is_here()) else {
        return;
    };
    let sandbox = moto.sandbox();
    let right = vec![json!({
        "sts": { "Account": ACCOUNT, "Arn": moto.arn },
        "s3": "written by boto3",
    })];
    let run = by_boto3(&moto, &sandbox, &["by-profile", "by-role"]);
    assert_eq!(verdicts(run.run()), vec![right[0].clone(); 2]);

    let exec = sandbox.sso(["exec", "-p", "dev", "--"]).args(question());
    let outcome = moto.reached_by(exec).run();
    assert_eq!(verdicts(outcome), right);

    let line = "eval \"$(\"$0\" env -p by-role)\" && exec \"$@\"";
    let shell = Run::program(&sandbox, "bash").args(["-c", line]);
    let shell = shell.arg(binary()).args(question());
    assert_eq!(verdicts(moto.reached_by(shell).run()), right);
    assert_eq!(sandbox.server().count("GetRoleCredentials"), 1);
    moto.has_verified("boto3");
}

#[test]
fn the_cli_is_who_it_should_be_with_credentials_of_sso() {
    let aws = client_path("bin/aws");
    let here = has_required_files("AWS CLI", std::slice::from_ref(&aws));
    let Some(moto) = Moto::start().filter(|_| here) else {
        return;
    };
    let sandbox = moto.sandbox();
    let ask = ["sts", "get-caller-identity", "--output", "json"];
    let by_profile = |profile| {
        let run = Run::program(&sandbox, &aws).args(ask);
        run.args(["--profile", profile])
    };
    let exec = sandbox.sso(["exec", "-p", "dev", "--"]);
    let runs = [
        by_profile("by-profile"),
        by_profile("by-role"),
        exec.arg(&aws).args(ask),
    ];
    for run in runs {
        let identity = moto.reached_by(run).run().expect(0).json();
        assert_eq!(identity["Arn"], moto.arn.as_str());
        assert_eq!(identity["Account"], ACCOUNT);
    }
    moto.has_verified("the AWS CLI");
}

#[test]
fn one_changed_letter_is_refused_so_the_check_checks() {
    let Some(moto) = Moto::start().filter(|_| boto3_is_here()) else {
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
        moto.hand_out(&sandbox, change);
        let refused = json!({ "sts": { "Refused": by_sts }, "s3": { "Refused": by_s3 } });
        let outcome = by_boto3(&moto, &sandbox, &["by-role"]).run();
        assert_eq!(verdicts(outcome), [refused]);
    }
}

fn change_last_letter(text: &mut String) {
    let last = text.pop();
    text.push(if last == Some('A') { 'B' } else { 'A' });
}
