//! What the STS answers. Two elements of a small document are wanted, for which an XML parser
//! would be much: a tag is looked for as text, and what stands in it is shown, never obeyed.

use super::failure::FailureKind;
use crate::domain::text::sanitize;

/// Whose credentials they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The account.
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

/// The caller in an answer of `GetCallerIdentity`.
pub fn caller(text: &str) -> Option<Caller> {
    Some(Caller {
        account: element(text, "Account")?.to_owned(),
        arn: element(text, "Arn")?.to_owned(),
    })
}

/// What another answer means, and what it says.
pub fn refusal(status: u16, text: &str) -> (FailureKind, String) {
    let Some(code) = element(text, "Code") else {
        let kind = match status {
            429 => FailureKind::Throttled,
            500.. => FailureKind::Server,
            _ => FailureKind::NotTheService,
        };
        return (
            kind,
            format!("it answered {status}, but not as the STS does"),
        );
    };
    let kind = match (code, status) {
        ("Throttling" | "ThrottlingException", _) => FailureKind::Throttled,
        (_, 500..) => FailureKind::Server,
        _ => FailureKind::Forbidden,
    };
    let said =
        element(text, "Message").map_or_else(String::new, |said| format!(": {}", sanitize(said)));
    (kind, sanitize(code) + &said)
}

/// The text of the first element of this name.
fn element<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(&format!("<{name}>"))?;
    let (inside, _) = rest.split_once(&format!("</{name}>"))?;
    Some(inside.trim()).filter(|inside| !inside.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_caller_is_read() {
        let text = "<GetCallerIdentityResponse xmlns=\"x\"><GetCallerIdentityResult>\
                    <Arn>arn:aws:sts::111122223333:assumed-role/R/u</Arn><UserId>A:u</UserId>\
                    <Account>111122223333</Account></GetCallerIdentityResult>";
        let caller = caller(text).map(|caller| (caller.account, caller.arn));
        let arn = "arn:aws:sts::111122223333:assumed-role/R/u".to_owned();
        assert_eq!(caller, Some(("111122223333".to_owned(), arn)));
    }

    #[test]
    fn whatever_else_comes_is_a_refusal() {
        let error = "<ErrorResponse><Error><Code>InvalidClientTokenId</Code>\
                     <Message>The security token\u{1b}[0m is invalid</Message></Error>";
        assert_eq!(
            refusal(403, error),
            (
                FailureKind::Forbidden,
                "InvalidClientTokenId: The security token\u{fffd}[0m is invalid".to_owned()
            )
        );
        for text in [
            "",
            "<html>",
            "<Arn></Arn>",
            "<Account>1</Account>",
            "{\"Arn\":1}",
        ] {
            assert_eq!(caller(text), None, "{text}");
            assert_eq!(refusal(200, text).0, FailureKind::NotTheService, "{text}");
        }
        assert_eq!(refusal(503, "").0, FailureKind::Server);
        assert_eq!(refusal(429, "").0, FailureKind::Throttled);
    }
}
