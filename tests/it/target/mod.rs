//! Which session, account, role and region a command is about, and where the services are.

mod config_dialect;
mod endpoints;
mod selection;

use crate::fixture::{Run, START_URL, Sandbox};

/// The configuration of these tests: two sessions, and profiles whose roles have their names.
fn config(more: &str) -> String {
    format!(
        "[sso-session corp]\n\
         sso_start_url = {START_URL}\n\
         sso_region = eu-west-1\n\
         \n\
         [sso-session other]\n\
         sso_start_url = https://other.awsapps.com/start\n\
         sso_region = us-east-1\n\
         \n\
         {}{more}",
        profiles(&["one", "two"])
    )
}

/// Profiles of the session `corp`, each with a role of its own name.
fn profiles(names: &[&str]) -> String {
    names
        .iter()
        .map(|name| {
            format!(
                "[profile {name}]\n\
                 sso_session = corp\n\
                 sso_account_id = 111122223333\n\
                 sso_role_name = {name}\n\n"
            )
        })
        .collect()
}

/// A signed-in sandbox with this configuration, whose roles all are granted.
fn sandbox(text: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write_config(text);
    sandbox.store_token(7200);
    for role in ["one", "two", "three", "default"] {
        sandbox.server().assign("111122223333", role);
        sandbox.server().assign("444455556666", role);
    }
    sandbox
}

/// The role and the account that a run asked the portal for.
#[track_caller]
fn asked(sandbox: &Sandbox, run: Run) -> String {
    sandbox.server().clear_log();
    run.run().expect(0);
    let requests = sandbox.server().requests("GetRoleCredentials");
    assert!(!requests.is_empty(), "the portal was not asked");
    let query = &requests[requests.len() - 1].query;
    let of = |name: &str| {
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let value = pairs.find(|(key, _)| *key == name).map(|(_, value)| value);
        value.unwrap_or_default().to_owned()
    };
    format!("{} {}", of("role_name"), of("account_id"))
}

/// The region that `sso env` hands on, and what it says on stderr.
#[track_caller]
fn region(run: Run) -> (Option<String>, String) {
    let outcome = run.args(["--format", "json"]).run().expect(0);
    let json = outcome.json();
    assert_eq!(json["AWS_REGION"], json["AWS_DEFAULT_REGION"]);
    (
        json["AWS_REGION"].as_str().map(str::to_owned),
        outcome.stderr,
    )
}
