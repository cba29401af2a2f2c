//! Config files as people have them: elsewhere, quoted, from Windows, with duplicates.

use super::{asked, config, profiles, sandbox};
use crate::fixture::ACCOUNT;

#[test]
fn both_files_can_be_elsewhere() {
    let sandbox = sandbox("nothing here\n");
    let elsewhere = sandbox.home().join("else where");
    sandbox.write_file(&elsewhere.join("config"), config("").as_bytes());
    sandbox.write_file(
        &elsewhere.join("credentials"),
        b"[one]\nsso_role_name = three\n",
    );
    let run = sandbox
        .sso(["credential-process", "-p", "one"])
        .env("AWS_CONFIG_FILE", elsewhere.join("config"))
        .env("AWS_SHARED_CREDENTIALS_FILE", elsewhere.join("credentials"));
    assert_eq!(asked(&sandbox, run), format!("three {ACCOUNT}"));
    let run = sandbox
        .sso(["credential-process", "-p", "two"])
        .env("AWS_CONFIG_FILE", "~/else where/config");
    assert_eq!(asked(&sandbox, run), format!("two {ACCOUNT}"));
}

#[test]
fn the_credentials_file_lies_over_the_config_file() {
    let sandbox = sandbox(&config(""));
    let credentials = "[one]\nsso_role_name = three\n\n\
        [only]\nsso_session = corp\nsso_account_id = 444455556666\nsso_role_name = two\n";
    sandbox.write_file(
        &sandbox.home().join(".aws/credentials"),
        credentials.as_bytes(),
    );
    let run = sandbox.sso(["credential-process", "-p", "one"]);
    assert_eq!(asked(&sandbox, run), format!("three {ACCOUNT}"));
    let run = sandbox.sso(["credential-process", "-p", "only"]);
    assert_eq!(asked(&sandbox, run), "two 444455556666");
}

#[test]
fn names_with_blanks_and_quotes_are_found() {
    for (written, name) in [
        ("\"two words\"", "two words"),
        ("'two words'", "two words"),
        ("'it is \"it\"'", "it is \"it\""),
        ("café", "café"),
        ("a.b/c@d", "a.b/c@d"),
    ] {
        let text = config("").replace("[profile one]", &format!("[profile {written}]"));
        let sandbox = sandbox(&text);
        let run = sandbox.sso(["credential-process", "-p", name]);
        assert_eq!(asked(&sandbox, run), format!("one {ACCOUNT}"), "{written}");
    }
}

#[test]
fn line_ends_a_byte_order_mark_comments_and_case_do_not_matter() {
    let plain = config("");
    let commented = plain
        .replace("[profile one]", "; old\n  # new\n[profile one] # the first")
        .replace("sso_role_name = one", "SSO_Role_Name=one ; said");
    for text in [
        plain.replace('\n', "\r\n"),
        format!("\u{feff}{plain}"),
        plain.replace(" = ", "="),
        plain.replace(" = ", "\t=\t"),
        plain.trim_end().to_owned(),
        commented,
    ] {
        let sandbox = sandbox(&text);
        let run = sandbox.sso(["credential-process", "-p", "one"]);
        assert_eq!(asked(&sandbox, run), format!("one {ACCOUNT}"), "{text}");
    }
}

#[test]
fn duplicate_sections_are_merged_and_the_later_key_counts() {
    let sandbox = sandbox(&config("[profile one]\nsso_role_name = three\n"));
    let outcome = sandbox.sso(["credential-process", "-v", "-p", "one"]);
    assert_eq!(asked(&sandbox, outcome), format!("three {ACCOUNT}"));
}

#[test]
fn profile_default_replaces_default() {
    let text = config("").replace("[profile one]", "[default]")
        + &profiles(&["default"]).replace("sso_role_name = default", "sso_role_name = three");
    let sandbox = sandbox(&text);
    let run = sandbox.sso(["credential-process"]);
    assert_eq!(asked(&sandbox, run), format!("three {ACCOUNT}"));
}

#[test]
fn what_the_cli_reads_otherwise_is_told_to_those_who_ask() {
    let sandbox = sandbox(&config("[profile one]\nsso_role_name = three ; new\n"));
    let line = config("").lines().count() + 1;
    sandbox
        .sso(["-v", "status"])
        .run()
        .expect(0)
        .stderr_contains(&format!(".aws/config:{line}: the section appeared before"))
        .stderr_contains(&format!(
            ".aws/config:{}: for the AWS CLI the comment is a part of the value",
            line + 1
        ));
}
