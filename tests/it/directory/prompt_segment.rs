//! `sso prompt`: the segment of a shell prompt.

use super::Shell;
use crate::fixture::{ACCOUNT, ROLE, Run, Sandbox, stamp};

/// Returns the output of `sso prompt` with the variables of this shell.
fn prompt_segment(sandbox: &Sandbox, shell: &Shell, arguments: &[&str]) -> String {
    let mut run: Run = sandbox.sso(["prompt"]).args(arguments);
    for (name, value) in &shell.env {
        run = run.env(name, value);
    }
    let outcome = run.run().expect(0);
    assert_eq!(outcome.stderr, "");
    outcome.stdout
}

/// Format with every placeholder.
const ALL: &str = "{profile} {account} {role} {region} {left} {state}";

#[test]
fn the_loaded_role_and_its_time_left_are_shown() {
    let sandbox = Sandbox::new();
    sandbox.store_token(3600);
    sandbox.write_role("corp", ACCOUNT, ROLE, 3630);
    let p = sandbox.trusted_project("p", "dev\n");
    let mut shell = Shell::new(&sandbox);
    assert_eq!(prompt_segment(&sandbox, &shell, &[]), "");
    shell.prompt(&p);
    assert_eq!(prompt_segment(&sandbox, &shell, &[]), "dev 1h 00m\n");
    assert_eq!(
        prompt_segment(&sandbox, &shell, &["--format", ALL]),
        "dev 111122223333 AdministratorAccess eu-central-1 1h 00m valid\n"
    );
    let json = prompt_segment(&sandbox, &shell, &["--json"]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["role"], ROLE);
    assert_eq!(json["state"], "valid");
    sandbox
        .sso(["prompt", "--format", "{x}"])
        .run()
        .expect(2)
        .stderr_contains("{profile} {account}");
}

#[test]
fn refreshable_and_expired_credentials_are_distinguished() {
    let sandbox = Sandbox::new();
    sandbox.store_token(-10);
    let mut shell = Shell::new(&sandbox);
    shell.set("AWS_SSO_PROFILE", "dev");
    shell.set("AWS_ACCESS_KEY_ID", "ASIA");
    shell.set("AWS_CREDENTIAL_EXPIRATION", &stamp(-5));
    assert_eq!(prompt_segment(&sandbox, &shell, &[]), "dev refreshable\n");
    std::fs::remove_file(sandbox.token_path("corp")).unwrap();
    assert_eq!(prompt_segment(&sandbox, &shell, &[]), "dev expired\n");
    let roles = [("ReadOnly@111122223333", "ReadOnly 111122223333\n")];
    for (name, expected) in roles {
        shell.set("AWS_SSO_PROFILE", name);
        shell.set("AWS_ACCOUNT_ID", "111122223333");
        let format = ["--format={role} {account}"];
        assert_eq!(prompt_segment(&sandbox, &shell, &format), expected);
    }
}

#[test]
fn a_profile_of_another_tool_without_an_expiry_is_not_called_expired() {
    let sandbox = Sandbox::new();
    sandbox.store_token(3600);
    let mut shell = Shell::new(&sandbox);
    shell.set("AWS_ACCESS_KEY_ID", "ASIA");
    // Unknown here, and by chance the name of a profile of this configuration.
    for name in ["Contoso:Admin", "dev"] {
        shell.set("AWS_SSO_PROFILE", name);
        for expiration in [None, Some("soon")] {
            match expiration {
                Some(text) => shell.set("AWS_CREDENTIAL_EXPIRATION", text),
                None => shell.unset("AWS_CREDENTIAL_EXPIRATION"),
            }
            let line = format!("{name}\n");
            assert_eq!(prompt_segment(&sandbox, &shell, &[]), line);
            let state = ["--format", "{profile}[{left}{state}]"];
            let line = format!("{name}[]\n");
            assert_eq!(prompt_segment(&sandbox, &shell, &state), line);
            let json = prompt_segment(&sandbox, &shell, &["--json"]);
            let json: serde_json::Value = serde_json::from_str(&json).unwrap();
            assert!(
                json["state"].is_null() && json["expires_at"].is_null(),
                "{json}"
            );
        }
    }
    // In the profile mode, before any sign-in.
    std::fs::remove_file(sandbox.token_path("corp")).unwrap();
    let p = sandbox.trusted_project("p", "profile = dev\nexport = profile\n");
    let mut shell = Shell::new(&sandbox);
    shell.prompt(&p);
    assert_eq!(prompt_segment(&sandbox, &shell, &[]), "dev\n");
    sandbox.store_token(3600);
    assert_eq!(prompt_segment(&sandbox, &shell, &[]), "dev refreshable\n");
}

#[test]
fn no_character_that_a_prompt_would_evaluate_is_printed() {
    let sandbox = Sandbox::new();
    let mut shell = Shell::new(&sandbox);
    shell.set("AWS_SSO_PROFILE", "a$(touch PWNED)`x`\u{1b}[31m\n");
    shell.set("AWS_ACCESS_KEY_ID", "ASIA");
    shell.set("AWS_REGION", "$(x)");
    let line = prompt_segment(&sandbox, &shell, &["--format", ALL]);
    assert!(
        line.trim_end()
            .chars()
            .all(|c| c.is_ascii_graphic() && !"$`()\\'\"".contains(c) || c == ' '),
        "{line:?}"
    );
}

#[test]
fn an_exported_profile_is_shown_with_the_time_left_of_its_cached_credentials() {
    let sandbox = Sandbox::new();
    sandbox.write_role("corp", ACCOUNT, ROLE, 1830);
    let p = sandbox.trusted_project("p", "profile = dev\nexport = profile\n");
    let mut shell = Shell::new(&sandbox);
    shell.prompt(&p);
    assert_eq!(prompt_segment(&sandbox, &shell, &[]), "dev 30m\n");
    shell.set("AWS_PROFILE", "mine");
    assert_eq!(
        prompt_segment(&sandbox, &shell, &[]),
        "",
        "the prompt theme shows the user's own profile"
    );
}
