//! AWS CLI v2 and `sso`, each signing in for the other.

use super::{Client, Judged, Keys, aws, config, world};
use crate::compat::Direction;
use crate::world::{ACCOUNT, ROLE};

#[test]
fn a_sign_in_by_sso_serves_the_cli() {
    if !Client::AwsCli.is_here() {
        return;
    }
    let world = world();
    world.sign_in();
    let fetched = world.by_client(Client::AwsCli);
    assert_eq!(world.server().count("GetRoleCredentials"), 1);

    // Role credentials are shared like the token, without any request.
    world.server().clear_log();
    assert_eq!(world.by_sso(), fetched);
    world.forget_role();
    let fetched = world.by_sso();
    assert_eq!(world.server().count(""), 1);
    assert_eq!(world.by_client(Client::AwsCli), fetched);
    assert_eq!(world.server().count(""), 1);

    let token = world.read_json(&world.token_path("corp"))["accessToken"].clone();
    let listed = aws(&world, ["sso", "list-accounts", "--region", "eu-west-1"])
        .args(["--output", "json", "--access-token"])
        .arg(token.as_str().unwrap())
        .run()
        .expect(0)
        .json();
    let known = world.server().accounts().len();
    assert_eq!(listed["accountList"].as_array().unwrap().len(), known);
    Client::AwsCli.did(&world, Direction::ReadsToken);
    Client::AwsCli.did(&world, Direction::SharesRoles);
}

#[test]
fn a_sign_in_by_the_cli_in_a_browser_serves_sso() {
    if !Client::AwsCli.is_here() {
        return;
    }
    let world = world();
    aws(&world, ["sso", "login", "--profile", "dev"])
        .approving_browser()
        .run()
        .expect(0);
    assert_eq!(world.server().count("CreateToken:authorization_code"), 1);
    serves_sso(&world);
}

#[test]
fn a_sign_in_by_the_cli_with_a_device_code_serves_sso() {
    if !Client::AwsCli.is_here() {
        return;
    }
    let world = world();
    aws(&world, ["sso", "login", "--sso-session", "corp"])
        .arg("--use-device-code")
        .approving_browser()
        .run()
        .expect(0);
    assert_eq!(world.server().count("CreateToken:authorization_code"), 0);
    serves_sso(&world);
}

/// Every command of `sso` works on the state that the CLI has left, and refreshes it.
fn serves_sso(world: &crate::world::World) {
    let status = world.sso(["status", "--json"]).run().expect(0).json();
    assert!(status.to_string().contains("\"valid\""), "{status}");
    world
        .sso(["login"])
        .run()
        .expect(0)
        .says("already signed in");
    let keys = world.by_sso();
    let shown = world
        .sso(["exec", "-p", "dev", "--", "printenv", "AWS_ACCESS_KEY_ID"])
        .run()
        .expect(0);
    assert_eq!(shown.stdout.trim(), keys.id);
    assert_eq!(world.server().count("GetRoleCredentials"), 1);

    world.expire_token();
    world.forget_role();
    assert_ne!(world.by_sso(), keys);
    assert_eq!(world.refreshes(), 1);
    Client::AwsCli.did(world, Direction::SignsIn);
}

#[test]
fn a_refresh_by_either_is_picked_up_by_the_other() {
    if !Client::AwsCli.is_here() {
        return;
    }
    let world = world();
    world.sign_in();
    let written = super::shape(&world, "corp");

    // The emulator's refresh tokens are spent by their use: whoever used the old one again
    // would be refused.
    world.expire_token();
    world.by_client(Client::AwsCli);
    assert_eq!(world.refreshes(), 1);
    assert_eq!(super::shape(&world, "corp"), written);
    world.forget_role();
    world.by_sso();
    assert_eq!(world.refreshes(), 1);

    world.expire_token();
    world.forget_role();
    world.by_sso();
    assert_eq!(world.refreshes(), 2);
    assert_eq!(super::shape(&world, "corp"), written);
    world.forget_role();
    world.by_client(Client::AwsCli);
    assert_eq!(world.refreshes(), 2);
    Client::AwsCli.did(&world, Direction::Refreshes);
    Client::AwsCli.did(&world, Direction::AfterRefresh);
}

#[test]
fn signing_out_by_either_signs_the_other_out() {
    if !Client::AwsCli.is_here() {
        return;
    }
    let world = world();
    world.sign_in();
    world.by_sso();
    let token = world.read_json(&world.token_path("corp"))["accessToken"].clone();
    aws(&world, ["sso", "logout"]).run().expect(0);
    assert!(!world.server().is_valid(token.as_str().unwrap()));
    assert!(!world.token_path("corp").exists());
    assert!(!world.role_path("corp", ACCOUNT, ROLE).exists());
    world.sso(["status"]).run().expect(4);
    world
        .sso(["credential-process", "-p", "dev"])
        .run()
        .expect(4)
        .says("not signed in to corp")
        .says("hint: sso login corp");

    world.sign_in();
    world.by_client(Client::AwsCli);
    world
        .sso(["logout"])
        .run()
        .expect(0)
        .says("signed out of corp")
        .says("the credentials of 1 role");
    let refused = Client::AwsCli.credentials(&world, Some("dev")).run();
    refused.expect(255).says("Token for corp does not exist");
    Client::AwsCli.did(&world, Direction::SignsOut);
}

#[test]
fn names_from_all_over_the_world_lead_both_to_the_same_files() {
    if !Client::AwsCli.is_here() {
        return;
    }
    let world = world();
    let session = "Büro 東京 \u{1f511}";
    world.config(&config(&format!(
        "[sso-session \"{session}\"]\n\
         sso_start_url = https://other.awsapps.com/start/#\n\
         sso_region = eu-west-1\n\
         \n\
         [profile \"Prüfung (old)\"]\n\
         sso_session = {session}\n\
         sso_account_id = 444455556666\n\
         sso_role_name = Ops+team=1,2.x@corp_-\n"
    )));
    world
        .sso(["login", session])
        .approving_browser()
        .run()
        .expect(0);
    let profile = "Prüfung (old)";
    let outcome = world.sso(["credential-process", "-p", profile]).run();
    let keys = Keys::of(&outcome.expect(0).json());
    world.server().clear_log();
    let outcome = Client::AwsCli.credentials(&world, Some(profile)).run();
    assert_eq!(Keys::of(&outcome.expect(0).json()), keys);
    assert_eq!(world.server().count(""), 0);

    // The CLI finds the client registration too: nobody registers anew.
    aws(&world, ["sso", "login", "--profile", profile])
        .approving_browser()
        .run()
        .expect(0);
    assert_eq!(world.server().count("RegisterClient"), 0);
    let status = world.sso(["status", session]).run();
    status.expect(0);
}
