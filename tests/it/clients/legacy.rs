//! Profiles without an sso-session; the start URL determines the names of their cache files.

use super::{Client, Keys, aws, config, sandbox};
use crate::fixture::Sandbox;
use crate::fixture::compatibility::Direction;

/// Start URL that is hashed as it is: the trailing `#/` is not removed.
const URL: &str = "https://old.awsapps.com/start#/";

fn legacy_sandbox() -> Sandbox {
    let sandbox = sandbox();
    sandbox.write_config(&config(&format!(
        "[profile legacy]\n\
         sso_start_url = {URL}\n\
         sso_region = eu-west-1\n\
         sso_account_id = 012345678901\n\
         sso_role_name = ReadOnlyAccess\n"
    )));
    sandbox
}

fn legacy_credentials_from_sso(sandbox: &Sandbox) -> Keys {
    let outcome = sandbox.sso(["credential-process", "-p", "legacy"]).run();
    Keys::from_json(&outcome.expect(0).json())
}

#[test]
fn sso_uses_a_legacy_sign_in_by_aws_cli() {
    if !Client::AwsCli.is_available() {
        return;
    }
    let sandbox = legacy_sandbox();
    aws(&sandbox, ["sso", "login", "--profile", "legacy"])
        .approving_browser()
        .run()
        .expect(0);
    sandbox.sso(["status", "-p", "legacy"]).run().expect(0);
    let keys = legacy_credentials_from_sso(&sandbox);
    sandbox.server().clear_log();
    let outcome = Client::AwsCli.credentials(&sandbox, Some("legacy")).run();
    assert_eq!(Keys::from_json(&outcome.expect(0).json()), keys);
    assert_eq!(sandbox.server().count(""), 0);

    sandbox.sso(["logout", "-p", "legacy"]).run().expect(0);
    assert!(!sandbox.token_path(URL).exists());
    let refused = Client::AwsCli.credentials(&sandbox, Some("legacy")).run();
    assert_ne!(refused.code, 0, "{refused:?}");
}

#[test]
fn every_client_uses_a_legacy_sign_in_by_sso() {
    let sandbox = legacy_sandbox();
    sandbox
        .sso(["login", "-p", "legacy"])
        .approving_browser()
        .run()
        .expect(0);
    let shape = super::token_format(&sandbox, URL);
    for client in Client::ALL
        .into_iter()
        .filter(|client| client.is_available())
    {
        let outcome = client.credentials(&sandbox, Some("legacy")).run();
        Keys::from_json(&outcome.expect(0).json());
        client.record(&sandbox, Direction::ReadsLegacyToken);
    }
    if Client::AwsCli.is_available() {
        // `sso` uses the role credentials that the CLI has stored.
        sandbox.server().clear_log();
        legacy_credentials_from_sso(&sandbox);
        assert_eq!(sandbox.server().count(""), 0);

        // The CLI uses the client registration of `sso`.
        aws(&sandbox, ["sso", "login", "--profile", "legacy"])
            .approving_browser()
            .run()
            .expect(0);
        assert_eq!(sandbox.server().count("RegisterClient"), 0);
        assert_eq!(super::token_format(&sandbox, URL), shape);
    }
}
