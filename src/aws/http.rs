//! The HTTP client: the way to one address, with its proxy, and whom to trust there.

use std::time::Duration;

use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext};
use aws_smithy_http_client::{Builder, Connector, ConnectorBuilder};
use aws_smithy_runtime_api::client::http::{HttpConnectorSettings, SharedHttpClient};

use crate::domain::net::failure::{Failure, FailureKind};
use crate::domain::net::proxy::Proxy;
use crate::domain::net::url::HttpUrl;
use crate::domain::target::network::Network;
use crate::error::{Error, Result};

use super::roots::Roots;
use super::{Outcome, body};

/// How one address is reached.
#[derive(Debug)]
pub struct Route {
    /// The address.
    pub url: String,
    /// Its host, and its port where it names one; for messages.
    pub host: String,
    /// Whether it is reached over TLS; otherwise it is on this computer.
    pub is_https: bool,
    /// The proxy in between.
    pub proxy: Option<Proxy>,
    /// Time to connect, the proxy and TLS included.
    pub connect: Duration,
}

impl Route {
    /// The way to an address under these settings.
    pub fn to(url: &str, network: &Network) -> Result<Route> {
        let Some(address) = HttpUrl::parse(url) else {
            return Err(Error::configuration(format!("{url} is not an address")));
        };
        Ok(Route {
            url: url.to_owned(),
            host: address.authority().to_owned(),
            is_https: address.is_https(),
            proxy: network.proxy_to(&address)?,
            connect: network.connect,
        })
    }

    /// The host, and the proxy where there is one.
    pub fn described(&self) -> String {
        match &self.proxy {
            Some(proxy) => format!("{} (through the proxy {})", self.host, proxy.place),
            None => self.host.clone(),
        }
    }

    /// A client for the SDK. Reading the system's roots costs several milliseconds, so an
    /// http address (they are on loopback) gets one without TLS.
    pub fn client(&self, roots: &Roots) -> Outcome<SharedHttpClient> {
        let build = self.connector(roots)?;
        // `build_https` of the builder would leave the proxy out.
        let client = Builder::new();
        let client = client.build_with_connector_fn(move |settings, _| build(settings.cloned()));
        Ok(body::limited(client))
    }

    /// What builds a connector.
    pub fn connector(
        &self,
        roots: &Roots,
    ) -> Outcome<impl Fn(Option<HttpConnectorSettings>) -> Connector + Send + Sync + 'static> {
        let unusable = |error: &dyn std::fmt::Display| {
            let what = format!("{}: {error}", self.host);
            Failure::new(FailureKind::Misconfigured, what)
        };
        let proxy = match &self.proxy {
            Some(proxy) => ProxyConfig::https(proxy.address.expose()).map_err(|_| {
                let place = &proxy.place;
                unusable(&format!(
                    "the proxy {place}, set by {}, is no address",
                    proxy.variable
                ))
            })?,
            None => ProxyConfig::disabled(),
        };
        let context = match self.is_https {
            false => None,
            true => {
                let context = TlsContext::builder()
                    .with_trust_store(roots.store())
                    .build();
                Some(context.map_err(|error| unusable(&error))?)
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
