//! Signing out: this session, what came from it, and nothing else.

use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use emulator::{Action, Fault, MintOptions};

use crate::faults::owners::as_owner;
use crate::world::aftermath::{CLOSED, timed};
use crate::world::{ACCOUNT, ROLE, START_URL, Stored, World};

const OTHER_URL: &str = "https://other.awsapps.com/start";

/// A world with a second session, `other`, that is signed in as well.
fn two_sessions() -> World {
    let world = World::new();
    let config = std::fs::read_to_string(world.home().join(".aws/config")).unwrap();
    let other = format!(
        "\n[sso-session other]\n\
         sso_start_url = {OTHER_URL}\n\
         sso_region = eu-west-1\n\
         sso_registration_scopes = sso:account:access\n\
         \n\
         [profile elsewhere]\n\
         sso_session = other\n\
         sso_account_id = {ACCOUNT}\n\
         sso_role_name = {ROLE}\n"
    );
    world.config(&(config + &other));
    world.stored_token(3600);
    let minted = world.server().mint(&MintOptions {
        start_url: OTHER_URL.to_owned(),
        ..MintOptions::default()
    });
    let stored = Stored {
        minted,
        expires_in: 3600,
        registration_in: 3600,
    };
    world.write_token("other", &stored);
    world.credentials().run().expect(0);
    let run = world.sso(["credential-process", "-p", "elsewhere"]);
    run.run().expect(0);
    world
}

fn is_gone(world: &World, session: &str) -> bool {
    let role = world.role_path(session, ACCOUNT, ROLE);
    let (token, role) = (world.token_path(session).exists(), role.exists());
    assert_eq!(token, role, "the token and its credentials go together");
    !token
}

#[test]
fn only_the_session_that_was_named_ends() {
    let world = two_sessions();
    let token = world.read_json(&world.token_path("corp"));
    let outcome = world.sso(["logout", "corp"]).run().expect(0);
    outcome
        .says("signed out of corp")
        .says("the credentials of 1 role");
    assert!(is_gone(&world, "corp") && !is_gone(&world, "other"));
    let logouts = world.server().requests("Logout");
    let bearers: Vec<_> = logouts
        .iter()
        .map(|entry| entry.header("x-amz-sso_bearer_token"))
        .collect();
    assert_eq!(bearers, [token["accessToken"].as_str()]);
    assert!(
        !world
            .server()
            .is_valid(token["accessToken"].as_str().unwrap())
    );
    world.sso(["status", "-q", "other"]).run().expect(0);
    world.sso(["status", "-q", "corp"]).run().expect(4);
    world
        .sso(["logout", "corp"])
        .run()
        .expect(0)
        .says("not signed in to corp");
    assert_eq!(world.server().count("Logout"), 1);
}

#[test]
fn all_of_them_end_with_all() {
    let world = two_sessions();
    world.sso(["logout", "--all"]).run().expect(0);
    assert!(is_gone(&world, "corp") && is_gone(&world, "other"));
    assert_eq!(world.server().count("Logout"), 2);
}

#[test]
fn credentials_of_roles_that_are_in_no_config_are_found_by_our_own_list() {
    let world = World::new();
    world.stored_token(3600);
    let roles = [
        (ACCOUNT, "ReadOnlyAccess"),
        ("222233334444", "PowerUserAccess"),
    ];
    for (account, role) in roles {
        let run = world.sso([
            "credential-process",
            "-s",
            "corp",
            "-a",
            account,
            "-r",
            role,
        ]);
        run.run().expect(0);
    }
    // Those of the config count whoever has fetched them.
    world.write_role("corp", ACCOUNT, ROLE, 3600);
    let outcome = world.sso(["logout"]).run().expect(0);
    outcome.says("the credentials of 3 roles");
    assert_eq!(world.files(".aws/cli/cache"), []);
}

#[test]
fn without_a_network_it_ends_here_and_says_what_is_left() {
    let world = two_sessions();
    let run = world
        .sso(["logout", "corp"])
        .env("AWS_ENDPOINT_URL_SSO", CLOSED);
    let outcome = run.run().expect(0);
    let token_lives = "its access token lives until ";
    outcome
        .says("signed out of corp on this computer")
        .says("the session was not ended on the server")
        .says(token_lives)
        .says(&format!(
            "sign out in the access portal to end it: {START_URL}"
        ));
    assert!(is_gone(&world, "corp") && !is_gone(&world, "other"));
}

#[test]
fn a_silent_server_does_not_keep_anybody_signed_in() {
    let world = World::new();
    world.stored_token(3600);
    let silence = Action::Hang(Duration::from_secs(60));
    world.server().fault(Fault::on_operation("Logout", silence));
    let run = world.sso(["logout"]).env("SSO_TIMEOUT", "1");
    let (outcome, wall) = timed(|| run.run());
    outcome.expect(0).says("not ended on the server");
    assert!(wall < Duration::from_secs(4), "{wall:?}");
    assert!(!world.token_path("corp").exists());
}

#[test]
fn an_expired_token_is_renewed_in_memory_to_end_its_session() {
    let world = World::new();
    let old = world.stored_token(-10);
    world.sso(["logout"]).run().expect(0);
    assert_eq!(world.server().count("CreateToken:refresh_token"), 1);
    assert_eq!(world.server().count("Logout"), 1);
    assert!(!world.server().is_valid(&old.access_token));
    assert!(!world.token_path("corp").exists());
}

#[test]
fn a_session_that_ended_by_itself_is_no_error() {
    for expires_in in [3600, -10] {
        let world = World::new();
        world.stored_token(expires_in);
        world.server().end_all_sessions();
        let outcome = world.sso(["logout"]).run().expect(0);
        assert!(!outcome.stderr.contains("warning"), "{outcome:#?}");
        assert!(!world.token_path("corp").exists());
    }
}

#[test]
fn a_refresh_token_that_was_refused_a_moment_ago_is_not_sent_again() {
    let world = World::new();
    world.stored_token(-10);
    world.server().revoke_refresh_tokens();
    world.credentials().run().expect(4);
    let outcome = world.sso(["logout"]).run().expect(0);
    outcome.says("signed out of corp");
    assert!(!world.token_path("corp").exists());
    world.assert_no_token_spent_twice();
}

#[test]
fn other_tools_files_stay() {
    let world = two_sessions();
    let again = world.sso(["login", "--force", "corp"]).approving_browser();
    again.run().expect(0);
    world.credentials().run().expect(0);
    let others = [
        ".aws/sso/cache/kiro-auth-token.json",
        ".aws/sso/cache/botocore-client-id-eu-west-1.json",
        ".aws/cli/cache/5b5c1ae0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0.json",
        ".aws/cli/cache/session.db",
    ];
    for path in others {
        let text = r#"{"accessToken":"of another tool","region":"eu-west-1"}"#;
        world.write_file(&world.home().join(path), text.as_bytes());
    }
    let before = world.files(".aws/sso/cache").len() + world.files(".aws/cli/cache").len();
    world.sso(["logout", "--all"]).run().expect(0);
    let after = world.files(".aws/sso/cache").len() + world.files(".aws/cli/cache").len();
    // Two tokens, two roles; the registrations stay, too.
    assert_eq!(before - after, 4);
    for path in others {
        assert!(world.home().join(path).exists(), "{path}");
    }
}

#[test]
fn the_token_of_another_instance_is_not_this_sessions_to_end() {
    let world = World::new();
    let mut minted = world.stored_token(3600);
    minted.start_url = OTHER_URL.to_owned();
    let stored = Stored {
        minted,
        expires_in: 3600,
        registration_in: 3600,
    };
    world.write_token("corp", &stored);
    world.sso(["logout"]).run().expect(0).says("not signed in");
    assert_eq!(world.server().count(""), 0);
    assert!(world.token_path("corp").exists());
}

#[test]
fn a_broken_token_goes_and_so_do_its_credentials() {
    let world = World::new();
    world.stored_token(3600);
    world.credentials().run().expect(0);
    std::fs::write(world.token_path("corp"), "{").unwrap();
    world.sso(["logout"]).run().expect(0);
    assert!(is_gone(&world, "corp"));
}

#[test]
fn what_cannot_be_removed_is_named_and_the_server_is_told_all_the_same() {
    let world = World::new();
    world.stored_token(3600);
    world.credentials().run().expect(0);
    let token = world.read_json(&world.token_path("corp"));
    let run = as_owner(&world);
    let cache = world.home().join(".aws/cli/cache");
    std::fs::set_permissions(&cache, PermissionsExt::from_mode(0o500)).unwrap();
    let outcome = run(&world, &["logout"]).run().expect(1);
    let role = world.role_path("corp", ACCOUNT, ROLE);
    outcome.says(&format!("cannot remove {}", role.display()));
    assert!(!world.token_path("corp").exists());
    let token = token["accessToken"].as_str().unwrap();
    assert!(!world.server().is_valid(token));
    std::fs::set_permissions(&cache, PermissionsExt::from_mode(0o700)).unwrap();
    run(&world, &["logout"]).run().expect(0);
    assert!(is_gone(&world, "corp"));
}

#[test]
fn what_aws_cli_has_removed_is_signed_out_for_us() {
    // What `aws sso logout` does: every token, and every role file of the provider.
    let world = two_sessions();
    for directory in [".aws/sso/cache", ".aws/cli/cache"] {
        for (path, _) in world.files(directory) {
            std::fs::remove_file(path).unwrap();
        }
    }
    world
        .credentials()
        .run()
        .expect(4)
        .says("not signed in to corp");
    world
        .sso(["logout", "--all"])
        .run()
        .expect(0)
        .says("not signed in");
    let login = world.sso(["login", "corp"]).approving_browser();
    login.run().expect(0);
    world.credentials().run().expect(0);
}
