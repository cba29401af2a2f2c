//! aws-sso-util and `sso roles` with the same HOME and portal list the same rows.

use std::collections::BTreeSet;

use crate::fixture::programs::{client_path, has_required_files};
use crate::fixture::{Run, START_URL, Sandbox, StoredToken};

/// Returns the set of rows, regardless of their order.
fn set(text: &str) -> BTreeSet<String> {
    text.lines()
        .map(|line| line.trim_end().to_owned())
        .collect()
}

#[test]
fn aws_sso_util_lists_the_same_rows() {
    if !has_required_files("aws-sso-util", &[client_path("bin/aws-sso-util")]) {
        return;
    }
    let sandbox = Sandbox::new();
    // aws-sso-util cannot list accounts without a name.
    for account in sandbox.server().accounts() {
        if account.name.is_none() {
            sandbox.server().remove_account(&account.id);
        }
    }
    // aws-sso-util finds tokens by start URL only, so each tool has its own token.
    let store_token = |name: &str| {
        let minted = sandbox.store_token(3600);
        let stored = StoredToken {
            minted,
            expires_in: 3600,
            registration_in: 86_400,
        };
        sandbox.write_token(name, &stored);
    };
    store_token(START_URL);
    store_token("corp");
    let url = ["--sso-start-url", START_URL, "--sso-region", "eu-west-1"];
    let util = |arguments: &[&str]| {
        let run = Run::program(&sandbox, client_path("bin/aws-sso-util"));
        let run = run
            .arg("roles")
            .args(url)
            .args(["--sep", "\t", "--no-header"]);
        run.args(arguments).run().expect(0).stdout
    };
    let sso = |arguments: &[&str]| {
        let run = sandbox.sso(["roles", "--refresh", "--tsv", "--no-header"]);
        run.args(arguments).run().expect(0).stdout
    };
    for arguments in [
        &[][..],
        &["-r", "Read"],
        &["-r", "^Admin", "-r", "Brien"],
        &["-a", "1111"],
        &["-a", "7777", "-a", "3333"],
        &["-a", "[Dd]ev", "-r", "Only$"],
        &["-a", "nothing"],
    ] {
        assert_eq!(set(&sso(arguments)), set(&util(arguments)), "{arguments:?}");
    }
    // The order also determines the columns.
    for (ours, theirs) in [
        ("name", "name,role"),
        ("id,role", "id,role"),
        ("role", "role,name"),
        ("role-id", "role,id"),
    ] {
        let sorted = util(&["--sort-by", theirs]);
        assert_eq!(sso(&["--sort", ours]), sorted, "{theirs}");
    }
    // For complete account ids, aws-sso-util does not look up the names.
    let without_names = |text: &str| -> BTreeSet<String> {
        let rest = |line: &str| line.split_once('\t').map(|(_, rest)| rest.to_owned());
        text.lines().filter_map(rest).collect()
    };
    let id = ["-a", "111122223333"];
    assert_eq!(without_names(&sso(&id)), without_names(&util(&id)));
}
