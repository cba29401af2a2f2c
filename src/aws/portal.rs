//! Calls of the portal (SSO) for one role or token. Listings are in `listing`.

use std::time::Duration;

use crate::domain::net::endpoint::Service;
use crate::domain::net::failure::CallResult;
use crate::domain::role::credentials::RoleCredentials;
use crate::domain::secret::Secret;
use crate::domain::time::Timestamp;

use super::call::CallOptions;
use super::client::Aws;

impl Aws {
    /// Calls `GetRoleCredentials`.
    pub fn get_role_credentials(
        &self,
        token: &Secret,
        account: &str,
        role: &str,
        limit: Duration,
    ) -> CallResult<RoleCredentials> {
        let client = self.portal_client()?;
        self.hide([token]);
        let send = || {
            client
                .get_role_credentials()
                .account_id(account)
                .role_name(role)
                .access_token(token.expose())
                .send()
        };
        let reply = self.call(Service::Sso, CallOptions::idempotent(limit), send)?;
        let parse = || {
            let credentials = reply.role_credentials()?;
            let text =
                |value: Option<&str>| value.filter(|text| !text.is_empty()).map(str::to_owned);
            Some(RoleCredentials {
                access_key_id: text(credentials.access_key_id())?,
                secret_access_key: Secret::new(text(credentials.secret_access_key())?),
                session_token: Secret::new(text(credentials.session_token())?),
                // In milliseconds; 0 if the response has none.
                expiration: Some(credentials.expiration())
                    .filter(|end| *end > 0)
                    .map(|end| Timestamp(end.div_euclid(1000)))?,
            })
        };
        parse().ok_or_else(|| self.portal_route.incomplete_response("credentials"))
    }

    /// Calls `Logout`, which ends the session of the token on the server.
    pub fn logout(&self, token: &Secret, limit: Duration) -> CallResult<()> {
        let client = self.portal_client()?;
        self.hide([token]);
        let send = || client.logout().access_token(token.expose()).send();
        self.call(Service::Sso, CallOptions::idempotent(limit), send)?;
        Ok(())
    }
}
