//! Route to one URL, and the HTTP client for it: proxy, TLS roots, connect timeout.

use std::time::Duration;

use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext};
use aws_smithy_http_client::{Builder, Connector, ConnectorBuilder};
use aws_smithy_runtime_api::client::http::{HttpConnectorSettings, SharedHttpClient};

use crate::domain::net::failure::{CallResult, Failure, FailureKind};
use crate::domain::net::proxy::Proxy;
use crate::domain::net::url::HttpUrl;
use crate::domain::target::network::Network;
use crate::error::{Error, Result};

use super::body;
use super::tls_roots::TlsRoots;

/// Route to one URL.
#[derive(Debug)]
pub struct Route {
    pub url: String,
    /// `HOST` or `HOST:PORT`, for messages.
    pub host: String,
    /// Whether the connection uses TLS. Only loopback does not.
    pub is_https: bool,
    pub proxy: Option<Proxy>,
    /// Connect timeout, which includes the proxy and the TLS handshake.
    pub connect: Duration,
}

impl Route {
    /// Returns the route to a URL. Fails if the URL or the proxy setting is malformed.
    pub fn to(url: &str, network: &Network) -> Result<Route> {
        let Some(parsed) = HttpUrl::parse(url) else {
            return Err(Error::configuration(format!("{url} is not an address")));
        };
        Ok(Route {
            url: url.to_owned(),
            host: parsed.authority().to_owned(),
            is_https: parsed.is_https(),
            proxy: network.proxy_to(&parsed)?,
            connect: network.connect,
        })
    }

    /// Returns the host and the proxy, for messages.
    pub fn describe(&self) -> String {
        match &self.proxy {
            Some(proxy) => format!("{} (through the proxy {})", self.host, proxy.authority),
            None => self.host.clone(),
        }
    }

    /// Returns the failure of a response that lacks a part.
    pub fn incomplete_response(&self, missing: &str) -> Failure {
        let detail = format!("{} answered without {missing}", self.describe());
        Failure::new(FailureKind::NotTheService, detail)
    }

    /// Builds an HTTP client for the SDK. One for http (only loopback) has no TLS, because
    /// reading the system's CA certificates takes several milliseconds.
    pub fn client(&self, roots: &TlsRoots) -> CallResult<SharedHttpClient> {
        let build = self.connector_builder(roots)?;
        // `Builder::build_https` would ignore the proxy.
        let client =
            Builder::new().build_with_connector_fn(move |settings, _| build(settings.cloned()));
        Ok(body::limit_bodies(client))
    }

    /// Returns a function that builds a connector.
    pub fn connector_builder(
        &self,
        roots: &TlsRoots,
    ) -> CallResult<impl Fn(Option<HttpConnectorSettings>) -> Connector + Send + Sync + 'static>
    {
        let unusable = |error: String| {
            let detail = format!("{}: {error}", self.host);
            Failure::new(FailureKind::Misconfigured, detail)
        };
        let proxy = match &self.proxy {
            Some(proxy) => ProxyConfig::https(proxy.url.expose()).map_err(|_| {
                let (authority, variable) = (&proxy.authority, proxy.variable);
                unusable(format!(
                    "the proxy {authority}, set by {variable}, is no address"
                ))
            })?,
            None => ProxyConfig::disabled(),
        };
        let context = match self.is_https {
            false => None,
            true => {
                let context = TlsContext::builder()
                    .with_trust_store(roots.trust_store())
                    .build();
                Some(context.map_err(|error| unusable(error.to_string()))?)
            }
        };
        Ok(move |settings| {
            let mut builder = ConnectorBuilder::default();
            builder
                .set_connector_settings(settings)
                .set_proxy_config(Some(proxy.clone()));
            match &context {
                None => builder.build_http(),
                Some(context) => builder
                    .tls_provider(Provider::Rustls(CryptoMode::Ring))
                    .tls_context(context.clone())
                    .build(),
            }
        })
    }
}
