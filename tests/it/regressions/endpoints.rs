//! Endpoints of another server, such as LocalStack: errors name the setting.

use emulator::{Action, Fault};

use crate::fixture::{ACCOUNT, CLOSED_URL, ROLE, Run, START_URL, Sandbox};

const SETTINGS: [&str; 4] = [
    "AWS_ENDPOINT_URL",
    "endpoint_url (~/.aws/config:5)",
    "endpoint_url (~/.aws/config:10)",
    "endpoint_url (~/.aws/config:13)",
];

/// Prepares a run whose endpoint is set in one of four ways: by the variable, in the profile, in
/// the sso-session, or in a `[services]` section.
fn run<'a>(sandbox: &'a Sandbox, setting: usize, url: &str, arguments: &[&str]) -> Run<'a> {
    let set = |number: usize| match number == setting {
        true => format!("endpoint_url = {url}"),
        false => "x = y".to_owned(),
    };
    let services = if setting == 3 {
        "services"
    } else {
        "x_services"
    };
    sandbox.write_config(&format!(
        "[profile dev]\nsso_session = corp\nsso_account_id = {ACCOUNT}\nsso_role_name = {ROLE}\n\
         {}\n{services} = local\n[sso-session corp]\nsso_start_url = {START_URL}\n\
         sso_region = eu-west-1\n{}\n[services local]\nsso =\n  {}\nsso_oidc =\n  {}\n",
        set(1),
        set(2),
        set(3),
        set(3)
    ));
    let run = sandbox.sso(arguments);
    let run = run
        .env_remove("AWS_ENDPOINT_URL_SSO")
        .env_remove("AWS_ENDPOINT_URL_SSO_OIDC");
    match setting {
        0 => run.env("AWS_ENDPOINT_URL", url),
        _ => run,
    }
}

/// Arguments that use the setting: that of the sso-session counts without a profile.
fn arguments<'a>(
    setting: usize,
    by_profile: &'a [&'a str],
    by_session: &'a [&'a str],
) -> &'a [&'a str] {
    if setting == 2 { by_session } else { by_profile }
}

#[test]
fn an_error_of_a_configured_endpoint_names_its_setting() {
    let sandbox = Sandbox::new();
    sandbox.store_token(3600);
    let html = |status| Action::Reply {
        status,
        headers: Vec::new(),
        body: "<html>no</html>".to_owned(),
    };
    let json = Action::Reply {
        status: 501,
        headers: vec![("Content-Type".to_owned(), "application/json".to_owned())],
        body: "{\"__type\":\"InternalFailure\",\"message\":\"not yet implemented\"}".to_owned(),
    };
    let role = ["-s", "corp", "-a", ACCOUNT, "-r", ROLE];
    for (setting, name) in SETTINGS.into_iter().enumerate() {
        for answer in [Some(html(501)), Some(html(405)), Some(json.clone()), None] {
            let url = match &answer {
                Some(_) => sandbox.emulator().url(),
                None => CLOSED_URL.to_owned(),
            };
            let fetch: Vec<&str> = ["credential-process"].into_iter().chain(role).collect();
            for (operation, by_profile, by_session) in [
                (
                    "GetRoleCredentials",
                    &["credential-process", "-p", "dev"][..],
                    &fetch[..],
                ),
                (
                    "ListAccounts",
                    &["roles", "-p", "dev", "--refresh"],
                    &["roles", "-s", "corp", "--refresh"],
                ),
                (
                    "RegisterClient",
                    &["login", "-p", "dev", "--force", "--device-code"],
                    &["login", "corp", "--force", "--device-code"],
                ),
            ] {
                sandbox.store_token(3600);
                if let Some(answer) = &answer {
                    let fault = Fault::on_operation(operation, answer.clone());
                    sandbox.server().fault(fault);
                }
                let arguments = arguments(setting, by_profile, by_session);
                let outcome = run(&sandbox, setting, &url, arguments)
                    .env("SSO_TIMEOUT", "2")
                    .run();
                assert!(outcome.code != 0, "{outcome:#?}");
                // The token service has an endpoint of its own in the section.
                let name = match (setting, operation) {
                    (3, "RegisterClient") if answer.is_some() => "endpoint_url (~/.aws/config:15)",
                    _ => name,
                };
                let set_by = format!("; endpoint set by {name}");
                let outcome = outcome.stderr_contains(&set_by);
                let hint = match setting {
                    0 => format!("use the endpoint of AWS: `unset {name}`"),
                    _ => format!("correct or remove {name}"),
                };
                outcome.stderr_contains(&hint);
                sandbox.server().clear_faults();
            }
        }
    }
}

#[test]
fn check_names_the_variable_of_an_endpoint_as_the_cause() {
    let sandbox = Sandbox::new();
    sandbox.store_token(3600);
    for (variable, stage) in [
        ("AWS_ENDPOINT_URL_SSO", "endpoint"),
        ("AWS_ENDPOINT_URL_SSO_OIDC", "endpoint"),
        ("AWS_ENDPOINT_URL_STS", "identity"),
    ] {
        let check = sandbox.sso(["check", "-p", "dev", "--json"]);
        let outcome = check
            .env(variable, CLOSED_URL)
            .env("SSO_TIMEOUT", "2")
            .run();
        let report = outcome.expect(110).json();
        let stages = report["stages"].as_array().unwrap();
        let failed = stages.iter().find(|it| it["stage"] == stage).unwrap();
        let finding = &failed["findings"][0];
        let what = finding["what"].as_str().unwrap();
        assert!(
            what.contains(&format!("endpoint set by {variable}")),
            "{what}"
        );
        let fix = finding["fix"].as_str().unwrap();
        assert!(fix.contains(&format!("`unset {variable}`")), "{fix}");
    }
}
