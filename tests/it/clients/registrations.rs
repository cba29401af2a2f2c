//! Client registrations, which the CLI and `sso` keep in one file per session: reused where
//! they serve, and never where they would cost the refresh token.

use super::{Client, Judged, aws, world};
use crate::world::{ACCOUNT, ROLE, START_URL, World};

/// A session whose scopes are configured by this line, or not at all.
fn scopes(world: &World, line: &str) {
    world.config(&format!(
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

fn by_the_cli(world: &World, more: &[&str]) {
    aws(world, ["sso", "login", "--sso-session", "corp"])
        .args(more)
        .approving_browser()
        .run()
        .expect(0);
}

fn by_sso(world: &World, more: &[&str]) {
    world
        .sso(["login", "--force"])
        .args(more)
        .approving_browser()
        .run()
        .expect(0);
}

fn registered(world: &World) -> u64 {
    world.server().count("RegisterClient")
}

fn is_refreshable(world: &World) -> bool {
    let token = world.read_json(&world.token_path("corp"));
    token["refreshToken"].is_string()
}

#[test]
fn a_browser_registration_is_reused_in_both_directions() {
    if !Client::AwsCli.is_here() {
        return;
    }
    let world = world();
    by_sso(&world, &[]);
    by_the_cli(&world, &[]);
    by_sso(&world, &[]);
    assert_eq!(registered(&world), 1);
    assert!(is_refreshable(&world));

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
        scopes(&world, line);
        by_the_cli(&world, &[]);
        assert_eq!(registered(&world), count, "{line}");
        by_sso(&world, &[]);
        assert_eq!(registered(&world), count, "{line}");
        assert!(is_refreshable(&world), "{line}");
    }
}

#[test]
fn a_device_registration_is_reused_only_when_it_has_the_scopes() {
    if !Client::AwsCli.is_here() {
        return;
    }
    let world = world();
    scopes(&world, "");
    by_the_cli(&world, &["--use-device-code"]);
    assert!(
        !is_refreshable(&world),
        "the CLI has learnt to ask for scopes"
    );
    world.by_sso();

    // Ours has the scopes, and so can be renewed; the CLI takes it over.
    by_sso(&world, &["--device-code"]);
    assert_eq!(registered(&world), 2);
    assert!(is_refreshable(&world));
    by_the_cli(&world, &["--use-device-code"]);
    assert_eq!(registered(&world), 2);
    assert!(is_refreshable(&world));
    by_sso(&world, &["--device-code"]);
    assert_eq!(registered(&world), 2);

    // The two flows need different clients and take turns in the one file.
    by_sso(&world, &[]);
    assert_eq!(registered(&world), 3);
    by_the_cli(&world, &["--use-device-code"]);
    assert_eq!(registered(&world), 4);
}
