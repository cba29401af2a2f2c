//! What `sso` puts into an environment, found there by each client: inside `sso exec`, and
//! in a shell that has evaluated the output of `sso env`.

use super::{Client, Judged, Keys, sandbox};
use crate::fixture::compatibility::Direction;
use crate::fixture::{ACCOUNT, Outcome, Run, Sandbox, binary};

/// The client with the keys of `dev` in its environment gives back those, and asks nobody.
fn finds_them(client: Client, direction: Direction, run: impl Fn(&Sandbox) -> Run<'_>) {
    if !client.is_available() {
        return;
    }
    let sandbox = sandbox();
    sandbox.sign_in();
    let keys = sandbox.by_sso();
    sandbox.server().clear_log();
    // A profile that is set outside must not win over the keys.
    let run = run(&sandbox).env("AWS_PROFILE", "nowhere");
    let outcome = client.prepared(run).run().expect(0);
    assert_eq!(Keys::of(&outcome.json()), keys);
    says_more(client, &outcome);
    assert_eq!(sandbox.server().count(""), 0);
    client.did(&sandbox, direction);
}

/// What else a client tells: whence it has them, whose they are, until when.
fn says_more(client: Client, outcome: &Outcome) {
    let inside = outcome.json();
    if matches!(client, Client::AwsCli | Client::JavaScript) {
        assert!(inside["Expiration"].is_string(), "{inside}");
    }
    if client == Client::Boto3 {
        assert_eq!(inside["Provider"], "env");
    }
    if client != Client::AwsCli {
        assert_eq!(inside["AccountId"], ACCOUNT);
    }
}

fn exec(client: Client) {
    finds_them(client, Direction::Exec, |sandbox| {
        let run = sandbox.sso(["exec", "-p", "dev", "--"]);
        run.args(client.command())
    });
}

fn env(client: Client) {
    finds_them(client, Direction::Env, |sandbox| {
        let script = r#"eval "$("$0" env -p dev)" && exec "$@""#;
        let shell = Run::program(sandbox, "sh").args(["-c", script]);
        shell.arg(binary()).args(client.command())
    });
}

each_client!(exec);
each_client!(env);
