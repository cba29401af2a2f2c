//! The HTTP client: TLS roots and proxies.

use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use aws_smithy_http_client::{Builder, Connector};
use aws_smithy_runtime_api::client::http::SharedHttpClient;

use crate::domain::endpoint::Address;
use crate::domain::failure::{Failure, FailureKind};

use super::Outcome;

/// A client for one endpoint. Reading the system's roots costs several milliseconds, so
/// an http endpoint (they are on loopback) gets a client without TLS.
pub fn client(endpoint: &str, roots: Option<&[u8]>) -> Outcome<SharedHttpClient> {
    // A proxy has no business between us and this computer, and over http it would see
    // every token.
    let loopback = Address::parse(endpoint).is_some_and(|address| address.is_loopback());
    let proxies = move || match loopback {
        true => ProxyConfig::disabled(),
        false => ProxyConfig::from_env(),
    };
    if endpoint.starts_with("http:") {
        return Ok(Builder::new().build_with_connector_fn(move |settings, _| {
            let mut builder = Connector::builder();
            builder
                .set_connector_settings(settings.cloned())
                .set_proxy_config(Some(proxies()));
            builder.build_http()
        }));
    }
    let store = match roots {
        Some(pem) => TrustStore::empty().with_pem_certificate(pem),
        None => TrustStore::default(),
    };
    let context = TlsContext::builder()
        .with_trust_store(store)
        .build()
        .map_err(|error| {
            Failure::new(
                FailureKind::Misconfigured,
                format!("the CA certificates cannot be used: {error}"),
            )
        })?;
    // `build_https` of the builder would leave HTTPS_PROXY and NO_PROXY unread.
    Ok(Builder::new().build_with_connector_fn(move |settings, _| {
        let mut builder = Connector::builder()
            .tls_provider(Provider::Rustls(CryptoMode::Ring))
            .tls_context(context.clone());
        builder
            .set_connector_settings(settings.cloned())
            .set_proxy_config(Some(proxies()));
        builder.build()
    }))
}
