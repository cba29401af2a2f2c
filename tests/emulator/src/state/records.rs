//! What the server remembers, as plain data. All times are milliseconds of its own clock.

pub(crate) const DEVICE_GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";
pub(crate) const CODE_GRANT: &str = "authorization_code";
pub(crate) const REFRESH_GRANT: &str = "refresh_token";
pub(crate) const ACCOUNT_SCOPE: &str = "sso:account:access";

/// A client registration.
#[derive(Clone, Debug)]
pub(crate) struct ClientRegistration {
    pub(crate) name: String,
    pub(crate) secret: String,
    pub(crate) expires: u64,
    pub(crate) scopes: Vec<String>,
    pub(crate) grant_types: Vec<String>,
    pub(crate) redirect_uris: Vec<String>,
    pub(crate) issuer_url: Option<String>,
}

impl ClientRegistration {
    pub(crate) fn allows_grant(&self, grant: &str) -> bool {
        self.grant_types.iter().any(|known| known == grant)
    }

    /// The service gives refresh tokens only to clients that registered with this scope.
    pub(crate) fn can_refresh(&self) -> bool {
        self.allows_grant(REFRESH_GRANT) && self.scopes.iter().any(|scope| scope == ACCOUNT_SCOPE)
    }
}

/// What the user said about a sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Decision {
    Approve,
    Deny,
}

/// A device code on its way.
#[derive(Clone, Debug)]
pub(crate) struct DeviceAuthorization {
    pub(crate) user_code: String,
    pub(crate) client_id: String,
    pub(crate) start_url: String,
    pub(crate) expires: u64,
    pub(crate) decision: Option<Decision>,
    pub(crate) interval: u64,
    pub(crate) last_poll: Option<u64>,
    pub(crate) redeemed: bool,
}

/// An authorize page that waits for its user.
#[derive(Clone, Debug)]
pub(crate) struct PendingAuthorization {
    pub(crate) client_id: String,
    pub(crate) redirect_uri: String,
    pub(crate) state: String,
    pub(crate) challenge: String,
}

/// An authorization code that was handed out.
#[derive(Clone, Debug)]
pub(crate) struct AuthorizationCode {
    pub(crate) client_id: String,
    pub(crate) redirect_uri: String,
    pub(crate) challenge: String,
    pub(crate) expires: u64,
}

/// The user's session in the access portal, which all tokens hang on.
#[derive(Clone, Debug)]
pub(crate) struct PortalSession {
    pub(crate) expires: u64,
    pub(crate) ended: bool,
}

/// An access token.
#[derive(Clone, Debug)]
pub(crate) struct AccessToken {
    pub(crate) provenance: Provenance,
    pub(crate) session: String,
    pub(crate) expires: u64,
    pub(crate) revoked: bool,
}

/// A refresh token.
#[derive(Clone, Debug)]
pub(crate) struct RefreshToken {
    /// The number of the sign-in that it comes from.
    pub(crate) sign_in: u64,
    pub(crate) session: String,
    pub(crate) client_id: String,
    pub(crate) spent: bool,
}

/// Where a token or a role's keys come from, so that a test can tell older from newer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Provenance {
    /// The number of the sign-in; a refresh and a fetch belong to that of their token.
    pub sign_in: u64,
    /// The number in the order in which everything was handed out.
    pub sequence: u64,
}

/// Fixed keys that the portal hands out for one role, instead of made-up ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleKeys {
    pub access_key_id: String,
    pub secret_access_key: String,
    pub session_token: String,
    /// Milliseconds since 1970; `None` means the option `role_credentials_seconds`.
    pub expiration_ms: Option<u64>,
}

/// Keys that were handed out.
#[derive(Debug)]
pub(crate) struct IssuedKeys {
    pub(crate) account: String,
    pub(crate) role: String,
    pub(crate) secret_access_key: String,
    pub(crate) session_token: String,
}
