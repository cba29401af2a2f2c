//! Profiles without an sso-session, whose cache files are named after their start URL.

use super::{Client, Keys, aws, config, world};
use crate::compat::Direction;
use crate::world::World;

/// Letter by letter a name of files: the end of the address is not taken away.
const URL: &str = "https://old.awsapps.com/start#/";

fn legacy_world() -> World {
    let world = world();
    world.config(&config(&format!(
        "[profile legacy]\n\
         sso_start_url = {URL}\n\
         sso_region = eu-west-1\n\
         sso_account_id = 012345678901\n\
         sso_role_name = ReadOnlyAccess\n"
    )));
    world
}

fn from_sso(world: &World) -> Keys {
    let outcome = world.sso(["credential-process", "-p", "legacy"]).run();
    Keys::of(&outcome.expect(0).json())
}

#[test]
fn a_legacy_sign_in_by_the_cli_serves_sso() {
    if !Client::AwsCli.is_here() {
        return;
    }
    let world = legacy_world();
    aws(&world, ["sso", "login", "--profile", "legacy"])
        .approving_browser()
        .run()
        .expect(0);
    world.sso(["status", "-p", "legacy"]).run().expect(0);
    let keys = from_sso(&world);
    world.server().clear_log();
    let outcome = Client::AwsCli.credentials(&world, Some("legacy")).run();
    assert_eq!(Keys::of(&outcome.expect(0).json()), keys);
    assert_eq!(world.server().count(""), 0);

    world.sso(["logout", "-p", "legacy"]).run().expect(0);
    assert!(!world.token_path(URL).exists());
    let refused = Client::AwsCli.credentials(&world, Some("legacy")).run();
    assert_ne!(refused.code, 0, "{refused:?}");
}

#[test]
fn a_legacy_sign_in_by_sso_serves_every_client() {
    let world = legacy_world();
    world
        .sso(["login", "-p", "legacy"])
        .approving_browser()
        .run()
        .expect(0);
    let shape = super::shape(&world, URL);
    for client in Client::ALL.into_iter().filter(|client| client.is_here()) {
        let outcome = client.credentials(&world, Some("legacy")).run();
        Keys::of(&outcome.expect(0).json());
        client.did(&world, Direction::ReadsLegacyToken);
    }
    if Client::AwsCli.is_here() {
        // The CLI has stored the role; ours finds it.
        world.server().clear_log();
        from_sso(&world);
        assert_eq!(world.server().count(""), 0);

        // And it goes on with our client registration.
        aws(&world, ["sso", "login", "--profile", "legacy"])
            .approving_browser()
            .run()
            .expect(0);
        assert_eq!(world.server().count("RegisterClient"), 0);
        assert_eq!(super::shape(&world, URL), shape);
    }
}
