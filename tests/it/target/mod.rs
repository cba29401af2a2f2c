//! Resolution of session, account, role and region, and of the services' endpoints.

mod config_dialect;
mod config_reads;
mod endpoints;
mod selection;

use crate::fixture::{Run, START_URL, Sandbox};

/// Formats the configuration of these tests: two sessions, profiles whose roles have their names,
/// and more text.
fn config_text(more: &str) -> String {
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
        profile_sections(&["one", "two"])
    )
}

/// Formats profiles of the session `corp`, each with a role of the same name.
fn profile_sections(names: &[&str]) -> String {
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

/// Creates a signed-in sandbox with this configuration and all of its roles granted.
fn sandbox_with_config(text: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write_config(text);
    sandbox.store_token(7200);
    for role in ["one", "two", "three", "default"] {
        sandbox.server().assign("111122223333", role);
        sandbox.server().assign("444455556666", role);
    }
    sandbox
}

/// Runs and returns role and account of the credentials that were requested from the portal.
#[track_caller]
fn requested_role(sandbox: &Sandbox, run: Run) -> String {
    sandbox.server().clear_log();
    run.run().expect(0);
    let requests = sandbox.server().requests("GetRoleCredentials");
    assert!(!requests.is_empty(), "no request to the portal");
    let query = &requests[requests.len() - 1].query;
    let of = |name: &str| {
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let value = pairs.find(|(key, _)| *key == name).map(|(_, value)| value);
        value.unwrap_or_default().to_owned()
    };
    format!("{} {}", of("role_name"), of("account_id"))
}

/// Returns the region that `sso env` exports, and stderr.
#[track_caller]
fn exported_region(run: Run) -> (Option<String>, String) {
    let outcome = run.args(["--format", "json"]).run().expect(0);
    let json = outcome.json();
    assert_eq!(json["AWS_REGION"], json["AWS_DEFAULT_REGION"]);
    (
        json["AWS_REGION"].as_str().map(str::to_owned),
        outcome.stderr,
    )
}
