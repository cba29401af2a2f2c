//! Parsing of `.aws-sso` files: valid, invalid and hostile ones.

use super::*;

fn parse_error(text: &str) -> (usize, String) {
    let error = parse(text.as_bytes()).expect_err(text);
    (error.line, error.reason)
}

#[test]
fn a_single_word_is_a_profile() {
    let read = |text: &str| parse(text.as_bytes()).unwrap();
    let dev = read("profile = dev\n");
    for text in [
        "dev",
        "# a comment\n\n\tdev \r\n",
        "profile=dev",
        "profile =\tdev\r\n",
    ] {
        assert_eq!(read(text), dev, "{text:?}");
    }
    assert_eq!(dev.to_text(), "profile = dev\n");
}

#[test]
fn a_role_has_long_and_short_keys() {
    let long = "sso_session = corp\nsso_account_id = 012345678901\nsso_role_name = Read+Only\n\
        region = us-gov-west-1\nexport = profile\n";
    let short = long
        .replace("sso_account_id", "account")
        .replace("sso_role_name", "role");
    let read = parse(long.as_bytes()).unwrap();
    assert_eq!(parse(short.as_bytes()), Ok(read.clone()));
    assert_eq!(read.to_text(), long);
    let request = read.to_request();
    assert_eq!(request.account.as_deref(), Some("012345678901"));
    assert!(request.is_complete() && request.region.is_some());
}

#[test]
fn a_definition_gets_a_message_of_its_own() {
    for key in [
        "sso_start_url",
        "sso_region",
        "credential_process",
        "endpoint_url_sso",
        "aws_access_key_id",
    ] {
        let (line, what) = parse_error(&format!("profile = dev\n{key} = x"));
        assert_eq!(line, 2);
        assert_eq!(
            what,
            format!("{key} belongs in ~/.aws/config, not in .aws-sso")
        );
    }
}

#[test]
fn an_error_does_not_quote_a_hostile_file() {
    for text in [
        "profile = $(touch PWNED)",
        "\u{1b}]0;x\u{7} = y",
        "aws_\u{1b}]0;x\u{7} = y",
        "endpoint_url\0 = y",
        "dev\ndev2",
        "profile = a\nprofile = b",
        "account = 12345678901",
        "account = 111122223333",
        "role = Admin",
        "sso_session = corp",
        "profile = -p",
        "profile = dev\naccount = 111122223333",
        "region = evil.example/#\nprofile = dev",
        "export = credentials\nprofile = dev",
        "[profile dev]",
        "\u{feff}dev",
        "profile = d\u{e9}v",
        "",
        "trust = yes",
    ] {
        let (_, what) = parse_error(text);
        assert!(
            !what.contains("PWNED") && !what.chars().any(char::is_control),
            "{what}"
        );
    }
    assert!(parse(&[b'a'; MAX_BYTES + 1]).is_err());
    assert!(parse(b"\xff").is_err());
}
