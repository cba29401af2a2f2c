//! Reuse and replacement of cached client registrations.

use emulator::browser;
use serde_json::{Value, json};

use super::wait_for_url;
use crate::fixture::{Sandbox, sha1, stamp};

/// Path of the registration file of `corp` with its configured scopes.
fn registration_path(sandbox: &Sandbox) -> std::path::PathBuf {
    let key = r#"{"region": "eu-west-1", "scopes": ["sso:account:access"], "session_name": "corp", "startUrl": "https://corp.awsapps.com/start", "tool": "botocore"}"#;
    sandbox
        .home()
        .join(".aws/sso/cache")
        .join(sha1(key) + ".json")
}

fn registration_count(sandbox: &Sandbox) -> u64 {
    sandbox.server().count("RegisterClient")
}

#[test]
fn registration_is_reused_by_the_same_flow_only() {
    let sandbox = Sandbox::new();
    sandbox.sign_in();
    let file = sandbox.read_json(&registration_path(&sandbox));
    assert_eq!(
        file["grantTypes"],
        json!(["authorization_code", "refresh_token"])
    );
    let force = || sandbox.sso(["login", "--force"]).approving_browser();
    force().run().expect(0);
    assert_eq!(registration_count(&sandbox), 1);
    force().arg("--device-code").run().expect(0);
    assert_eq!(registration_count(&sandbox), 2);
    let file = sandbox.read_json(&registration_path(&sandbox));
    assert!(file["grantTypes"].is_null(), "{file}");
    force().arg("--device-code").run().expect(0);
    assert_eq!(registration_count(&sandbox), 2);
    force().run().expect(0);
    assert_eq!(registration_count(&sandbox), 3);
}

#[test]
fn unsuitable_registration_is_replaced() {
    let sandbox = Sandbox::new();
    sandbox.sign_in();
    let good = sandbox.read_json(&registration_path(&sandbox));
    let mut changed: Vec<(&str, Value)> = vec![("no scopes", good.clone()); 4];
    changed[0].1.as_object_mut().unwrap().remove("scopes");
    changed[1] = (
        "other scopes",
        with_member(&good, "scopes", json!(["sso:other"])),
    );
    changed[2] = (
        "expires soon",
        with_member(&good, "expiresAt", json!(stamp(600))),
    );
    changed[3] = (
        "no grant types",
        with_member(&good, "grantTypes", Value::Null),
    );
    changed.push((
        "a number for a name",
        with_member(&good, "clientId", json!(1)),
    ));
    for (what, file) in changed {
        sandbox.write_file(&registration_path(&sandbox), file.to_string().as_bytes());
        let before = registration_count(&sandbox);
        sandbox
            .sso(["login", "--force"])
            .approving_browser()
            .run()
            .expect(0);
        assert_eq!(registration_count(&sandbox), before + 1, "{what}");
    }
    for broken in ["", "{", "[]", "null"] {
        sandbox.write_file(&registration_path(&sandbox), broken.as_bytes());
        sandbox
            .sso(["login", "--force"])
            .approving_browser()
            .run()
            .expect(0);
        assert_eq!(
            sandbox.read_json(&registration_path(&sandbox))["scopes"],
            good["scopes"],
            "{broken:?}"
        );
    }
}

fn with_member(file: &Value, key: &str, value: Value) -> Value {
    let mut file = file.clone();
    file[key] = value;
    file
}

#[test]
fn device_login_registers_again_when_the_server_deleted_the_client() {
    let sandbox = Sandbox::new();
    let login = || {
        sandbox
            .sso(["login", "--force", "--device-code"])
            .approving_browser()
    };
    login().run().expect(0);
    sandbox.server().forget_clients();
    std::fs::remove_file(sandbox.token_path("corp")).unwrap();
    login().run().expect(0).stderr_contains("signed in to corp");
    assert_eq!(registration_count(&sandbox), 2);
}

#[test]
fn registration_rejected_during_a_sign_in_is_removed() {
    let sandbox = Sandbox::new();
    let run = sandbox
        .sso(["login", "--no-browser"])
        .env("SSO_LOGIN_FLOW", "pkce");
    let mut running = run.start();
    let address = wait_for_url(&mut running);
    let redirect = browser::press(&address, "approve")
        .unwrap()
        .location
        .unwrap();
    sandbox.server().forget_clients();
    let end = browser::open(&redirect).unwrap();
    assert!(end.body.contains("id=\"failed\""), "{}", end.body);
    running
        .finish()
        .expect(4)
        .stderr_contains("the cached client registration is not known any more, and was removed")
        .stderr_contains("hint: sso login corp");
    assert!(!registration_path(&sandbox).exists());
    sandbox.sign_in();
}

#[test]
fn configured_scopes_are_requested_and_hashed_unchanged() {
    let sandbox = Sandbox::new();
    for (line, scopes) in [
        ("", json!(["sso:account:access"])),
        ("sso_registration_scopes =\n", json!(["sso:account:access"])),
        (
            "sso_registration_scopes = b:c , sso:account:access,,\n",
            json!(["b:c", "sso:account:access"]),
        ),
    ] {
        sandbox.write_config(&format!(
            "[sso-session corp]\nsso_start_url = https://corp.awsapps.com/start\nsso_region = eu-west-1\n{line}"
        ));
        sandbox.server().clear_log();
        sandbox
            .sso(["login", "--force"])
            .approving_browser()
            .run()
            .expect(0);
        let body = sandbox.server().requests("RegisterClient")[0].json();
        assert_eq!(body["scopes"], scopes, "{line}");
        assert_eq!(body["clientType"], "public");
        assert_eq!(
            body["redirectUris"],
            json!(["http://127.0.0.1/oauth/callback"])
        );
        assert_eq!(body["issuerUrl"], "https://corp.awsapps.com/start");
    }
}
