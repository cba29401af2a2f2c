//! Signing in, signing out, refreshing and fetching at the same time.

use std::time::Duration;

use emulator::{Action, Fault};

use crate::world::aftermath::{all, wait_until};
use crate::world::chance::{Dice, rounds, tell};
use crate::world::{ACCOUNT, ROLE, World};

const REFRESH: &str = "CreateToken:refresh_token";

fn delay(operation: &str, ms: u64) -> Fault {
    Fault::on_operation(operation, Action::Delay(Duration::from_millis(ms)))
}

#[track_caller]
fn assert_signed_out(world: &World) {
    for path in [
        world.token_path("corp"),
        world.role_path("corp", ACCOUNT, ROLE),
        world.role_path("corp", ACCOUNT, "ReadOnlyAccess"),
    ] {
        assert!(!path.exists(), "{} came back", path.display());
    }
    assert!(world.left_overs().is_empty(), "{:?}", world.left_overs());
}

#[test]
fn a_sign_out_waits_for_a_refresh_under_way_and_nothing_comes_back() {
    let world = World::new();
    let old = world.stored_token(-10);
    world.server().fault(delay(REFRESH, 700).after());
    let fetch = world.credentials().start();
    assert!(world.server().wait_for(REFRESH, 1, Duration::from_secs(30)));
    world.sso(["logout"]).run().expect(0).says("signed out");
    assert!(!world.token_path("corp").exists());
    // The caller had its answer from before, or was too late; nothing is stored.
    let code = fetch.finish().code;
    assert!([0, 4].contains(&code), "{code}");
    assert_signed_out(&world);
    assert!(!world.server().is_refreshable(&old.refresh_token.unwrap()));
}

#[test]
fn a_fetch_under_way_delivers_after_a_sign_out_and_stores_nothing() {
    let world = World::new();
    world.stored_token(3600);
    world
        .server()
        .fault(delay("GetRoleCredentials", 700).after());
    let fetch = world.credentials().start();
    let asked = world
        .server()
        .wait_for("GetRoleCredentials", 1, Duration::from_secs(30));
    assert!(asked);
    world.sso(["logout"]).run().expect(0);
    assert_signed_out(&world);
    assert_eq!(fetch.finish().expect(0).json()["AccountId"], ACCOUNT);
    assert_signed_out(&world);
}

#[test]
fn a_fetch_under_way_stores_nothing_after_a_new_sign_in() {
    let world = World::new();
    world.sign_in();
    world
        .server()
        .fault(delay("GetRoleCredentials", 1500).after().times(1));
    let fetch = world.credentials().start();
    let asked = world
        .server()
        .wait_for("GetRoleCredentials", 1, Duration::from_secs(30));
    assert!(asked);
    let again = world.sso(["login", "--force"]).approving_browser();
    again.run().expect(0);
    fetch.finish().expect(0);
    assert!(!world.role_path("corp", ACCOUNT, ROLE).exists());
    world.credentials().run().expect(0);
    assert!(world.role_path("corp", ACCOUNT, ROLE).exists());
}

#[test]
fn a_refresh_whose_token_another_tool_deleted_delivers_and_stores_nothing() {
    let world = World::new();
    world.stored_token(-10);
    world.server().fault(delay(REFRESH, 500).after());
    let fetch = world.credentials().start();
    assert!(world.server().wait_for(REFRESH, 1, Duration::from_secs(30)));
    std::fs::remove_file(world.token_path("corp")).unwrap();
    fetch.finish().expect(0);
    assert_signed_out(&world);
}

#[test]
fn a_refresh_whose_file_another_tool_broke_meanwhile_repairs_it() {
    let world = World::new();
    world.stored_token(-10);
    world.server().fault(delay(REFRESH, 500).after());
    let fetch = world.credentials().start();
    assert!(world.server().wait_for(REFRESH, 1, Duration::from_secs(30)));
    // The server has spent the old refresh token, so the new one is all there is.
    std::fs::write(world.token_path("corp"), "{\"startUrl\": ").unwrap();
    fetch.finish().expect(0);
    world.sso(["status", "-q"]).run().expect(0);
    world.assert_whole();
}

#[test]
fn callers_during_a_sign_in_exit_4_and_say_so_and_other_sign_ins_share_it() {
    let world = World::new();
    // The browser shows the page, and nobody approves yet.
    let first = world.sso(["login"]).browser("open").start();
    wait_until("the sign-in has its lock", || {
        let outcome = world.credentials().run().expect(4);
        outcome.stderr.contains("is in progress")
    });
    let mut second = world.sso(["login"]).browser("open").start();
    second.wait_until_it_says("has begun");
    first.signal(nix::sys::signal::Signal::SIGTERM, false);
    assert_eq!(first.finish().code, 143);
    // Its turn came with the end of the first one. Somebody else's sign-in serves it, too.
    second.signal(nix::sys::signal::Signal::SIGTERM, false);
    assert_eq!(second.finish().code, 143);
    let runs = (0..4).map(|_| world.sso(["login"]).approving_browser());
    for outcome in all(runs) {
        outcome.expect(0);
    }
    assert_eq!(world.server().count("CreateToken:authorization_code"), 1);
}

const ROLES: [(&str, &str); 2] = [(ACCOUNT, ROLE), (ACCOUNT, "ReadOnlyAccess")];

#[test]
fn a_mixture_of_everything_never_goes_back_and_ends_signed_out() {
    let dice = Dice::new("a_mixture_of_everything");
    for round in 0..rounds(1) {
        episode(&mut dice.of_round(round));
    }
}

fn episode(dice: &mut Dice) {
    let world = World::new();
    world.sign_in();
    let mut asked = Asked::default();
    let seen = world.watched(&ROLES, || {
        for _ in 0..3 {
            mix(&world, dice, &mut asked);
        }
    });
    world.assert_whole();
    let sign_ins = world.server().count("CreateToken:authorization_code");
    assert!(sign_ins <= 1 + asked.sign_ins, "{sign_ins} for {asked:?}");
    let ended = world.server().count("Logout");
    assert!(ended <= asked.sign_outs, "{ended} for {asked:?}");
    tell(&format!(
        "{asked:?}, {sign_ins} sign-ins of which number {seen} was the last seen, {ended} ended"
    ));
    world.sso(["login"]).approving_browser().run().expect(0);
    world.credentials().run().expect(0);
    assert!(world.left_overs().is_empty(), "{:?}", world.left_overs());
    let fetches = (0..30).map(|number| match number % 10 {
        5 => world.sso(["logout"]),
        _ => world.sso(["credential-process", "-p", "dev", "-r", "ReadOnlyAccess"]),
    });
    for outcome in all(fetches) {
        assert!([0, 4].contains(&outcome.code), "{outcome:#?}");
    }
    assert_signed_out(&world);
}

/// What the callers of a mixture may have asked of the server.
#[derive(Debug, Default)]
struct Asked {
    sign_ins: u64,
    sign_outs: u64,
}

fn mix(world: &World, dice: &mut Dice, asked: &mut Asked) {
    // Some rounds have tokens that must be refreshed, again and again.
    let lifetime = dice.one_of(&[1, 300, 300, 28_800]);
    world
        .server()
        .configure(|options| options.access_token_seconds = lifetime);
    world.server().clear_faults();
    if dice.below(2) == 0 {
        let operation = dice.one_of(&["CreateToken", "GetRoleCredentials", "Logout"]);
        world
            .server()
            .fault(delay(operation, dice.below(80)).after());
    }
    let mut running = Vec::new();
    for _ in 0..40 {
        let run = match dice.below(10) {
            0 => {
                (asked.sign_ins, asked.sign_outs) = (asked.sign_ins + 1, asked.sign_outs + 1);
                world.sso(["login", "--force"]).approving_browser()
            }
            1 => {
                asked.sign_outs += 1;
                world.sso(["logout"])
            }
            2 | 3 => {
                asked.sign_ins += 1;
                world.sso(["login"]).approving_browser()
            }
            4 | 5 => world.sso(["credential-process", "-p", "dev", "-r", "ReadOnlyAccess"]),
            6 => world.sso(["env", "-p", "dev", "--shell", "sh"]),
            _ => world.credentials(),
        };
        running.push(run.start());
        // Not all at the very same moment: who comes later meets other states.
        if dice.below(4) == 0 {
            std::thread::sleep(Duration::from_millis(dice.below(60)));
        }
    }
    for outcome in running.into_iter().map(|one| one.finish()) {
        assert!([0, 4].contains(&outcome.code), "{outcome:#?}");
    }
    world.assert_no_token_spent_twice();
}
