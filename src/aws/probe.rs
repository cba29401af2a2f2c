//! Whether the services answer at all: one request to each that carries nothing and changes
//! nothing, and that only the service itself refuses in its own way.

use std::time::Duration;

use crate::domain::json;
use crate::domain::net::endpoint::Service;
use crate::domain::net::failure::{Failure, FailureKind};
use crate::domain::time::Timestamp;
use crate::error::Result;

use super::http::Route;
use super::plain::Plain;
use super::{Aws, Outcome};

/// What came of a probe.
#[derive(Clone, Debug)]
pub struct Probed {
    /// The host, and the proxy on the way.
    pub host: String,
    /// The service's time, or why it could not be reached.
    pub outcome: Outcome<Option<Timestamp>>,
}

impl Aws {
    /// Probes a service of Identity Center.
    pub fn probe(&self, service: Service, limit: Duration) -> Result<Probed> {
        let (path, method, body) = match service {
            // Without a token: 401 or 400.
            Service::Sso => ("assignment/accounts", "GET", ""),
            // Without a client: 400.
            Service::SsoOidc => ("token", "POST", "{}"),
        };
        let base = self.way(service);
        let url = format!("{}/{path}", base.url.trim_end_matches('/'));
        let way = Route::to(&url, &self.network)?;
        let plain = Plain {
            method,
            headers: vec![("content-type", "application/json".to_owned())],
            body,
            reads: true,
        };
        let outcome = self.exchange(&way, &plain, limit).and_then(|answer| {
            let kind = match answer.status {
                500.. => FailureKind::Server,
                407 => FailureKind::NotTheService,
                _ if json::parse_object(&answer.body).is_some() => return Ok(answer.date),
                _ => FailureKind::NotTheService,
            };
            Err(Failure {
                kind,
                detail: match kind {
                    FailureKind::Server => {
                        format!("{} answered {}", way.described(), answer.status)
                    }
                    _ => format!(
                        "{} answered {}, but not as the service does",
                        way.described(),
                        answer.status
                    ),
                },
                server_time: None,
            })
        });
        Ok(Probed {
            host: way.described(),
            outcome,
        })
    }
}
