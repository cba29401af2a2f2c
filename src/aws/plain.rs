//! One plain request to a host that is not of AWS. It carries no secret, and a redirect is
//! an answer like any other.

use std::time::Duration;

use aws_smithy_runtime_api::client::http::{HttpConnector, HttpConnectorSettings};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;

use crate::domain::answer::Repeat;
use crate::domain::failure::{Failure, FailureKind};
use crate::error::Result;

use super::error::unanswered;
use super::http::Way;
use super::{Aws, Manner, Outcome};

impl Aws {
    /// HEAD or GET: the status, and where it leads. The body is not read.
    pub fn ask(
        &self,
        url: &str,
        is_get: bool,
        limit: Duration,
    ) -> Result<Outcome<(u16, Option<String>)>> {
        let way = Way::to(url, &self.network)?;
        Ok(self.ask_by(&way, is_get, limit))
    }

    fn ask_by(&self, way: &Way, is_get: bool, limit: Duration) -> Outcome<(u16, Option<String>)> {
        let settings = HttpConnectorSettings::builder()
            .connect_timeout(way.connect)
            .build();
        let connector = way.connector(&self.roots)?(Some(settings));
        let unusable = |error: &dyn std::fmt::Display| {
            Failure::new(FailureKind::Misconfigured, format!("{}: {error}", way.host))
        };
        let manner = Manner {
            limit,
            repeat: Repeat::Freely,
            tick: None,
        };
        self.run(manner, || async {
            let mut request = HttpRequest::empty();
            let method = if is_get { "GET" } else { "HEAD" };
            request
                .set_method(method)
                .map_err(|error| unusable(&error))?;
            request
                .set_uri(way.url.as_str())
                .map_err(|error| unusable(&error))?;
            let agent = concat!("sso/", env!("CARGO_PKG_VERSION"));
            request.headers_mut().insert("user-agent", agent);
            match connector.call(request).await {
                Ok(response) => {
                    let location = response.headers().get("location").map(str::to_owned);
                    Ok((response.status().as_u16(), location))
                }
                Err(error) => Err(unanswered(way, &self.roots, error.is_timeout(), &error)),
            }
        })
    }
}
