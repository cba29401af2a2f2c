//! Many processes, one listing; and what is kept when one of them is killed.

use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use emulator::{Action, Fault};
use nix::sys::signal::Signal;
use serde_json::Value;

use super::{LIST, ROLES, head, organization, rows};
use crate::world::aftermath::{all, timed};
use crate::world::{Outcome, World};

fn slowly(world: &World, operation: &str, ms: u64) {
    let slow = Action::Delay(Duration::from_millis(ms));
    world.server().fault(Fault::on_operation(operation, slow));
}

#[test]
fn many_at_once_share_one_listing() {
    let world = World::new();
    world.stored_token(3600);
    slowly(&world, LIST, 1500);
    let outcomes = all((0..20).map(|_| world.sso(["roles", "--refresh", "--json"])));
    let outcomes: Vec<Outcome> = outcomes.into_iter().map(|one| one.expect(0)).collect();
    assert!(outcomes.iter().all(|one| one.stdout == outcomes[0].stdout));
    assert_eq!(world.server().count(LIST), 1);
    assert_eq!(world.server().count(ROLES), 7);
    // Whoever comes later asks anew.
    world.server().clear_faults();
    world.sso(["roles", "--refresh"]).run().expect(0);
    assert_eq!(world.server().count(LIST), 2);
}

#[test]
fn those_who_wait_share_what_is_missing_as_well() {
    let world = World::new();
    world.stored_token(3600);
    slowly(&world, LIST, 1500);
    let gone = super::refusal(403, "ForbiddenException");
    world
        .server()
        .fault(Fault::on_operation(ROLES, gone).times(1));
    let outcomes = all((0..10).map(|_| world.sso(["roles", "--refresh", "--tsv"])));
    for outcome in outcomes {
        outcome.expect(1).says("1 account of 7 could not be read");
    }
    assert_eq!(world.server().count(LIST), 1);
}

#[test]
fn those_who_wait_share_a_failure() {
    let world = World::new();
    world.stored_token(3600);
    let failure = super::refusal(400, "InvalidRequestException");
    world.server().fault(Fault::on_operation(LIST, failure));
    slowly(&world, LIST, 1500);
    let outcomes = all((0..10).map(|_| world.sso(["roles"])));
    for outcome in outcomes {
        outcome.expect(1).says("the service refused the request");
    }
    assert_eq!(world.server().count(LIST), 1);
}

#[test]
fn a_part_is_asked_for_while_somebody_lists_everything() {
    let world = World::new();
    world.stored_token(3600);
    let lock = world.hold("inventory", &world.token_path("corp"));
    let words = ["roles", "-a", "111122223333", "--jsonl"];
    let (outcome, took) = timed(|| world.sso(words).run().expect(0));
    assert_eq!((rows(&outcome), outcome.stderr.as_str()), (2, ""));
    assert!(took < Duration::from_secs(5), "{took:?}");
    world.sso(["accounts"]).run().expect(0);
    assert!(!world.inventory_path().exists());
    // Everything waits, and says for whom.
    let run = world.sso(["roles"]).env("SSO_TIMEOUT", "0.1");
    let outcome = run.run().expect(1);
    outcome
        .says("which is listing already")
        .says("has been listing the accounts and roles for too long");
    drop(lock);
    world.sso(["roles"]).run().expect(0);
}

#[test]
fn killed_at_any_moment_what_is_kept_is_old_or_new() {
    let world = organization(12);
    world.listed(600);
    let before = head(&world);
    world.server().fill_accounts(14, 1);
    for ms in [5, 30, 60, 120, 250, 400, 600, 650, 700] {
        let running = world.sso(["roles", "--refresh"]).own_group().start();
        std::thread::sleep(Duration::from_millis(ms));
        running.signal(Signal::SIGKILL, true);
        running.finish();
        let text = std::fs::read_to_string(world.inventory_path()).unwrap();
        let now: Value = head(&world);
        assert!(now == before || now["accounts"] == 14, "{now}");
        let lines = 1 + usize::try_from(now["accounts"].as_u64().unwrap()).unwrap();
        assert_eq!(text.lines().count(), lines);
    }
    world.sso(["roles", "--refresh"]).run().expect(0);
    assert_eq!(head(&world)["accounts"], 14);
    let directory = world.inventory_path();
    let directory = directory.parent().unwrap();
    assert_eq!(std::fs::read_dir(directory).unwrap().count(), 1);
}

#[test]
fn what_is_kept_is_private_and_of_one_start_url() {
    let world = World::new();
    world.stored_token(3600);
    world.sso(["roles"]).run().expect(0);
    let path = world.inventory_path();
    let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&path), 0o600);
    assert_eq!(mode(path.parent().unwrap()), 0o700);
    let bytes = std::fs::read(&path).unwrap();
    // Another configuration says `corp` as well.
    let config = std::fs::read_to_string(world.home().join(".aws/config")).unwrap();
    world.config(&config.replace("https://corp.", "https://other."));
    world.sso(["roles"]).run().expect(4);
    world.config(&config);
    // A sign-out ends the session, and what is known stays.
    world.sso(["logout"]).run().expect(0);
    assert_eq!(std::fs::read(&path).unwrap(), bytes);
    world.sso(["roles"]).run().expect(0).says("ago");
}

#[test]
fn a_file_that_is_no_inventory_is_as_good_as_none() {
    let world = World::new();
    world.stored_token(3600);
    world.sso(["roles"]).run().expect(0);
    let path = world.inventory_path();
    let whole = std::fs::read(&path).unwrap();
    let half = whole[..whole.len() / 2].to_vec();
    let other_form = String::from_utf8(whole)
        .unwrap()
        .replace("\"form\":1", "\"form\":2");
    for bytes in [half, other_form.into_bytes(), Vec::new(), vec![0xff; 100]] {
        std::fs::write(&path, bytes).unwrap();
        let outcome = world.sso(["roles", "--jsonl"]).run().expect(0);
        assert_eq!((rows(&outcome), outcome.stderr.as_str()), (9, ""));
    }
    std::fs::remove_file(&path).unwrap();
    std::fs::create_dir(&path).unwrap();
    world
        .sso(["roles"])
        .run()
        .expect(0)
        .says("are not stored in");
}

#[test]
fn many_who_write_the_profiles_write_them_once() {
    let (world, alone) = (World::new(), World::new());
    world.stored_token(3600);
    alone.stored_token(3600);
    alone.sso(["populate"]).run().expect(0);
    for outcome in all((0..12).map(|_| world.sso(["populate"]))) {
        outcome.expect(0);
    }
    let config = |world: &World| std::fs::read(world.home().join(".aws/config")).unwrap();
    assert_eq!(config(&world), config(&alone));
}
