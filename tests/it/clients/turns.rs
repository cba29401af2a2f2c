//! One session that `sso` and each client use and refresh in turn. What a client writes into
//! the token file has a form of its own, and all of them are read.

use emulator::{Options, RefreshMode};
use serde_json::json;

use super::{Client, Judged, world};
use crate::compat::Direction;
use crate::world::{ACCOUNT, ROLE, World, stamp};

fn left(world: &World, seconds: i64) {
    let path = world.token_path("corp");
    let mut token = world.read_json(&path);
    token["expiresAt"] = stamp(seconds).into();
    world.write_file(&path, token.to_string().as_bytes());
}

/// The client gets credentials by the token, which it shows before where it has a way to.
#[track_caller]
fn uses(world: &World, client: Client) {
    if client != Client::AwsCli {
        let outcome = client.token(world, "dev").run().expect(0);
        let stored = &world.read_json(&world.token_path("corp"))["accessToken"];
        assert_eq!(outcome.json()["Token"], *stored);
    }
    // The CLI would take the role credentials that `sso` has stored.
    let _ = std::fs::remove_file(world.role_path("corp", ACCOUNT, ROLE));
    world.by_client(client);
}

/// `sso` does, on what the client has left, and has no need to refresh.
#[track_caller]
fn goes_on(world: &World, refreshes: u64) {
    assert_eq!(world.refreshes(), refreshes);
    let status = world.sso(["status", "--json"]).run().expect(0).json();
    assert!(status.to_string().contains("\"valid\""), "{status}");
    let login = world.sso(["login"]).run();
    login.expect(0).says("already signed in");
    world.by_sso();
    assert_eq!(world.refreshes(), refreshes);
}

/// `sso` refreshes.
#[track_caller]
fn by_sso(world: &World, refreshes: u64) {
    world.expire_token();
    let _ = std::fs::remove_file(world.role_path("corp", ACCOUNT, ROLE));
    world.by_sso();
    assert_eq!(world.refreshes(), refreshes);
}

fn uses_a_sign_in(client: Client) {
    if !client.is_here() {
        return;
    }
    let world = world();
    world.sign_in();
    let written = std::fs::read(world.token_path("corp")).unwrap();
    world.server().clear_log();
    uses(&world, client);
    assert_eq!(world.server().count("GetRoleCredentials"), 1);
    assert_eq!(world.server().count(""), 1);
    assert_eq!(std::fs::read(world.token_path("corp")).unwrap(), written);
    client.did(&world, Direction::ReadsToken);

    world.sso(["logout"]).run().expect(0);
    let refused = client.credentials(&world, Some("dev")).run();
    assert_ne!(refused.code, 0, "{refused:?}");
}

/// The emulator's refresh tokens are spent by their use, so whoever went on with one that
/// the other has used would be refused.
fn takes_turns(client: Client) {
    if !client.is_here() {
        return;
    }
    let world = world();
    world.sign_in();
    left(&world, 60);
    uses(&world, client);
    if client == Client::Go {
        // It waits until there is nothing left.
        assert_eq!(world.refreshes(), 0);
        world.expire_token();
        uses(&world, client);
    }
    goes_on(&world, 1);
    client.did(&world, Direction::Refreshes);

    by_sso(&world, 2);
    uses(&world, client);
    assert_eq!(world.refreshes(), 2);
    client.did(&world, Direction::AfterRefresh);

    world.expire_token();
    uses(&world, client);
    goes_on(&world, 3);
    by_sso(&world, 4);
}

/// What the client makes of a file with more in it than it needs, `sso` can read, and brings
/// into the form again that it had.
fn has_a_form_of_its_own(client: Client) {
    if !client.is_here() {
        return;
    }
    let world = world();
    world.sign_in();
    let path = world.token_path("corp");
    let form = super::shape(&world, "corp");
    let mut token = world.read_json(&path);
    token["receivedAt"] = "2026-01-01T00:00:00.5Z".into();
    token["nested"] = json!({ "deep": [1, null, true] });
    let pretty = serde_json::to_string_pretty(&token).unwrap();
    world.write_file(&path, pretty.as_bytes());
    world.expire_token();
    uses(&world, client);
    goes_on(&world, 1);

    // What is known of each, so that this test is seen to test something.
    let token = world.read_json(&path);
    let has_fractions = token["expiresAt"].as_str().unwrap().contains('.');
    let keeps_more = token["nested"].is_object();
    let of_many_lines = std::fs::read_to_string(&path).unwrap().lines().count() > 1;
    let (fractions, more, lines) = match client {
        Client::AwsCli | Client::Boto3 => (false, false, false),
        Client::JavaScript => (true, true, true),
        Client::Go => (false, true, false),
        Client::Rust | Client::Java => (true, false, false),
    };
    assert_eq!(
        (has_fractions, keeps_more, of_many_lines),
        (fractions, more, lines)
    );

    by_sso(&world, 2);
    assert_eq!(super::shape(&world, "corp"), form);
    uses(&world, client);
    assert_eq!(world.refreshes(), 2);
}

/// A server may give no new refresh token when it refreshes (RFC 6749 §6), and the clients
/// disagree about what then becomes of the old one.
fn may_lose_the_refresh_token(client: Client) {
    if !client.is_here() {
        return;
    }
    let world = world();
    world.sign_in();
    let omit = |options: &mut Options| options.refresh_mode = RefreshMode::Omit;
    world.server().configure(omit);
    by_sso(&world, 1);
    world.expire_token();
    uses(&world, client);
    goes_on(&world, 2);
    let token = world.read_json(&world.token_path("corp"));
    let keeps_it = token["refreshToken"].is_string();
    assert_eq!(keeps_it, client == Client::Rust, "{client:?}");
    if keeps_it {
        return by_sso(&world, 3);
    }
    world.expire_token();
    world.forget_role();
    world
        .credentials()
        .run()
        .expect(4)
        .says("hint: sso login corp");
    assert_eq!(world.refreshes(), 2);
    world.sign_in();
    by_sso(&world, 3);
}

#[test]
fn the_cli_takes_over_from_an_sdk_by_way_of_sso() {
    if !Client::JavaScript.is_here() || !Client::AwsCli.is_here() {
        return;
    }
    let world = world();
    world.sign_in();
    world.expire_token();
    world.by_client(Client::JavaScript);
    let keys = world.by_sso();
    assert_eq!(world.by_client(Client::AwsCli), keys);
}

each_client!(uses_a_sign_in);
each_client!(takes_turns);
each_client!(may_lose_the_refresh_token);
each_client!(has_a_form_of_its_own);
