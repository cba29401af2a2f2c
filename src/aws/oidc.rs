//! Calls of SSO OIDC: client registration, device authorization, tokens.

use std::time::Duration;

use aws_sdk_ssooidc::operation::create_token::CreateTokenOutput;

use crate::domain::net::endpoint::Service;
use crate::domain::net::failure::CallResult;
use crate::domain::net::retry::RetryPolicy;
use crate::domain::secret::Secret;
use crate::domain::session::definition::{DEFAULT_SCOPE, Session};
use crate::domain::session::oauth::REGISTERED_REDIRECT;
use crate::domain::session::registration::{CODE_GRANTS, Grant, Registration};
use crate::domain::session::token::{RegisteredClient, TokenReply, is_bearer};
use crate::domain::time::Timestamp;

use super::call::CallOptions;
use super::client::Aws;

const SERVICE: Service = Service::SsoOidc;

/// Response of `StartDeviceAuthorization` (RFC 8628 §3.2).
#[derive(Clone, Debug)]
pub struct DeviceAuthorization {
    /// Code to poll with.
    pub device_code: Secret,
    /// Code for the user to type.
    pub user_code: String,
    /// Page on which the user types the code.
    pub verification_uri: String,
    /// The same page with the code in its URL.
    pub verification_uri_complete: Option<String>,
    /// Lifetime of the codes in seconds.
    pub expires_in: i64,
    /// Polling interval in seconds; 0 if the response has none.
    pub interval: i64,
}

/// Grant to exchange for a token.
#[derive(Clone, Copy, Debug)]
pub enum GrantRequest<'a> {
    /// A refresh token (RFC 6749 §6).
    RefreshToken(&'a Secret),
    /// An authorization code with PKCE (RFC 6749 §4.1.3, RFC 7636 §4.5).
    AuthorizationCode {
        code: &'a Secret,
        verifier: &'a Secret,
        /// Redirect URI of the authorization request, with its port.
        redirect_uri: &'a str,
    },
    /// A device code (RFC 8628 §3.4).
    DeviceCode(&'a Secret),
}

impl Aws {
    /// Calls `RegisterClient` (RFC 7591) with the same values as AWS CLI v2. `start_url` is that of
    /// the access portal, which a company's own start URL redirects to.
    pub fn register_client(
        &self,
        session: &Session,
        start_url: &str,
        grant: Grant,
        now: Timestamp,
        limit: Duration,
    ) -> CallResult<Registration> {
        let client = self.oidc_client()?;
        let is_code = grant == Grant::AuthorizationCode;
        let suffix = session.name.clone().unwrap_or_else(|| now.0.to_string());
        let name = format!("botocore-client-{suffix}");
        let default_scopes = || is_code.then(|| vec![DEFAULT_SCOPE.to_owned()]);
        let scopes = session.requested_scopes().or_else(default_scopes);
        let grants = is_code.then(|| CODE_GRANTS.map(str::to_owned).to_vec());
        let send = || {
            client
                .register_client()
                .client_name(&name)
                .client_type("public")
                .set_scopes(scopes.clone())
                .set_grant_types(grants.clone())
                .set_redirect_uris(is_code.then(|| vec![REGISTERED_REDIRECT.to_owned()]))
                .set_issuer_url(is_code.then(|| start_url.to_owned()))
                .send()
        };
        let reply = self.call(SERVICE, CallOptions::idempotent(limit), send)?;
        match (
            reply.client_id(),
            reply.client_secret(),
            reply.client_secret_expires_at(),
        ) {
            (Some(id), Some(secret), expires_at) if expires_at > 0 => Ok(Registration {
                client: RegisteredClient {
                    id: id.to_owned(),
                    secret: Secret::new(secret),
                    expires_at: Timestamp(expires_at),
                },
                scopes,
                grant_types: grants,
            }),
            _ => Err(self.route(SERVICE).incomplete_response("a registration")),
        }
    }

    /// Calls `StartDeviceAuthorization` (RFC 8628 §3.1).
    pub fn start_device_authorization(
        &self,
        client: &RegisteredClient,
        start_url: &str,
        limit: Duration,
    ) -> CallResult<DeviceAuthorization> {
        let oidc = self.oidc_client()?;
        self.hide([&client.secret]);
        let send = || {
            oidc.start_device_authorization()
                .client_id(&client.id)
                .client_secret(client.secret.expose())
                .start_url(start_url)
                .send()
        };
        let reply = self.call(SERVICE, CallOptions::idempotent(limit), send)?;
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
            _ => Err(self.route(SERVICE).incomplete_response("a device code")),
        }
    }

    /// Calls `CreateToken`. `tick` is called about ten times a second meanwhile.
    pub fn create_token(
        &self,
        client: &RegisteredClient,
        grant: GrantRequest,
        limit: Duration,
        tick: Option<&dyn Fn()>,
    ) -> CallResult<TokenReply> {
        let oidc = self.oidc_client()?;
        self.hide([&client.secret]);
        match grant {
            GrantRequest::RefreshToken(token) | GrantRequest::DeviceCode(token) => {
                self.hide([token]);
            }
            GrantRequest::AuthorizationCode { code, verifier, .. } => self.hide([code, verifier]),
        }
        // The device flow polls at its own interval (RFC 8628 §3.5).
        let retry = match grant {
            GrantRequest::DeviceCode(_) => RetryPolicy::Never,
            _ => RetryPolicy::OnlyIfThrottled,
        };
        let options = CallOptions { limit, retry, tick };
        let send = || {
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
        };
        let reply = self.call(SERVICE, options, send)?;
        let reply = parse_token(&reply)
            .ok_or_else(|| self.route(SERVICE).incomplete_response("an access token"))?;
        self.hide(
            [&reply.access_token]
                .into_iter()
                .chain(&reply.refresh_token),
        );
        Ok(reply)
    }
}

fn parse_token(reply: &CreateTokenOutput) -> Option<TokenReply> {
    let text = |value: Option<&str>| value.filter(|text| !text.is_empty()).map(Secret::new);
    Some(TokenReply {
        access_token: text(reply.access_token().filter(|text| is_bearer(text)))?,
        expires_in: reply.expires_in().into(),
        refresh_token: text(reply.refresh_token()),
    })
}
