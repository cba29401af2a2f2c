//! Clients know nothing of our locks: they refresh at the same moment, and the emulator's
//! refresh tokens, like any that rotate, are good for one of the two.

use std::time::Duration;

use emulator::{Action, Fault};

use super::{Client, Judged, world};
use crate::world::World;

const REFRESH: &str = "CreateToken:refresh_token";

/// Lets whatever is started first win the refresh, and learn of it only a moment after the
/// other was refused.
fn slow_winner(world: &World) {
    let delay = Action::Delay(Duration::from_millis(150));
    let fault = Fault::on_operation(REFRESH, delay);
    world.server().fault(fault.after().times(1));
}

fn sso_takes_over(client: Client) {
    if !client.is_here() {
        return;
    }
    let world = world();
    world.sign_in();
    world.expire_token();
    slow_winner(&world);
    let winner = client.credentials(&world, Some("dev")).start();
    assert!(world.server().wait_for(REFRESH, 1, Duration::from_secs(60)));
    world.by_sso();
    winner.finish().expect(0);
    assert!(world.refreshes() <= 2);
    world.sso(["status", "--quiet"]).run().expect(0);
}

fn a_loser_does_no_harm(client: Client) {
    if !client.is_here() {
        return;
    }
    let world = world();
    world.sign_in();
    world.expire_token();
    // Long enough for the other to start and to be refused.
    let delay = Action::Delay(Duration::from_secs(3));
    let fault = Fault::on_operation(REFRESH, delay);
    world.server().fault(fault.after().times(1));
    let winner = world.sso(["credential-process", "-p", "dev"]).start();
    assert!(world.server().wait_for(REFRESH, 1, Duration::from_secs(60)));
    let loser = client.credentials(&world, Some("dev")).start();
    winner.finish().expect(0);
    loser.finish();
    world.forget_role();
    world.by_sso();
    world.by_client(client);
    world.sso(["status", "--quiet"]).run().expect(0);
}

each_client!(sso_takes_over);
each_client!(a_loser_does_no_harm);
