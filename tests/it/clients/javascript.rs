//! The AWS SDK for JavaScript and `sso` on one cache. It writes the token in a form of its
//! own: indented, with fractions of seconds, and with whatever else was there.

use super::{Client, Judged, world};
use crate::compat::Direction;

#[test]
fn the_sdk_uses_and_refreshes_what_sso_has_signed_in() {
    if !Client::JavaScript.is_here() {
        return;
    }
    let world = world();
    world.sign_in();
    world.by_client(Client::JavaScript);

    // Somebody's own member is kept by this SDK, and minded by nobody.
    let path = world.token_path("corp");
    let mut token = world.read_json(&path);
    token["receivedAt"] = "2026-01-01T00:00:00.5Z".into();
    token["nested"] = serde_json::json!({ "deep": [1, null, true] });
    world.write_file(&path, token.to_string().as_bytes());
    world.expire_token();
    world.by_client(Client::JavaScript);
    assert_eq!(world.refreshes(), 1);
    let text = std::fs::read_to_string(&path).unwrap();
    let token = world.read_json(&path);
    let expires = token["expiresAt"].as_str().unwrap();
    assert!(expires.contains('.') && text.contains("\n  "), "{expires}");
    assert!(token["nested"].is_object());

    world.sso(["status"]).run().expect(0);
    world.by_sso();
    assert_eq!(world.refreshes(), 1);

    world.expire_token();
    world.forget_role();
    world.by_sso();
    assert_eq!(world.refreshes(), 2);
    let token = world.read_json(&path);
    assert!(!token["expiresAt"].as_str().unwrap().contains('.'));
    world.by_client(Client::JavaScript);
    assert_eq!(world.refreshes(), 2);
    for direction in [
        Direction::ReadsToken,
        Direction::Refreshes,
        Direction::AfterRefresh,
    ] {
        Client::JavaScript.did(&world, direction);
    }
}

#[test]
fn the_cli_takes_over_from_the_sdk_by_way_of_sso() {
    if !Client::JavaScript.is_here() || !Client::AwsCli.is_here() {
        return;
    }
    let world = world();
    world.sign_in();
    let written = super::shape(&world, "corp");
    world.expire_token();
    world.by_client(Client::JavaScript);
    assert_ne!(super::shape(&world, "corp"), written);
    let keys = world.by_sso();
    assert_eq!(world.by_client(Client::AwsCli), keys);
    world.expire_token();
    world.forget_role();
    world.by_sso();
    assert_eq!(world.refreshes(), 2);
    assert_eq!(super::shape(&world, "corp"), written);
}
