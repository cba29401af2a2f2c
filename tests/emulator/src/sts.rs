//! GetCallerIdentity, for keys that the portal issued.
//!
//! The signature must have all of its parts but is not verified.

use crate::http::{Request, Response, form};
use crate::state::State;

/// Answers GetCallerIdentity (AWS STS API, version 2011-06-15).
pub(crate) fn get_caller_identity(state: &State, request: &Request) -> Response {
    let body = String::from_utf8_lossy(&request.body);
    let pairs = form::decode_pairs(&body);
    if form::first_value(&pairs, "Action") != Some("GetCallerIdentity")
        || form::first_value(&pairs, "Version") != Some("2011-06-15")
    {
        return error_response(400, "InvalidAction", "Could not find operation");
    }
    let header = request.header("authorization").unwrap_or_default();
    let part = |name: &str| {
        let (_, rest) = header.split_once(name)?;
        rest.split([',', ' ']).next()
    };
    let signed = part("SignedHeaders=").unwrap_or_default();
    let complete = header.starts_with("AWS4-HMAC-SHA256 ")
        && part("Signature=").is_some_and(|hex| hex.len() == 64)
        && request.header("x-amz-date").is_some()
        && ["host", "x-amz-date", "x-amz-security-token"]
            .iter()
            .all(|name| signed.split(';').any(|header| header == *name));
    let scope: Vec<&str> = part("Credential=").unwrap_or_default().split('/').collect();
    let [id, _, _, "sts", "aws4_request"] = scope.as_slice() else {
        return error_response(403, "IncompleteSignature", "The scope is not that of STS");
    };
    if !complete {
        return error_response(
            403,
            "IncompleteSignature",
            "A part of the signature is missing",
        );
    }
    let token = request.header("x-amz-security-token");
    let Some(keys) = state
        .issued_keys
        .get(id)
        .filter(|keys| token == Some(keys.session_token.as_str()))
    else {
        return error_response(
            403,
            "InvalidClientTokenId",
            "The security token included in the request is invalid.",
        );
    };
    let (account, role) = (&keys.account, &keys.role);
    let text = format!(
        "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\
         <GetCallerIdentityResult>\
         <Arn>arn:aws:sts::{account}:assumed-role/AWSReservedSSO_{role}_0123456789abcdef/user</Arn>\
         <UserId>AROAEMULATOR:user</UserId><Account>{account}</Account>\
         </GetCallerIdentityResult></GetCallerIdentityResponse>"
    );
    xml_response(200, text)
}

fn error_response(status: u16, code: &str, message: &str) -> Response {
    xml_response(
        status,
        format!(
            "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code>\
             <Message>{message}</Message></Error></ErrorResponse>"
        ),
    )
}

fn xml_response(status: u16, text: String) -> Response {
    let response = Response {
        status,
        body: text.into_bytes(),
        ..Response::default()
    };
    response.with("Content-Type", "text/xml")
}
