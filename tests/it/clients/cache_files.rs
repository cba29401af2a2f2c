//! The bytes of files in the shared cache, and files of other tools there.

use emulator::RoleKeys;

use super::{Client, SharedSession, aws, sandbox};
use crate::fixture::{ACCOUNT, ROLE, stamp};

#[test]
fn role_credentials_are_stored_in_the_same_bytes_as_by_aws_cli() {
    if !Client::AwsCli.is_available() {
        return;
    }
    let sandbox = sandbox();
    sandbox.sign_in();
    // Every fetch returns the same keys with the same expiry.
    let end = u64::try_from(crate::fixture::now()).unwrap() * 1000 + 7_200_123;
    let keys = RoleKeys {
        access_key_id: "ASIAFIXED".to_owned(),
        secret_access_key: "/+fixed\"é".to_owned(),
        session_token: "IQo/+=fixed".to_owned(),
        expiration_ms: Some(end),
    };
    sandbox.server().set_role_keys(ACCOUNT, ROLE, Some(keys));
    let path = sandbox.role_path("corp", ACCOUNT, ROLE);
    sandbox.credentials_from_sso();
    let mut ours = std::fs::read_to_string(&path).unwrap();
    sandbox.delete_role_file();
    sandbox.credentials_from(Client::AwsCli);
    let theirs = std::fs::read_to_string(&path).unwrap();
    if !theirs.contains("AccountId") {
        // An older CLI does not write AccountId, and ignores it.
        ours = ours.replace(&format!(", \"AccountId\": \"{ACCOUNT}\""), "");
    }
    assert_eq!(ours, theirs);
    Client::AwsCli.record_note(
        &sandbox,
        "stores role credentials in the same bytes as `sso`",
    );
}

#[test]
fn a_sign_in_is_stored_in_the_same_format_as_by_aws_cli() {
    if !Client::AwsCli.is_available() {
        return;
    }
    let sandbox = sandbox();
    let files = || {
        let mut names: Vec<_> = sandbox
            .files(".aws/sso/cache")
            .into_iter()
            .map(|(path, _)| path)
            .collect();
        names.sort();
        names
    };
    sandbox.sign_in();
    let (ours, names) = (super::token_format(&sandbox, "corp"), files());
    let registration = registration(&sandbox);
    for name in &names {
        std::fs::remove_file(name).unwrap();
    }
    aws(&sandbox, ["sso", "login", "--sso-session", "corp"])
        .approving_browser()
        .run()
        .expect(0);
    assert_eq!(super::token_format(&sandbox, "corp"), ours);
    assert_eq!(files(), names);
    assert_eq!(self::registration(&sandbox), registration);
    Client::AwsCli.record_note(
        &sandbox,
        "stores a sign-in in the same files and form as `sso`",
    );
}

/// Returns the client registration file, the only one beside the token, without its secrets and
/// its expiry.
fn registration(sandbox: &crate::fixture::Sandbox) -> String {
    let token = sandbox.token_path("corp");
    let mut files = sandbox.files(".aws/sso/cache");
    files.retain(|(path, _)| *path != token);
    let [(path, bytes)] = files.as_slice() else {
        panic!("not one registration: {files:?}");
    };
    let json = sandbox.read_json(path);
    let mut text = String::from_utf8(bytes.clone()).unwrap();
    for key in ["clientId", "clientSecret"] {
        text = text.replace(json[key].as_str().unwrap(), key);
    }
    let end = json["expiresAt"].as_str().unwrap();
    text.replace(end, &end.replace(|c: char| c.is_ascii_digit(), "0"))
}

#[test]
fn files_of_other_tools_are_ignored_and_kept() {
    if !Client::AwsCli.is_available() {
        return;
    }
    let sandbox = sandbox();
    let future = stamp(86_400);
    let kiro = format!(r#"{{"accessToken":"not-ours-at-all","expiresAt":"{future}"}}"#);
    let foreign: [(&str, &[u8]); 7] = [
        (".aws/sso/cache/kiro-auth-token.json", kiro.as_bytes()),
        (
            ".aws/sso/cache/botocore-client-id-eu-west-1.json",
            br#"{"clientId":"x"}"#,
        ),
        (
            ".aws/sso/cache/fd9fc0a6a7ba0a7cd7f7b1f1e0a9b1e0a3c1f6d2.json",
            b"{\"clientId\": \"trunc",
        ),
        (".aws/sso/cache/tmpabcdef.tmp", b""),
        (".aws/sso/cache/notes.txt", b"\xff\xfe"),
        (".aws/cli/cache/session.db.bak", b"SQLite format 3\0"),
        (
            ".aws/cli/cache/aws-sso-util-ids-dev.json",
            br#"{"InstanceArn":"a","IdentityStoreId":"d"}"#,
        ),
    ];
    for (path, bytes) in foreign {
        sandbox.write_file(&sandbox.home().join(path), bytes);
    }
    sandbox.sign_in();
    let keys = sandbox.credentials_from_sso();
    assert_eq!(sandbox.credentials_from(Client::AwsCli), keys);
    sandbox.sso(["status"]).run().expect(0);
    sandbox.sso(["logout"]).run().expect(0);
    for (path, bytes) in foreign {
        assert_eq!(
            std::fs::read(sandbox.home().join(path)).unwrap(),
            bytes,
            "{path}"
        );
    }
}

#[test]
fn broken_files_that_block_aws_cli_are_replaced() {
    if !Client::AwsCli.is_available() {
        return;
    }
    let sandbox = sandbox();
    sandbox.sign_in();
    sandbox.credentials_from_sso();
    for directory in [".aws/sso/cache", ".aws/cli/cache"] {
        for (path, _) in sandbox.files(directory) {
            std::fs::write(path, "{\"clientId\": ").unwrap();
        }
    }
    sandbox.sso(["status"]).run().expect(4);
    sandbox.sign_in();
    let keys = sandbox.credentials_from_sso();
    assert_eq!(sandbox.credentials_from(Client::AwsCli), keys);
    aws(&sandbox, ["sso", "login", "--sso-session", "corp"])
        .approving_browser()
        .run()
        .expect(0);
    assert_eq!(sandbox.server().count("RegisterClient"), 2);
}
