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
