//! `sso complete`: the names that the scripts ask for.

use crate::fixture::{ACCOUNT, ROLE, Sandbox};

fn asked(sandbox: &Sandbox, line: &str) -> Vec<String> {
    let words = line.split(' ');
    let arguments = ["complete"].into_iter().chain(words);
    let printed = sandbox.sso(arguments).run().expect(0).stdout;
    let name = |line: &str| line.split('\t').next().unwrap().to_owned();
    printed.lines().map(name).collect()
}

#[test]
fn names_come_from_the_configuration_and_from_what_was_cached() {
    let sandbox = Sandbox::new();
    let roles = "{\"session\":\"corp\",\"account\":\"000011112222\",\"role\":\"Audit\"}\n\
                 {\"session\":\"corp\",\"account\":\"000011112222\",\"role\":\"bad\\u001b[31m\"}\n";
    let list = sandbox.home().join(".local/state/sso/roles");
    sandbox.write_file(&list, roles.as_bytes());
    assert_eq!(asked(&sandbox, "profiles -- use"), ["dev"]);
    assert_eq!(asked(&sandbox, "sessions -- login"), ["corp"]);
    let accounts = ["000011112222", ACCOUNT];
    assert_eq!(asked(&sandbox, "accounts -- exec -s corp"), accounts);
    assert!(asked(&sandbox, "accounts -- exec --session=else").is_empty());
    assert_eq!(asked(&sandbox, "roles -- exec -a 000011112222"), ["Audit"]);
    assert_eq!(asked(&sandbox, "roles -- exec -pdev"), [ROLE]);
    assert_eq!(asked(&sandbox, "roles -- exec"), [ROLE, "Audit"]);
    assert_eq!(sandbox.server().count(""), 0);
}

#[test]
fn names_come_from_what_was_listed_as_well() {
    let sandbox = Sandbox::new();
    sandbox.store_token(3600);
    sandbox.server().assign("888800001111", "bad\u{1b}[31m");
    sandbox.server().assign("888800001111", "$(touch PWNED)");
    sandbox.cache_listing(10 * 86_400);
    sandbox.server().clear_log();
    let accounts = asked(&sandbox, "accounts -- roles -a");
    assert_eq!(accounts.len(), 8);
    let roles = asked(&sandbox, "roles -- exec -s corp -a 888800001111 -r");
    assert_eq!(roles, ["$(touch PWNED)"]);
    assert!(asked(&sandbox, "roles -- exec --session=else").is_empty());
    let all = asked(&sandbox, "roles -- exec");
    assert_eq!(all.len(), 7, "{all:?}");
    let printed = sandbox.sso(["complete", "accounts", "--"]).run().expect(0);
    let named = format!("{ACCOUNT}\tProduction, dev\n");
    assert!(printed.stdout.contains(&named), "{printed:?}");
    assert!(printed.stdout.contains("\n222233334444\n"), "{printed:?}");
    assert_eq!(sandbox.server().count(""), 0);
}

#[test]
fn a_profile_tells_what_it_is() {
    let sandbox = Sandbox::new();
    let printed = sandbox.sso(["complete", "profiles", "--"]).run().expect(0);
    assert_eq!(printed.stdout, format!("dev\t{ROLE}@{ACCOUNT}\n"));
}

#[test]
fn nobody_who_reads_the_help_is_told_of_it() {
    let sandbox = Sandbox::new();
    let help = sandbox.sso(["--help"]).run().expect(0).stdout;
    assert!(!help.contains("  complete "), "{help}");
}

#[test]
fn where_nothing_can_be_read_there_is_nothing_to_offer() {
    let sandbox = Sandbox::new();
    std::fs::remove_file(sandbox.home().join(".aws/config")).unwrap();
    assert!(asked(&sandbox, "profiles -- use").is_empty());
    std::fs::create_dir(sandbox.home().join(".aws/config")).unwrap();
    let outcome = sandbox.sso(["complete", "roles", "--"]).run().expect(1);
    assert_eq!(outcome.stdout, "");
}
