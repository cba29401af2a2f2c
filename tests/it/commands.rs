//! The main job, a step at a time.

use crate::world::{ACCOUNT, ROLE, World, stamp};

#[test]
fn sign_in_then_credentials_from_one_shared_cache() {
    let world = World::new();
    world.sso(["status"]).run().expect(4);
    world
        .sso(["credential-process", "-p", "dev"])
        .run()
        .expect(4)
        .says("hint: sso login corp");
    world.sign_in();
    world.sso(["status", "--quiet"]).run().expect(0);
    let first = world
        .sso(["credential-process", "-p", "dev"])
        .run()
        .expect(0)
        .json();
    assert_eq!(first["Version"], 1);
    assert_eq!(first["AccountId"], ACCOUNT);
    assert!(first["Expiration"].as_str().unwrap().ends_with('Z'));
    let args = [
        "credential_process",
        "-s",
        "corp",
        "-a",
        ACCOUNT,
        "-r",
        ROLE,
    ];
    assert_eq!(world.sso(args).run().expect(0).json(), first);
    assert_eq!(world.server().count("GetRoleCredentials"), 1);
}

#[test]
fn an_expired_token_is_refreshed_once() {
    let world = World::new();
    world.stored_token(-10);
    world
        .sso(["credential-process", "-p", "dev"])
        .run()
        .expect(0);
    assert_eq!(world.server().count("CreateToken:refresh_token"), 1);
    let token = world.read_json(&world.token_path("corp"));
    assert!(
        token["expiresAt"].as_str().unwrap() > stamp(3600).as_str(),
        "{token}"
    );
}

#[test]
fn a_session_that_the_server_has_ended_is_not_called_renewable() {
    let world = World::new();
    world.stored_token(-10);
    world.sso(["status", "--quiet"]).run().expect(0);
    world.server().revoke_refresh_tokens();
    world.credentials().run().expect(4);
    let status = world.sso(["status", "--json"]).run().expect(4).json();
    assert_eq!(status["sessions"][0]["state"], "expired");
    assert_eq!(status["sessions"][0]["refreshable"], false);
    world.sign_in();
    world.sso(["status", "--quiet"]).run().expect(0);
}

#[test]
fn a_profile_in_the_place_of_something_else_is_recognised() {
    let world = World::new();
    let hint = "hint: dev is a profile";
    world.sso(["login", "dev"]).run().expect(1).says(hint);
    world.write_role("corp", ACCOUNT, ROLE, 3600);
    let run = world.sso(["exec", "-p", "dev", "--", "dev"]);
    run.run().expect(127).says(hint);
    let typo = world.sso(["credential-process", "-p", "dve"]).run();
    typo.expect(1).says("hint: did you mean dev?");
}

#[test]
fn a_session_is_found_by_the_name_under_which_it_is_listed() {
    let world = World::new();
    let url = "https://old.awsapps.com/start";
    world.config(&format!(
        "[sso-session corp]\nsso_start_url = https://corp.awsapps.com/start\nsso_region = eu-west-1\n\n\
         [profile old]\nsso_start_url = {url}\nsso_region = eu-west-1\n\
         sso_account_id = {ACCOUNT}\nsso_role_name = {ROLE}\n"
    ));
    world.sso(["login"]).run().expect(2).says(url);
    for arguments in [
        &["status", "-s", url][..],
        &["credential-process", "-s", url, "-a", ACCOUNT, "-r", ROLE],
    ] {
        let outcome = world.sso(arguments).run().expect(4);
        let printed = outcome.stdout + &outcome.stderr;
        assert!(printed.contains("sso login --profile old"), "{printed}");
    }
}
