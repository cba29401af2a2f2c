//! Records of the server's state, as plain data. All times are milliseconds of its own clock.

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
    /// Returns `true` if the client registered for this grant type.
    pub(crate) fn allows_grant(&self, grant: &str) -> bool {
        self.grant_types.iter().any(|known| known == grant)
    }

    /// Returns `true` if the client gets refresh tokens.
    ///
    /// The real service issues them only to clients registered with the account scope.
    pub(crate) fn can_refresh(&self) -> bool {
        self.allows_grant(REFRESH_GRANT) && self.scopes.iter().any(|scope| scope == ACCOUNT_SCOPE)
    }
}

/// The user's decision about a sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Decision {
    Approve,
    Deny,
}

/// A device code and its progress.
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

/// An authorize page that waits for the user's decision.
#[derive(Clone, Debug)]
pub(crate) struct PendingAuthorization {
    pub(crate) client_id: String,
    pub(crate) redirect_uri: String,
    pub(crate) state: String,
    pub(crate) challenge: String,
}

/// An issued authorization code.
#[derive(Clone, Debug)]
pub(crate) struct AuthorizationCode {
    pub(crate) client_id: String,
    pub(crate) redirect_uri: String,
    pub(crate) challenge: String,
    pub(crate) expires: u64,
}

/// The user's session in the access portal; all of its tokens end with it.
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
    /// Number of the sign-in that the token belongs to.
    pub(crate) sign_in: u64,
    pub(crate) session: String,
    pub(crate) client_id: String,
    pub(crate) spent: bool,
}

/// Origin of a token or of role credentials, ordered so that tests can tell older from newer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Provenance {
    /// Number of the sign-in; refreshed tokens and role credentials inherit that of their token.
    pub sign_in: u64,
    /// Position in the order in which tokens and keys were issued.
    pub sequence: u64,
}

/// Fixed keys that the portal returns for one role, instead of generated ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleKeys {
    pub access_key_id: String,
    pub secret_access_key: String,
    pub session_token: String,
    /// Milliseconds since 1970; `None` applies the option `role_credentials_seconds`.
    pub expiration_ms: Option<u64>,
}

/// Role credentials that the portal issued.
#[derive(Debug)]
pub(crate) struct IssuedKeys {
    pub(crate) account: String,
    pub(crate) role: String,
    pub(crate) secret_access_key: String,
    pub(crate) session_token: String,
}
