//! Client registrations, which the CLI and `sso` keep in one file per session: reused where
//! they serve, and never where they would cost the refresh token.

use super::{Client, Judged, aws, sandbox};
use crate::fixture::{ACCOUNT, ROLE, START_URL, Sandbox};

/// A session whose scopes are configured by this line, or not at all.
fn scopes(sandbox: &Sandbox, line: &str) {
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

fn by_the_cli(sandbox: &Sandbox, more: &[&str]) {
    aws(sandbox, ["sso", "login", "--sso-session", "corp"])
        .args(more)
        .approving_browser()
        .run()
        .expect(0);
}

fn by_sso(sandbox: &Sandbox, more: &[&str]) {
    sandbox
        .sso(["login", "--force"])
        .args(more)
        .approving_browser()
        .run()
        .expect(0);
}

fn registered(sandbox: &Sandbox) -> u64 {
    sandbox.server().count("RegisterClient")
}

fn is_refreshable(sandbox: &Sandbox) -> bool {
    let token = sandbox.read_json(&sandbox.token_path("corp"));
    token["refreshToken"].is_string()
}

#[test]
fn a_browser_registration_is_reused_in_both_directions() {
    if !Client::AwsCli.is_available() {
        return;
    }
    let sandbox = sandbox();
    by_sso(&sandbox, &[]);
    by_the_cli(&sandbox, &[]);
    by_sso(&sandbox, &[]);
    assert_eq!(registered(&sandbox), 1);
    assert!(is_refreshable(&sandbox));

    // The scopes are part of the file's name as they are configured, and both read them
    // alike. Without any, both ask for the default one.
    for (count, line) in [
        (2, ""),
        (3, "sso_registration_scopes ="),
        (
            4,
            "sso_registration_scopes = sso:account:access , a:b,, codewhisperer:x,",
        ),
        (5, "sso_registration_scopes=a:b,sso:account:access"),
    ] {
        scopes(&sandbox, line);
        by_the_cli(&sandbox, &[]);
        assert_eq!(registered(&sandbox), count, "{line}");
        by_sso(&sandbox, &[]);
        assert_eq!(registered(&sandbox), count, "{line}");
        assert!(is_refreshable(&sandbox), "{line}");
    }
}

#[test]
fn a_device_registration_is_reused_only_when_it_has_the_scopes() {
    if !Client::AwsCli.is_available() {
        return;
    }
    let sandbox = sandbox();
    scopes(&sandbox, "");
    by_the_cli(&sandbox, &["--use-device-code"]);
    assert!(
        !is_refreshable(&sandbox),
        "the CLI has learnt to ask for scopes"
    );
    sandbox.by_sso();

    // Ours has the scopes, and so can be renewed; the CLI takes it over.
    by_sso(&sandbox, &["--device-code"]);
    assert_eq!(registered(&sandbox), 2);
    assert!(is_refreshable(&sandbox));
    by_the_cli(&sandbox, &["--use-device-code"]);
    assert_eq!(registered(&sandbox), 2);
    assert!(is_refreshable(&sandbox));
    by_sso(&sandbox, &["--device-code"]);
    assert_eq!(registered(&sandbox), 2);

    // The two flows need different clients and take turns in the one file.
    by_sso(&sandbox, &[]);
    assert_eq!(registered(&sandbox), 3);
    by_the_cli(&sandbox, &["--use-device-code"]);
    assert_eq!(registered(&sandbox), 4);
}
