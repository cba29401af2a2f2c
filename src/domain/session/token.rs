//! The access token of a session: its file format, and the session it belongs to.
//!
//! The file is shared with AWS CLI v2 and the SDKs, so `sso` adds no members of its own. Format:
//! botocore's `SSOTokenLoader`, and RFC 6749 §5 for the tokens.

use serde_json::{Map, Value};

use super::auth_error::SignInReason;
use super::definition::{Session, same_start_url};
use crate::domain::json;
use crate::domain::secret::Secret;
use crate::domain::time::Timestamp;

/// Contents of a token file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredToken {
    pub access_token: Secret,
    pub expires_at: Timestamp,
    /// Start URL that the token was issued for.
    pub start_url: Option<String>,
    /// Region of the Identity Center instance.
    pub region: Option<String>,
    /// Client that obtained the token, the only one that can refresh it.
    pub client: Option<RegisteredClient>,
    /// Refresh token (RFC 6749 §6).
    pub refresh_token: Option<Secret>,
}

/// Registered client, as the token file repeats it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisteredClient {
    pub id: String,
    pub secret: Secret,
    pub expires_at: Timestamp,
}

/// Response to a sign-in or a refresh.
#[derive(Clone, Debug)]
pub struct TokenReply {
    pub access_token: Secret,
    /// Lifetime in seconds.
    pub expires_in: i64,
    /// Next refresh token, if the server issued one.
    pub refresh_token: Option<Secret>,
}

impl StoredToken {
    /// Returns all secrets of the file.
    pub fn secrets(&self) -> impl Iterator<Item = &Secret> {
        let client = self.client.as_ref().map(|client| &client.secret);
        [&self.access_token]
            .into_iter()
            .chain(&self.refresh_token)
            .chain(client)
    }

    /// Parses a token file.
    pub fn parse(bytes: &[u8]) -> Option<StoredToken> {
        let map = json::parse_object(bytes)?;
        let text = |key: &str| map.get(key)?.as_str().map(str::to_owned);
        let text = |key: &str| text(key).filter(|text| !text.is_empty());
        let time = |key: &str| map.get(key)?.as_str().and_then(Timestamp::parse);
        let client = || {
            Some(RegisteredClient {
                id: text("clientId")?,
                secret: Secret::new(text("clientSecret")?),
                expires_at: time("registrationExpiresAt")?,
            })
        };
        Some(StoredToken {
            access_token: Secret::new(text("accessToken").filter(|token| is_bearer(token))?),
            expires_at: time("expiresAt")?,
            start_url: text("startUrl"),
            region: text("region"),
            client: client(),
            refresh_token: text("refreshToken").map(Secret::new),
        })
    }

    /// Formats the file as AWS CLI v2 writes it: same members, order and separators.
    pub fn to_json(&self, session: &Session) -> String {
        let mut map = Map::new();
        let mut put = |key: &str, value: &str| map.insert(key.to_owned(), value.into());
        put("startUrl", &session.start_url);
        put("region", &session.region);
        put("accessToken", self.access_token.expose());
        put("expiresAt", &self.expires_at.to_string());
        if let Some(client) = &self.client {
            put("clientId", &client.id);
            put("clientSecret", client.secret.expose());
            put("registrationExpiresAt", &client.expires_at.to_string());
        }
        if let Some(refresh) = &self.refresh_token {
            put("refreshToken", refresh.expose());
        }
        json::spaced(&Value::Object(map))
    }

    /// Returns the token of a reply to this client.
    pub fn new(
        reply: TokenReply,
        client: Option<RegisteredClient>,
        session: &Session,
        now: Timestamp,
    ) -> Self {
        StoredToken {
            access_token: reply.access_token,
            expires_at: now.plus(reply.expires_in),
            start_url: Some(session.start_url.clone()),
            region: Some(session.region.clone()),
            client,
            refresh_token: reply.refresh_token,
        }
    }

    /// Returns the token after a refresh. A reply without a refresh token keeps the old one
    /// (RFC 6749 §6).
    pub fn refreshed(&self, mut reply: TokenReply, session: &Session, now: Timestamp) -> Self {
        let old = || self.refresh_token.clone();
        reply.refresh_token = reply.refresh_token.or_else(old);
        StoredToken::new(reply, self.client.clone(), session, now)
    }

    /// Returns the client and refresh token, unless one is missing or the registration has expired.
    pub fn refreshable(&self, now: Timestamp) -> Option<(&RegisteredClient, &Secret)> {
        let client = self.client.as_ref()?;
        let refresh = self.refresh_token.as_ref()?;
        (!client.expires_at.is_past(now)).then_some((client, refresh))
    }

    /// Returns `true` if the token was issued for this session. Members missing in the file match.
    pub fn belongs_to(&self, session: &Session) -> bool {
        let url = self.start_url.as_deref();
        let region = self.region.as_deref();
        url.is_none_or(|url| same_start_url(url, &session.start_url))
            && region.is_none_or(|region| region == session.region)
    }
}

/// Returns `true` if a request can carry the text as a bearer token (RFC 6750 §2.1 allows less).
/// Other texts are not tokens: they would look valid until they expire and never work.
pub fn is_bearer(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Result of reading a token file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenFile {
    Missing,
    /// The file at this path cannot be parsed as a token.
    Corrupt(String),
    Token(StoredToken),
}

impl TokenFile {
    /// Returns the token if it belongs to the session.
    pub fn of(&self, session: &Session) -> Result<&StoredToken, SignInReason> {
        match self {
            TokenFile::Missing => Err(SignInReason::NoToken),
            TokenFile::Corrupt(path) => Err(SignInReason::Corrupt(path.clone())),
            TokenFile::Token(token) if token.belongs_to(session) => Ok(token),
            TokenFile::Token(_) => Err(SignInReason::OtherInstance),
        }
    }

    /// Returns `true` if the file still holds `token`.
    pub fn is_still(&self, token: &StoredToken, session: &Session) -> bool {
        self.of(session)
            .is_ok_and(|now| now.access_token == token.access_token)
    }

    /// Returns `true` if the result of refreshing `token` may replace the file.
    ///
    /// A token that was deleted or replaced by a new sign-in meanwhile is kept. A corrupt file is
    /// replaced, because the old refresh token is already spent.
    pub fn yields_to_refresh_of(&self, token: &StoredToken, session: &Session) -> bool {
        matches!(self, TokenFile::Corrupt(_)) || self.is_still(token, session)
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;

    fn session() -> Session {
        Session::new(Some("corp"), "https://corp.awsapps.com/start", "eu-west-1")
    }

    pub fn token(left: i64, registration_left: i64, refresh: bool) -> StoredToken {
        StoredToken {
            access_token: Secret::new("at"),
            expires_at: Timestamp(left),
            start_url: None,
            region: None,
            client: Some(RegisteredClient {
                id: "id".into(),
                secret: Secret::new("cs"),
                expires_at: Timestamp(registration_left),
            }),
            refresh_token: refresh.then(|| Secret::new("rt")),
        }
    }

    #[test]
    fn writes_what_the_cli_writes() {
        let text = token(0, 60, true).to_json(&session());
        assert_eq!(
            text,
            r#"{"startUrl": "https://corp.awsapps.com/start", "region": "eu-west-1", "accessToken": "at", "expiresAt": "1970-01-01T00:00:00Z", "clientId": "id", "clientSecret": "cs", "registrationExpiresAt": "1970-01-01T00:01:00Z", "refreshToken": "rt"}"#
        );
    }

    #[test]
    fn reads_the_least_that_old_tools_wrote() {
        let old = br#"{"accessToken":"a","expiresAt":"2019-11-14T04:05:45UTC","more":{"x":[1]}}"#;
        let token = StoredToken::parse(old).expect("a token");
        assert_eq!(token.expires_at, Timestamp(1_573_704_345));
        assert!(token.belongs_to(&session()));
        for broken in [
            "",
            "{",
            "[]",
            "{}",
            r#"{"accessToken":"a"}"#,
            r#"{"accessToken":1,"expiresAt":2}"#,
        ] {
            assert_eq!(StoredToken::parse(broken.as_bytes()), None, "{broken}");
        }
    }

    #[test]
    fn a_token_of_another_instance_is_absent() {
        let mut other = token(9999, 9999, true);
        other.start_url = Some("https://corp.awsapps.com/start/#/".into());
        other.region = Some("eu-west-1".into());
        assert!(TokenFile::Token(other.clone()).of(&session()).is_ok());
        other.region = Some("us-east-1".into());
        assert_eq!(
            TokenFile::Token(other).of(&session()),
            Err(SignInReason::OtherInstance)
        );
    }

    #[test]
    fn a_refresh_replaces_its_own_token_and_a_broken_file_only() {
        let begun = token(0, 10, true);
        let mut other = begun.clone();
        other.access_token = Secret::new("new sign-in");
        for (found, yields) in [
            (TokenFile::Token(begun.clone()), true),
            (TokenFile::Corrupt(String::new()), true),
            (TokenFile::Token(other), false),
            (TokenFile::Missing, false),
        ] {
            assert_eq!(found.yields_to_refresh_of(&begun, &session()), yields);
        }
    }

    #[test]
    fn a_refresh_keeps_the_old_refresh_token_when_none_comes() {
        let reply = TokenReply {
            access_token: Secret::new("new"),
            expires_in: 100,
            refresh_token: None,
        };
        let new = token(0, 10, true).refreshed(reply, &session(), Timestamp(5));
        assert_eq!(new.refresh_token, Some(Secret::new("rt")));
        assert_eq!(new.expires_at, Timestamp(105));
    }
}
