//! GetCallerIdentity of STS, and the console's federation endpoint.

use emulator::Emulator;

use crate::http_client::*;

const FORM: &str = "Content-Type: application/x-www-form-urlencoded\r\n";

/// Fetches keys of a role: id, secret and session token.
fn fetch_keys(emulator: &Emulator) -> [String; 3] {
    let token = emulator.handle().mint_session().access_token;
    let path = "/federation/credentials?role_name=ReadOnlyAccess&account_id=111122223333";
    let keys = portal(&emulator.url(), "GET", path, &token).json();
    ["accessKeyId", "secretAccessKey", "sessionToken"].map(|name| {
        let key = keys["roleCredentials"][name].as_str().unwrap();
        key.to_owned()
    })
}

#[test]
fn get_caller_identity_requires_a_complete_signature_and_issued_keys() {
    let emulator = start();
    let url = emulator.url();
    let [id, _, token] = fetch_keys(&emulator);
    let signature = "0".repeat(64);
    let ask = |id: &str, token: &str, service: &str, signed: &str, body: &str| {
        let headers = format!(
            "{FORM}X-Amz-Date: 20260101T000000Z\r\nX-Amz-Security-Token: {token}\r\n\
             Authorization: AWS4-HMAC-SHA256 Credential={id}/20260101/eu-west-1/{service}/aws4_request, \
             SignedHeaders={signed}, Signature={signature}\r\n"
        );
        request(&url, "POST", "/", &headers, body)
    };
    const SIGNED: &str = "content-type;host;x-amz-date;x-amz-security-token";
    const BODY: &str = "Action=GetCallerIdentity&Version=2011-06-15";
    let reply = ask(&id, &token, "sts", SIGNED, BODY);
    assert_eq!(reply.status, 200, "{reply:?}");
    let text = format!("{reply:?}");
    assert!(text.contains("arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_ReadOnlyAccess_"));
    for (reply, status) in [
        (ask("ASIAOTHER", &token, "sts", SIGNED, BODY), 403),
        (ask(&id, "other", "sts", SIGNED, BODY), 403),
        (ask(&id, &token, "s3", SIGNED, BODY), 403),
        (ask(&id, &token, "sts", "host;x-amz-date", BODY), 403),
        (ask(&id, &token, "sts", SIGNED, "Action=Other"), 400),
    ] {
        assert_eq!(reply.status, status, "{reply:?}");
    }
}

#[test]
fn a_sign_in_token_requires_issued_keys_and_works_once() {
    let emulator = start();
    let url = emulator.url();
    let [id, secret, token] = fetch_keys(&emulator);
    let encode = |text: &str| -> String { text.bytes().map(|b| format!("%{b:02X}")).collect() };
    let ask = |secret: &str, more: &str| {
        let session =
            serde_json::json!({ "sessionId": id, "sessionKey": secret, "sessionToken": token });
        let session = encode(&session.to_string());
        let body = format!("Action=getSigninToken{more}&Session={session}");
        request(&url, "POST", "/federation", FORM, &body)
    };
    for (reply, what) in [
        (ask("other", ""), "another secret"),
        (ask(&secret, "&SessionDuration=60"), "too short"),
        (ask(&secret, "&SessionDuration=43201"), "too long"),
    ] {
        assert_eq!(reply.status, 400, "{what}");
    }
    let reply = ask(&secret, "&SessionDuration=900").json();
    let token = encode(reply["SigninToken"].as_str().unwrap());
    let login = format!("/federation?Action=login&Destination=x&SigninToken={token}");
    let visit = |path: &str| request(&url, "GET", path, "", "");
    let out = format!("/oauth?Action=logout&redirect_uri={}", encode(&login));
    assert_eq!(visit(&out).header("location"), login);
    assert_eq!(visit(&login).status, 200);
    assert_eq!(visit(&login).status, 400);
}
