//! boto3 and `sso` on one cache.

use super::{Client, Judged, Keys, world};

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
}

#[test]
fn inside_exec_boto3_uses_the_same_keys() {
    if !Client::Boto3.is_here() {
        return;
    }
    let world = world();
    world.sign_in();
    let keys = world.by_sso();
    world.server().clear_log();
    // A profile that is set outside must not win over the keys.
    let outcome = world
        .sso(["exec", "-p", "dev", "--"])
        .args(Client::Boto3.command())
        .env("AWS_PROFILE", "nowhere")
        .run()
        .expect(0);
    let inside = outcome.json();
    assert_eq!(Keys::of(&inside), keys);
    assert_eq!(inside["Provider"], "env");
    assert_eq!(inside["AccountId"], crate::world::ACCOUNT);
    assert_eq!(world.server().count(""), 0);
}
