//! aws-sso-util and `sso` with one HOME and one cache.
//!
//! aws-sso-util supports start URLs but not sso-sessions. It registers without scopes, so its
//! tokens cannot be refreshed, and it adds a member `receivedAt`.

use std::ffi::OsStr;
use std::sync::OnceLock;

use serde_json::Value;

use crate::fixture::compatibility::{self, Direction};
use crate::fixture::programs::{client_path, has_required_files};
use crate::fixture::{Outcome, Run, START_URL, Sandbox, stamp};

/// Start URL of the legacy profile, which has no session.
const URL: &str = "https://old.awsapps.com/start";
/// Account and role of the legacy profile.
const LEGACY: [&str; 2] = ["012345678901", "ReadOnlyAccess"];
/// File in which aws-sso-util stores its client registration.
const REGISTRATION: &str = ".aws/sso/cache/botocore-client-id-eu-west-1.json";

fn util<'w, I: AsRef<OsStr>>(
    sandbox: &'w Sandbox,
    arguments: impl IntoIterator<Item = I>,
) -> Run<'w> {
    Run::program(sandbox, client_path("bin/aws-sso-util")).args(arguments)
}

/// Records an observation for COMPATIBILITY.md.
fn record(sandbox: &Sandbox, direction: Direction) {
    compatibility::record("aws-sso-util", version(sandbox), direction);
}

/// Returns the version of aws-sso-util, which is queried once.
fn version(sandbox: &Sandbox) -> &'static str {
    static KNOWN: OnceLock<String> = OnceLock::new();
    let ask = || util(sandbox, ["--version"]).run().expect(0).stdout;
    KNOWN.get_or_init(ask).trim()
}

/// Creates a sandbox with a session and a legacy profile; `None` without aws-sso-util.
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
    // aws-sso-util cannot list accounts without a name.
    let accounts = sandbox.server().accounts();
    for account in accounts.iter().filter(|account| account.name.is_none()) {
        sandbox.server().remove_account(&account.id);
    }
    Some(sandbox)
}

#[track_caller]
fn sign_in_by_util(sandbox: &Sandbox, more: &[&str]) {
    util(sandbox, ["login", "--profile", "legacy"])
        .args(more)
        .approving_browser()
        .run()
        .expect(0);
}

#[track_caller]
fn sign_in_by_sso(sandbox: &Sandbox, arguments: &[&str]) -> Outcome {
    let run = sandbox.sso(["login"]).args(arguments);
    run.approving_browser().run().expect(0)
}

/// Prepares a run of `sso` that prints the credentials of the legacy profile.
fn credentials_by_sso(sandbox: &Sandbox) -> Run<'_> {
    sandbox.sso(["credential-process", "-p", "legacy"])
}

/// Prepares a run of aws-sso-util that prints the credentials of the legacy profile.
fn credentials_by_util(sandbox: &Sandbox) -> Run<'_> {
    util(sandbox, ["credential-process", "--profile", "legacy"])
}

fn list_roles(sandbox: &Sandbox) -> Run<'_> {
    let arguments = ["roles", "--sso-start-url", URL, "--sso-region", "eu-west-1"];
    util(sandbox, arguments)
}

#[track_caller]
fn key_id(run: Run<'_>) -> String {
    let json = run.run().expect(0).json();
    json["AccessKeyId"].as_str().unwrap().to_owned()
}

#[test]
fn sso_uses_a_sign_in_by_aws_sso_util_and_keeps_its_registration() {
    let Some(sandbox) = sandbox() else { return };
    sign_in_by_util(&sandbox, &[]);
    let path = sandbox.token_path(URL);
    let token = sandbox.read_json(&path);
    assert!(token["receivedAt"].is_string(), "{token}");
    assert!(token["refreshToken"].is_null(), "{token}");
    let registration = sandbox.home().join(REGISTRATION);
    let registered = std::fs::read(&registration).unwrap();

    sandbox.server().clear_log();
    let outcome = sign_in_by_sso(&sandbox, &["-p", "legacy"]);
    outcome.stderr_contains("already signed in");
    let status = sandbox.sso(["status", "-p", "legacy", "--json"]).run();
    assert!(status.expect(0).stdout.contains("\"valid\""));
    assert_eq!(sandbox.server().count(""), 0);
    let key = key_id(credentials_by_sso(&sandbox));
    // Both use the same file for the role credentials.
    assert_eq!(key_id(credentials_by_util(&sandbox)), key);
    assert_eq!(sandbox.server().count("GetRoleCredentials"), 1);
    assert_eq!(sandbox.read_json(&path), token);

    // An expired token needs a sign-in, because it has no refresh token.
    let expiry = token["expiresAt"].as_str().unwrap();
    let text = token.to_string().replace(expiry, &stamp(-60));
    sandbox.write_file(&path, text.as_bytes());
    std::fs::remove_file(legacy_role_path(&sandbox)).unwrap();
    credentials_by_sso(&sandbox)
        .run()
        .expect(4)
        .stderr_contains("hint: sso login");
    sign_in_by_sso(&sandbox, &["-p", "legacy"]);
    list_roles(&sandbox).run().expect(0);

    sandbox.sso(["logout", "-p", "legacy"]).run().expect(0);
    assert!(!path.exists() && !legacy_role_path(&sandbox).exists());
    let refused = credentials_by_util(&sandbox).run();
    assert_eq!(
        (refused.code, refused.stdout.as_str()),
        (1, ""),
        "{refused:?}"
    );
    assert_eq!(std::fs::read(&registration).unwrap(), registered);
    // It reuses its own registration for the next sign-in.
    sandbox.server().clear_log();
    sign_in_by_util(&sandbox, &[]);
    assert_eq!(sandbox.server().count("RegisterClient"), 0);
    record(&sandbox, Direction::SignsIn);
    record(&sandbox, Direction::SharesRoles);
}

/// Path of the cached credentials of the legacy role; the hash in the name includes the start URL.
fn legacy_role_path(sandbox: &Sandbox) -> std::path::PathBuf {
    let [account, role] = LEGACY;
    let key = format!(r#"{{"accountId":"{account}","roleName":"{role}","startUrl":"{URL}"}}"#);
    let name = crate::fixture::sha1(&key) + ".json";
    sandbox.home().join(".aws/cli/cache").join(name)
}

#[test]
fn aws_sso_util_uses_a_sign_in_by_sso() {
    let Some(sandbox) = sandbox() else { return };
    sign_in_by_sso(&sandbox, &["-p", "legacy"]);
    let path = sandbox.token_path(URL);
    let ours = std::fs::read(&path).unwrap();
    sandbox.server().clear_log();
    sign_in_by_util(&sandbox, &[]);
    assert_eq!(sandbox.server().count(""), 0, "there was another sign-in");
    assert_eq!(std::fs::read(&path).unwrap(), ours);
    let listed = list_roles(&sandbox).run().expect(0);
    assert!(listed.stdout.contains(LEGACY[0]), "{listed:?}");
    let key = key_id(credentials_by_util(&sandbox));
    assert_eq!(key_id(credentials_by_sso(&sandbox)), key);
    assert_eq!(sandbox.server().count("GetRoleCredentials"), 1);

    // With --force-refresh it replaces the token, and `sso` uses the new one.
    sign_in_by_util(&sandbox, &["--force-refresh"]);
    let theirs = sandbox.read_json(&path);
    assert!(theirs["receivedAt"].is_string());
    std::fs::remove_file(legacy_role_path(&sandbox)).unwrap();
    key_id(credentials_by_sso(&sandbox));
    assert_eq!(sandbox.read_json(&path), theirs);
    record(&sandbox, Direction::ReadsLegacyToken);
}

#[test]
fn a_session_and_a_sign_in_of_aws_sso_util_are_independent() {
    let Some(sandbox) = sandbox() else { return };
    let dev = || sandbox.sso(["credential-process", "-p", "dev"]);
    for util_first in [true, false] {
        if util_first {
            sign_in_by_util(&sandbox, &[]);
        }
        sign_in_by_sso(&sandbox, &["corp"]);
        if !util_first {
            sign_in_by_util(&sandbox, &[]);
        }
        let theirs = sandbox.read_json(&sandbox.token_path(URL));
        let ours = sandbox.read_json(&sandbox.token_path("corp"));
        key_id(dev());
        key_id(credentials_by_sso(&sandbox));
        sandbox.sso(["logout", "corp"]).run().expect(0);
        assert!(is_valid(&sandbox, &theirs) && !is_valid(&sandbox, &ours));
        assert_eq!(sandbox.read_json(&sandbox.token_path(URL)), theirs);
        assert!(legacy_role_path(&sandbox).exists());
        list_roles(&sandbox).run().expect(0);

        sign_in_by_sso(&sandbox, &["corp"]);
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
fn a_sign_out_of_everything_by_aws_sso_util_is_noticed() {
    let Some(sandbox) = sandbox() else { return };
    sign_in_by_sso(&sandbox, &["corp"]);
    sign_in_by_sso(&sandbox, &["-p", "legacy"]);
    key_id(sandbox.sso(["credential-process", "-p", "dev"]));
    key_id(credentials_by_sso(&sandbox));
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
    // The registrations were not deleted.
    sandbox.server().clear_log();
    sign_in_by_sso(&sandbox, &["corp"]);
    sign_in_by_sso(&sandbox, &["-p", "legacy"]);
    assert_eq!(sandbox.server().count("RegisterClient"), 0);
    record(&sandbox, Direction::SignsOut);
}

#[test]
fn one_start_url_with_and_without_a_session_has_two_tokens() {
    let Some(sandbox) = sandbox() else { return };
    let config = std::fs::read_to_string(sandbox.home().join(".aws/config")).unwrap();
    sandbox.write_config(&config.replace(START_URL, URL));
    sign_in_by_util(&sandbox, &[]);
    let theirs = sandbox.read_json(&sandbox.token_path(URL));
    // Its token is not used for the session, whose token must be refreshable.
    let run = sandbox.sso(["credential-process", "-p", "dev"]);
    run.run().expect(4).stderr_contains("hint: sso login corp");
    sign_in_by_sso(&sandbox, &["corp"]);
    let ours = sandbox.read_json(&sandbox.token_path("corp"));
    assert!(ours["refreshToken"].is_string());
    assert_eq!(sandbox.read_json(&sandbox.token_path(URL)), theirs);

    // Both tokens belong to one instance: a sign-out ends both, and both tools must recover.
    sandbox.sso(["logout", "corp"]).run().expect(0);
    assert!(!sandbox.token_path(URL).exists());
    credentials_by_sso(&sandbox)
        .run()
        .expect(4)
        .stderr_contains("hint: sso login");
    sign_in_by_util(&sandbox, &[]);
    key_id(credentials_by_sso(&sandbox));
    list_roles(&sandbox).run().expect(0);
}
