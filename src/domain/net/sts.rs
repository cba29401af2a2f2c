//! Responses of STS `GetCallerIdentity`.
//!
//! Four elements of small documents are needed, which do not justify an XML parser. Their
//! text is only displayed.

use super::failure::FailureKind;
use crate::domain::text::sanitize;

/// Identity that credentials belong to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallerIdentity {
    pub account: String,
    /// `arn:aws:sts::ACCOUNT:assumed-role/ROLE/NAME`.
    pub arn: String,
}

/// Returns the URL of STS beside the portal of a region: partition, FIPS and dual stack form
/// both host names the same way. `portal` is the URL that the SDK's endpoint rules derive.
pub fn url_beside_portal(portal: &str) -> Option<String> {
    let host = portal.strip_prefix("https://portal.sso")?;
    Some(format!("https://sts{host}"))
}

/// Parses a successful response.
pub fn parse_caller_identity(text: &str) -> Option<CallerIdentity> {
    Some(CallerIdentity {
        account: element(text, "Account")?.to_owned(),
        arn: element(text, "Arn")?.to_owned(),
    })
}

/// Parses any other response: the kind of failure, and a sanitized description.
pub fn parse_error(status: u16, text: &str) -> (FailureKind, String) {
    let Some(code) = element(text, "Code") else {
        let description = format!("it answered {status}, but not as the STS does");
        return (FailureKind::of_status(status), description);
    };
    let kind = match (code, status) {
        ("Throttling" | "ThrottlingException", _) => FailureKind::Throttled,
        (_, 500..) => FailureKind::Server,
        _ => FailureKind::Forbidden,
    };
    let mut description = sanitize(code);
    if let Some(message) = element(text, "Message") {
        description += &format!(": {}", sanitize(message));
    }
    (kind, description)
}

/// Returns the text of the first element with a name, unless it is empty.
fn element<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(&format!("<{name}>"))?;
    let (inside, _) = rest.split_once(&format!("</{name}>"))?;
    Some(inside.trim()).filter(|inside| !inside.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn caller_identity_is_parsed() {
        let text = "<GetCallerIdentityResponse xmlns=\"x\"><GetCallerIdentityResult>\
                    <Arn>arn:aws:sts::111122223333:assumed-role/R/u</Arn><UserId>A:u</UserId>\
                    <Account>111122223333</Account></GetCallerIdentityResult>";
        let caller = parse_caller_identity(text).map(|caller| (caller.account, caller.arn));
        let arn = "arn:aws:sts::111122223333:assumed-role/R/u".to_owned();
        assert_eq!(caller, Some(("111122223333".to_owned(), arn)));
    }

    #[test]
    fn other_responses_are_errors() {
        let error = "<ErrorResponse><Error><Code>InvalidClientTokenId</Code>\
                     <Message>The security token\u{1b}[0m is invalid</Message></Error>";
        let message = "InvalidClientTokenId: The security token\u{fffd}[0m is invalid";
        let expected = (FailureKind::Forbidden, message.to_owned());
        assert_eq!(parse_error(403, error), expected);
        for text in [
            "",
            "<html>",
            "<Arn></Arn>",
            "<Account>1</Account>",
            "{\"Arn\":1}",
        ] {
            assert_eq!(parse_caller_identity(text), None, "{text}");
            let (kind, _) = parse_error(200, text);
            assert_eq!(kind, FailureKind::NotTheService, "{text}");
        }
        assert_eq!(parse_error(503, "").0, FailureKind::Server);
        assert_eq!(parse_error(429, "").0, FailureKind::Throttled);
    }
}
