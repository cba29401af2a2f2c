//! Clients know nothing of our locks: they refresh at the same moment, and the emulator's
//! refresh tokens, like any that rotate, are good for one of the two.

use std::time::Duration;

use emulator::{Action, Fault};

use super::{Client, Judged, sandbox};
use crate::fixture::Sandbox;

const REFRESH: &str = "CreateToken:refresh_token";

/// Lets whatever is started first win the refresh, and learn of it only a moment after the
/// other was refused.
fn slow_winner(sandbox: &Sandbox) {
    let delay = Action::Delay(Duration::from_millis(150));
    let fault = Fault::on_operation(REFRESH, delay);
    sandbox.server().fault(fault.after().times(1));
}

fn sso_takes_over(client: Client) {
    if !client.is_available() {
        return;
    }
    let sandbox = sandbox();
    sandbox.sign_in();
    sandbox.expire_token();
    slow_winner(&sandbox);
    let winner = client.credentials(&sandbox, Some("dev")).start();
    assert!(
        sandbox
            .server()
            .wait_for(REFRESH, 1, Duration::from_secs(60))
    );
    sandbox.by_sso();
    winner.finish().expect(0);
    assert!(sandbox.refreshes() <= 2);
    sandbox.sso(["status", "--quiet"]).run().expect(0);
}

fn a_loser_does_no_harm(client: Client) {
    if !client.is_available() {
        return;
    }
    let sandbox = sandbox();
    sandbox.sign_in();
    sandbox.expire_token();
    // Long enough for the other to start and to be refused.
    let delay = Action::Delay(Duration::from_secs(3));
    let fault = Fault::on_operation(REFRESH, delay);
    sandbox.server().fault(fault.after().times(1));
    let winner = sandbox.sso(["credential-process", "-p", "dev"]).start();
    assert!(
        sandbox
            .server()
            .wait_for(REFRESH, 1, Duration::from_secs(60))
    );
    let loser = client.credentials(&sandbox, Some("dev")).start();
    winner.finish().expect(0);
    loser.finish();
    sandbox.forget_role();
    sandbox.by_sso();
    sandbox.by_client(client);
    sandbox.sso(["status", "--quiet"]).run().expect(0);
}

each_client!(sso_takes_over);
each_client!(a_loser_does_no_harm);
