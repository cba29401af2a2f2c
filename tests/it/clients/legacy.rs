//! Profiles without an sso-session, whose cache files are named after their start URL.

use super::{Client, Keys, aws, config, sandbox};
use crate::fixture::Sandbox;
use crate::fixture::compatibility::Direction;

/// Letter by letter a name of files: the end of the address is not taken away.
const URL: &str = "https://old.awsapps.com/start#/";

fn legacy_world() -> Sandbox {
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

fn from_sso(sandbox: &Sandbox) -> Keys {
    let outcome = sandbox.sso(["credential-process", "-p", "legacy"]).run();
    Keys::of(&outcome.expect(0).json())
}

#[test]
fn a_legacy_sign_in_by_the_cli_serves_sso() {
    if !Client::AwsCli.is_available() {
        return;
    }
    let sandbox = legacy_world();
    aws(&sandbox, ["sso", "login", "--profile", "legacy"])
        .approving_browser()
        .run()
        .expect(0);
    sandbox.sso(["status", "-p", "legacy"]).run().expect(0);
    let keys = from_sso(&sandbox);
    sandbox.server().clear_log();
    let outcome = Client::AwsCli.credentials(&sandbox, Some("legacy")).run();
    assert_eq!(Keys::of(&outcome.expect(0).json()), keys);
    assert_eq!(sandbox.server().count(""), 0);

    sandbox.sso(["logout", "-p", "legacy"]).run().expect(0);
    assert!(!sandbox.token_path(URL).exists());
    let refused = Client::AwsCli.credentials(&sandbox, Some("legacy")).run();
    assert_ne!(refused.code, 0, "{refused:?}");
}

#[test]
fn a_legacy_sign_in_by_sso_serves_every_client() {
    let sandbox = legacy_world();
    sandbox
        .sso(["login", "-p", "legacy"])
        .approving_browser()
        .run()
        .expect(0);
    let shape = super::shape(&sandbox, URL);
    for client in Client::ALL
        .into_iter()
        .filter(|client| client.is_available())
    {
        let outcome = client.credentials(&sandbox, Some("legacy")).run();
        Keys::of(&outcome.expect(0).json());
        client.did(&sandbox, Direction::ReadsLegacyToken);
    }
    if Client::AwsCli.is_available() {
        // The CLI has stored the role; ours finds it.
        sandbox.server().clear_log();
        from_sso(&sandbox);
        assert_eq!(sandbox.server().count(""), 0);

        // And it goes on with our client registration.
        aws(&sandbox, ["sso", "login", "--profile", "legacy"])
            .approving_browser()
            .run()
            .expect(0);
        assert_eq!(sandbox.server().count("RegisterClient"), 0);
        assert_eq!(super::shape(&sandbox, URL), shape);
    }
}
