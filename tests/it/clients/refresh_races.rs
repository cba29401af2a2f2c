//! Concurrent refreshes by `sso` and a client. Clients do not take the locks of `sso`, and a
//! rotating refresh token works for only one of the two.

use emulator::{Action, Fault};

use super::{Client, SharedSession, sandbox};
use crate::fixture::Sandbox;
use crate::fixture::parallel::WAIT_LIMIT;

const REFRESH: &str = "CreateToken:refresh_token";

/// Makes the emulator run the first refresh and hold its response, so that the winner learns of
/// it only after the other process was refused.
fn hold_winner(sandbox: &Sandbox) {
    let hold = Fault::on_operation(REFRESH, Action::Hold);
    sandbox.server().fault(hold.after().times(1));
}

fn sso_uses_the_result_of_the_winner(client: Client) {
    if !client.is_available() {
        return;
    }
    let sandbox = sandbox();
    sandbox.sign_in();
    sandbox.expire_token();
    hold_winner(&sandbox);
    let winner = client.credentials(&sandbox, Some("dev")).start();
    assert!(sandbox.server().wait_until_held(WAIT_LIMIT));
    let loser = sandbox.credential_process().start();
    assert!(sandbox.server().wait_for(REFRESH, 2, WAIT_LIMIT));
    sandbox.server().release_held();
    loser.finish().expect(0);
    winner.finish().expect(0);
    assert_eq!(sandbox.refresh_count(), 2);
    sandbox.sso(["status", "--quiet"]).run().expect(0);
}

fn a_losing_client_does_no_harm(client: Client) {
    if !client.is_available() {
        return;
    }
    let sandbox = sandbox();
    sandbox.sign_in();
    sandbox.expire_token();
    hold_winner(&sandbox);
    let winner = sandbox.credential_process().start();
    assert!(sandbox.server().wait_until_held(WAIT_LIMIT));
    let loser = client.credentials(&sandbox, Some("dev")).start();
    assert!(sandbox.server().wait_for(REFRESH, 2, WAIT_LIMIT));
    sandbox.server().release_held();
    winner.finish().expect(0);
    loser.finish();
    sandbox.delete_role_file();
    sandbox.credentials_from_sso();
    sandbox.credentials_from(client);
    sandbox.sso(["status", "--quiet"]).run().expect(0);
}

each_client!(sso_uses_the_result_of_the_winner);
each_client!(a_losing_client_does_no_harm);
