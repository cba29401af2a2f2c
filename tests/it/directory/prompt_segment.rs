//! `sso prompt`: the segment of a shell prompt.

use super::Shell;
use crate::fixture::{ACCOUNT, ROLE, Run, Sandbox, stamp};

fn shown(sandbox: &Sandbox, shell: &Shell, arguments: &[&str]) -> String {
    let mut run: Run = sandbox.sso(["prompt"]).args(arguments);
    for (name, value) in &shell.env {
        run = run.env(name, value);
    }
    let outcome = run.run().expect(0);
    assert_eq!(outcome.stderr, "");
    outcome.stdout
}

const ALL: &str = "{profile} {account} {role} {region} {left} {state}";

#[test]
fn it_shows_what_is_loaded_and_how_long() {
    let sandbox = Sandbox::new();
    sandbox.store_token(3600);
    sandbox.write_role("corp", ACCOUNT, ROLE, 3630);
    let p = sandbox.trusted_project("p", "dev\n");
    let mut shell = Shell::new(&sandbox);
    assert_eq!(shown(&sandbox, &shell, &[]), "");
    shell.prompt(&p);
    assert_eq!(shown(&sandbox, &shell, &[]), "dev 1h 00m\n");
    assert_eq!(
        shown(&sandbox, &shell, &["--format", ALL]),
        "dev 111122223333 AdministratorAccess eu-central-1 1h 00m valid\n"
    );
    let json = shown(&sandbox, &shell, &["--json"]);
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
fn what_can_be_renewed_is_told_from_what_has_expired() {
    let sandbox = Sandbox::new();
    sandbox.store_token(-10);
    let mut shell = Shell::new(&sandbox);
    shell.set("AWS_SSO_PROFILE", "dev");
    shell.set("AWS_ACCESS_KEY_ID", "ASIA");
    shell.set("AWS_CREDENTIAL_EXPIRATION", &stamp(-5));
    assert_eq!(shown(&sandbox, &shell, &[]), "dev refreshable\n");
    std::fs::remove_file(sandbox.token_path("corp")).unwrap();
    assert_eq!(shown(&sandbox, &shell, &[]), "dev expired\n");
    let roles = [("ReadOnly@111122223333", "ReadOnly 111122223333\n")];
    for (name, wanted) in roles {
        shell.set("AWS_SSO_PROFILE", name);
        shell.set("AWS_ACCOUNT_ID", "111122223333");
        let format = ["--format={role} {account}"];
        assert_eq!(shown(&sandbox, &shell, &format), wanted);
    }
}

#[test]
fn nothing_that_a_prompt_would_obey_is_printed() {
    let sandbox = Sandbox::new();
    let mut shell = Shell::new(&sandbox);
    shell.set("AWS_SSO_PROFILE", "a$(touch PWNED)`x`\u{1b}[31m\n");
    shell.set("AWS_ACCESS_KEY_ID", "ASIA");
    shell.set("AWS_REGION", "$(x)");
    let line = shown(&sandbox, &shell, &["--format", ALL]);
    assert!(
        line.trim_end()
            .chars()
            .all(|c| c.is_ascii_graphic() && !"$`()\\'\"".contains(c) || c == ' '),
        "{line:?}"
    );
}

#[test]
fn the_profile_of_a_hook_is_shown_with_the_time_of_its_cached_credentials() {
    let sandbox = Sandbox::new();
    sandbox.write_role("corp", ACCOUNT, ROLE, 1830);
    let p = sandbox.trusted_project("p", "profile = dev\nexport = profile\n");
    let mut shell = Shell::new(&sandbox);
    shell.prompt(&p);
    assert_eq!(shown(&sandbox, &shell, &[]), "dev 30m\n");
    shell.set("AWS_PROFILE", "mine");
    assert_eq!(
        shown(&sandbox, &shell, &[]),
        "",
        "the user's own is the prompt theme's to show"
    );
}
