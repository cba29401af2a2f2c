//! Single requests without a client of the SDK: to a company's start URL, to probe a service, and
//! to STS and console sign-in, whose SDK clients would be too large. Redirects are not followed.

use std::time::Duration;

use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::http::HttpError;
use aws_smithy_types::body::SdkBody;

use crate::domain::json;
use crate::domain::net::endpoint::Service;
use crate::domain::net::failure::{CallResult, Failure, FailureKind};
use crate::domain::time::Timestamp;
use crate::error::Result;

use super::call::CallOptions;
use super::client::Aws;
use super::error::http_date;
use super::http::Http;
use super::route::Route;

const USER_AGENT: &str = concat!("sso/", env!("CARGO_PKG_VERSION"));

/// Request to send as it is.
pub(super) struct RawRequest<'a> {
    pub method: &'static str,
    /// Headers, names in lower case.
    pub headers: Vec<(&'static str, String)>,
    pub body: &'a str,
    /// Whether to read the response body.
    pub read_body: bool,
}

/// Response with any status.
#[derive(Clone, Debug)]
pub(super) struct RawResponse {
    pub status: u16,
    pub location: Option<String>,
    pub date: Option<Timestamp>,
    /// Body, empty unless requested.
    pub body: Vec<u8>,
}

/// Result of a probe.
#[derive(Clone, Debug)]
pub struct ProbeResult {
    /// Host and proxy, for messages.
    pub host: String,
    /// `Date` header of the service, or why it could not be reached.
    pub outcome: CallResult<Option<Timestamp>>,
}

impl Aws {
    /// Sends HEAD or GET without credentials. Returns the status and the `Location` header.
    pub fn fetch_redirect(
        &self,
        url: &str,
        is_get: bool,
        limit: Duration,
    ) -> Result<CallResult<(u16, Option<String>)>> {
        let route = Route::to(url, &self.network)?;
        let request = RawRequest {
            method: if is_get { "GET" } else { "HEAD" },
            headers: Vec::new(),
            body: "",
            read_body: false,
        };
        let response = self.send(&route, &request, limit);
        Ok(response.map(|response| (response.status, response.location)))
    }

    /// Probes a service of Identity Center with a request without credentials, which the service
    /// itself rejects with a JSON error.
    pub fn probe(&self, service: Service, limit: Duration) -> Result<ProbeResult> {
        let (path, method, body) = match service {
            // Rejected with 401 or 400, because it has no token.
            Service::Sso => ("assignment/accounts", "GET", ""),
            // Rejected with 400, because it names no client.
            Service::SsoOidc => ("token", "POST", "{}"),
        };
        let base = self.route(service);
        let url = format!("{}/{path}", base.url.trim_end_matches('/'));
        let route = Route::to(&url, &self.network)?.set_by(base.set_by.as_deref());
        let request = RawRequest {
            method,
            headers: vec![("content-type", "application/json".to_owned())],
            body,
            read_body: true,
        };
        let outcome = self.send(&route, &request, limit).and_then(|response| {
            let answered = format!("{} answered {}", route.describe(), response.status);
            match response.status {
                500.. => Err(route.failure(FailureKind::Server, answered)),
                status if status != 407 && json::parse_object(&response.body).is_some() => {
                    Ok(response.date)
                }
                _ => {
                    let detail = answered + ", but not as the service does";
                    Err(route.failure(FailureKind::NotTheService, detail))
                }
            }
        });
        Ok(ProbeResult {
            host: route.describe(),
            outcome,
        })
    }

    /// Sends a request that changes nothing, with retries.
    pub(super) fn send(
        &self,
        route: &Route,
        request: &RawRequest,
        limit: Duration,
    ) -> CallResult<RawResponse> {
        let http = Http::new(route, &self.roots)?;
        let prepared = build_request(route, request)?;
        let read_body = request.read_body;
        let send = || {
            let (http, request) = (http.clone(), prepared.try_clone());
            async move {
                let request = request.ok_or_else(|| ConnectorError::user("a stream".into()))?;
                http.exchange(request, read_body).await
            }
        };
        let response = self.run(route, CallOptions::idempotent(limit), send, |error| {
            self.connection_failure(route, &error)
        })?;
        let headers = response.headers();
        Ok(RawResponse {
            status: response.status().as_u16(),
            location: headers.get("location").map(str::to_owned),
            date: headers.get("date").and_then(http_date),
            body: response.body().bytes().unwrap_or_default().to_vec(),
        })
    }
}

fn build_request(route: &Route, raw: &RawRequest) -> CallResult<HttpRequest> {
    let unusable = |error: HttpError| {
        let detail = format!("{}: {error}", route.host);
        Failure::new(FailureKind::Misconfigured, detail)
    };
    let mut request = HttpRequest::new(SdkBody::from(raw.body));
    request.set_method(raw.method).map_err(unusable)?;
    request.set_uri(route.url.as_str()).map_err(unusable)?;
    let headers = request.headers_mut();
    headers.insert("user-agent", USER_AGENT);
    for (name, value) in &raw.headers {
        let inserted = headers.try_insert(*name, value.clone());
        inserted.map_err(unusable)?;
    }
    Ok(request)
}
