//! Concurrent refreshes by `sso` and a client. Clients do not take the locks of `sso`, and a
//! rotating refresh token works for only one of the two.

use std::time::Duration;

use emulator::{Action, Fault};

use super::{Client, SharedSession, sandbox};
use crate::fixture::Sandbox;

const REFRESH: &str = "CreateToken:refresh_token";

/// Delays the response to the first refresh, so that the winner learns of it only after the
/// other process was refused.
fn slow_winner(sandbox: &Sandbox) {
    let delay = Action::Delay(Duration::from_millis(150));
    let fault = Fault::on_operation(REFRESH, delay);
    sandbox.server().fault(fault.after().times(1));
}

fn sso_uses_the_result_of_the_winner(client: Client) {
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
    sandbox.credentials_from_sso();
    winner.finish().expect(0);
    assert!(sandbox.refresh_count() <= 2);
    sandbox.sso(["status", "--quiet"]).run().expect(0);
}

fn a_losing_client_does_no_harm(client: Client) {
    if !client.is_available() {
        return;
    }
    let sandbox = sandbox();
    sandbox.sign_in();
    sandbox.expire_token();
    // Long enough for the client to start and to be refused.
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
    sandbox.delete_role_file();
    sandbox.credentials_from_sso();
    sandbox.credentials_from(client);
    sandbox.sso(["status", "--quiet"]).run().expect(0);
}

each_client!(sso_uses_the_result_of_the_winner);
each_client!(a_losing_client_does_no_harm);
