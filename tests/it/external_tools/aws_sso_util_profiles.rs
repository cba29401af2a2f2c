//! `sso populate` and aws-sso-util write the same profiles for the same accounts and options.

use std::collections::BTreeMap;

use crate::fixture::compatibility;
use crate::fixture::programs::{client_path, has_required_files};
use crate::fixture::{Run, START_URL, Sandbox};

/// Options that both tools support.
const OPTIONS: [&[&str]; 8] = [
    &["--region", "us-east-1"],
    &[
        "--region",
        "us-east-1",
        "--region",
        "us-west-2",
        "--region",
        "us-gov-west-1",
    ],
    &["--region", "us-east-1", "--include-region", "always"],
    &[
        "--region",
        "us-east-1",
        "--region",
        "eu-central-1",
        "--region-style",
        "long",
    ],
    &[
        "--region",
        "us-east-1",
        "--components",
        "account_id,role_name,short_region",
        "--separator",
        "_",
    ],
    &[
        "--region",
        "us-east-1",
        "--region",
        "us-west-2",
        "--components",
        "sso,account_number,role_name,region",
        "--sep",
        "-",
    ],
    &[
        "--region",
        "us-east-1",
        "--account-name-case",
        "lower",
        "--role-name-case",
        "upper",
        "--trim-account-name",
        "^prod",
        "--trim-role-name",
        "ONLY",
    ],
    &[
        "--region",
        "us-east-1",
        "--profile-name-process",
        "sh -c 'test $3 = Admin && echo SKIP || echo p/$2/$3/$4/$5' x",
    ],
];

/// Creates a sandbox with a token for the session and, for aws-sso-util, for the start URL.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    for account in sandbox.server().accounts() {
        sandbox.server().remove_account(&account.id);
    }
    for (id, name, roles) in [
        ("111122223333", "Prod EU", &["Admin", "ReadOnly"][..]),
        ("222233334444", "dev [sandbox]", &["Admin"]),
        ("000000000333", "aaa  low", &["AWSReadOnlyAccess"]),
    ] {
        sandbox.server().put_account(emulator::Account {
            id: id.to_owned(),
            name: Some(name.to_owned()),
            email: None,
            roles: roles.iter().map(|&role| role.to_owned()).collect(),
        });
    }
    sandbox.write_config(&format!(
        "[sso-session corp]\nsso_start_url = {START_URL}\nsso_region = eu-west-1\n"
    ));
    sandbox.store_token(28_800);
    let token = std::fs::read(sandbox.token_path("corp")).unwrap();
    sandbox.write_file(&sandbox.token_path(START_URL), &token);
    sandbox
}

/// Returns account, role and region of each profile in the config file.
fn profiles(sandbox: &Sandbox) -> BTreeMap<String, [String; 3]> {
    let text = std::fs::read_to_string(sandbox.home().join(".aws/config")).unwrap();
    let mut found: BTreeMap<String, [String; 3]> = BTreeMap::new();
    let mut open = None;
    for line in text.lines() {
        if let Some(header) = line.strip_prefix('[') {
            let name = header
                .strip_prefix("profile ")
                .map(|it| it.trim_end_matches(']'));
            open = name.map(|name| found.entry(name.to_owned()).or_default());
        } else if let (Some(of), Some((key, value))) = (open.as_mut(), line.split_once(" = ")) {
            match key {
                "sso_account_id" => of[0] = value.to_owned(),
                "sso_role_name" => of[1] = value.to_owned(),
                "region" => of[2] = value.to_owned(),
                _ => {}
            }
        }
    }
    found
}

#[test]
fn populate_writes_the_profiles_of_aws_sso_util() {
    if !has_required_files("aws-sso-util", &[client_path("bin/aws-sso-util")]) {
        return;
    }
    for options in OPTIONS {
        let (for_sso, for_util) = (sandbox(), sandbox());
        let populate = ["populate", "--safe-account-names"];
        for_sso.sso(populate).args(options).run().expect(0);
        Run::program(&for_util, client_path("bin/aws-sso-util"))
            .args(["configure", "populate"])
            .args(["-u", START_URL, "--sso-region", "eu-west-1"])
            .args(options)
            .run()
            .expect(0);
        let (ours, theirs) = (profiles(&for_sso), profiles(&for_util));
        assert!(!ours.is_empty());
        assert_eq!(ours, theirs, "{options:?}");
    }
    let any = Sandbox::new();
    let version = Run::program(&any, client_path("bin/aws-sso-util")).args(["--version"]);
    let version = version.run().expect(0).stdout;
    let what = "names profiles as `sso populate` does with the same options, in 8 cases";
    compatibility::record_note("aws-sso-util", version.trim(), what);
}
