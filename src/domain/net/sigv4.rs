//! AWS Signature Version 4 for a request without a query string.
//!
//! Source: IAM User Guide, "Create a signed AWS API request"; the test vectors are from the
//! AWS Signature Version 4 test suite.

use hmac::{Hmac, KeyInit, Mac};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use sha2::Sha256;

use crate::domain::hash::{hex, sha256};
use crate::domain::secret::Secret;
use crate::domain::time::Timestamp;

const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// Characters to encode in a path: all but the unreserved ones (RFC 3986 §2.3) and the slash.
const PATH: AsciiSet = NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Request to sign, and the scope of the signature.
#[derive(Clone, Debug)]
pub struct SignableRequest<'a> {
    /// HTTP method in upper case.
    pub method: &'a str,
    /// URL path as it is sent. A query string is not supported.
    pub path: &'a str,
    /// Headers to sign, names in lower case, including `host`.
    pub headers: &'a [(&'static str, String)],
    pub body: &'a str,
    /// Region of the credential scope.
    pub region: &'a str,
    /// Service of the credential scope.
    pub service: &'a str,
    /// Time of signing.
    pub at: Timestamp,
}

/// Returns the headers that sign a request: `x-amz-date`, `x-amz-security-token` where the
/// credentials have a session token, and `authorization`.
pub fn sign(
    request: &SignableRequest,
    access_key_id: &str,
    secret_access_key: &Secret,
    session_token: &Secret,
) -> Vec<(&'static str, String)> {
    let date = request.at.to_string().replace(['-', ':'], "");
    let day = date.get(..8).unwrap_or_default().to_owned();
    let mut added = vec![("x-amz-date", date.clone())];
    let token = session_token.expose();
    if !token.is_empty() {
        added.push(("x-amz-security-token", token.to_owned()));
    }
    let mut headers: Vec<&(&str, String)> = request.headers.iter().chain(&added).collect();
    headers.sort_by_key(|(name, _)| *name);
    let lines: String = headers
        .iter()
        .map(|(name, value)| format!("{name}:{}\n", value.trim()))
        .collect();
    let names: Vec<&str> = headers.iter().map(|(name, _)| *name).collect();
    let names = names.join(";");
    let canonical_request = format!(
        "{}\n{}\n\n{lines}\n{names}\n{}",
        request.method,
        encode_path(request.path),
        hex(&sha256(&[request.body.as_bytes()]))
    );
    let scope = format!("{day}/{}/{}/aws4_request", request.region, request.service);
    let string_to_sign = format!(
        "{ALGORITHM}\n{date}\n{scope}\n{}",
        hex(&sha256(&[canonical_request.as_bytes()]))
    );
    let secret = format!("AWS4{}", secret_access_key.expose());
    let key = [&day, request.region, request.service, "aws4_request"]
        .into_iter()
        .fold(secret.into_bytes(), |key, part| hmac_sha256(&key, part));
    let signature = hex(&hmac_sha256(&key, &string_to_sign));
    let credential = format!("{access_key_id}/{scope}");
    let authorization = format!(
        "{ALGORITHM} Credential={credential}, SignedHeaders={names}, Signature={signature}"
    );
    added.push(("authorization", authorization));
    added
}

fn hmac_sha256(key: &[u8], text: &str) -> Vec<u8> {
    // Never fails: HMAC takes a key of any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        return Vec::new();
    };
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

/// Encodes a path for the canonical request. Every service except S3 signs the path
/// percent-encoded once more than it is sent.
fn encode_path(path: &str) -> String {
    match path {
        "" => "/".to_owned(),
        _ => utf8_percent_encode(path, &PATH).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signature(
        method: &str,
        path: &str,
        headers: &[(&'static str, &str)],
        body: &str,
        token: &str,
    ) -> String {
        let headers: Vec<(&'static str, String)> = headers
            .iter()
            .map(|(name, value)| (*name, (*value).to_owned()))
            .collect();
        let request = SignableRequest {
            method,
            path,
            headers: &headers,
            body,
            region: "us-east-1",
            service: "service",
            at: Timestamp(1_440_938_160),
        };
        let secret = Secret::new("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
        let signed = sign(&request, "AKIDEXAMPLE", &secret, &Secret::new(token));
        signed.last().unwrap().1.clone()
    }

    #[test]
    fn signatures_match_the_aws_test_suite() {
        let host = ("host", "example.amazonaws.com");
        let begin = "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=";
        let token = "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==";
        let hash = "9095672bbd1f56dfc5b65f3e153adc8731a4a654192329106275f4c7b24d0b6e";
        let form = [
            ("content-type", "application/x-www-form-urlencoded"),
            host,
            ("content-length", "13"),
            ("x-amz-content-sha256", hash),
        ];
        for (name, actual, expected) in [
            (
                "get-vanilla",
                signature("GET", "/", &[host], "", ""),
                "host;x-amz-date, Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
            ),
            (
                "post-sts-header-before",
                signature("POST", "/", &[host], "", token),
                "host;x-amz-date;x-amz-security-token, Signature=85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead",
            ),
            (
                "post-x-www-form-urlencoded",
                signature("POST", "/", &form, "Param1=value1", ""),
                "content-length;content-type;host;x-amz-content-sha256;x-amz-date, Signature=d3875051da38690788ef43de4db0d8f280229d82040bfac253562e56c3f20e0b",
            ),
        ] {
            assert_eq!(actual, format!("{begin}{expected}"), "{name}");
        }
    }

    #[test]
    fn paths_are_encoded_once_more() {
        assert_eq!(encode_path(""), "/");
        assert_eq!(encode_path("/a b/%20"), "/a%20b/%2520");
    }
}
