//! Client registrations, which the CLI and `sso` keep in one file per session. A registration is
//! not reused where the sign-in would then get no refresh token.

use super::{Client, SharedSession, aws, sandbox};
use crate::fixture::{ACCOUNT, ROLE, START_URL, Sandbox};

/// Writes a configuration whose session has this line for the scopes, or none.
fn write_session(sandbox: &Sandbox, line: &str) {
    sandbox.write_config(&format!(
        "[sso-session corp]\n\
         sso_start_url = {START_URL}\n\
         sso_region = eu-west-1\n\
         {line}\n\
         [profile dev]\n\
         sso_session = corp\n\
         sso_account_id = {ACCOUNT}\n\
         sso_role_name = {ROLE}\n"
    ));
}

fn sign_in_by_aws_cli(sandbox: &Sandbox, more: &[&str]) {
    aws(sandbox, ["sso", "login", "--sso-session", "corp"])
        .args(more)
        .approving_browser()
        .run()
        .expect(0);
}

fn sign_in_by_sso(sandbox: &Sandbox, more: &[&str]) {
    sandbox
        .sso(["login", "--force"])
        .args(more)
        .approving_browser()
        .run()
        .expect(0);
}

fn registration_count(sandbox: &Sandbox) -> u64 {
    sandbox.server().count("RegisterClient")
}

fn is_refreshable(sandbox: &Sandbox) -> bool {
    let token = sandbox.read_json(&sandbox.token_path("corp"));
    token["refreshToken"].is_string()
}

#[test]
fn a_browser_registration_is_shared_with_aws_cli() {
    if !Client::AwsCli.is_available() {
        return;
    }
    let sandbox = sandbox();
    sign_in_by_sso(&sandbox, &[]);
    sign_in_by_aws_cli(&sandbox, &[]);
    sign_in_by_sso(&sandbox, &[]);
    assert_eq!(registration_count(&sandbox), 1);
    assert!(is_refreshable(&sandbox));

    // The hash in the name of the file includes the scopes as they are configured, and both
    // read them alike. Without any, both request the default scope.
    for (count, line) in [
        (2, ""),
        (3, "sso_registration_scopes ="),
        (
            4,
            "sso_registration_scopes = sso:account:access , a:b,, codewhisperer:x,",
        ),
        (5, "sso_registration_scopes=a:b,sso:account:access"),
    ] {
        write_session(&sandbox, line);
        sign_in_by_aws_cli(&sandbox, &[]);
        assert_eq!(registration_count(&sandbox), count, "{line}");
        sign_in_by_sso(&sandbox, &[]);
        assert_eq!(registration_count(&sandbox), count, "{line}");
        assert!(is_refreshable(&sandbox), "{line}");
    }
}

#[test]
fn a_device_registration_is_reused_only_with_the_same_scopes() {
    if !Client::AwsCli.is_available() {
        return;
    }
    let sandbox = sandbox();
    write_session(&sandbox, "");
    sign_in_by_aws_cli(&sandbox, &["--use-device-code"]);
    assert!(
        !is_refreshable(&sandbox),
        "the CLI now requests scopes in the device flow"
    );
    sandbox.credentials_from_sso();

    // The registration of `sso` has the scopes, so the token can be refreshed; the CLI uses it.
    sign_in_by_sso(&sandbox, &["--device-code"]);
    assert_eq!(registration_count(&sandbox), 2);
    assert!(is_refreshable(&sandbox));
    sign_in_by_aws_cli(&sandbox, &["--use-device-code"]);
    assert_eq!(registration_count(&sandbox), 2);
    assert!(is_refreshable(&sandbox));
    sign_in_by_sso(&sandbox, &["--device-code"]);
    assert_eq!(registration_count(&sandbox), 2);

    // The two flows need different registrations and overwrite each other's in the one file.
    sign_in_by_sso(&sandbox, &[]);
    assert_eq!(registration_count(&sandbox), 3);
    sign_in_by_aws_cli(&sandbox, &["--use-device-code"]);
    assert_eq!(registration_count(&sandbox), 4);
}
