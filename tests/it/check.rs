//! `sso check`: what it asks and changes, and the exit codes that need a service to misbehave.
//!
//! What it prints is in `tests/cmd/check*.txt`.

use emulator::{Action, Fault, Options};
use serde_json::Value;

use crate::fixture::users::{OTHER_UID, chown_home, is_root, run_as_owner, run_as_user};
use crate::fixture::{ACCOUNT, Outcome, ROLE, Run, START_URL, Sandbox};

const CHECK: [&str; 4] = ["check", "-p", "dev", "--json"];

/// The findings of a stage: their codes.
#[track_caller]
fn codes(outcome: &Outcome, stage: &str) -> Vec<String> {
    let json = outcome.json();
    let stages = json["stages"].as_array().unwrap();
    let found = stages.iter().find(|it| it["stage"] == stage).unwrap();
    let findings = found["findings"].as_array().unwrap().iter();
    findings
        .map(|finding| finding["code"].as_str().unwrap().to_owned())
        .collect()
}

fn reply(status: u16, body: &str) -> Action {
    Action::Reply {
        status,
        headers: vec![("Content-Type".to_owned(), "application/json".to_owned())],
        body: body.to_owned(),
    }
}

/// Everything below the home, with its content.
fn everything(sandbox: &Sandbox) -> Vec<(std::path::PathBuf, Vec<u8>)> {
    [
        ".aws",
        ".aws/sso/cache",
        ".aws/cli/cache",
        ".local/state/sso",
        ".local/state/sso/inventory",
    ]
    .iter()
    .flat_map(|directory| sandbox.files(directory))
    .collect()
}

#[test]
fn nothing_is_changed_and_nothing_is_asked_that_changes_something() {
    let sandbox = Sandbox::new();
    sandbox.store_token(7200);
    let before = everything(&sandbox);
    sandbox.sso(CHECK).run().expect(0);
    assert_eq!(everything(&sandbox), before);
    let log = sandbox.server().log();
    let asked: Vec<&str> = log.iter().map(|entry| entry.operation.as_str()).collect();
    assert_eq!(
        asked,
        [
            "ListAccounts",
            "CreateToken:other",
            "ListAccounts",
            "ListAccountRoles",
            "GetRoleCredentials",
            "GetCallerIdentity"
        ]
    );
    // The first two are to see who answers: they carry nothing.
    assert_eq!(log[0].header("x-amz-sso_bearer_token"), None);
    assert_eq!(log[1].body, "{}");
}

#[test]
fn a_token_that_has_ended_is_renewed_and_only_that_file_changes() {
    let sandbox = Sandbox::new();
    sandbox.store_token(-60);
    let before = everything(&sandbox);
    sandbox.sso(CHECK).run().expect(0);
    let token = sandbox.token_path("corp");
    let changed: Vec<_> = everything(&sandbox)
        .into_iter()
        .filter(|file| !before.contains(file))
        .map(|(path, _)| path)
        .collect();
    assert_eq!(changed, [token]);
    sandbox.assert_refresh_tokens_used_once();
}

#[test]
fn a_token_that_the_portal_refuses_stays_where_it_is() {
    let sandbox = Sandbox::new();
    let minted = sandbox.store_token(7200);
    assert!(sandbox.server().revoke_access(&minted.access_token));
    let before = everything(&sandbox);
    let outcome = sandbox.sso(CHECK).run().expect(201);
    assert_eq!(codes(&outcome, "account"), ["token_refused"]);
    assert_eq!(everything(&sandbox), before);
    assert_eq!(sandbox.server().count("CreateToken:refresh_token"), 0);
}

#[test]
fn a_session_that_the_server_has_ended_is_found_by_the_renewal() {
    let sandbox = Sandbox::new();
    let minted = sandbox.store_token(-60);
    assert!(sandbox.server().end_session_of(&minted.access_token));
    let outcome = sandbox.sso(CHECK).run().expect(201);
    assert_eq!(codes(&outcome, "token"), ["token_not_renewed"]);
}

#[test]
fn services_that_misbehave_have_codes_of_their_own() {
    let forbidden = r#"{"message":"No access","__type":"ForbiddenException"}"#;
    let refused = "<ErrorResponse><Error><Code>ExpiredToken</Code><Message>over</Message></Error>\
                   </ErrorResponse>";
    let other = "<X><Arn>arn:aws:sts::999999999999:assumed-role/x/y</Arn>\
                 <Account>999999999999</Account></X>";
    for (operation, action, exit, stage, code) in [
        (
            "GetRoleCredentials",
            reply(403, forbidden),
            205,
            "credentials",
            "no_credentials",
        ),
        (
            "GetRoleCredentials",
            reply(500, "{}"),
            207,
            "credentials",
            "service_failed",
        ),
        (
            "GetRoleCredentials",
            Action::CaptivePortal,
            112,
            "credentials",
            "not_the_service",
        ),
        (
            "GetCallerIdentity",
            reply(403, refused),
            206,
            "identity",
            "identity_refused",
        ),
        (
            "GetCallerIdentity",
            reply(200, other),
            206,
            "identity",
            "other_identity",
        ),
        (
            "GetCallerIdentity",
            Action::Close { reset: false },
            110,
            "identity",
            "unreachable",
        ),
        (
            "ListAccounts",
            reply(503, ""),
            207,
            "endpoint",
            "service_failed",
        ),
        (
            "ListAccounts",
            Action::CaptivePortal,
            112,
            "endpoint",
            "not_the_service",
        ),
        (
            "ListAccounts",
            Action::Hang(std::time::Duration::from_secs(30)),
            110,
            "endpoint",
            "timeout",
        ),
        (
            "ListAccountRoles",
            reply(500, "{}"),
            207,
            "account",
            "service_failed",
        ),
    ] {
        let sandbox = Sandbox::new();
        sandbox.store_token(7200);
        sandbox
            .server()
            .fault(Fault::on_operation(operation, action));
        let outcome = sandbox.sso(CHECK).env("SSO_TIMEOUT", "2").run();
        assert_eq!(outcome.code, exit, "{operation}: {outcome:#?}");
        assert_eq!(codes(&outcome, stage), [code], "{operation}");
        assert_eq!(outcome.json()["exit"], exit);
    }
}

#[test]
fn an_account_without_roles_and_a_role_beyond_the_first_page_are_told_apart() {
    let sandbox = Sandbox::with(Options {
        page_size: 1,
        ..Options::default()
    });
    sandbox.store_token(7200);
    let check = |account: &str, role: &str| {
        let run = sandbox.sso(["check", "-a", account, "-r", role, "--json"]);
        run.run()
    };
    check(ACCOUNT, ROLE).expect(0);
    let mut empty = sandbox.server().accounts().remove(0);
    "999999999999".clone_into(&mut empty.id);
    empty.name = Some("Empty".to_owned());
    empty.roles.clear();
    sandbox.server().put_account(empty.clone());
    assert_eq!(
        codes(&check("Empty", ROLE).expect(202), "account"),
        ["no_roles"]
    );
    // A name that two accounts have means neither.
    "888888888888".clone_into(&mut empty.id);
    sandbox.server().put_account(empty);
    let outcome = check("Empty", ROLE).expect(202);
    assert_eq!(codes(&outcome, "account"), ["account_not_unique"]);
}

/// A company's proxy, whose hosts are those of AWS.
fn company(expired: bool, names: &[&str]) -> (Sandbox, std::path::PathBuf) {
    let sandbox = Sandbox::with(Options {
        tls: true,
        tls_expired: expired,
        tls_names: names.iter().map(|name| (*name).to_owned()).collect(),
        ..Options::default()
    });
    let path = sandbox.home().join("ca.pem");
    sandbox.write_file(&path, sandbox.emulator().ca_pem().as_bytes());
    sandbox.store_token(7200);
    (sandbox, path)
}

fn outside(sandbox: &Sandbox) -> Run<'_> {
    let run = sandbox.sso(CHECK).env_remove("AWS_ENDPOINT_URL_SSO");
    run.env_remove("AWS_ENDPOINT_URL_SSO_OIDC")
        .env_remove("AWS_ENDPOINT_URL_STS")
        .env("HTTPS_PROXY", sandbox.emulator().url())
        .env("SSO_TIMEOUT", "10")
}

#[test]
fn the_sts_of_the_region_is_asked_in_every_partition_and_form() {
    for (region, fips, dual_stack, portal, oidc, sts) in [
        (
            "eu-west-1",
            false,
            false,
            "portal.sso.eu-west-1.amazonaws.com",
            "oidc.eu-west-1.amazonaws.com",
            "sts.eu-west-1.amazonaws.com",
        ),
        (
            "eu-west-1",
            false,
            true,
            "portal.sso.eu-west-1.api.aws",
            "oidc.eu-west-1.api.aws",
            "sts.eu-west-1.api.aws",
        ),
        (
            "us-east-1",
            true,
            false,
            "portal.sso-fips.us-east-1.amazonaws.com",
            "oidc-fips.us-east-1.amazonaws.com",
            "sts-fips.us-east-1.amazonaws.com",
        ),
        (
            "us-east-1",
            true,
            true,
            "portal.sso-fips.us-east-1.api.aws",
            "oidc-fips.us-east-1.api.aws",
            "sts-fips.us-east-1.api.aws",
        ),
        (
            "us-gov-west-1",
            true,
            false,
            "portal.sso.us-gov-west-1.amazonaws.com",
            "oidc.us-gov-west-1.amazonaws.com",
            "sts.us-gov-west-1.amazonaws.com",
        ),
        (
            "cn-north-1",
            false,
            false,
            "portal.sso.cn-north-1.amazonaws.com.cn",
            "oidc.cn-north-1.amazonaws.com.cn",
            "sts.cn-north-1.amazonaws.com.cn",
        ),
        (
            "eusc-de-east-1",
            false,
            false,
            "portal.sso.eusc-de-east-1.amazonaws.eu",
            "oidc.eusc-de-east-1.amazonaws.eu",
            "sts.eusc-de-east-1.amazonaws.eu",
        ),
    ] {
        let (sandbox, ca) = company(false, &[portal, oidc, sts]);
        sandbox.write_config(&format!(
            "[sso-session corp]\nsso_start_url = {START_URL}\nsso_region = {region}\n\
             [profile dev]\nsso_session = corp\nsso_account_id = {ACCOUNT}\n\
             sso_role_name = {ROLE}\nregion = {region}\n"
        ));
        let path = sandbox.token_path("corp");
        let mut token = sandbox.read_json(&path);
        token["region"] = Value::from(region);
        sandbox.write_file(&path, token.to_string().as_bytes());
        let run = outside(&sandbox)
            .env("AWS_CA_BUNDLE", &ca)
            .env("AWS_USE_FIPS_ENDPOINT", fips.to_string())
            .env("AWS_USE_DUALSTACK_ENDPOINT", dual_stack.to_string());
        let outcome = run.run();
        assert_eq!(outcome.code, 0, "{region}: {outcome:#?}");
        let [asked] = sandbox
            .server()
            .requests("GetCallerIdentity")
            .try_into()
            .unwrap();
        assert_eq!(asked.header("host"), Some(sts), "{region}");
        let scope = format!("/{region}/sts/aws4_request,");
        let signed = asked.header("authorization").unwrap();
        assert!(signed.contains(&scope), "{signed}");
    }
}

#[test]
fn certificates_and_proxies_have_codes_of_their_own() {
    let names = [
        "portal.sso.eu-west-1.amazonaws.com",
        "oidc.eu-west-1.amazonaws.com",
    ];
    let (sandbox, _) = company(false, &names);
    let run = outside(&sandbox).env("SSL_CERT_FILE", "/etc/hostname");
    assert_eq!(
        codes(&run.run().expect(113), "endpoint")[0],
        "network_settings"
    );
    let (strange, ca) = company(false, &names);
    let run = outside(&sandbox).env("AWS_CA_BUNDLE", &ca);
    assert_eq!(codes(&run.run().expect(111), "endpoint")[0], "certificate");
    drop(strange);
    let (old, ca) = company(true, &names);
    let run = outside(&old).env("AWS_CA_BUNDLE", &ca);
    assert_eq!(codes(&run.run().expect(111), "endpoint")[0], "certificate");
    let run = outside(&sandbox).env("HTTPS_PROXY", "http://127.0.0.1:1");
    assert_eq!(codes(&run.run().expect(110), "endpoint")[0], "proxy");
    let run = outside(&sandbox).env("HTTPS_PROXY", "socks5://user:hunter2@x:1");
    let outcome = run.run().expect(113);
    assert_eq!(codes(&outcome, "endpoint")[0], "network_settings");
    assert!(!outcome.stdout.contains("hunter2"), "{outcome:#?}");
}

#[test]
fn colours_are_for_terminals_that_want_them() {
    let sandbox = Sandbox::new();
    let shown = |run: Run| run.start_on_terminal().finish().stdout;
    let plain = sandbox.sso(["check", "-p", "dev"]).run().expect(201).stdout;
    assert!(!plain.contains('\u{1b}'), "{plain}");
    let coloured = shown(sandbox.sso(["check", "-p", "dev"]));
    assert!(
        coloured.contains("\u{1b}[31mfail\u{1b}[0m  token"),
        "{coloured}"
    );
    assert!(
        coloured.contains("\u{1b}[32mok  \u{1b}[0m  config"),
        "{coloured}"
    );
    let asked = shown(sandbox.sso(["check", "-p", "dev"]).env("NO_COLOR", "1"));
    assert!(!asked.contains('\u{1b}'), "{asked}");
}

#[test]
fn a_hook_that_is_not_loaded_is_told_with_what_loads_it() {
    let sandbox = Sandbox::new();
    sandbox.store_token(7200);
    let place = sandbox.home().join("project");
    std::fs::create_dir(&place).unwrap();
    sandbox
        .sso(["use", "dev"])
        .current_dir(&place)
        .run()
        .expect(0);
    let finding = |run: Run| {
        let outcome = run.run().expect(0);
        let json = outcome.json();
        let stages = json["stages"].as_array().unwrap();
        let traps = stages.last().unwrap()["findings"].as_array().unwrap();
        let found = traps.iter().find(|it| it["code"] == "hook_not_loaded");
        found.map(|finding| finding["fix"].as_str().unwrap().to_owned())
    };
    let here = |script: &str| {
        let run = Run::program(&sandbox, "bash").current_dir(&place);
        run.args(["--norc", "-c", script, "bash"])
            .arg(crate::fixture::binary())
    };
    let check = "\"$1\" check --json; exit $?";
    assert_eq!(finding(here(check)).as_deref(), Some("sso setup"));
    sandbox.write_file(
        &sandbox.home().join(".bashrc"),
        b"eval \"$(sso hook bash)\"\n",
    );
    assert_eq!(
        finding(here(check)).as_deref(),
        Some("start a new shell: ~/.bashrc has the hook")
    );
    let loaded = "eval \"$(\"$1\" hook-env bash)\"; \"$1\" check --json; exit $?";
    assert_eq!(finding(here(loaded)), None);
    assert_eq!(finding(here(check).env("SSO_HOOK", "0")), None);
}

#[test]
fn files_of_others_are_told_with_their_owner() {
    if !is_root() {
        return;
    }
    let sandbox = Sandbox::new();
    sandbox.store_token(7200);
    run_as_owner(&sandbox);
    chown_home(&sandbox, OTHER_UID);
    // The user's token is root's, as after a sign-in with sudo by a tool that knows no better.
    let token = sandbox.token_path("corp");
    let status = std::process::Command::new("chown")
        .arg("0:0")
        .arg(&token)
        .status();
    assert!(status.unwrap().success());
    let outcome = run_as_user(&sandbox, OTHER_UID, &CHECK).run().expect(0);
    assert!(codes(&outcome, "traps").contains(&"foreign_owner".to_owned()));
    let status = std::process::Command::new("chmod")
        .arg("600")
        .arg(&token)
        .status();
    assert!(status.unwrap().success());
    let outcome = run_as_user(&sandbox, OTHER_UID, &CHECK).run().expect(201);
    assert_eq!(codes(&outcome, "token"), ["token_unreadable"]);
    assert!(outcome.stdout.contains("it belongs to user 0, mode 600"));
}

#[test]
fn all_accounts_are_walked_for_a_role_alone_and_a_gap_is_no_answer() {
    let sandbox = Sandbox::new();
    sandbox.store_token(7200);
    sandbox.server().clear_accounts();
    sandbox.server().fill_accounts(150, 2);
    let outcome = sandbox
        .sso(["check", "-r", "Nope", "--json"])
        .run()
        .expect(203);
    assert_eq!(codes(&outcome, "role"), ["role_nowhere"]);
    let refused = Fault::on_operation(
        "ListAccountRoles",
        reply(
            403,
            "{\"message\":\"No access\",\"__type\":\"ForbiddenException\"}",
        ),
    );
    sandbox.server().fault(refused.skip(20).times(1));
    // What could not be read may be where the role is.
    let outcome = sandbox.sso(["check", "-r", "Nope", "--json"]).run();
    assert_eq!(outcome.code, 207, "{outcome:#?}");
}
