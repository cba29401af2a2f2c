//! Endpoints of a `services` section, read by the clients and by `sso`.

use super::{Client, SharedSession, aws, sandbox};
use crate::fixture::compatibility::Direction;
use crate::fixture::{ACCOUNT, CLOSED_URL, ROLE, Run, START_URL, Sandbox};

fn without_variables(run: Run<'_>) -> Run<'_> {
    run.env_remove("AWS_ENDPOINT_URL_SSO")
        .env_remove("AWS_ENDPOINT_URL_SSO_OIDC")
}

/// Creates a sandbox with the endpoints in a `services` section, in a file with CRLF line ends
/// and irregular spacing.
fn services_sandbox() -> Sandbox {
    let sandbox = sandbox();
    let url = sandbox.emulator().url();
    let profile = format!(
        "sso_session   =   corp  \n\
         sso_account_id = {ACCOUNT}\n\
         sso_role_name = {ROLE}\n\
         services = local\n"
    );
    let text = format!(
        "# nothing before this line\n\
         [sso-session corp]\n\
         sso_start_url={START_URL}\n\
         sso_region=eu-west-1\n\
         ; a comment\n\
         SSO_Registration_Scopes = sso:account:access\n\
         [profile 'dev']\n{profile}\
         [profile plain]\n{profile}\
         [services local]\n\
         sso =\n\
         \x20 endpoint_url = {url}\n\
         sso_oidc =\n\
         \x20   endpoint_url = {url}\n"
    );
    sandbox.write_config(&text.replace('\n', "\r\n"));
    sandbox
}

#[test]
fn all_clients_use_the_services_section() {
    let sandbox = services_sandbox();
    let login = sandbox.sso(["login", "-p", "dev"]).approving_browser();
    without_variables(login).run().expect(0);
    for client in Client::ALL
        .into_iter()
        .filter(|client| client.is_available())
    {
        // The other clients do not support quotes around a name.
        let profile = match client {
            Client::AwsCli | Client::Boto3 | Client::JavaScript => "dev",
            Client::Rust | Client::Go | Client::Java => "plain",
        };
        // The SDK for JavaScript reads the `services` section of the profile in AWS_PROFILE only.
        let run = client
            .credentials(&sandbox, Some(profile))
            .env("AWS_PROFILE", profile)
            // A client that ignored the section would connect to AWS, and fail here.
            .env("HTTPS_PROXY", CLOSED_URL);
        let outcome = without_variables(run).run().expect(0);
        assert!(outcome.json()["AccessKeyId"].is_string());
        client.record(&sandbox, Direction::ServicesSection);
    }
    let helper = sandbox.sso(["credential-process", "-p", "dev"]);
    without_variables(helper).run().expect(0);
    if Client::AwsCli.is_available() {
        let login = aws(&sandbox, ["sso", "login", "--profile", "dev"]).approving_browser();
        without_variables(login).run().expect(0);
        assert_eq!(sandbox.server().count("RegisterClient"), 1);
        sandbox.expire_token();
        sandbox.delete_role_file();
        let helper = sandbox.sso(["credential-process", "-p", "dev"]);
        without_variables(helper).run().expect(0);
        assert_eq!(sandbox.refresh_count(), 1);
    }
}
