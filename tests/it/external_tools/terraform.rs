//! terraform with its state in S3, on credentials of `sso`: the SDK for Go, which asks STS
//! who it is and signs every request for the state.
//!
//! terraform is in no package registry. Where it is not in PATH, this says so and passes.

use std::path::Path;

use super::moto::Moto;
use crate::fixture::compatibility::{self, Direction};
use crate::fixture::programs::{client_path, has_optional, has_required_files};
use crate::fixture::{Run, Sandbox};

/// Only a resource that is built in, so that no provider is downloaded.
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

/// Records what a test has seen.
fn did(sandbox: &Sandbox, direction: Direction) {
    let run = Run::program(sandbox, "terraform").args(["version", "-json"]);
    let said = run.env("CHECKPOINT_DISABLE", "1").run().expect(0).json();
    let version = said["terraform_version"].as_str().unwrap();
    compatibility::record("terraform", version, direction);
}

/// A sandbox with a folder for terraform.
fn sandbox(moto: &Moto) -> Sandbox {
    let sandbox = moto.sandbox();
    sandbox.write_file(
        &sandbox.home().join("infra/main.tf"),
        CONFIGURATION.as_bytes(),
    );
    sandbox
}

/// The same environment for a terraform that `sso` starts and for one that starts `sso`.
fn prepared<'w>(moto: &Moto, run: Run<'w>) -> Run<'w> {
    moto.reached_by(run)
        .env("TF_IN_AUTOMATION", "1")
        .env("TF_INPUT", "0")
        // It would ask its maker for a newer version.
        .env("CHECKPOINT_DISABLE", "1")
}

fn by_profile<'w>(moto: &Moto, sandbox: &'w Sandbox, profile: &str) -> Run<'w> {
    prepared(moto, Run::program(sandbox, "terraform"))
        .env("AWS_PROFILE", profile)
        .arg("-chdir=infra")
}

fn by_exec<'w>(moto: &Moto, sandbox: &'w Sandbox) -> Run<'w> {
    let run = sandbox.sso(["exec", "-p", "dev", "--", "terraform", "-chdir=infra"]);
    // A profile that is set outside must not win over the keys.
    prepared(moto, run).env("AWS_PROFILE", "nowhere")
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
fn terraform_keeps_its_state_in_s3_with_credentials_of_sso() {
    let Some((moto, sandbox)) = start() else {
        return;
    };
    for word in ["by-profile", "by-role", "exec"] {
        let way = || match word {
            "exec" => by_exec(&moto, &sandbox),
            profile => by_profile(&moto, &sandbox, profile),
        };
        // Everything that is known of an earlier initialisation is forgotten.
        let _ = std::fs::remove_dir_all(sandbox.home().join("infra/.terraform"));
        way().args(["init", "-no-color"]).run().expect(0);
        let apply = way().args(APPLY).arg(format!("word={word}"));
        apply.run().expect(0);
        let output = way().args(["output", "-raw", "word"]).run().expect(0);
        assert_eq!(output.stdout, word);
        assert_eq!(state(&moto, &sandbox)["outputs"]["word"]["value"], word);
        assert_no_state_here(&sandbox.home().join("infra"));
    }
    assert_eq!(sandbox.server().count("GetRoleCredentials"), 1);
    did(&sandbox, Direction::CredentialProcess);
    did(&sandbox, Direction::Exec);
    moto.has_verified("terraform");
}

/// The state as another program reads it from the bucket.
#[track_caller]
fn state(moto: &Moto, sandbox: &Sandbox) -> serde_json::Value {
    let run = Run::program(sandbox, client_path("bin/aws"))
        .args(["--profile", "by-role", "s3", "cp"])
        .args(["s3://proof/states/it.tfstate", "-"]);
    moto.reached_by(run).run().expect(0).json()
}

fn assert_no_state_here(folder: &Path) {
    assert!(!folder.join("terraform.tfstate").exists());
}

#[test]
fn terraform_is_refused_with_keys_that_were_changed_on_the_way() {
    let Some((moto, sandbox)) = start() else {
        return;
    };
    moto.hand_out(&sandbox, |keys| keys.secret_access_key.push('x'));
    for way in [
        by_profile(&moto, &sandbox, "by-role"),
        by_exec(&moto, &sandbox),
    ] {
        let outcome = way.args(["init", "-no-color"]).run();
        outcome.expect(1).stderr_contains("StatusCode: 403");
    }
    moto.hand_out(&sandbox, |keys| keys.session_token.push('x'));
    let outcome = by_exec(&moto, &sandbox).args(["init", "-no-color"]).run();
    outcome.expect(1).stderr_contains("StatusCode: 403");
    moto.hand_out(&sandbox, |_| {});
    let outcome = by_exec(&moto, &sandbox).args(["init", "-no-color"]).run();
    outcome.expect(0);
}

#[test]
fn terraform_shows_what_sso_says_when_a_sign_in_is_needed() {
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
    did(&sandbox, Direction::ShowsErrors);
}
