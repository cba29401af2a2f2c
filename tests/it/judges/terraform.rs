//! terraform with its state in S3, on credentials of `sso`: the SDK for Go, which asks STS
//! who it is and signs every request for the state.
//!
//! terraform is in no package registry. Where it is not in PATH, this says so and passes.

use std::path::Path;

use super::moto::Moto;
use crate::compat::{self, Direction};
use crate::programs::{are_installed, installed, is_found};
use crate::world::{Run, World};

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
fn did(world: &World, direction: Direction) {
    let run = Run::other(world, "terraform").args(["version", "-json"]);
    let said = run.env("CHECKPOINT_DISABLE", "1").run().expect(0).json();
    let version = said["terraform_version"].as_str().unwrap();
    compat::record("terraform", version, direction);
}

/// A world with a folder for terraform.
fn world(moto: &Moto) -> World {
    let world = moto.world();
    world.write_file(
        &world.home().join("infra/main.tf"),
        CONFIGURATION.as_bytes(),
    );
    world
}

/// The same environment for a terraform that `sso` starts and for one that starts `sso`.
fn prepared<'w>(moto: &Moto, run: Run<'w>) -> Run<'w> {
    moto.reached_by(run)
        .env("TF_IN_AUTOMATION", "1")
        .env("TF_INPUT", "0")
        // It would ask its maker for a newer version.
        .env("CHECKPOINT_DISABLE", "1")
}

fn by_profile<'w>(moto: &Moto, world: &'w World, profile: &str) -> Run<'w> {
    prepared(moto, Run::other(world, "terraform"))
        .env("AWS_PROFILE", profile)
        .arg("-chdir=infra")
}

fn by_exec<'w>(moto: &Moto, world: &'w World) -> Run<'w> {
    let run = world.sso(["exec", "-p", "dev", "--", "terraform", "-chdir=infra"]);
    // A profile that is set outside must not win over the keys.
    prepared(moto, run).env("AWS_PROFILE", "nowhere")
}

fn start() -> Option<(Moto, World)> {
    let aws = installed("bin/aws");
    if !is_found("terraform") || !are_installed("AWS CLI", &[aws]) {
        return None;
    }
    let moto = Moto::start()?;
    let world = world(&moto);
    Some((moto, world))
}

const APPLY: [&str; 4] = ["apply", "-auto-approve", "-no-color", "-var"];

#[test]
fn terraform_keeps_its_state_in_s3_with_credentials_of_sso() {
    let Some((moto, world)) = start() else {
        return;
    };
    for word in ["by-profile", "by-role", "exec"] {
        let way = || match word {
            "exec" => by_exec(&moto, &world),
            profile => by_profile(&moto, &world, profile),
        };
        // Everything that is known of an earlier initialisation is forgotten.
        let _ = std::fs::remove_dir_all(world.home().join("infra/.terraform"));
        way().args(["init", "-no-color"]).run().expect(0);
        let apply = way().args(APPLY).arg(format!("word={word}"));
        apply.run().expect(0);
        let output = way().args(["output", "-raw", "word"]).run().expect(0);
        assert_eq!(output.stdout, word);
        assert_eq!(state(&moto, &world)["outputs"]["word"]["value"], word);
        assert_no_state_here(&world.home().join("infra"));
    }
    assert_eq!(world.server().count("GetRoleCredentials"), 1);
    did(&world, Direction::CredentialProcess);
    did(&world, Direction::Exec);
    moto.has_verified("terraform");
}

/// The state as another program reads it from the bucket.
#[track_caller]
fn state(moto: &Moto, world: &World) -> serde_json::Value {
    let run = Run::other(world, installed("bin/aws"))
        .args(["--profile", "by-role", "s3", "cp"])
        .args(["s3://proof/states/it.tfstate", "-"]);
    moto.reached_by(run).run().expect(0).json()
}

fn assert_no_state_here(folder: &Path) {
    assert!(!folder.join("terraform.tfstate").exists());
}

#[test]
fn terraform_is_refused_with_keys_that_were_changed_on_the_way() {
    let Some((moto, world)) = start() else {
        return;
    };
    moto.hand_out(&world, |keys| keys.secret_access_key.push('x'));
    for way in [by_profile(&moto, &world, "by-role"), by_exec(&moto, &world)] {
        let outcome = way.args(["init", "-no-color"]).run();
        outcome.expect(1).says("StatusCode: 403");
    }
    moto.hand_out(&world, |keys| keys.session_token.push('x'));
    let outcome = by_exec(&moto, &world).args(["init", "-no-color"]).run();
    outcome.expect(1).says("StatusCode: 403");
    moto.hand_out(&world, |_| {});
    let outcome = by_exec(&moto, &world).args(["init", "-no-color"]).run();
    outcome.expect(0);
}

#[test]
fn terraform_shows_what_sso_says_when_a_sign_in_is_needed() {
    let Some((moto, world)) = start() else {
        return;
    };
    world.sso(["logout"]).run().expect(0);
    for profile in ["by-profile", "by-role"] {
        let run = by_profile(&moto, &world, profile).args(["init", "-no-color"]);
        run.run()
            .expect(1)
            .says("error: not signed in to corp")
            .says("hint: sso login corp");
    }
    let run = by_exec(&moto, &world).args(["init", "-no-color"]);
    run.run().expect(4).says("hint: sso login corp");
    did(&world, Direction::ShowsErrors);
}
