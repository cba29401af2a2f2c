//! Single requests without a client of the SDK: to a company's start URL, to probe a service, and
//! to STS and console sign-in, whose SDK clients would be too large. Redirects are not followed.

use std::time::Duration;

use aws_smithy_runtime_api::client::http::{HttpConnector, HttpConnectorSettings};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::body::SdkBody;

use crate::domain::net::failure::{CallResult, Failure, FailureKind};
use crate::domain::time::Timestamp;
use crate::error::Result;

use super::body;
use super::call::CallOptions;
use super::client::Aws;
use super::error::{connection_failure, http_date};
use super::http::Route;

const USER_AGENT: &str = concat!("sso/", env!("CARGO_PKG_VERSION"));

/// Request to send as it is.
pub(super) struct RawRequest<'a> {
    /// HTTP method in upper case.
    pub method: &'static str,
    /// Headers, names in lower case.
    pub headers: Vec<(&'static str, String)>,
    /// Request body.
    pub body: &'a str,
    /// Whether to read the response body.
    pub read_body: bool,
}

/// Response with any status.
#[derive(Clone, Debug)]
pub(super) struct RawResponse {
    /// HTTP status.
    pub status: u16,
    /// `Location` header.
    pub location: Option<String>,
    /// `Date` header.
    pub date: Option<Timestamp>,
    /// Body, empty unless requested.
    pub body: Vec<u8>,
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

    /// Sends a request that changes nothing, with retries.
    pub(super) fn send(
        &self,
        route: &Route,
        request: &RawRequest,
        limit: Duration,
    ) -> CallResult<RawResponse> {
        let settings = HttpConnectorSettings::builder()
            .connect_timeout(route.connect)
            .build();
        let connector = route.connector_builder(&self.roots)?(Some(settings));
        self.run(CallOptions::idempotent(limit), || async {
            let mut response = connector
                .call(build_request(route, request)?)
                .await
                .map_err(|error| {
                    connection_failure(route, &self.roots, error.is_timeout(), &error)
                })?;
            let body = match request.read_body {
                false => Vec::new(),
                true => body::read_body(&mut response).await.map_err(|error| {
                    let detail = format!("{}: {error}", route.describe());
                    Failure::new(FailureKind::NotTheService, detail)
                })?,
            };
            let headers = response.headers();
            Ok(RawResponse {
                status: response.status().as_u16(),
                location: headers.get("location").map(str::to_owned),
                date: headers.get("date").and_then(http_date),
                body,
            })
        })
    }
}

fn build_request(route: &Route, raw: &RawRequest) -> CallResult<HttpRequest> {
    let unusable = |error: &dyn std::fmt::Display| {
        Failure::new(
            FailureKind::Misconfigured,
            format!("{}: {error}", route.host),
        )
    };
    let mut request = HttpRequest::new(SdkBody::from(raw.body));
    request
        .set_method(raw.method)
        .map_err(|error| unusable(&error))?;
    request
        .set_uri(route.url.as_str())
        .map_err(|error| unusable(&error))?;
    let headers = request.headers_mut();
    headers.insert("user-agent", USER_AGENT);
    for (name, value) in &raw.headers {
        headers
            .try_insert(*name, value.clone())
            .map_err(|error| unusable(&error))?;
    }
    Ok(request)
}
