//! terraform with its state in S3 and credentials of `sso`. It uses the SDK for Go, which calls
//! GetCallerIdentity and signs every request for the state.
//!
//! terraform is in no package registry; without it in PATH the tests report a skip and pass.

use std::path::Path;

use super::moto::Moto;
use crate::fixture::compatibility::{self, Direction};
use crate::fixture::programs::{client_path, has_optional, has_required_files};
use crate::fixture::{Run, Sandbox};

/// Configuration with a built-in resource only, so that no provider is downloaded.
const CONFIGURATION: &str = r#"
terraform {
  backend "s3" {
    bucket         = "proof"
    key            = "states/it.tfstate"
    region         = "eu-central-1"
    use_path_style = true
    use_lockfile   = true
  }
}

variable "word" {}

resource "terraform_data" "proof" {
  input = var.word
}

output "word" {
  value = terraform_data.proof.output
}
"#;

/// Records an observation for COMPATIBILITY.md.
fn record(sandbox: &Sandbox, direction: Direction) {
    let run = Run::program(sandbox, "terraform").args(["version", "-json"]);
    let printed = run.env("CHECKPOINT_DISABLE", "1").run().expect(0).json();
    let version = printed["terraform_version"].as_str().unwrap();
    compatibility::record("terraform", version, direction);
}

/// Creates a sandbox with a folder for terraform.
fn sandbox(moto: &Moto) -> Sandbox {
    let sandbox = moto.sandbox();
    sandbox.write_file(
        &sandbox.home().join("infra/main.tf"),
        CONFIGURATION.as_bytes(),
    );
    sandbox
}

/// Sets the environment for a terraform that `sso` starts or that starts `sso`.
fn with_terraform_environment<'w>(moto: &Moto, run: Run<'w>) -> Run<'w> {
    moto.with_endpoints(run)
        .env("TF_IN_AUTOMATION", "1")
        .env("TF_INPUT", "0")
        // Disables the check for a newer version.
        .env("CHECKPOINT_DISABLE", "1")
}

fn by_profile<'w>(moto: &Moto, sandbox: &'w Sandbox, profile: &str) -> Run<'w> {
    with_terraform_environment(moto, Run::program(sandbox, "terraform"))
        .env("AWS_PROFILE", profile)
        .arg("-chdir=infra")
}

fn by_exec<'w>(moto: &Moto, sandbox: &'w Sandbox) -> Run<'w> {
    let run = sandbox.sso(["exec", "-p", "dev", "--", "terraform", "-chdir=infra"]);
    // A profile in the surrounding environment must not win over the keys.
    with_terraform_environment(moto, run).env("AWS_PROFILE", "nowhere")
}

fn start() -> Option<(Moto, Sandbox)> {
    let aws = client_path("bin/aws");
    if !has_optional("terraform") || !has_required_files("AWS CLI", &[aws]) {
        return None;
    }
    let moto = Moto::start()?;
    let sandbox = sandbox(&moto);
    Some((moto, sandbox))
}

const APPLY: [&str; 4] = ["apply", "-auto-approve", "-no-color", "-var"];

#[test]
fn terraform_stores_its_state_in_s3_with_credentials_of_sso() {
    let Some((moto, sandbox)) = start() else {
        return;
    };
    for word in ["by-profile", "by-role", "exec"] {
        let terraform = || match word {
            "exec" => by_exec(&moto, &sandbox),
            profile => by_profile(&moto, &sandbox, profile),
        };
        // Each round initializes from scratch.
        let _ = std::fs::remove_dir_all(sandbox.home().join("infra/.terraform"));
        terraform().args(["init", "-no-color"]).run().expect(0);
        let apply = terraform().args(APPLY).arg(format!("word={word}"));
        apply.run().expect(0);
        let output = terraform().args(["output", "-raw", "word"]).run().expect(0);
        assert_eq!(output.stdout, word);
        assert_eq!(state(&moto, &sandbox)["outputs"]["word"]["value"], word);
        assert_no_local_state(&sandbox.home().join("infra"));
    }
    assert_eq!(sandbox.server().count("GetRoleCredentials"), 1);
    record(&sandbox, Direction::CredentialProcess);
    record(&sandbox, Direction::Exec);
    moto.record_verified("terraform");
}

/// Reads the state from the bucket with the AWS CLI.
#[track_caller]
fn state(moto: &Moto, sandbox: &Sandbox) -> serde_json::Value {
    let run = Run::program(sandbox, client_path("bin/aws"))
        .args(["--profile", "by-role", "s3", "cp"])
        .args(["s3://proof/states/it.tfstate", "-"]);
    moto.with_endpoints(run).run().expect(0).json()
}

fn assert_no_local_state(folder: &Path) {
    assert!(!folder.join("terraform.tfstate").exists());
}

#[test]
fn terraform_is_refused_with_changed_keys() {
    let Some((moto, sandbox)) = start() else {
        return;
    };
    moto.issue_keys(&sandbox, |keys| keys.secret_access_key.push('x'));
    for terraform in [
        by_profile(&moto, &sandbox, "by-role"),
        by_exec(&moto, &sandbox),
    ] {
        let outcome = terraform.args(["init", "-no-color"]).run();
        outcome.expect(1).stderr_contains("StatusCode: 403");
    }
    moto.issue_keys(&sandbox, |keys| keys.session_token.push('x'));
    let outcome = by_exec(&moto, &sandbox).args(["init", "-no-color"]).run();
    outcome.expect(1).stderr_contains("StatusCode: 403");
    moto.issue_keys(&sandbox, |_| {});
    let outcome = by_exec(&moto, &sandbox).args(["init", "-no-color"]).run();
    outcome.expect(0);
}

#[test]
fn terraform_shows_the_error_of_sso() {
    let Some((moto, sandbox)) = start() else {
        return;
    };
    sandbox.sso(["logout"]).run().expect(0);
    for profile in ["by-profile", "by-role"] {
        let run = by_profile(&moto, &sandbox, profile).args(["init", "-no-color"]);
        run.run()
            .expect(1)
            .stderr_contains("error: not signed in to corp")
            .stderr_contains("hint: sso login corp");
    }
    let run = by_exec(&moto, &sandbox).args(["init", "-no-color"]);
    run.run().expect(4).stderr_contains("hint: sso login corp");
    record(&sandbox, Direction::ShowsErrors);
}
