//! `sso check`: its requests, the files it changes, and the exit codes of misbehaving services.
//!
//! The golden cases in `tests/cmd/check*.txt` cover its output.

mod network;

use emulator::{Action, Fault, Options};

use crate::fixture::users::{OTHER_UID, chown_home, has_root, run_as_owner, run_as_user};
use crate::fixture::{ACCOUNT, Outcome, ROLE, Run, Sandbox};

const CHECK: [&str; 4] = ["check", "-p", "dev", "--json"];

/// Returns the codes of the findings of a stage.
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

/// Returns every file that the product could change, with its content.
fn state_files(sandbox: &Sandbox) -> Vec<(std::path::PathBuf, Vec<u8>)> {
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
fn check_changes_no_file_and_sends_only_reads() {
    let sandbox = Sandbox::new();
    sandbox.store_token(7200);
    let before = state_files(&sandbox);
    sandbox.sso(CHECK).run().expect(0);
    assert_eq!(state_files(&sandbox), before);
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
    // The first two are probes for reachability and carry no secret.
    assert_eq!(log[0].header("x-amz-sso_bearer_token"), None);
    assert_eq!(log[1].body, "{}");
}

#[test]
fn an_expired_token_is_refreshed_and_only_its_file_changes() {
    let sandbox = Sandbox::new();
    sandbox.store_token(-60);
    let before = state_files(&sandbox);
    sandbox.sso(CHECK).run().expect(0);
    let token = sandbox.token_path("corp");
    let changed: Vec<_> = state_files(&sandbox)
        .into_iter()
        .filter(|file| !before.contains(file))
        .map(|(path, _)| path)
        .collect();
    assert_eq!(changed, [token]);
    sandbox.assert_refresh_tokens_used_once();
}

#[test]
fn a_rejected_token_is_reported_and_not_deleted() {
    let sandbox = Sandbox::new();
    let minted = sandbox.store_token(7200);
    assert!(sandbox.server().revoke_access(&minted.access_token));
    let before = state_files(&sandbox);
    let outcome = sandbox.sso(CHECK).run().expect(201);
    assert_eq!(codes(&outcome, "account"), ["token_refused"]);
    assert_eq!(state_files(&sandbox), before);
    assert_eq!(sandbox.server().count("CreateToken:refresh_token"), 0);
}

#[test]
fn a_session_ended_by_the_server_is_found_by_the_refresh() {
    let sandbox = Sandbox::new();
    let minted = sandbox.store_token(-60);
    assert!(sandbox.server().end_session_of(&minted.access_token));
    let outcome = sandbox.sso(CHECK).run().expect(201);
    assert_eq!(codes(&outcome, "token"), ["token_not_renewed"]);
}

#[test]
fn service_failures_have_distinct_exit_codes() {
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
fn an_account_without_roles_and_an_ambiguous_account_are_distinguished() {
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
    // A name that two accounts share matches neither.
    "888888888888".clone_into(&mut empty.id);
    sandbox.server().put_account(empty);
    let outcome = check("Empty", ROLE).expect(202);
    assert_eq!(codes(&outcome, "account"), ["account_not_unique"]);
}

#[test]
fn colours_appear_only_on_a_terminal_without_no_color() {
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
fn a_dumb_terminal_gets_whole_lines_only() {
    let sandbox = Sandbox::new();
    let run = sandbox.sso(["check", "-p", "dev"]).env("TERM", "dumb");
    let shown = run
        .start_on_terminal()
        .finish()
        .stdout
        .replace("\r\n", "\n");
    assert!(shown.contains("fail  token"), "{shown}");
    assert!(!shown.contains(['\r', '\u{1b}']), "{shown:?}");
    assert!(!shown.contains("checking"), "{shown}");
}

#[test]
fn an_unloaded_hook_is_reported_with_its_fix() {
    let sandbox = Sandbox::new();
    sandbox.store_token(7200);
    let project = sandbox.home().join("project");
    std::fs::create_dir(&project).unwrap();
    sandbox
        .sso(["use", "dev"])
        .current_dir(&project)
        .run()
        .expect(0);
    let finding = |run: Run| {
        let outcome = run.run().expect(0);
        let json = outcome.json();
        let stages = json["stages"].as_array().unwrap();
        let findings = stages.last().unwrap()["findings"].as_array().unwrap();
        let found = findings.iter().find(|it| it["code"] == "hook_not_loaded");
        found.map(|finding| finding["fix"].as_str().unwrap().to_owned())
    };
    let here = |script: &str| {
        let run = Run::program(&sandbox, "bash").current_dir(&project);
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
        Some("~/.bashrc has the hook; start a new shell: `exec $SHELL`")
    );
    let loaded = "eval \"$(\"$1\" hook-env bash)\"; \"$1\" check --json; exit $?";
    assert_eq!(finding(here(loaded)), None);
    assert_eq!(finding(here(check).env("SSO_HOOK", "0")), None);
}

#[test]
fn a_hook_before_an_environment_manager_gets_a_warning() {
    let sandbox = Sandbox::new();
    let fix = |startup: &str| {
        let rc = sandbox.home().join(".bashrc");
        sandbox.write_file(&rc, startup.as_bytes());
        let check = "\"$1\" check --json; exit $?";
        let run = Run::program(&sandbox, "bash").args(["--norc", "-c", check, "bash"]);
        let json = run.arg(crate::fixture::binary()).run().json();
        let stages = json["stages"].as_array().unwrap();
        let warnings = stages.last().unwrap()["findings"].as_array().unwrap();
        let found = warnings.iter().find(|it| it["code"] == "hook_order");
        found.map(|finding| (finding["where"].clone(), finding["fix"].clone()))
    };
    let hook = "eval \"$(sso hook bash)\"\n";
    let direnv = "eval \"$(direnv hook bash)\"\n";
    let (place, fix_of_wrong) = fix(&format!("{hook}{direnv}")).unwrap();
    assert_eq!(place, "~/.bashrc:1");
    assert_eq!(
        fix_of_wrong,
        "move line 1 to the end of ~/.bashrc: `vi +1 ~/.bashrc`"
    );
    assert_eq!(fix(&format!("{direnv}{hook}")), None);
    assert_eq!(fix(direnv), None);
}

#[test]
fn files_of_another_owner_are_reported() {
    if !has_root() {
        return;
    }
    let sandbox = Sandbox::new();
    sandbox.store_token(7200);
    run_as_owner(&sandbox);
    chown_home(&sandbox, OTHER_UID);
    // Root owns the user's token, as after a sign-in under sudo by a tool that does not chown.
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
fn a_role_without_an_account_is_searched_in_all_accounts() {
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
    // The role may be in the account that could not be read.
    let outcome = sandbox.sso(["check", "-r", "Nope", "--json"]).run();
    assert_eq!(outcome.code, 207, "{outcome:#?}");
}
