//! The portal's calls.

use std::time::Duration;

use crate::domain::net::endpoint::Service;
use crate::domain::net::failure::{Failure, FailureKind};
use crate::domain::net::retry::RetryPolicy;
use crate::domain::role::credentials::RoleCredentials;
use crate::domain::secret::Secret;
use crate::domain::time::Timestamp;

use super::{Aws, CallOptions, Outcome};

impl Aws {
    /// `GetRoleCredentials`.
    pub fn role_credentials(
        &self,
        token: &Secret,
        account: &str,
        role: &str,
        limit: Duration,
    ) -> Outcome<RoleCredentials> {
        let client = self.portal()?;
        let options = CallOptions {
            limit,
            retry: RetryPolicy::Idempotent,
            tick: None,
        };
        let reply = self.run(options, || async {
            let call = client
                .get_role_credentials()
                .account_id(account)
                .role_name(role);
            let sent = call.access_token(token.expose()).send().await;
            sent.map_err(|error| self.failure(Service::Sso, &error))
        })?;
        let read = || {
            let credentials = reply.role_credentials()?;
            let text =
                |value: Option<&str>| value.filter(|text| !text.is_empty()).map(str::to_owned);
            Some(RoleCredentials {
                access_key_id: text(credentials.access_key_id())?,
                secret_access_key: Secret::new(text(credentials.secret_access_key())?),
                session_token: Secret::new(text(credentials.session_token())?),
                // The API counts in milliseconds. Credentials without an end are none.
                expiration: Some(credentials.expiration())
                    .filter(|end| *end > 0)
                    .map(|end| Timestamp(end.div_euclid(1000)))?,
            })
        };
        read().ok_or_else(|| {
            let host = self.to_portal.described();
            Failure::new(
                FailureKind::NotTheService,
                format!("{host} answered without credentials"),
            )
        })
    }

    /// `Logout`: ends the session of this token on the server.
    pub fn logout(&self, token: &Secret, limit: Duration) -> Outcome<()> {
        let client = self.portal()?;
        let options = CallOptions {
            limit,
            retry: RetryPolicy::Idempotent,
            tick: None,
        };
        self.run(options, || async {
            let sent = client.logout().access_token(token.expose()).send().await;
            sent.map(|_| ())
                .map_err(|error| self.failure(Service::Sso, &error))
        })
    }
}
