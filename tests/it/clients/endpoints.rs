//! Where the clients and `sso` send their requests, as one configuration says it.

use super::{Client, Judged, aws, sandbox};
use crate::fixture::compatibility::Direction;
use crate::fixture::{ACCOUNT, CLOSED_URL, ROLE, Run, START_URL, Sandbox};

fn without_variables(run: Run<'_>) -> Run<'_> {
    run.env_remove("AWS_ENDPOINT_URL_SSO")
        .env_remove("AWS_ENDPOINT_URL_SSO_OIDC")
}

/// The endpoints in the `services` section of the profile, in a file as a Windows editor
/// and a careless hand leave it.
fn services_world() -> Sandbox {
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
fn a_services_section_leads_all_to_the_same_place() {
    let sandbox = services_world();
    let login = sandbox.sso(["login", "-p", "dev"]).approving_browser();
    without_variables(login).run().expect(0);
    for client in Client::ALL
        .into_iter()
        .filter(|client| client.is_available())
    {
        // Not all know what quotes around a name mean.
        let profile = match client {
            Client::AwsCli | Client::Boto3 | Client::JavaScript => "dev",
            Client::Rust | Client::Go | Client::Java => "plain",
        };
        // The SDK for JavaScript reads the section only of the profile that the variable
        // names.
        let run = client
            .credentials(&sandbox, Some(profile))
            .env("AWS_PROFILE", profile)
            // Whoever overlooked the section would ask AWS.
            .env("HTTPS_PROXY", CLOSED_URL);
        let outcome = without_variables(run).run().expect(0);
        assert!(outcome.json()["AccessKeyId"].is_string());
        client.did(&sandbox, Direction::ServicesSection);
    }
    let helper = sandbox.sso(["credential-process", "-p", "dev"]);
    without_variables(helper).run().expect(0);
    if Client::AwsCli.is_available() {
        let login = aws(&sandbox, ["sso", "login", "--profile", "dev"]).approving_browser();
        without_variables(login).run().expect(0);
        assert_eq!(sandbox.server().count("RegisterClient"), 1);
        sandbox.expire_token();
        sandbox.forget_role();
        let helper = sandbox.sso(["credential-process", "-p", "dev"]);
        without_variables(helper).run().expect(0);
        assert_eq!(sandbox.refreshes(), 1);
    }
}
