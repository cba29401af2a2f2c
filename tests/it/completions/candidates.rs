//! `sso complete`: the candidates that the scripts query.

use crate::fixture::{ACCOUNT, ROLE, Sandbox};

/// Returns the candidates that `sso complete LINE` prints, without their descriptions.
fn complete(sandbox: &Sandbox, line: &str) -> Vec<String> {
    let words = line.split(' ');
    let arguments = ["complete"].into_iter().chain(words);
    let printed = sandbox.sso(arguments).run().expect(0).stdout;
    let name = |line: &str| line.split('\t').next().unwrap().to_owned();
    printed.lines().map(name).collect()
}

#[test]
fn candidates_come_from_the_configuration_and_the_role_index() {
    let sandbox = Sandbox::new();
    let roles = "{\"session\":\"corp\",\"account\":\"000011112222\",\"role\":\"Audit\"}\n\
                 {\"session\":\"corp\",\"account\":\"000011112222\",\"role\":\"bad\\u001b[31m\"}\n";
    let list = sandbox.home().join(".local/state/sso/roles");
    sandbox.write_file(&list, roles.as_bytes());
    assert_eq!(complete(&sandbox, "profiles -- use"), ["dev"]);
    assert_eq!(complete(&sandbox, "sessions -- login"), ["corp"]);
    let accounts = ["000011112222", ACCOUNT];
    assert_eq!(complete(&sandbox, "accounts -- exec -s corp"), accounts);
    assert!(complete(&sandbox, "accounts -- exec --session=else").is_empty());
    assert_eq!(
        complete(&sandbox, "roles -- exec -a 000011112222"),
        ["Audit"]
    );
    assert_eq!(complete(&sandbox, "roles -- exec -pdev"), [ROLE]);
    assert_eq!(complete(&sandbox, "roles -- exec"), [ROLE, "Audit"]);
    assert_eq!(sandbox.server().count(""), 0);
}

#[test]
fn candidates_come_from_the_stored_listing() {
    let sandbox = Sandbox::new();
    sandbox.store_token(3600);
    sandbox.server().assign("888800001111", "bad\u{1b}[31m");
    sandbox.server().assign("888800001111", "$(touch PWNED)");
    sandbox.cache_listing(10 * 86_400);
    sandbox.server().clear_log();
    let accounts = complete(&sandbox, "accounts -- roles -a");
    assert_eq!(accounts.len(), 8);
    let roles = complete(&sandbox, "roles -- exec -s corp -a 888800001111 -r");
    assert_eq!(roles, ["$(touch PWNED)"]);
    assert!(complete(&sandbox, "roles -- exec --session=else").is_empty());
    let all = complete(&sandbox, "roles -- exec");
    assert_eq!(all.len(), 7, "{all:?}");
    let printed = sandbox.sso(["complete", "accounts", "--"]).run().expect(0);
    let named = format!("{ACCOUNT}\tProduction, dev\n");
    assert!(printed.stdout.contains(&named), "{printed:?}");
    assert!(printed.stdout.contains("\n222233334444\n"), "{printed:?}");
    assert_eq!(sandbox.server().count(""), 0);
}

#[test]
fn a_profile_is_described_by_role_and_account() {
    let sandbox = Sandbox::new();
    let printed = sandbox.sso(["complete", "profiles", "--"]).run().expect(0);
    assert_eq!(printed.stdout, format!("dev\t{ROLE}@{ACCOUNT}\n"));
}

#[test]
fn complete_is_hidden_from_the_help() {
    let sandbox = Sandbox::new();
    let help = sandbox.sso(["--help"]).run().expect(0).stdout;
    assert!(!help.contains("  complete "), "{help}");
}

#[test]
fn a_missing_or_unreadable_config_gives_no_candidates() {
    let sandbox = Sandbox::new();
    std::fs::remove_file(sandbox.home().join(".aws/config")).unwrap();
    assert!(complete(&sandbox, "profiles -- use").is_empty());
    std::fs::create_dir(sandbox.home().join(".aws/config")).unwrap();
    let outcome = sandbox.sso(["complete", "roles", "--"]).run().expect(1);
    assert_eq!(outcome.stdout, "");
}
