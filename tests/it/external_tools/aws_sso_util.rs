//! aws-sso-util, the peer that shares the cache, and `sso` on one HOME.
//!
//! It knows start URLs and no sso-sessions, registers without scopes, and so stores tokens
//! that cannot be refreshed, with a member of its own.

use std::ffi::OsStr;
use std::sync::OnceLock;

use serde_json::Value;

use crate::fixture::compatibility::{self, Direction};
use crate::fixture::programs::{client_path, has_required_files};
use crate::fixture::{Outcome, Run, START_URL, Sandbox, stamp};

/// A start URL without a session.
const URL: &str = "https://old.awsapps.com/start";
const LEGACY: [&str; 2] = ["012345678901", "ReadOnlyAccess"];
/// Where it keeps its client registration, beside the tokens.
const REGISTRATION: &str = ".aws/sso/cache/botocore-client-id-eu-west-1.json";

fn util<'w, I: AsRef<OsStr>>(sandbox: &'w Sandbox, words: impl IntoIterator<Item = I>) -> Run<'w> {
    Run::program(sandbox, client_path("bin/aws-sso-util")).args(words)
}

/// Records what a test has seen.
fn did(sandbox: &Sandbox, direction: Direction) {
    compatibility::record("aws-sso-util", version(sandbox), direction);
}

/// Its version, asked once.
fn version(sandbox: &Sandbox) -> &'static str {
    static KNOWN: OnceLock<String> = OnceLock::new();
    let ask = || util(sandbox, ["--version"]).run().expect(0).stdout;
    KNOWN.get_or_init(ask).trim()
}

/// A sandbox with a session and a legacy profile, unless aws-sso-util is not installed.
#[track_caller]
fn sandbox() -> Option<Sandbox> {
    if !has_required_files("aws-sso-util", &[client_path("bin/aws-sso-util")]) {
        return None;
    }
    let sandbox = Sandbox::new();
    let [account, role] = LEGACY;
    let config = std::fs::read_to_string(sandbox.home().join(".aws/config")).unwrap();
    sandbox.write_config(&format!(
        "{config}\n\
         [profile legacy]\n\
         sso_start_url = {URL}\n\
         sso_region = eu-west-1\n\
         sso_account_id = {account}\n\
         sso_role_name = {role}\n"
    ));
    // It cannot list accounts that have no name.
    let accounts = sandbox.server().accounts();
    for account in accounts.iter().filter(|account| account.name.is_none()) {
        sandbox.server().remove_account(&account.id);
    }
    Some(sandbox)
}

#[track_caller]
fn util_signs_in(sandbox: &Sandbox, more: &[&str]) {
    util(sandbox, ["login", "--profile", "legacy"])
        .args(more)
        .approving_browser()
        .run()
        .expect(0);
}

#[track_caller]
fn sso_signs_in(sandbox: &Sandbox, arguments: &[&str]) -> Outcome {
    let run = sandbox.sso(["login"]).args(arguments);
    run.approving_browser().run().expect(0)
}

/// `sso` and aws-sso-util, each giving the credentials of a legacy profile.
fn by_sso(sandbox: &Sandbox) -> Run<'_> {
    sandbox.sso(["credential-process", "-p", "legacy"])
}

fn by_util(sandbox: &Sandbox) -> Run<'_> {
    util(sandbox, ["credential-process", "--profile", "legacy"])
}

fn roles(sandbox: &Sandbox) -> Run<'_> {
    let words = ["roles", "--sso-start-url", URL, "--sso-region", "eu-west-1"];
    util(sandbox, words)
}

#[track_caller]
fn key_id(run: Run<'_>) -> String {
    let json = run.run().expect(0).json();
    json["AccessKeyId"].as_str().unwrap().to_owned()
}

#[test]
fn a_sign_in_by_aws_sso_util_serves_sso_which_leaves_its_registration_alone() {
    let Some(sandbox) = sandbox() else { return };
    util_signs_in(&sandbox, &[]);
    let path = sandbox.token_path(URL);
    let token = sandbox.read_json(&path);
    assert!(token["receivedAt"].is_string(), "{token}");
    assert!(token["refreshToken"].is_null(), "{token}");
    let registration = sandbox.home().join(REGISTRATION);
    let registered = std::fs::read(&registration).unwrap();

    sandbox.server().clear_log();
    let said = sso_signs_in(&sandbox, &["-p", "legacy"]);
    said.stderr_contains("already signed in");
    let status = sandbox.sso(["status", "-p", "legacy", "--json"]).run();
    assert!(status.expect(0).stdout.contains("\"valid\""));
    assert_eq!(sandbox.server().count(""), 0);
    let key = key_id(by_sso(&sandbox));
    // The role credentials are in one place for both.
    assert_eq!(key_id(by_util(&sandbox)), key);
    assert_eq!(sandbox.server().count("GetRoleCredentials"), 1);
    assert_eq!(sandbox.read_json(&path), token);

    // What has ended is renewed by a sign-in, for there is nothing to refresh it with.
    let ended = token["expiresAt"].as_str().unwrap();
    let text = token.to_string().replace(ended, &stamp(-60));
    sandbox.write_file(&path, text.as_bytes());
    std::fs::remove_file(legacy_role(&sandbox)).unwrap();
    by_sso(&sandbox)
        .run()
        .expect(4)
        .stderr_contains("hint: sso login");
    sso_signs_in(&sandbox, &["-p", "legacy"]);
    roles(&sandbox).run().expect(0);

    sandbox.sso(["logout", "-p", "legacy"]).run().expect(0);
    assert!(!path.exists() && !legacy_role(&sandbox).exists());
    let refused = by_util(&sandbox).run();
    assert_eq!(
        (refused.code, refused.stdout.as_str()),
        (1, ""),
        "{refused:?}"
    );
    assert_eq!(std::fs::read(&registration).unwrap(), registered);
    // It signs in again with the registration that it has.
    sandbox.server().clear_log();
    util_signs_in(&sandbox, &[]);
    assert_eq!(sandbox.server().count("RegisterClient"), 0);
    did(&sandbox, Direction::SignsIn);
    did(&sandbox, Direction::SharesRoles);
}

/// The cached credentials of the legacy role, which are named after the start URL.
fn legacy_role(sandbox: &Sandbox) -> std::path::PathBuf {
    let [account, role] = LEGACY;
    let key = format!(r#"{{"accountId":"{account}","roleName":"{role}","startUrl":"{URL}"}}"#);
    let name = crate::fixture::sha1(&key) + ".json";
    sandbox.home().join(".aws/cli/cache").join(name)
}

#[test]
fn a_sign_in_by_sso_serves_aws_sso_util() {
    let Some(sandbox) = sandbox() else { return };
    sso_signs_in(&sandbox, &["-p", "legacy"]);
    let path = sandbox.token_path(URL);
    let ours = std::fs::read(&path).unwrap();
    sandbox.server().clear_log();
    util_signs_in(&sandbox, &[]);
    assert_eq!(sandbox.server().count(""), 0, "it has signed in again");
    assert_eq!(std::fs::read(&path).unwrap(), ours);
    let listed = roles(&sandbox).run().expect(0);
    assert!(listed.stdout.contains(LEGACY[0]), "{listed:?}");
    let key = key_id(by_util(&sandbox));
    assert_eq!(key_id(by_sso(&sandbox)), key);
    assert_eq!(sandbox.server().count("GetRoleCredentials"), 1);

    // By force it takes the place of our token, and we go on with its.
    util_signs_in(&sandbox, &["--force-refresh"]);
    let theirs = sandbox.read_json(&path);
    assert!(theirs["receivedAt"].is_string());
    std::fs::remove_file(legacy_role(&sandbox)).unwrap();
    key_id(by_sso(&sandbox));
    assert_eq!(sandbox.read_json(&path), theirs);
    did(&sandbox, Direction::ReadsLegacyToken);
}

#[test]
fn a_session_and_a_sign_in_of_aws_sso_util_leave_each_other_alone() {
    let Some(sandbox) = sandbox() else { return };
    let dev = || sandbox.sso(["credential-process", "-p", "dev"]);
    for util_first in [true, false] {
        if util_first {
            util_signs_in(&sandbox, &[]);
        }
        sso_signs_in(&sandbox, &["corp"]);
        if !util_first {
            util_signs_in(&sandbox, &[]);
        }
        let theirs = sandbox.read_json(&sandbox.token_path(URL));
        let ours = sandbox.read_json(&sandbox.token_path("corp"));
        key_id(dev());
        key_id(by_sso(&sandbox));
        sandbox.sso(["logout", "corp"]).run().expect(0);
        assert!(is_valid(&sandbox, &theirs) && !is_valid(&sandbox, &ours));
        assert_eq!(sandbox.read_json(&sandbox.token_path(URL)), theirs);
        assert!(legacy_role(&sandbox).exists());
        roles(&sandbox).run().expect(0);

        sso_signs_in(&sandbox, &["corp"]);
        let ours = sandbox.read_json(&sandbox.token_path("corp"));
        sandbox.sso(["logout", "-p", "legacy"]).run().expect(0);
        assert!(is_valid(&sandbox, &ours) && !is_valid(&sandbox, &theirs));
        assert!(sandbox.home().join(REGISTRATION).exists());
        key_id(dev());
        sandbox.sso(["logout", "--all"]).run().expect(0);
    }
    let what = "signs in and out beside sessions of `sso` without ending them";
    compatibility::record_note("aws-sso-util", version(&sandbox), what);
}

fn is_valid(sandbox: &Sandbox, token: &Value) -> bool {
    let access = token["accessToken"].as_str().unwrap();
    sandbox.server().is_valid(access)
}

#[test]
fn a_sign_out_of_everything_by_aws_sso_util_is_noticed_and_mended() {
    let Some(sandbox) = sandbox() else { return };
    sso_signs_in(&sandbox, &["corp"]);
    sso_signs_in(&sandbox, &["-p", "legacy"]);
    key_id(sandbox.sso(["credential-process", "-p", "dev"]));
    key_id(by_sso(&sandbox));
    util(&sandbox, ["logout"]).run().expect(0);
    assert!(!sandbox.token_path("corp").exists() && !sandbox.token_path(URL).exists());

    sandbox.sso(["status", "--quiet"]).run().expect(4);
    for (profile, hint) in [
        ("dev", "hint: sso login corp"),
        ("legacy", "hint: sso login"),
    ] {
        let run = sandbox.sso(["credential-process", "-p", profile]);
        run.run()
            .expect(4)
            .stderr_contains("not signed in")
            .stderr_contains(hint);
    }
    sandbox.sso(["logout", "--all"]).run().expect(0);
    // The registrations are still there.
    sandbox.server().clear_log();
    sso_signs_in(&sandbox, &["corp"]);
    sso_signs_in(&sandbox, &["-p", "legacy"]);
    assert_eq!(sandbox.server().count("RegisterClient"), 0);
    did(&sandbox, Direction::SignsOut);
}

#[test]
fn one_start_url_with_and_without_a_session_has_a_token_of_each() {
    let Some(sandbox) = sandbox() else { return };
    let config = std::fs::read_to_string(sandbox.home().join(".aws/config")).unwrap();
    sandbox.write_config(&config.replace(START_URL, URL));
    util_signs_in(&sandbox, &[]);
    let theirs = sandbox.read_json(&sandbox.token_path(URL));
    // Its token is not taken for the session's: that one is to be refreshable.
    let run = sandbox.sso(["credential-process", "-p", "dev"]);
    run.run().expect(4).stderr_contains("hint: sso login corp");
    sso_signs_in(&sandbox, &["corp"]);
    let ours = sandbox.read_json(&sandbox.token_path("corp"));
    assert!(ours["refreshToken"].is_string());
    assert_eq!(sandbox.read_json(&sandbox.token_path(URL)), theirs);

    // Both hang on one session of the portal: when that ends, its token is of no use, and
    // neither tool may insist on it.
    sandbox.sso(["logout", "corp"]).run().expect(0);
    assert_eq!(sandbox.read_json(&sandbox.token_path(URL)), theirs);
    by_sso(&sandbox)
        .run()
        .expect(4)
        .stderr_contains("hint: sso login");
    util_signs_in(&sandbox, &[]);
    key_id(by_sso(&sandbox));
    roles(&sandbox).run().expect(0);
}
