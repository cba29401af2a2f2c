//! Precedence of flags, variables and profiles.

use std::os::unix::fs::PermissionsExt;

use super::{config_text, exported_region, profile_sections, requested_role, sandbox_with_config};
use crate::fixture::{ACCOUNT, START_URL, StoredToken};

#[test]
fn profile_flag_precedes_variables_and_default() {
    let sandbox =
        sandbox_with_config(&(config_text("") + &profile_sections(&["default", "three"])));
    let sso = || sandbox.sso(["credential-process"]);
    assert_eq!(
        requested_role(&sandbox, sso()),
        format!("default {ACCOUNT}")
    );
    let second = sso().env("AWS_DEFAULT_PROFILE", "one");
    assert_eq!(requested_role(&sandbox, second), format!("one {ACCOUNT}"));
    let first = sso()
        .env("AWS_DEFAULT_PROFILE", "one")
        .env("AWS_PROFILE", "two");
    assert_eq!(requested_role(&sandbox, first), format!("two {ACCOUNT}"));
    let option = sso().env("AWS_PROFILE", "two").args(["-p", "three"]);
    assert_eq!(requested_role(&sandbox, option), format!("three {ACCOUNT}"));
}

#[test]
fn empty_variables_are_ignored() {
    let sandbox = sandbox_with_config(&(config_text("") + &profile_sections(&["default"])));
    let run = sandbox
        .sso(["credential-process"])
        .env("AWS_PROFILE", "")
        .env("AWS_DEFAULT_PROFILE", "one")
        .env("AWS_CONFIG_FILE", "")
        .env("AWS_SHARED_CREDENTIALS_FILE", "")
        .env("AWS_CA_BUNDLE", "")
        .env("AWS_ENDPOINT_URL", "")
        .env("SSO_TIMEOUT", "")
        .env("SSO_LOGIN_FLOW", "");
    assert_eq!(requested_role(&sandbox, run), format!("one {ACCOUNT}"));
}

#[test]
fn account_and_role_flags_override_the_profile() {
    let sandbox = sandbox_with_config(&config_text(""));
    let sso = |arguments: &[&str]| {
        let run = sandbox.sso(["credential-process", "-p", "one"]);
        requested_role(&sandbox, run.args(arguments))
    };
    assert_eq!(sso(&["-r", "two"]), format!("two {ACCOUNT}"));
    assert_eq!(sso(&["-a", "444455556666"]), "one 444455556666");
    assert_eq!(
        sso(&["--account=444455556666", "--role=two"]),
        "two 444455556666"
    );
}

#[test]
fn session_flags_override_the_profile() {
    let sandbox = sandbox_with_config(&config_text(""));
    // The other session is not signed in, so the error shows which one was selected.
    for arguments in [
        ["--session", "other"],
        ["--start-url", "https://other.awsapps.com/start/"],
    ] {
        sandbox
            .sso(["credential-process", "-p", "one"])
            .args(arguments)
            .run()
            .expect(4)
            .stderr_contains("hint: sso login other");
    }
}

#[test]
fn complete_flags_ignore_profile_variables() {
    let sandbox = sandbox_with_config(&config_text(
        "[profile chain]\nrole_arn = arn:aws:iam::999988887777:role/T\nsource_profile = chain\n",
    ));
    let complete = ["-s", "corp", "-a", ACCOUNT, "-r", "three"];
    for profile in ["chain", "nowhere", "\u{1b}[31m"] {
        let run = sandbox
            .sso(["credential-process"])
            .args(complete)
            .env("AWS_PROFILE", profile)
            .env("AWS_DEFAULT_PROFILE", profile);
        assert_eq!(requested_role(&sandbox, run), format!("three {ACCOUNT}"));
        std::fs::remove_file(sandbox.role_path("corp", ACCOUNT, "three")).unwrap();
    }
    let by_address = sandbox
        .sso(["credential-process", "--start-url", START_URL])
        .args(["-a", ACCOUNT, "-r", "three"])
        .env("AWS_PROFILE", "nowhere");
    assert_eq!(
        requested_role(&sandbox, by_address),
        format!("three {ACCOUNT}")
    );
}

#[test]
fn complete_flags_and_a_warm_cache_read_no_config() {
    let sandbox = sandbox_with_config(&config_text(""));
    sandbox.write_role("corp", ACCOUNT, "three", 3600);
    let complete = ["-s", "corp", "-a", ACCOUNT, "-r", "three"];
    let works = |what: &str, config: &std::path::Path| {
        for command in ["credential-process", "env"] {
            let outcome = sandbox
                .sso([command])
                .args(complete)
                .env("AWS_CONFIG_FILE", config)
                .run();
            assert_eq!(outcome.code, 0, "{what}: {outcome:#?}");
        }
    };
    works("a folder", sandbox.home());
    let locked = sandbox.home().join("locked");
    sandbox.write_file(&locked, b"nonsense");
    std::fs::set_permissions(&locked, PermissionsExt::from_mode(0o000)).unwrap();
    works("unreadable", &locked);
    let link = sandbox.home().join("loop");
    std::os::unix::fs::symlink(&link, &link).unwrap();
    works("a loop of links", &link);
    // The same file is an error when it is needed.
    sandbox
        .sso(["credential-process", "-p", "one"])
        .env("AWS_CONFIG_FILE", sandbox.home())
        .run()
        .expect(1)
        .stderr_contains("it is not a regular file");
}

#[test]
fn region_comes_from_flag_then_profile_then_variables() {
    let sandbox = sandbox_with_config(&config_text(
        "[profile west]\nregion = us-west-2\nsso_session = corp\nsso_account_id = 111122223333\nsso_role_name = three\n",
    ));
    let env = |profile: &str| sandbox.sso(["env", "-p", profile]);
    let some = |name: &str| Some(name.to_owned());
    assert_eq!(exported_region(env("one")), (None, String::new()));
    assert_eq!(
        exported_region(env("west")),
        (some("us-west-2"), String::new())
    );
    let run = env("west").args(["--region", "ap-south-1"]);
    assert_eq!(exported_region(run), (some("ap-south-1"), String::new()));
    let run = env("one").env("AWS_DEFAULT_REGION", "eu-north-1");
    assert_eq!(exported_region(run), (some("eu-north-1"), String::new()));
    let run = env("one")
        .env("AWS_DEFAULT_REGION", "eu-north-1")
        .env("AWS_REGION", "eu-north-1");
    assert_eq!(exported_region(run), (some("eu-north-1"), String::new()));
}

#[test]
fn region_that_differs_from_a_variable_is_reported() {
    let sandbox = sandbox_with_config(&config_text(
        "[profile west]\nregion = us-west-2\nsso_session = corp\nsso_account_id = 111122223333\nsso_role_name = three\n",
    ));
    let stderr_of = |profile: &str, variables: &[(&str, &str)]| {
        let env = sandbox.sso(["env", "--shell", "sh", "-p", profile]);
        let exec = sandbox.sso(["exec", "-p", profile, "true"]);
        let said = [env, exec].map(|mut run| {
            for (name, value) in variables {
                run = run.env(name, value);
            }
            run.run().expect(0).stderr
        });
        assert_eq!(said[0], said[1]);
        said[0].clone()
    };
    assert_eq!(
        stderr_of("west", &[("AWS_REGION", "eu-north-1")]),
        "sso: the region is us-west-2, not eu-north-1 of AWS_REGION\n"
    );
    assert_eq!(
        stderr_of("west", &[("AWS_DEFAULT_REGION", "eu-north-1")]),
        "sso: the region is us-west-2, not eu-north-1 of AWS_DEFAULT_REGION\n"
    );
    assert_eq!(stderr_of("west", &[("AWS_REGION", "us-west-2")]), "");
    // Both variables get one region, so the second one changes.
    assert_eq!(
        stderr_of(
            "one",
            &[
                ("AWS_REGION", "eu-north-1"),
                ("AWS_DEFAULT_REGION", "eu-south-1")
            ]
        ),
        "sso: the region is eu-north-1, not eu-south-1 of AWS_DEFAULT_REGION\n"
    );
    // credential-process exports no region.
    let run = sandbox.sso(["credential-process", "-p", "west"]);
    let outcome = run.env("AWS_REGION", "eu-north-1").run().expect(0);
    assert_eq!(outcome.stderr, "");
}

#[test]
fn every_spelling_of_a_start_url_selects_its_session() {
    let legacy = format!(
        "[profile old]\nsso_start_url = {START_URL}\nsso_region = eu-west-1\n\
         sso_account_id = {ACCOUNT}\nsso_role_name = two\n"
    );
    let sandbox = sandbox_with_config(&config_text(&legacy));
    for ending in ["", "/", "#", "#/"] {
        let url = format!("{START_URL}{ending}");
        sandbox
            .sso(["status", "-q", "--start-url", &url])
            .run()
            .expect(0);
        sandbox.sso(["status", "-q", &url]).run().expect(0);
        sandbox
            .sso([
                "status",
                "-q",
                "--start-url",
                &url,
                "--sso-region",
                "eu-west-1",
            ])
            .run()
            .expect(0);
        // An instance is identified by start URL and region.
        sandbox
            .sso([
                "status",
                "-q",
                "--start-url",
                &url,
                "--sso-region",
                "eu-west-2",
            ])
            .run()
            .expect(4);
    }
    // The legacy profile uses the files of its start URL, which has no token.
    sandbox
        .sso(["credential-process", "-p", "old"])
        .run()
        .expect(4)
        .stderr_contains("hint: sso login old");
}

#[test]
fn legacy_profile_files_are_named_by_the_exact_start_url() {
    for url in [
        "https://legacy.awsapps.com/start",
        "https://legacy.awsapps.com/start#/",
    ] {
        let sandbox = sandbox_with_config(&format!(
            "[profile old]\nsso_start_url = {url}\nsso_region = eu-west-1\n\
             sso_account_id = {ACCOUNT}\nsso_role_name = two\n"
        ));
        let minted = sandbox.store_token(7200);
        let stored = StoredToken {
            minted: emulator::MintedSession {
                start_url: url.to_owned(),
                ..minted
            },
            expires_in: 7200,
            registration_in: 7200,
        };
        sandbox.write_token(url, &stored);
        let run = sandbox.sso(["credential-process", "-p", "old"]);
        assert_eq!(requested_role(&sandbox, run), format!("two {ACCOUNT}"));
        let key = format!(r#"{{"accountId":"{ACCOUNT}","roleName":"two","startUrl":"{url}"}}"#);
        let file = crate::fixture::sha1(&key) + ".json";
        assert!(sandbox.home().join(".aws/cli/cache").join(file).is_file());
    }
}

#[test]
fn token_of_another_instance_is_never_sent() {
    for (url, region) in [
        ("https://evil.awsapps.com/start", "eu-west-1"),
        (START_URL, "us-east-1"),
    ] {
        let sandbox = sandbox_with_config(&config_text("").replace("eu-west-1", region));
        let minted = sandbox.server().mint(&emulator::MintOptions {
            start_url: url.to_owned(),
            ..emulator::MintOptions::default()
        });
        // The file contains eu-west-1 and this start URL.
        let stored = StoredToken {
            minted,
            expires_in: -60,
            registration_in: 7200,
        };
        sandbox.write_token("corp", &stored);
        sandbox.server().clear_log();
        let before = std::fs::read(sandbox.token_path("corp")).unwrap();
        let run = sandbox.sso(["credential-process", "-p", "one"]).run();
        run.expect(4)
            .stderr_contains("belongs to another start URL or region");
        sandbox.sso(["status", "-q", "corp"]).run().expect(4);
        sandbox.sso(["logout", "corp"]).run().expect(0);
        assert_eq!(
            sandbox.server().count(""),
            0,
            "{:?}",
            sandbox.server().log()
        );
        assert_eq!(std::fs::read(sandbox.token_path("corp")).unwrap(), before);
        let login = sandbox.sso(["login", "corp"]).approving_browser().run();
        login.expect(0);
        assert_eq!(sandbox.server().count("CreateToken:refresh_token"), 0);
        sandbox.sso(["status", "-q", "corp"]).run().expect(0);
    }
}
