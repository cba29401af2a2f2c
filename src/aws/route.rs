//! Route to one URL.

use std::time::Duration;

use crate::domain::net::failure::{Failure, FailureKind};
use crate::domain::net::proxy::Proxy;
use crate::domain::net::url::HttpUrl;
use crate::domain::target::network::Network;
use crate::error::{Error, Result};

/// Route to one URL.
#[derive(Clone, Debug)]
pub struct Route {
    /// The URL.
    pub url: String,
    /// `HOST` or `HOST:PORT`, for messages.
    pub host: String,
    /// Whether the connection uses TLS. Only loopback does not.
    pub is_https: bool,
    /// The proxy, if one is used.
    pub proxy: Option<Proxy>,
    /// Connect timeout, which includes the proxy and the TLS handshake.
    pub connect: Duration,
    /// Setting of a configured endpoint.
    pub set_by: Option<String>,
}

impl Route {
    /// Returns the route to a URL. Fails if the URL or the variable that sets the proxy is
    /// malformed.
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
            set_by: None,
        })
    }

    /// Adds the setting of a configured endpoint, which failures name.
    #[must_use]
    pub fn set_by(self, set_by: Option<&str>) -> Route {
        let set_by = set_by.map(str::to_owned);
        Route { set_by, ..self }
    }

    /// Returns the failure of a request on this route.
    pub fn failure(&self, kind: FailureKind, detail: impl Into<String>) -> Failure {
        Failure::new(kind, detail).at_endpoint(self.set_by.as_deref())
    }

    /// Returns the failure of a call without a response within its time limit.
    pub fn timed_out(&self, limit: Duration) -> Failure {
        let seconds = limit.as_millis().div_ceil(100) as f64 / 10.0;
        let detail = format!("no answer within {seconds} s");
        self.failure(FailureKind::Timeout, detail)
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
        self.failure(FailureKind::NotTheService, detail)
    }
}
