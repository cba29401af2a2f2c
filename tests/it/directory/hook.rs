//! Variables that the hook sets, keeps and restores.

use super::Shell;
use crate::fixture::{ACCOUNT, ROLE, Sandbox};

const DEV: &str = "sso: dev (111122223333 AdministratorAccess, eu-central-1)\n";

/// Creates a sandbox with a warm cache and a trusted project.
pub(super) fn warm() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.store_token(3600);
    sandbox.write_role("corp", ACCOUNT, ROLE, 3600);
    sandbox.write_role("corp", ACCOUNT, "ReadOnlyAccess", 3600);
    sandbox.trusted_project("p", "dev\n");
    sandbox
}

#[test]
fn entering_loads_leaving_restores_and_each_is_announced_once() {
    let sandbox = warm();
    let (p, home) = (sandbox.home().join("p"), sandbox.home());
    let mut shell = Shell::new(&sandbox);
    let before = [
        ("AWS_PROFILE", "base"),
        ("AWS_REGION", "us-east-1"),
        ("AWS_ROLE_ARN", "arn:aws:iam::1:role/x"),
    ];
    for (name, value) in before {
        shell.set(name, value);
    }
    assert_eq!(shell.prompt(home), "");
    shell.assert_env(&before);
    assert_eq!(shell.prompt(&p), DEV);
    assert_eq!(shell.get("AWS_ACCESS_KEY_ID"), Some("ASIAWRITTENBYATEST"));
    assert_eq!(shell.get("AWS_SSO_PROFILE"), Some("dev"));
    assert_eq!(shell.get("AWS_ACCOUNT_ID"), Some(ACCOUNT));
    assert_eq!(shell.get("AWS_REGION"), Some("eu-central-1"));
    assert!(shell.get("AWS_CREDENTIAL_EXPIRATION").is_some());
    assert_eq!(shell.get("AWS_PROFILE"), None);
    assert_eq!(shell.get("AWS_ROLE_ARN"), None);
    let loaded = shell.env.clone();
    std::fs::create_dir(p.join("below")).unwrap();
    for directory in [&p, &p.join("below")] {
        assert_eq!(shell.prompt(directory), "");
        assert_eq!(shell.env, loaded);
    }
    assert_eq!(shell.prompt(home), "sso: unloaded\n");
    shell.assert_env(&before);
    assert!(shell.get("__SSO_STATE").is_none());
    assert_eq!(sandbox.server().count("GetRoleCredentials"), 0);
}

#[test]
fn the_nearest_file_counts_and_leaving_it_restores_the_outer_one() {
    let sandbox = warm();
    let p = sandbox.home().join("p");
    let inner = format!("account = {ACCOUNT}\nrole = ReadOnlyAccess\nregion = eu-north-1\n");
    let inner = sandbox.trusted_project("p/inner", &inner);
    let mut shell = Shell::new(&sandbox);
    shell.set("AWS_DEFAULT_REGION", "us-east-1");
    shell.prompt(&p);
    let message = shell.prompt(&inner);
    assert_eq!(
        message,
        "sso: ReadOnlyAccess@111122223333 (corp, eu-north-1)\n"
    );
    assert_eq!(
        shell.get("AWS_SSO_PROFILE"),
        Some("ReadOnlyAccess@111122223333")
    );
    assert_eq!(shell.prompt(&p), DEV);
    assert_eq!(shell.get("AWS_REGION"), Some("eu-central-1"));
    shell.prompt(sandbox.home());
    shell.assert_env(&[("AWS_DEFAULT_REGION", "us-east-1")]);
}

#[test]
fn a_denied_file_is_skipped_and_an_untrusted_one_hides_the_outer_file() {
    let sandbox = warm();
    let inner = sandbox.project("p/inner", "other\n");
    let mut shell = Shell::new(&sandbox);
    let message = shell.prompt(&inner);
    assert_eq!(
        message,
        "sso: ~/p/inner/.aws-sso is not trusted - run `sso allow`\n"
    );
    assert_eq!(shell.prompt(&inner), "", "it is message once");
    shell.assert_env(&[]);
    sandbox.sso(["deny"]).current_dir(&inner).run().expect(0);
    assert_eq!(shell.prompt(&inner), DEV);
}

#[test]
fn an_edited_file_unloads_until_it_is_allowed_or_reverted() {
    let sandbox = warm();
    let p = sandbox.home().join("p");
    let file = p.join(".aws-sso");
    let mut shell = Shell::new(&sandbox);
    shell.prompt(&p);
    std::fs::write(&file, "dev\n# more\n").unwrap();
    let message = shell.prompt(&p);
    assert_eq!(
        message,
        "sso: ~/p/.aws-sso has changed since it was allowed - run `sso allow`\n"
    );
    shell.assert_env(&[]);
    assert_eq!(shell.prompt(&p), "");
    std::fs::write(&file, "dev\n").unwrap();
    assert_eq!(shell.prompt(&p), DEV);
    std::fs::write(&file, "dev\n# more\n").unwrap();
    sandbox.sso(["allow", "-y"]).current_dir(&p).run().expect(0);
    assert_eq!(shell.prompt(&p), "", "the same role is not announced again");
    assert!(shell.get("AWS_ACCESS_KEY_ID").is_some());
    // Trust in the older version ended when the newer one was allowed.
    std::fs::write(&file, "dev\n").unwrap();
    assert!(shell.prompt(&p).contains("has changed"));
    std::fs::remove_file(&file).unwrap();
    shell.prompt(&p);
    shell.assert_env(&[]);
}

#[test]
fn variables_changed_by_the_user_are_kept() {
    let sandbox = warm();
    let p = sandbox.home().join("p");
    let mut shell = Shell::new(&sandbox);
    shell.set("AWS_REGION", "us-east-1");
    shell.prompt(&p);
    shell.set("AWS_REGION", "ap-south-1");
    shell.unset("AWS_ACCOUNT_ID");
    assert_eq!(shell.prompt(&p), "");
    assert_eq!(shell.get("AWS_REGION"), Some("ap-south-1"));
    assert_eq!(shell.get("AWS_ACCOUNT_ID"), None);
    shell.prompt(sandbox.home());
    shell.assert_env(&[("AWS_REGION", "ap-south-1")]);
}

#[test]
fn keys_of_the_user_are_never_overwritten() {
    let sandbox = warm();
    let p = sandbox.home().join("p");
    for name in [
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "AWS_SECURITY_TOKEN",
    ] {
        let mut shell = Shell::new(&sandbox);
        shell.set(name, "mine");
        let message = shell.prompt(&p);
        let expected =
            format!("sso: {name} is set in this shell; leaving it alone and loading nothing\n");
        assert_eq!(message, expected);
        assert_eq!(shell.prompt(&p), "");
        shell.assert_env(&[(name, "mine")]);
        shell.unset(name);
        assert_eq!(shell.prompt(&p), DEV);
        // The same happens while credentials are loaded.
        shell.set(name, "mine");
        assert_eq!(shell.prompt(&p), expected);
        shell.assert_env(&[(name, "mine")]);
    }
}

#[test]
fn keys_removed_by_the_user_are_loaded_on_entering_again() {
    let sandbox = warm();
    let p = sandbox.home().join("p");
    let mut shell = Shell::new(&sandbox);
    shell.prompt(&p);
    shell.unset("AWS_SECRET_ACCESS_KEY");
    assert!(shell.prompt(&p).contains("were removed from this shell"));
    shell.assert_env(&[]);
    assert_eq!(shell.prompt(&p), "");
    shell.prompt(sandbox.home());
    assert_eq!(shell.prompt(&p), DEV);
}

#[test]
fn a_profile_set_by_the_user_counts_until_it_is_unset() {
    let sandbox = warm();
    let p = sandbox.home().join("p");
    let inner = sandbox.trusted_project("p/inner", "profile = dev\n");
    for name in ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"] {
        let mut shell = Shell::new(&sandbox);
        shell.set(name, "base");
        shell.prompt(&p);
        // A subshell's start-up file may set the hidden variable: it is hidden again.
        shell.set(name, "base");
        assert_eq!(shell.prompt(&p), "");
        assert_eq!(shell.get(name), None);
        shell.set(name, "mine");
        let message = shell.prompt(&p);
        assert_eq!(
            message,
            format!("sso: {name} is set in this shell; it counts until it is unset\n")
        );
        shell.assert_env(&[(name, "mine")]);
        assert_eq!(shell.prompt(&p), "");
        // Entering another file hides it too, and leaving restores it.
        assert_eq!(shell.prompt(&inner), DEV);
        assert_eq!(shell.get(name), None);
        shell.prompt(sandbox.home());
        shell.assert_env(&[(name, "mine")]);
        shell.prompt(&p);
        shell.set(name, "other");
        shell.prompt(&p);
        shell.unset(name);
        assert_eq!(shell.prompt(&p), DEV);
    }
}

#[test]
fn the_profile_mode_exports_a_profile_instead_of_keys() {
    let sandbox = warm();
    let message = "sso: dev (111122223333 AdministratorAccess, eu-central-1) by AWS_PROFILE\n";
    let by_file = sandbox.trusted_project("by-file", "profile = dev\nexport = profile\n");
    let role = format!("account = {ACCOUNT}\nrole = {ROLE}\nregion = eu-central-1\n");
    let by_role = sandbox.trusted_project("by-role", &role);
    let other = format!("account = {ACCOUNT}\nrole = ReadOnlyAccess\n");
    let other = sandbox.trusted_project("other", &other);
    let mut shell = Shell::new(&sandbox);
    shell.set("AWS_PROFILE", "base");
    shell.set("AWS_DEFAULT_PROFILE", "old");
    let loaded = [
        ("AWS_PROFILE", "dev"),
        ("AWS_REGION", "eu-central-1"),
        ("AWS_DEFAULT_REGION", "eu-central-1"),
    ];
    assert_eq!(shell.prompt(&by_file), message);
    shell.assert_env(&loaded);
    shell.prompt(sandbox.home());
    shell.assert_env(&[("AWS_DEFAULT_PROFILE", "old"), ("AWS_PROFILE", "base")]);
    shell.set("SSO_HOOK_EXPORT", "profile");
    shell.prompt(&by_role);
    assert_eq!(shell.get("AWS_PROFILE"), Some("dev"));
    assert_eq!(shell.get("AWS_ACCESS_KEY_ID"), None);
    assert!(
        shell
            .prompt(&other)
            .contains("only a profile was to be exported")
    );
    assert_eq!(shell.get("AWS_PROFILE"), Some("base"));
}

#[test]
fn variables_silence_the_hook_and_disable_it() {
    let sandbox = warm();
    let p = sandbox.home().join("p");
    let untrusted = sandbox.project("q", "dev\n");
    let mut shell = Shell::new(&sandbox);
    shell.set("SSO_HOOK_QUIET", "1");
    assert_eq!(shell.prompt(&p), "");
    assert!(shell.get("AWS_ACCESS_KEY_ID").is_some());
    assert_eq!(shell.prompt(&untrusted), "");
    shell.set("SSO_HOOK_QUIET", "errors");
    assert_eq!(shell.prompt(&p), "");
    assert!(shell.prompt(&untrusted).contains("is not trusted"));
    shell.unset("SSO_HOOK_QUIET");
    shell.prompt(&p);
    shell.set("SSO_HOOK", "0");
    assert_eq!(shell.prompt(&p), "sso: unloaded\n");
    shell.assert_env(&[("SSO_HOOK", "0")]);
    assert_eq!(shell.prompt(&p), "");
}
