//! Connection to the services of one region, and its SDK clients.

use std::cell::{OnceCell, RefCell};

use aws_sdk_sso as sso;
use aws_sdk_ssooidc as ssooidc;
use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use aws_smithy_runtime_api::client::behavior_version::BehaviorVersion;
use aws_smithy_runtime_api::client::http::{SharedHttpClient, SharedHttpConnector, http_client_fn};
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;

use crate::domain::net::endpoint::Service;
use crate::domain::net::failure::CallResult;
use crate::domain::secret::{Secret, redact};
use crate::domain::target::network::Network;
use crate::error::Result;

use super::derived_endpoint;
use super::http::Http;
use super::route::Route;
use super::runtime::NetworkThread;
use super::tls_roots::TlsRoots;

/// Connection to the services of one region, for one thread at a time. It may be used inside
/// another tokio runtime. The SDK clients are built on first use.
#[derive(Debug)]
pub struct Aws {
    pub(super) network: Network,
    pub(super) roots: TlsRoots,
    /// Known secrets. A server may repeat them in an error message.
    secrets: RefCell<Vec<Secret>>,
    /// Replacement of the HTTP client.
    #[cfg(feature = "internals")]
    http: Option<SharedHttpClient>,
    pub(super) network_thread: NetworkThread,
    pub(super) portal_route: Route,
    pub(super) oidc_route: Route,
    portal_client: OnceCell<sso::Client>,
    oidc_client: OnceCell<ssooidc::Client>,
}

impl Aws {
    /// Prepares calls; no connection is opened. `ca_bundle` has the content of a file that
    /// replaces the system's CA certificates, and the setting that names it.
    /// `on_thread_start` runs first in each helper thread.
    pub fn new(
        network: Network,
        ca_bundle: Option<(Vec<u8>, String)>,
        on_thread_start: fn(),
    ) -> Result<Aws> {
        let roots = match ca_bundle {
            None => TlsRoots::system(network.store.as_ref().map(|(variable, _)| *variable)),
            Some((pem, set_by)) => TlsRoots::bundle(&pem, set_by)?,
        };
        let portal_url = match network.sso.safe_url()? {
            Some(url) => url.to_owned(),
            None => derived_endpoint::portal(&network)?,
        };
        let oidc_url = match network.oidc.safe_url()? {
            Some(url) => url.to_owned(),
            None => derived_endpoint::oidc(&network)?,
        };
        Ok(Aws {
            roots,
            secrets: RefCell::default(),
            #[cfg(feature = "internals")]
            http: None,
            network_thread: NetworkThread::start(on_thread_start)?,
            portal_route: Route::to(&portal_url, &network)?.set_by(network.sso.set_by()),
            oidc_route: Route::to(&oidc_url, &network)?.set_by(network.oidc.set_by()),
            network,
            portal_client: OnceCell::new(),
            oidc_client: OnceCell::new(),
        })
    }

    /// Replaces the HTTP client, for a fuzz target that supplies the responses.
    #[cfg(feature = "internals")]
    #[must_use]
    pub fn over(mut self, client: SharedHttpClient) -> Aws {
        self.http = Some(client);
        self.portal_client = OnceCell::new();
        self.oidc_client = OnceCell::new();
        self
    }

    pub(super) fn portal_client(&self) -> CallResult<&sso::Client> {
        if let Some(client) = self.portal_client.get() {
            return Ok(client);
        }
        let route = &self.portal_route;
        let config = sso::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(sso::config::Region::new(self.network.region.clone()))
            .http_client(self.http_client(route)?)
            .endpoint_url(&route.url)
            .sleep_impl(SharedAsyncSleep::new(TokioSleep::new()))
            .retry_config(RetryConfig::disabled())
            .timeout_config(TimeoutConfig::disabled())
            .build();
        let client = || sso::Client::from_conf(config);
        Ok(self.portal_client.get_or_init(client))
    }

    pub(super) fn oidc_client(&self) -> CallResult<&ssooidc::Client> {
        if let Some(client) = self.oidc_client.get() {
            return Ok(client);
        }
        let route = &self.oidc_route;
        let config = ssooidc::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(ssooidc::config::Region::new(self.network.region.clone()))
            .http_client(self.http_client(route)?)
            .endpoint_url(&route.url)
            .sleep_impl(SharedAsyncSleep::new(TokioSleep::new()))
            .retry_config(RetryConfig::disabled())
            .timeout_config(TimeoutConfig::disabled())
            .build();
        let client = || ssooidc::Client::from_conf(config);
        Ok(self.oidc_client.get_or_init(client))
    }

    fn http_client(&self, route: &Route) -> CallResult<SharedHttpClient> {
        #[cfg(feature = "internals")]
        if let Some(client) = &self.http {
            return Ok(client.clone());
        }
        let http = SharedHttpConnector::new(Http::new(route, &self.roots)?);
        Ok(http_client_fn(move |_, _| http.clone()))
    }

    /// Returns the URL of SSO OIDC, which also serves the authorize page.
    pub fn oidc_url(&self) -> &str {
        &self.oidc_route.url
    }

    /// Replaces these secrets in every text of a server from now on.
    pub fn hide<'s>(&self, secrets: impl IntoIterator<Item = &'s Secret>) {
        self.secrets
            .borrow_mut()
            .extend(secrets.into_iter().cloned());
    }

    /// Returns a text of a server without the known secrets.
    pub(super) fn redact(&self, text: &str) -> String {
        redact(text, &self.secrets.borrow())
    }

    pub(super) fn route(&self, service: Service) -> &Route {
        match service {
            Service::Sso => &self.portal_route,
            Service::SsoOidc => &self.oidc_route,
        }
    }
}
