//! The token service's calls: registration, device authorization, tokens.

use std::time::Duration;

use aws_sdk_ssooidc::operation::create_token::CreateTokenOutput;

use crate::domain::net::endpoint::Service;
use crate::domain::net::failure::{Failure, FailureKind};
use crate::domain::net::retry::RetryPolicy;
use crate::domain::secret::Secret;
use crate::domain::session::definition::{DEFAULT_SCOPE, Session};
use crate::domain::session::oauth::REGISTERED_REDIRECT;
use crate::domain::session::registration::{CODE_GRANTS, Grant, Registration};
use crate::domain::session::token::{Client, TokenReply, is_bearer};
use crate::domain::time::Timestamp;

use super::http::Route;
use super::{Aws, CallOptions, Outcome};

const SERVICE: Service = Service::SsoOidc;

/// What the device flow shows the user and polls with.
#[derive(Clone, Debug)]
pub struct DeviceAuthorization {
    /// Ours alone.
    pub device_code: Secret,
    /// What the user types.
    pub user_code: String,
    /// Where.
    pub verification_uri: String,
    /// The same with the code in it.
    pub verification_uri_complete: Option<String>,
    /// Lifetime in seconds.
    pub expires_in: i64,
    /// Seconds between attempts; 0 where the server said nothing.
    pub interval: i64,
}

/// What a token is asked for with.
#[derive(Clone, Copy, Debug)]
pub enum GrantRequest<'a> {
    /// RFC 6749 §6.
    RefreshToken(&'a Secret),
    /// RFC 6749 §4.1.3 with RFC 7636 §4.5.
    AuthorizationCode {
        /// The code.
        code: &'a Secret,
        /// Its verifier.
        verifier: &'a Secret,
        /// The redirect address that was used, port included.
        redirect_uri: &'a str,
    },
    /// RFC 8628 §3.4.
    DeviceCode(&'a Secret),
}

impl Aws {
    /// `RegisterClient`, with the same words as the CLI. `start_url` is the portal's own.
    pub fn register(
        &self,
        session: &Session,
        start_url: &str,
        grant: Grant,
        now: Timestamp,
        limit: Duration,
    ) -> Outcome<Registration> {
        let client = self.oidc()?;
        let name = match &session.name {
            Some(name) => format!("botocore-client-{name}"),
            None => format!("botocore-client-{}", now.0),
        };
        let scopes = session.requested_scopes().or_else(|| {
            (grant == Grant::AuthorizationCode).then(|| vec![DEFAULT_SCOPE.to_owned()])
        });
        let grants =
            (grant == Grant::AuthorizationCode).then(|| CODE_GRANTS.map(str::to_owned).to_vec());
        let options = CallOptions {
            limit,
            retry: RetryPolicy::Idempotent,
            tick: None,
        };
        let reply = self.run(options, || async {
            let mut call = client
                .register_client()
                .client_name(&name)
                .client_type("public");
            call = call
                .set_scopes(scopes.clone())
                .set_grant_types(grants.clone());
            if grant == Grant::AuthorizationCode {
                call = call
                    .redirect_uris(REGISTERED_REDIRECT)
                    .issuer_url(start_url);
            }
            call.send()
                .await
                .map_err(|error| self.failure(SERVICE, &error))
        })?;
        match (
            reply.client_id(),
            reply.client_secret(),
            reply.client_secret_expires_at(),
        ) {
            (Some(id), Some(secret), expires_at) if expires_at > 0 => Ok(Registration {
                client: Client {
                    id: id.to_owned(),
                    secret: Secret::new(secret),
                    expires_at: Timestamp(expires_at),
                },
                scopes,
                grant_types: grants,
            }),
            _ => Err(incomplete(self.way(SERVICE), "a registration")),
        }
    }

    /// `StartDeviceAuthorization`.
    pub fn start_device(
        &self,
        client: &Client,
        start_url: &str,
        limit: Duration,
    ) -> Outcome<DeviceAuthorization> {
        let oidc = self.oidc()?;
        let options = CallOptions {
            limit,
            retry: RetryPolicy::Idempotent,
            tick: None,
        };
        let reply = self.run(options, || async {
            let call = oidc
                .start_device_authorization()
                .client_id(&client.id)
                .start_url(start_url);
            let sent = call.client_secret(client.secret.expose()).send().await;
            sent.map_err(|error| self.failure(SERVICE, &error))
        })?;
        match (
            reply.device_code(),
            reply.user_code(),
            reply.verification_uri(),
        ) {
            (Some(device), Some(user), Some(uri)) => Ok(DeviceAuthorization {
                device_code: Secret::new(device),
                user_code: user.to_owned(),
                verification_uri: uri.to_owned(),
                verification_uri_complete: reply.verification_uri_complete().map(str::to_owned),
                expires_in: reply.expires_in().into(),
                interval: reply.interval().into(),
            }),
            _ => Err(incomplete(self.way(SERVICE), "a device code")),
        }
    }

    /// `CreateToken`. `tick` runs while it is under way.
    pub fn create_token(
        &self,
        client: &Client,
        grant: GrantRequest,
        limit: Duration,
        tick: Option<&dyn Fn()>,
    ) -> Outcome<TokenReply> {
        let oidc = self.oidc()?;
        // The device flow has a pace of its own (RFC 8628 §3.5).
        let retry = match grant {
            GrantRequest::DeviceCode(_) => RetryPolicy::Never,
            _ => RetryPolicy::OnlyIfThrottled,
        };
        let options = CallOptions { limit, retry, tick };
        let reply = self.run(options, || async {
            let call = oidc
                .create_token()
                .client_id(&client.id)
                .client_secret(client.secret.expose());
            let call = match grant {
                GrantRequest::RefreshToken(token) => call
                    .grant_type("refresh_token")
                    .refresh_token(token.expose()),
                GrantRequest::AuthorizationCode {
                    code,
                    verifier,
                    redirect_uri,
                } => call
                    .grant_type("authorization_code")
                    .code(code.expose())
                    .code_verifier(verifier.expose())
                    .redirect_uri(redirect_uri),
                GrantRequest::DeviceCode(code) => call
                    .grant_type("urn:ietf:params:oauth:grant-type:device_code")
                    .device_code(code.expose()),
            };
            call.send()
                .await
                .map_err(|error| self.failure(SERVICE, &error))
        })?;
        token_reply(&reply).ok_or_else(|| incomplete(self.way(SERVICE), "an access token"))
    }
}

fn token_reply(reply: &CreateTokenOutput) -> Option<TokenReply> {
    let text = |value: Option<&str>| value.filter(|text| !text.is_empty()).map(Secret::new);
    Some(TokenReply {
        access_token: text(reply.access_token().filter(|text| is_bearer(text)))?,
        expires_in: reply.expires_in().into(),
        refresh_token: text(reply.refresh_token()),
    })
}

fn incomplete(way: &Route, what: &str) -> Failure {
    Failure::new(
        FailureKind::NotTheService,
        format!("{} answered without {what}", way.described()),
    )
}
