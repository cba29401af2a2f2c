//! boto3 and `sso` on one cache.

use super::{Client, Judged, world};
use crate::compat::Direction;

#[test]
fn boto3_uses_and_refreshes_what_sso_has_signed_in() {
    if !Client::Boto3.is_here() {
        return;
    }
    let world = world();
    world.sign_in();
    let outcome = Client::Boto3.credentials(&world, Some("dev")).run();
    assert_eq!(outcome.expect(0).json()["Provider"], "sso");
    let written = super::shape(&world, "corp");

    world.expire_token();
    world.by_client(Client::Boto3);
    assert_eq!(world.refreshes(), 1);
    assert_eq!(super::shape(&world, "corp"), written);
    world.by_sso();
    assert_eq!(world.refreshes(), 1);

    world.expire_token();
    world.forget_role();
    world.by_sso();
    assert_eq!(world.refreshes(), 2);
    world.by_client(Client::Boto3);
    assert_eq!(world.refreshes(), 2);

    world.sso(["logout"]).run().expect(0);
    let refused = Client::Boto3.credentials(&world, Some("dev")).run();
    assert_ne!(refused.code, 0, "{refused:?}");
    for direction in [
        Direction::ReadsToken,
        Direction::Refreshes,
        Direction::AfterRefresh,
    ] {
        Client::Boto3.did(&world, direction);
    }
}
