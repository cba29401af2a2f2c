//! The portal refuses the token: re-read, refresh once, and delete only what is of no use.

use std::time::Duration;

use emulator::{Action, Fault, MintedSession};

use super::{FETCH, REFRESH, exception, page};
use crate::world::aftermath::CLOSED;
use crate::world::{Stored, World};

fn store(world: &World, minted: MintedSession, registration_in: i64) {
    let stored = Stored {
        minted,
        expires_in: 3600,
        registration_in,
    };
    world.write_token("corp", &stored);
}

/// A world whose token looks good and is revoked.
fn revoked() -> (World, MintedSession) {
    let world = World::new();
    let minted = world.stored_token(3600);
    world.server().revoke_access(&minted.access_token);
    (world, minted)
}

#[test]
fn a_refused_token_is_refreshed_once_and_the_fetch_succeeds() {
    let (world, _) = revoked();
    world.credentials().run().expect(0);
    assert_eq!(world.server().count(REFRESH), 1);
    assert_eq!(world.server().count(FETCH), 2);
}

#[test]
fn a_portal_that_refuses_every_token_costs_one_refresh_and_not_the_session() {
    let refusal = exception(401, "UnauthorizedException", r#"{"message":"no"}"#);
    for expires_in in [3600, -10] {
        let world = World::new();
        world.stored_token(expires_in);
        world
            .server()
            .fault(Fault::on_operation(FETCH, refusal.clone()));
        let outcome = world.credentials().run().expect(4);
        outcome.says("hint: sso login corp --force");
        assert_eq!(world.server().count(REFRESH), 1);
        assert!(world.token_path("corp").exists());
    }
}

#[test]
fn a_refused_token_that_another_tool_has_replaced_is_read_again() {
    let (world, _) = revoked();
    world
        .server()
        .fault(Fault::on_operation(FETCH, Action::Delay(Duration::from_millis(500))).times(1));
    let fetch = world.credentials().start();
    assert!(world.server().wait_for(FETCH, 1, Duration::from_secs(30)));
    world.stored_token(3600);
    fetch.finish().expect(0);
    assert_eq!(world.server().count(REFRESH), 0);
}

/// What makes a refused token one that nothing can renew.
type Preparation = fn(&World, &MintedSession);

#[test]
fn a_refused_token_that_nothing_can_renew_is_deleted_so_that_a_sign_in_works() {
    let without_refresh_token = |world: &World, minted: &MintedSession| {
        let minted = MintedSession {
            refresh_token: None,
            ..minted.clone()
        };
        store(world, minted, 3600);
    };
    let expired_registration =
        |world: &World, minted: &MintedSession| store(world, minted.clone(), -10);
    let dead_refresh_token =
        |world: &World, _: &MintedSession| world.server().revoke_refresh_tokens();
    let forgotten_client = |world: &World, _: &MintedSession| world.server().forget_clients();
    let cases: [(&str, Preparation, u64); 4] = [
        ("no refresh token", without_refresh_token, 0),
        ("an expired registration", expired_registration, 0),
        ("invalid_grant", dead_refresh_token, 1),
        ("invalid_client", forgotten_client, 1),
    ];
    for (name, prepare, refreshes) in cases {
        let (world, minted) = revoked();
        prepare(&world, &minted);
        world
            .credentials()
            .run()
            .expect(4)
            .says("hint: sso login corp");
        assert!(!world.token_path("corp").exists(), "{name}");
        assert_eq!(world.server().count(REFRESH), refreshes, "{name}");
        world.sign_in();
        world.credentials().run().expect(0);
    }
}

#[test]
fn every_other_refusal_deletes_nothing() {
    let network_down = |world: &World| {
        let run = world.credentials().env("AWS_ENDPOINT_URL_SSO_OIDC", CLOSED);
        run.run().expect(1)
    };
    let (world, _) = revoked();
    network_down(&world).says("could not be reached");
    assert!(world.token_path("corp").exists());
    world.credentials().run().expect(0);

    for action in [
        page(401),
        exception(401, "", r#"{"message":"who?"}"#),
        exception(401, "ProxyException", "{}"),
    ] {
        let world = World::new();
        let mut minted = world.stored_token(3600);
        minted.refresh_token = None;
        store(&world, minted, 3600);
        world.server().fault(Fault::on_operation(FETCH, action));
        world.credentials().run().expect(1);
        assert!(world.token_path("corp").exists());
        assert_eq!(world.server().count(REFRESH), 0);
    }
}

#[test]
fn a_refused_token_that_cannot_be_deleted_for_now_stays_for_its_owner() {
    // Another process has the session's lock: it may be replacing the very token.
    let (world, mut minted) = revoked();
    minted.refresh_token = None;
    store(&world, minted, 3600);
    let _lock = world.hold("token", &world.token_path("corp"));
    let run = world.credentials().env("SSO_TIMEOUT", "1");
    run.run().expect(4);
    assert!(world.token_path("corp").exists());
}
