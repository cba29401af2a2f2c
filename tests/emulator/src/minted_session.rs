//! Signed-in sessions created without a sign-in flow, for tests that write cache files
//! themselves.

use serde_json::{Value, json};

use crate::state::records::{
    ACCOUNT_SCOPE, CODE_GRANT, ClientRegistration, DEVICE_GRANT, REFRESH_GRANT,
};
use crate::state::{State, expiry_after};

/// Options of a minted session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MintOptions {
    /// Start URL of the portal session; an active session of this start URL is joined.
    pub start_url: String,
    /// Lifetime of the access token; `None` applies the server's option, 0 issues an expired one.
    pub access_seconds: Option<u64>,
    /// Lifetime of a new portal session; `None` applies the server's option.
    pub session_seconds: Option<u64>,
    /// Lifetime of the client registration; `None` applies the server's option.
    pub registration_seconds: Option<u64>,
    /// Whether the client has the account scope and therefore gets a refresh token.
    pub refreshable: bool,
}

impl Default for MintOptions {
    fn default() -> Self {
        Self {
            start_url: "https://d-1234567890.awsapps.com/start".to_owned(),
            access_seconds: None,
            session_seconds: None,
            registration_seconds: None,
            refreshable: true,
        }
    }
}

/// Content of a token cache file. Times are seconds since 1970 by the server's clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MintedSession {
    pub start_url: String,
    pub access_token: String,
    pub refresh_token: Option<String>,
    pub client_id: String,
    pub client_secret: String,
    pub expires_at: u64,
    pub registration_expires_at: u64,
    pub session_expires_at: u64,
}

impl MintOptions {
    pub(crate) fn issue(&self, state: &mut State, now: u64) -> MintedSession {
        let lifetime = self
            .registration_seconds
            .unwrap_or(state.options.registration_seconds);
        let scopes = if self.refreshable {
            vec![ACCOUNT_SCOPE.to_owned()]
        } else {
            Vec::new()
        };
        let client = ClientRegistration {
            name: "minted".to_owned(),
            secret: state.ids.url_safe(4),
            expires: expiry_after(now, lifetime),
            scopes,
            grant_types: [DEVICE_GRANT, CODE_GRANT, REFRESH_GRANT]
                .map(str::to_owned)
                .to_vec(),
            redirect_uris: vec!["http://127.0.0.1/oauth/callback".to_owned()],
            issuer_url: Some(self.start_url.clone()),
        };
        let client_id = state.ids.url_safe(1);
        let session = match self.session_seconds {
            Some(seconds) => state.start_session(&self.start_url, expiry_after(now, seconds)),
            None => state.join_or_start_session(&self.start_url, now),
        };
        let seconds = self
            .access_seconds
            .unwrap_or(state.options.access_token_seconds);
        let sign_in = state.next_sign_in();
        let (access_token, expires) = state.issue_access_token(&session, sign_in, seconds, now);
        let refresh_token = self
            .refreshable
            .then(|| state.issue_refresh_token(&session, sign_in, &client_id));
        let minted = MintedSession {
            start_url: self.start_url.clone(),
            access_token,
            refresh_token,
            client_id: client_id.clone(),
            client_secret: client.secret.clone(),
            expires_at: expires / 1000,
            registration_expires_at: client.expires / 1000,
            session_expires_at: state.sessions.get(&session).map_or(0, |s| s.expires / 1000),
        };
        state.clients.insert(client_id, client);
        minted
    }

    /// Reads options from the JSON of the control endpoint; absent members keep their default.
    pub(crate) fn from_json(value: &Value) -> Self {
        let number = |name: &str| value.get(name).and_then(Value::as_u64);
        let default = Self::default();
        let start_url = value.get("start_url").and_then(Value::as_str);
        Self {
            start_url: start_url.map_or(default.start_url, str::to_owned),
            access_seconds: number("access_seconds"),
            session_seconds: number("session_seconds"),
            registration_seconds: number("registration_seconds"),
            refreshable: value
                .get("refreshable")
                .and_then(Value::as_bool)
                .unwrap_or(true),
        }
    }
}

impl MintedSession {
    pub(crate) fn to_json(&self) -> Value {
        json!({
            "start_url": self.start_url,
            "access_token": self.access_token,
            "refresh_token": self.refresh_token,
            "client_id": self.client_id,
            "client_secret": self.client_secret,
            "expires_at": self.expires_at,
            "registration_expires_at": self.registration_expires_at,
            "session_expires_at": self.session_expires_at,
        })
    }
}
