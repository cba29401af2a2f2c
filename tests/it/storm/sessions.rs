//! A hundred callers whose token the portal refuses, at a portal that wants fewer, or who sign
//! in and out.

use std::time::Duration;

use emulator::{Action, Fault, MintedSession};

use super::{CROWD, REFRESH, all_end_with, distinct, repeatedly, reply};
use crate::world::aftermath::{all, timed};
use crate::world::{ACCOUNT, Stored, World};
const FETCH: &str = "GetRoleCredentials";

/// A world whose token has all its time, and which the portal does not accept.
fn revoked(refreshable: bool) -> World {
    let world = World::new();
    let minted = world.stored_token(3600);
    world.server().revoke_access(&minted.access_token);
    if !refreshable {
        let minted = MintedSession {
            refresh_token: None,
            ..minted
        };
        let stored = Stored {
            minted,
            expires_in: 3600,
            registration_in: 3600,
        };
        world.write_token("corp", &stored);
    }
    world
}

/// An answer takes long enough for the crowd to gather in front of it.
fn slow(world: &World, operation: &str) {
    let wait = Action::Delay(Duration::from_millis(1000));
    world.server().fault(Fault::on_operation(operation, wait));
}

#[test]
fn a_revoked_token_is_refreshed_once_for_a_hundred_callers() {
    repeatedly(|| {
        let world = revoked(true);
        let outcomes = all((0..CROWD).map(|_| world.credentials()));
        let outcomes: Vec<_> = outcomes.into_iter().map(|one| one.expect(0)).collect();
        assert_eq!(distinct(&outcomes).len(), 1);
        assert_eq!(world.server().count(REFRESH), 1);
        // The one that was refused, and the one that was not.
        assert_eq!(world.server().count(FETCH), 2);
        world.assert_whole();
    });
}

#[test]
fn a_revoked_token_of_ten_roles_is_refreshed_once() {
    repeatedly(|| {
        let world = revoked(true);
        slow(&world, FETCH);
        for role in 0..10 {
            world.server().assign(ACCOUNT, &format!("Role{role}"));
        }
        let outcomes = all((0..CROWD).map(|number| {
            let role = format!("Role{}", number % 10);
            world.sso(["credential-process", "-p", "dev", "-r", &role])
        }));
        let outcomes: Vec<_> = outcomes.into_iter().map(|one| one.expect(0)).collect();
        assert_eq!(distinct(&outcomes).len(), 10);
        assert_eq!(world.server().count(REFRESH), 1);
        let fetches = world.server().count(FETCH);
        assert!((11..=20).contains(&fetches), "{fetches} fetches");
    });
}

#[test]
fn a_revoked_token_that_nothing_renews_is_refused_once_and_gone_for_all() {
    repeatedly(|| {
        let world = revoked(false);
        slow(&world, FETCH);
        let outcomes = all((0..CROWD).map(|_| world.credentials()));
        all_end_with(outcomes, 4, "hint: sso login corp");
        assert_eq!(world.server().count(FETCH), 1);
        assert_eq!(world.server().count(REFRESH), 0);
        assert!(!world.token_path("corp").exists());
        world.sign_in();
        world.credentials().run().expect(0);
    });
}

#[test]
fn a_revoked_token_with_a_dead_refresh_token_costs_one_request_of_each() {
    repeatedly(|| {
        let world = revoked(true);
        world.server().revoke_refresh_tokens();
        slow(&world, REFRESH);
        let outcomes = all((0..CROWD).map(|_| world.credentials()));
        all_end_with(outcomes, 4, "hint: sso login corp");
        assert_eq!(world.server().count(FETCH), 1);
        assert_eq!(world.server().count(REFRESH), 1);
        assert!(!world.token_path("corp").exists());
    });
}

#[test]
fn a_throttling_portal_serves_a_hundred_callers_of_ten_roles_in_the_end() {
    repeatedly(|| {
        let world = World::new();
        world.stored_token(3600);
        world.server().set_rate(6.0, 2.0);
        for role in 0..10 {
            world.server().assign(ACCOUNT, &format!("Role{role}"));
        }
        let outcomes = all((0..CROWD).map(|number| {
            let role = format!("Role{}", number % 10);
            world.sso(["credential-process", "-p", "dev", "-r", &role])
        }));
        for outcome in outcomes {
            outcome.expect(0);
        }
        // Six attempts are the most for one fetch, and only ten of them fetch.
        let asked = world.server().count(FETCH);
        assert!((10..=60).contains(&asked), "{asked} requests");
    });
}

#[test]
fn a_portal_that_only_throttles_fails_a_hundred_callers_within_one_deadline() {
    repeatedly(|| {
        let world = World::new();
        world.stored_token(3600);
        let busy = reply(429, "TooManyRequestsException");
        world.server().fault(Fault::on_operation(FETCH, busy));
        let run = || world.credentials().env("SSO_TIMEOUT", "3");
        let (outcomes, wall) = timed(|| all((0..CROWD).map(|_| run())));
        all_end_with(outcomes, 1, "the portal asked for fewer requests");
        // Whoever comes while others wait has their result, whoever comes later its own.
        let asked = world.server().count(FETCH);
        assert!(asked < CROWD as u64, "{asked} requests");
        let bound = Duration::from_secs(6) + world.spawning();
        assert!(wall < bound, "{wall:?}, but {bound:?} are enough");
    });
}

#[test]
fn a_hundred_sign_ins_are_one_and_so_are_a_hundred_sign_outs() {
    repeatedly(|| {
        let world = World::new();
        let run = || world.sso(["login"]).approving_browser();
        for outcome in all((0..CROWD).map(|_| run())) {
            outcome.expect(0);
        }
        assert_eq!(world.server().count("CreateToken"), 1);
        assert_eq!(world.server().count("RegisterClient"), 1);
        world.credentials().run().expect(0);
        for outcome in all((0..CROWD).map(|_| world.sso(["logout"]))) {
            outcome.expect(0);
        }
        assert_eq!(world.server().count("Logout"), 1);
        assert_eq!(world.files(".aws/cli/cache"), []);
        assert!(!world.token_path("corp").exists());
    });
}
