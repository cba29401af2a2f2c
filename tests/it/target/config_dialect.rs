//! Config files in other directories, with quotes, CR LF, comments and duplicate sections.

use super::{config_text, profile_sections, requested_role, sandbox_with_config};
use crate::fixture::ACCOUNT;

#[test]
fn config_and_credentials_file_can_be_moved_by_variables() {
    let sandbox = sandbox_with_config("nothing here\n");
    let elsewhere = sandbox.home().join("else where");
    sandbox.write_file(&elsewhere.join("config"), config_text("").as_bytes());
    sandbox.write_file(
        &elsewhere.join("credentials"),
        b"[one]\nsso_role_name = three\n",
    );
    let run = sandbox
        .sso(["credential-process", "-p", "one"])
        .env("AWS_CONFIG_FILE", elsewhere.join("config"))
        .env("AWS_SHARED_CREDENTIALS_FILE", elsewhere.join("credentials"));
    assert_eq!(requested_role(&sandbox, run), format!("three {ACCOUNT}"));
    let run = sandbox
        .sso(["credential-process", "-p", "two"])
        .env("AWS_CONFIG_FILE", "~/else where/config");
    assert_eq!(requested_role(&sandbox, run), format!("two {ACCOUNT}"));
}

#[test]
fn credentials_file_overrides_the_config_file() {
    let sandbox = sandbox_with_config(&config_text(""));
    let credentials = "[one]\nsso_role_name = three\n\n\
        [only]\nsso_session = corp\nsso_account_id = 444455556666\nsso_role_name = two\n";
    sandbox.write_file(
        &sandbox.home().join(".aws/credentials"),
        credentials.as_bytes(),
    );
    let run = sandbox.sso(["credential-process", "-p", "one"]);
    assert_eq!(requested_role(&sandbox, run), format!("three {ACCOUNT}"));
    let run = sandbox.sso(["credential-process", "-p", "only"]);
    assert_eq!(requested_role(&sandbox, run), "two 444455556666");
}

#[test]
fn quoted_profile_names_are_found() {
    for (written, name) in [
        ("\"two words\"", "two words"),
        ("'two words'", "two words"),
        ("'it is \"it\"'", "it is \"it\""),
        ("café", "café"),
        ("a.b/c@d", "a.b/c@d"),
    ] {
        let text = config_text("").replace("[profile one]", &format!("[profile {written}]"));
        let sandbox = sandbox_with_config(&text);
        let run = sandbox.sso(["credential-process", "-p", name]);
        assert_eq!(
            requested_role(&sandbox, run),
            format!("one {ACCOUNT}"),
            "{written}"
        );
    }
}

#[test]
fn line_ends_bom_comments_and_case_are_ignored() {
    let plain = config_text("");
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
        let sandbox = sandbox_with_config(&text);
        let run = sandbox.sso(["credential-process", "-p", "one"]);
        assert_eq!(
            requested_role(&sandbox, run),
            format!("one {ACCOUNT}"),
            "{text}"
        );
    }
}

#[test]
fn duplicate_sections_are_merged_and_later_keys_win() {
    let sandbox = sandbox_with_config(&config_text("[profile one]\nsso_role_name = three\n"));
    let outcome = sandbox.sso(["credential-process", "-v", "-p", "one"]);
    assert_eq!(
        requested_role(&sandbox, outcome),
        format!("three {ACCOUNT}")
    );
}

#[test]
fn profile_default_section_replaces_default() {
    let text = config_text("").replace("[profile one]", "[default]")
        + &profile_sections(&["default"])
            .replace("sso_role_name = default", "sso_role_name = three");
    let sandbox = sandbox_with_config(&text);
    let run = sandbox.sso(["credential-process"]);
    assert_eq!(requested_role(&sandbox, run), format!("three {ACCOUNT}"));
}

#[test]
fn verbose_names_lines_that_aws_cli_reads_differently() {
    let sandbox = sandbox_with_config(&config_text("[profile one]\nsso_role_name = three ; new\n"));
    let line = config_text("").lines().count() + 1;
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
