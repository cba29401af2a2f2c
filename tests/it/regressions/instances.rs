//! The session of a profile, and the legacy profiles beside the sso-session of their instance.

use emulator::MintedSession;

use super::hint;
use crate::fixture::{ACCOUNT, ROLE, START_URL, Sandbox};

const CORP: &str = "[sso-session corp]\n\
    sso_start_url = https://corp.awsapps.com/start\n\
    sso_region = eu-west-1\n\n";

fn sandbox_with(profiles: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write_config(&format!("{CORP}{profiles}"));
    sandbox
}

fn role(name: &str, session: &str) -> String {
    format!(
        "[profile {name}]\n{session}sso_account_id = {ACCOUNT}\nsso_role_name = {ROLE}\n\
         region = eu-west-1\n\n"
    )
}

fn legacy(name: &str) -> String {
    let session = format!("sso_start_url = {START_URL}\nsso_region = eu-west-1\n");
    role(name, &session)
}

/// Stores a second token of `corp`, and moves it to the file of a legacy profile.
fn store_legacy_token(sandbox: &Sandbox) -> MintedSession {
    let path = sandbox.token_path("corp");
    let named = std::fs::read(&path).unwrap();
    let minted = sandbox.store_token(3600);
    std::fs::rename(&path, sandbox.token_path(START_URL)).unwrap();
    std::fs::write(&path, named).unwrap();
    minted
}

#[test]
fn logout_of_a_profile_without_a_session_signs_nobody_out() {
    let others = "[profile keys]\naws_access_key_id = A\naws_secret_access_key = B\n\
        [profile web]\nrole_arn = a\nweb_identity_token_file = f\n\
        [profile console]\nlogin_session = a\n\
        [profile other]\ncredential_process = /bin/true\n\
        [profile machine]\nrole_arn = a\ncredential_source = Ec2InstanceMetadata\nsso_session = corp\n\
        [profile chain]\nrole_arn = a\nsource_profile = keys\n\
        [profile empty]\nregion = eu-west-1\n\
        [profile loop]\nrole_arn = a\nsource_profile = loop\n\
        [profile nowhere]\nrole_arn = a\nsource_profile = missing\n";
    let sandbox = sandbox_with(others);
    let session = sandbox.store_token(3600);
    for (name, words) in [
        (
            "keys",
            "profile \"keys\" has no session: it holds static keys",
        ),
        ("web", "it takes its role with a web identity token"),
        ("console", "it is a console session of `aws login`"),
        ("other", "it calls another credential_process"),
        ("machine", "it is a role chain from Ec2InstanceMetadata"),
        (
            "chain",
            "profile \"keys\" has no session: it holds static keys",
        ),
        ("empty", "it names no source of credentials"),
        (
            "loop",
            "the source_profile of profile \"loop\" leads in a loop",
        ),
        (
            "nowhere",
            "names the profile \"missing\", which does not exist",
        ),
    ] {
        for arguments in [
            &["logout", "-p", name][..],
            &["logout", name],
            &["login", "-p", name],
            &["status", "-p", name],
            &["roles", "-p", name],
        ] {
            let outcome = sandbox.sso(arguments).run().expect(1);
            outcome.stderr_contains(words).stderr_contains("hint: ");
        }
    }
    let options = ["-a", ACCOUNT, "-r", ROLE, "-p", "keys"];
    let outcome = sandbox.sso(["credential-process"]).args(options).run();
    outcome.expect(1).stderr_contains("it holds static keys");
    assert!(sandbox.token_path("corp").exists());
    assert!(sandbox.server().is_valid(&session.access_token));
    // Without `-p` there is no doubt about the session.
    let outcome = sandbox.sso(["logout"]).env("AWS_PROFILE", "keys").run();
    outcome.expect(0).stderr_contains("signed out of corp");
}

#[test]
fn a_role_chain_means_the_session_of_its_source() {
    let config = format!(
        "[sso-session two]\nsso_start_url = https://two.awsapps.com/start\nsso_region = eu-west-1\n\
         {}{}\
         [profile one]\nrole_arn = a\nsource_profile = base\nsso_session = two\n\
         [profile several]\nrole_arn = a\nsource_profile = one\n\
         [profile of-helper]\nrole_arn = a\nsource_profile = helper\n",
        role("base", "sso_session = corp\n"),
        "[profile helper]\ncredential_process = sso credential-process -s corp -a 1 -r x\n"
    );
    let sandbox = sandbox_with(&config);
    for name in ["one", "several", "of-helper"] {
        for arguments in [&["logout", "-p", name][..], &["logout", name]] {
            sandbox.store_token(3600);
            let outcome = sandbox.sso(arguments).run().expect(0);
            outcome.stderr_contains("signed out of corp");
        }
        sandbox.store_token(3600);
        let status = sandbox.sso(["status"]).env("AWS_PROFILE", name);
        status.arg("--json").arg("-p").arg(name).run().expect(0);
    }
}

#[test]
fn a_legacy_profile_beside_its_session_is_not_a_second_session() {
    let sandbox = sandbox_with(&legacy("old"));
    let outcome = sandbox.sso(["login"]).approving_browser().run().expect(0);
    outcome.stderr_contains("signed in to corp");
    for arguments in [
        &["roles"][..],
        &["accounts"],
        &["status", START_URL],
        &["check"],
    ] {
        let outcome = sandbox.sso(arguments).run();
        assert!(!outcome.stderr.contains("several"), "{outcome:#?}");
        assert!(!outcome.stdout.contains("several"), "{outcome:#?}");
    }
    let fetching = ["credential-process", "-a", ACCOUNT, "-r", ROLE];
    sandbox.sso(fetching).run().expect(0);
    // The legacy profile has a token file of its own.
    let outcome = sandbox.sso(["credential-process", "-p", "old"]).run();
    assert_eq!(hint(&outcome.expect(4)), "sso login old");
}

#[test]
fn an_instance_in_another_region_is_a_second_session() {
    let sandbox = sandbox_with(&legacy("old").replace("eu-west-1", "us-east-1"));
    for arguments in [
        &["login"][..],
        &["login", START_URL],
        &["logout", START_URL],
    ] {
        let outcome = sandbox.sso(arguments).run().expect(2);
        outcome.stderr_contains("several sessions");
    }
}

#[test]
fn a_login_hint_distinguishes_a_legacy_profile_from_a_session_of_its_name() {
    let sandbox = sandbox_with(&legacy("corp"));
    let outcome = sandbox.sso(["credential-process", "-p", "corp"]).run();
    assert_eq!(hint(&outcome.expect(4)), "sso login --profile corp");
}

#[test]
fn login_all_signs_in_to_a_legacy_profile_that_needs_its_own_token() {
    let small = format!("[profile small]\nsso_start_url = {START_URL}\nsso_region = eu-west-1\n");
    for (profiles, count) in [(legacy("old"), 2), (small, 1)] {
        let sandbox = sandbox_with(&profiles);
        sandbox.server().approve_next();
        let login = sandbox.sso(["login", "--all"]).approving_browser();
        login.run().expect(0);
        assert!(sandbox.token_path("corp").exists());
        assert_eq!(sandbox.token_path(START_URL).exists(), count == 2);
        let status = sandbox.sso(["status", "--json"]).run().expect(0).json();
        assert_eq!(status["sessions"].as_array().unwrap().len(), count);
    }
}

#[test]
fn every_logout_of_an_instance_ends_both_tokens() {
    let others = legacy("old") + &role("dev", "sso_session = corp\n");
    for arguments in [
        &["logout"][..],
        &["logout", "corp"],
        &["logout", START_URL],
        &["logout", "--start-url", START_URL],
        &["logout", "--all"],
        &["logout", "-p", "dev"],
        &["logout", "-p", "old"],
        &["logout", "old"],
    ] {
        let sandbox = sandbox_with(&others);
        let named = sandbox.store_token(3600);
        let legacy = store_legacy_token(&sandbox);
        sandbox
            .sso(["credential-process", "-p", "old"])
            .run()
            .expect(0);
        sandbox
            .sso(["credential-process", "-p", "dev"])
            .run()
            .expect(0);
        let outcome = sandbox.sso(arguments).run().expect(0);
        let outcome = outcome.stderr_contains("the credentials of 2 roles");
        assert!(!outcome.stderr.contains("not signed in"), "{outcome:#?}");
        for (name, session) in [("corp", named), (START_URL, legacy)] {
            assert!(!sandbox.token_path(name).exists(), "{arguments:?} {name}");
            let is_valid = sandbox.server().is_valid(&session.access_token);
            assert!(!is_valid, "{arguments:?} {name}");
        }
        assert_eq!(sandbox.files(".aws/cli/cache"), []);
    }
}

#[test]
fn logout_ends_the_token_of_a_legacy_profile_that_is_gone() {
    let sandbox = sandbox_with("");
    sandbox.store_token(3600);
    let legacy = store_legacy_token(&sandbox);
    sandbox.sso(["logout"]).run().expect(0);
    assert!(!sandbox.token_path(START_URL).exists());
    assert!(!sandbox.server().is_valid(&legacy.access_token));
}

#[test]
fn a_word_is_a_session_then_a_profile_then_a_part_of_a_session() {
    let two = "[sso-session two]\n\
        sso_start_url = https://two.awsapps.com/start\n\
        sso_region = eu-west-1\n\n";
    let profiles = role("corp", "sso_session = two\n") + &role("tw", "sso_session = corp\n");
    let sandbox = sandbox_with(&(profiles + two));
    for (word, session) in [("corp", "corp"), ("tw", "corp"), ("wo", "two")] {
        let outcome = sandbox.sso(["status", word, "--json"]).run().expect(4);
        assert_eq!(outcome.json()["sessions"][0]["session"], session, "{word}");
    }
}

#[test]
fn logout_takes_no_part_of_a_name() {
    let sandbox = sandbox_with("");
    sandbox.store_token(3600);
    for part in ["cor", "awsapps"] {
        let outcome = sandbox.sso(["logout", part]).run().expect(1);
        outcome.stderr_contains("there is no sso-session");
    }
    assert!(sandbox.token_path("corp").exists());
}

#[test]
fn populate_adopts_the_profiles_of_another_generator_without_a_session_argument() {
    let two = "[sso-session two]\n\
        sso_start_url = https://two.awsapps.com/start\n\
        sso_region = eu-west-1\n\n";
    let generated = legacy("Old.Admin") + "sso_auto_populated = true\n\n";
    let default = format!("[default]\nsso_start_url = {START_URL}\nsso_region = eu-west-1\n\n");
    for (others, environment) in [
        (generated.clone(), ""),
        (generated.clone() + two, ""),
        (generated.clone() + &default, ""),
        (generated, "Old.Admin"),
    ] {
        let sandbox = sandbox_with(&others);
        sandbox.store_token(3600);
        let populate = sandbox
            .sso(["populate", "--adopt"])
            .env("AWS_PROFILE", environment);
        let outcome = populate.run().expect(0);
        outcome.stderr_contains("1 taken over");
    }
}
