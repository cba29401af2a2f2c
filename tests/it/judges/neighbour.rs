//! aws-sso-util, the peer that shares the cache, and `sso` on one HOME.
//!
//! It knows start URLs and no sso-sessions, registers without scopes, and so stores tokens
//! that cannot be refreshed, with a member of its own.

use std::ffi::OsStr;
use std::sync::OnceLock;

use serde_json::Value;

use crate::compat::{self, Direction};
use crate::programs::{are_installed, installed};
use crate::world::{Outcome, Run, START_URL, World, stamp};

/// A start URL without a session.
const URL: &str = "https://old.awsapps.com/start";
const LEGACY: [&str; 2] = ["012345678901", "ReadOnlyAccess"];
/// Where it keeps its client registration, beside the tokens.
const REGISTRATION: &str = ".aws/sso/cache/botocore-client-id-eu-west-1.json";

fn util<'w, I: AsRef<OsStr>>(world: &'w World, words: impl IntoIterator<Item = I>) -> Run<'w> {
    Run::other(world, installed("bin/aws-sso-util")).args(words)
}

/// Records what a test has seen.
fn did(world: &World, direction: Direction) {
    compat::record("aws-sso-util", version(world), direction);
}

/// Its version, asked once.
fn version(world: &World) -> &'static str {
    static KNOWN: OnceLock<String> = OnceLock::new();
    let ask = || util(world, ["--version"]).run().expect(0).stdout;
    KNOWN.get_or_init(ask).trim()
}

/// A world with a session and a legacy profile, unless aws-sso-util is not installed.
#[track_caller]
fn world() -> Option<World> {
    if !are_installed("aws-sso-util", &[installed("bin/aws-sso-util")]) {
        return None;
    }
    let world = World::new();
    let [account, role] = LEGACY;
    let config = std::fs::read_to_string(world.home().join(".aws/config")).unwrap();
    world.config(&format!(
        "{config}\n\
         [profile legacy]\n\
         sso_start_url = {URL}\n\
         sso_region = eu-west-1\n\
         sso_account_id = {account}\n\
         sso_role_name = {role}\n"
    ));
    // It cannot list accounts that have no name.
    let accounts = world.server().accounts();
    for account in accounts.iter().filter(|account| account.name.is_none()) {
        world.server().remove_account(&account.id);
    }
    Some(world)
}

#[track_caller]
fn util_signs_in(world: &World, more: &[&str]) {
    util(world, ["login", "--profile", "legacy"])
        .args(more)
        .approving_browser()
        .run()
        .expect(0);
}

#[track_caller]
fn sso_signs_in(world: &World, arguments: &[&str]) -> Outcome {
    let run = world.sso(["login"]).args(arguments);
    run.approving_browser().run().expect(0)
}

/// `sso` and aws-sso-util, each giving the credentials of a legacy profile.
fn by_sso(world: &World) -> Run<'_> {
    world.sso(["credential-process", "-p", "legacy"])
}

fn by_util(world: &World) -> Run<'_> {
    util(world, ["credential-process", "--profile", "legacy"])
}

fn roles(world: &World) -> Run<'_> {
    let words = ["roles", "--sso-start-url", URL, "--sso-region", "eu-west-1"];
    util(world, words)
}

#[track_caller]
fn key_id(run: Run<'_>) -> String {
    let json = run.run().expect(0).json();
    json["AccessKeyId"].as_str().unwrap().to_owned()
}

#[test]
fn a_sign_in_by_aws_sso_util_serves_sso_which_leaves_its_registration_alone() {
    let Some(world) = world() else { return };
    util_signs_in(&world, &[]);
    let path = world.token_path(URL);
    let token = world.read_json(&path);
    assert!(token["receivedAt"].is_string(), "{token}");
    assert!(token["refreshToken"].is_null(), "{token}");
    let registration = world.home().join(REGISTRATION);
    let registered = std::fs::read(&registration).unwrap();

    world.server().clear_log();
    let said = sso_signs_in(&world, &["-p", "legacy"]);
    said.says("already signed in");
    let status = world.sso(["status", "-p", "legacy", "--json"]).run();
    assert!(status.expect(0).stdout.contains("\"valid\""));
    assert_eq!(world.server().count(""), 0);
    let key = key_id(by_sso(&world));
    // The role credentials are in one place for both.
    assert_eq!(key_id(by_util(&world)), key);
    assert_eq!(world.server().count("GetRoleCredentials"), 1);
    assert_eq!(world.read_json(&path), token);

    // What has ended is renewed by a sign-in, for there is nothing to refresh it with.
    let ended = token["expiresAt"].as_str().unwrap();
    let text = token.to_string().replace(ended, &stamp(-60));
    world.write_file(&path, text.as_bytes());
    std::fs::remove_file(legacy_role(&world)).unwrap();
    by_sso(&world).run().expect(4).says("hint: sso login");
    sso_signs_in(&world, &["-p", "legacy"]);
    roles(&world).run().expect(0);

    world.sso(["logout", "-p", "legacy"]).run().expect(0);
    assert!(!path.exists() && !legacy_role(&world).exists());
    let refused = by_util(&world).run();
    assert_eq!(
        (refused.code, refused.stdout.as_str()),
        (1, ""),
        "{refused:?}"
    );
    assert_eq!(std::fs::read(&registration).unwrap(), registered);
    // It signs in again with the registration that it has.
    world.server().clear_log();
    util_signs_in(&world, &[]);
    assert_eq!(world.server().count("RegisterClient"), 0);
    did(&world, Direction::SignsIn);
    did(&world, Direction::SharesRoles);
}

/// The cached credentials of the legacy role, which are named after the start URL.
fn legacy_role(world: &World) -> std::path::PathBuf {
    let [account, role] = LEGACY;
    let key = format!(r#"{{"accountId":"{account}","roleName":"{role}","startUrl":"{URL}"}}"#);
    let name = crate::world::sha1(&key) + ".json";
    world.home().join(".aws/cli/cache").join(name)
}

#[test]
fn a_sign_in_by_sso_serves_aws_sso_util() {
    let Some(world) = world() else { return };
    sso_signs_in(&world, &["-p", "legacy"]);
    let path = world.token_path(URL);
    let ours = std::fs::read(&path).unwrap();
    world.server().clear_log();
    util_signs_in(&world, &[]);
    assert_eq!(world.server().count(""), 0, "it has signed in again");
    assert_eq!(std::fs::read(&path).unwrap(), ours);
    let listed = roles(&world).run().expect(0);
    assert!(listed.stdout.contains(LEGACY[0]), "{listed:?}");
    let key = key_id(by_util(&world));
    assert_eq!(key_id(by_sso(&world)), key);
    assert_eq!(world.server().count("GetRoleCredentials"), 1);

    // By force it takes the place of our token, and we go on with its.
    util_signs_in(&world, &["--force-refresh"]);
    let theirs = world.read_json(&path);
    assert!(theirs["receivedAt"].is_string());
    std::fs::remove_file(legacy_role(&world)).unwrap();
    key_id(by_sso(&world));
    assert_eq!(world.read_json(&path), theirs);
    did(&world, Direction::ReadsLegacyToken);
}

#[test]
fn a_session_and_a_sign_in_of_aws_sso_util_leave_each_other_alone() {
    let Some(world) = world() else { return };
    let dev = || world.sso(["credential-process", "-p", "dev"]);
    for util_first in [true, false] {
        if util_first {
            util_signs_in(&world, &[]);
        }
        sso_signs_in(&world, &["corp"]);
        if !util_first {
            util_signs_in(&world, &[]);
        }
        let theirs = world.read_json(&world.token_path(URL));
        let ours = world.read_json(&world.token_path("corp"));
        key_id(dev());
        key_id(by_sso(&world));
        world.sso(["logout", "corp"]).run().expect(0);
        assert!(is_valid(&world, &theirs) && !is_valid(&world, &ours));
        assert_eq!(world.read_json(&world.token_path(URL)), theirs);
        assert!(legacy_role(&world).exists());
        roles(&world).run().expect(0);

        sso_signs_in(&world, &["corp"]);
        let ours = world.read_json(&world.token_path("corp"));
        world.sso(["logout", "-p", "legacy"]).run().expect(0);
        assert!(is_valid(&world, &ours) && !is_valid(&world, &theirs));
        assert!(world.home().join(REGISTRATION).exists());
        key_id(dev());
        world.sso(["logout", "--all"]).run().expect(0);
    }
    let what = "signs in and out beside sessions of `sso` without ending them";
    compat::record_also("aws-sso-util", version(&world), what);
}

fn is_valid(world: &World, token: &Value) -> bool {
    let access = token["accessToken"].as_str().unwrap();
    world.server().is_valid(access)
}

#[test]
fn a_sign_out_of_everything_by_aws_sso_util_is_noticed_and_mended() {
    let Some(world) = world() else { return };
    sso_signs_in(&world, &["corp"]);
    sso_signs_in(&world, &["-p", "legacy"]);
    key_id(world.sso(["credential-process", "-p", "dev"]));
    key_id(by_sso(&world));
    util(&world, ["logout"]).run().expect(0);
    assert!(!world.token_path("corp").exists() && !world.token_path(URL).exists());

    world.sso(["status", "--quiet"]).run().expect(4);
    for (profile, hint) in [
        ("dev", "hint: sso login corp"),
        ("legacy", "hint: sso login"),
    ] {
        let run = world.sso(["credential-process", "-p", profile]);
        run.run().expect(4).says("not signed in").says(hint);
    }
    world.sso(["logout", "--all"]).run().expect(0);
    // The registrations are still there.
    world.server().clear_log();
    sso_signs_in(&world, &["corp"]);
    sso_signs_in(&world, &["-p", "legacy"]);
    assert_eq!(world.server().count("RegisterClient"), 0);
    did(&world, Direction::SignsOut);
}

#[test]
fn one_start_url_with_and_without_a_session_has_a_token_of_each() {
    let Some(world) = world() else { return };
    let config = std::fs::read_to_string(world.home().join(".aws/config")).unwrap();
    world.config(&config.replace(START_URL, URL));
    util_signs_in(&world, &[]);
    let theirs = world.read_json(&world.token_path(URL));
    // Its token is not taken for the session's: that one is to be refreshable.
    let run = world.sso(["credential-process", "-p", "dev"]);
    run.run().expect(4).says("hint: sso login corp");
    sso_signs_in(&world, &["corp"]);
    let ours = world.read_json(&world.token_path("corp"));
    assert!(ours["refreshToken"].is_string());
    assert_eq!(world.read_json(&world.token_path(URL)), theirs);

    // Both hang on one session of the portal: when that ends, its token is of no use, and
    // neither tool may insist on it.
    world.sso(["logout", "corp"]).run().expect(0);
    assert_eq!(world.read_json(&world.token_path(URL)), theirs);
    by_sso(&world).run().expect(4).says("hint: sso login");
    util_signs_in(&world, &[]);
    key_id(by_sso(&world));
    roles(&world).run().expect(0);
}
