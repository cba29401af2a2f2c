//! Each client uses the credentials in the environment of `sso exec`, and of a shell that has
//! evaluated the output of `sso env`.

use super::{Client, Keys, SharedSession, sandbox};
use crate::fixture::compatibility::Direction;
use crate::fixture::{ACCOUNT, Outcome, Run, Sandbox, binary};

/// Asserts that the client uses the keys of its environment and sends no request.
fn assert_uses_environment(
    client: Client,
    direction: Direction,
    run: impl Fn(&Sandbox) -> Run<'_>,
) {
    if !client.is_available() {
        return;
    }
    let sandbox = sandbox();
    sandbox.sign_in();
    let keys = sandbox.credentials_from_sso();
    sandbox.server().clear_log();
    // A profile in the surrounding environment must not win over the keys.
    let run = run(&sandbox).env("AWS_PROFILE", "nowhere");
    let outcome = client.with_client_environment(run).run().expect(0);
    assert_eq!(Keys::from_json(&outcome.json()), keys);
    assert_metadata(client, &outcome);
    assert_eq!(sandbox.server().count(""), 0);
    client.record(&sandbox, direction);
}

/// Asserts the expiry, provider and account id that the client reports with its credentials.
fn assert_metadata(client: Client, outcome: &Outcome) {
    let credentials = outcome.json();
    if matches!(client, Client::AwsCli | Client::JavaScript) {
        assert!(credentials["Expiration"].is_string(), "{credentials}");
    }
    if client == Client::Boto3 {
        assert_eq!(credentials["Provider"], "env");
    }
    if client != Client::AwsCli {
        assert_eq!(credentials["AccountId"], ACCOUNT);
    }
}

fn exec(client: Client) {
    assert_uses_environment(client, Direction::Exec, |sandbox| {
        let run = sandbox.sso(["exec", "-p", "dev", "--"]);
        run.args(client.command())
    });
}

fn env(client: Client) {
    assert_uses_environment(client, Direction::Env, |sandbox| {
        let script = r#"eval "$("$0" env -p dev)" && exec "$@""#;
        let shell = Run::program(sandbox, "sh").args(["-c", script]);
        shell.arg(binary()).args(client.command())
    });
}

each_client!(exec);
each_client!(env);
