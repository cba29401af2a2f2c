//! One request as it is, without the SDK's clients: to a host that is not of AWS, to see
//! whether a service is there, and to the two services of AWS for which a client would be
//! too large. A redirect is an answer like any other and is never followed.

use std::time::Duration;

use aws_smithy_runtime_api::client::http::{HttpConnector, HttpConnectorSettings};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::body::SdkBody;

use crate::domain::net::failure::{Failure, FailureKind};
use crate::domain::net::retry::RetryPolicy;
use crate::domain::time::Timestamp;
use crate::error::Result;

use super::error::{http_date, unanswered};
use super::http::Route;
use super::{Aws, CallOptions, Outcome, body};

const AGENT: &str = concat!("sso/", env!("CARGO_PKG_VERSION"));

/// A request.
pub(super) struct Plain<'a> {
    pub method: &'static str,
    /// Names in lower case.
    pub headers: Vec<(&'static str, String)>,
    pub body: &'a str,
    /// Whether the answer's body is wanted.
    pub reads: bool,
}

/// An answer, whatever it says.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// Where it leads.
    pub location: Option<String>,
    /// What time it is there.
    pub date: Option<Timestamp>,
    /// The body, where it was wanted.
    pub body: Vec<u8>,
}

impl Aws {
    /// HEAD or GET: the status, and where it leads. It carries no secret, and the body is
    /// not read.
    pub fn ask(
        &self,
        url: &str,
        is_get: bool,
        limit: Duration,
    ) -> Result<Outcome<(u16, Option<String>)>> {
        let way = Route::to(url, &self.network)?;
        let plain = Plain {
            method: if is_get { "GET" } else { "HEAD" },
            headers: Vec::new(),
            body: "",
            reads: false,
        };
        let answer = self.exchange(&way, &plain, limit);
        Ok(answer.map(|answer| (answer.status, answer.location)))
    }

    pub(super) fn exchange(&self, way: &Route, plain: &Plain, limit: Duration) -> Outcome<Answer> {
        let settings = HttpConnectorSettings::builder()
            .connect_timeout(way.connect)
            .build();
        let connector = way.connector(&self.roots)?(Some(settings));
        let options = CallOptions {
            limit,
            retry: RetryPolicy::Idempotent,
            tick: None,
        };
        self.run(options, || async {
            let request = made(way, plain)?;
            let mut response = connector
                .call(request)
                .await
                .map_err(|error| unanswered(way, &self.roots, error.is_timeout(), &error))?;
            let body = match plain.reads {
                false => Vec::new(),
                true => body::read(&mut response).await.map_err(|why| {
                    let what = format!("{}: {why}", way.described());
                    Failure::new(FailureKind::NotTheService, what)
                })?,
            };
            let headers = response.headers();
            Ok(Answer {
                status: response.status().as_u16(),
                location: headers.get("location").map(str::to_owned),
                date: headers.get("date").and_then(http_date),
                body,
            })
        })
    }
}

fn made(way: &Route, plain: &Plain) -> Outcome<HttpRequest> {
    let unusable = |error: &dyn std::fmt::Display| {
        Failure::new(FailureKind::Misconfigured, format!("{}: {error}", way.host))
    };
    let mut request = HttpRequest::new(SdkBody::from(plain.body));
    request
        .set_method(plain.method)
        .map_err(|error| unusable(&error))?;
    request
        .set_uri(way.url.as_str())
        .map_err(|error| unusable(&error))?;
    let headers = request.headers_mut();
    headers.insert("user-agent", AGENT);
    for (name, value) in &plain.headers {
        headers
            .try_insert(*name, value.clone())
            .map_err(|error| unusable(&error))?;
    }
    Ok(request)
}
