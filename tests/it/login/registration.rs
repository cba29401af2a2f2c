//! Which cached client registration a sign-in may use.

use emulator::browser;
use serde_json::{Value, json};

use super::shown_address;
use crate::world::{World, sha1, stamp};

/// The registration file of `corp`, whose scopes are configured.
fn path(world: &World) -> std::path::PathBuf {
    let key = r#"{"region": "eu-west-1", "scopes": ["sso:account:access"], "session_name": "corp", "startUrl": "https://corp.awsapps.com/start", "tool": "botocore"}"#;
    world
        .home()
        .join(".aws/sso/cache")
        .join(sha1(key) + ".json")
}

fn registrations(world: &World) -> u64 {
    world.server().count("RegisterClient")
}

#[test]
fn a_registration_is_used_again_by_the_same_flow_only() {
    let world = World::new();
    world.sign_in();
    let file = world.read_json(&path(&world));
    assert_eq!(
        file["grantTypes"],
        json!(["authorization_code", "refresh_token"])
    );
    let force = || world.sso(["login", "--force"]).approving_browser();
    force().run().expect(0);
    assert_eq!(registrations(&world), 1);
    force().arg("--device-code").run().expect(0);
    assert_eq!(registrations(&world), 2);
    let file = world.read_json(&path(&world));
    assert!(file["grantTypes"].is_null(), "{file}");
    force().arg("--device-code").run().expect(0);
    assert_eq!(registrations(&world), 2);
    force().run().expect(0);
    assert_eq!(registrations(&world), 3);
}

#[test]
fn a_registration_that_does_not_fit_is_replaced() {
    let world = World::new();
    world.sign_in();
    let good = world.read_json(&path(&world));
    let mut changed: Vec<(&str, Value)> = vec![("no scopes", good.clone()); 4];
    changed[0].1.as_object_mut().unwrap().remove("scopes");
    changed[1] = ("other scopes", with(&good, "scopes", json!(["sso:other"])));
    changed[2] = (
        "an end too near",
        with(&good, "expiresAt", json!(stamp(600))),
    );
    changed[3] = ("no grant types", with(&good, "grantTypes", Value::Null));
    changed.push(("a number for a name", with(&good, "clientId", json!(1))));
    for (what, file) in changed {
        world.write_file(&path(&world), file.to_string().as_bytes());
        let before = registrations(&world);
        world
            .sso(["login", "--force"])
            .approving_browser()
            .run()
            .expect(0);
        assert_eq!(registrations(&world), before + 1, "{what}");
    }
    for broken in ["", "{", "[]", "null"] {
        world.write_file(&path(&world), broken.as_bytes());
        world
            .sso(["login", "--force"])
            .approving_browser()
            .run()
            .expect(0);
        assert_eq!(
            world.read_json(&path(&world))["scopes"],
            good["scopes"],
            "{broken:?}"
        );
    }
}

fn with(file: &Value, key: &str, value: Value) -> Value {
    let mut file = file.clone();
    file[key] = value;
    file
}

#[test]
fn a_client_that_the_server_has_forgotten_registers_again_for_a_code() {
    let world = World::new();
    let login = || {
        world
            .sso(["login", "--force", "--device-code"])
            .approving_browser()
    };
    login().run().expect(0);
    world.server().forget_clients();
    std::fs::remove_file(world.token_path("corp")).unwrap();
    login().run().expect(0).says("signed in to corp");
    assert_eq!(registrations(&world), 2);
}

#[test]
fn a_client_that_is_forgotten_during_a_sign_in_registers_again_at_the_next() {
    let world = World::new();
    let run = world
        .sso(["login", "--no-browser"])
        .env("SSO_LOGIN_FLOW", "pkce");
    let mut running = run.start();
    let address = shown_address(&mut running);
    let redirect = browser::press(&address, "approve")
        .unwrap()
        .location
        .unwrap();
    world.server().forget_clients();
    let end = browser::open(&redirect).unwrap();
    assert!(end.body.contains("id=\"failed\""), "{}", end.body);
    running
        .finish()
        .expect(4)
        .says("the cached client registration is not known any more, and was removed")
        .says("hint: sso login corp");
    assert!(!path(&world).exists());
    world.sign_in();
}

#[test]
fn the_scopes_of_the_configuration_are_asked_for_and_hashed_as_they_stand() {
    let world = World::new();
    for (line, scopes) in [
        ("", json!(["sso:account:access"])),
        ("sso_registration_scopes =\n", json!(["sso:account:access"])),
        (
            "sso_registration_scopes = b:c , sso:account:access,,\n",
            json!(["b:c", "sso:account:access"]),
        ),
    ] {
        world.config(&format!(
            "[sso-session corp]\nsso_start_url = https://corp.awsapps.com/start\nsso_region = eu-west-1\n{line}"
        ));
        world.server().clear_log();
        world
            .sso(["login", "--force"])
            .approving_browser()
            .run()
            .expect(0);
        let body = world.server().requests("RegisterClient")[0].json();
        assert_eq!(body["scopes"], scopes, "{line}");
        assert_eq!(body["clientType"], "public");
        assert_eq!(
            body["redirectUris"],
            json!(["http://127.0.0.1/oauth/callback"])
        );
        assert_eq!(body["issuerUrl"], "https://corp.awsapps.com/start");
    }
}
