//! Probe of a service: one request without credentials, which the service itself rejects with
//! a JSON error.

use std::time::Duration;

use crate::domain::json;
use crate::domain::net::endpoint::Service;
use crate::domain::net::failure::{CallResult, Failure, FailureKind};
use crate::domain::time::Timestamp;
use crate::error::Result;

use super::client::Aws;
use super::http::Route;
use super::raw_request::RawRequest;

/// Result of a probe.
#[derive(Clone, Debug)]
pub struct ProbeResult {
    /// Host and proxy, for messages.
    pub host: String,
    /// `Date` header of the service, or why it could not be reached.
    pub outcome: CallResult<Option<Timestamp>>,
}

impl Aws {
    /// Probes a service of Identity Center.
    pub fn probe(&self, service: Service, limit: Duration) -> Result<ProbeResult> {
        let (path, method, body) = match service {
            // Rejected with 401 or 400, because it has no token.
            Service::Sso => ("assignment/accounts", "GET", ""),
            // Rejected with 400, because it names no client.
            Service::SsoOidc => ("token", "POST", "{}"),
        };
        let base = self.route(service);
        let url = format!("{}/{path}", base.url.trim_end_matches('/'));
        let route = Route::to(&url, &self.network)?;
        let request = RawRequest {
            method,
            headers: vec![("content-type", "application/json".to_owned())],
            body,
            read_body: true,
        };
        let outcome = self.send(&route, &request, limit).and_then(|response| {
            let answered = format!("{} answered {}", route.describe(), response.status);
            match response.status {
                500.. => Err(Failure::new(FailureKind::Server, answered)),
                status if status != 407 && json::parse_object(&response.body).is_some() => {
                    Ok(response.date)
                }
                _ => {
                    let detail = answered + ", but not as the service does";
                    Err(Failure::new(FailureKind::NotTheService, detail))
                }
            }
        });
        Ok(ProbeResult {
            host: route.describe(),
            outcome,
        })
    }
}
