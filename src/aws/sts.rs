//! STS `GetCallerIdentity` as one signed request, because the SDK's client for STS is too large.

use std::time::Duration;

use crate::domain::net::endpoint::Endpoint;
use crate::domain::net::failure::{CallResult, Failure};
use crate::domain::net::sigv4::{SignableRequest, sign};
use crate::domain::net::sts::{
    CallerIdentity, parse_caller_identity, parse_error, url_beside_portal,
};
use crate::domain::net::url::HttpUrl;
use crate::domain::role::credentials::RoleCredentials;
use crate::domain::target::network::Network;
use crate::domain::time::Timestamp;
use crate::error::Result;

use super::client::Aws;
use super::derived_endpoint;
use super::raw_request::RawRequest;
use super::route::Route;

const BODY: &str = "Action=GetCallerIdentity&Version=2011-06-15";
const FORM: &str = "application/x-www-form-urlencoded; charset=utf-8";

impl Aws {
    /// Calls `GetCallerIdentity` in a region, at `now`. The inner result is that of the call.
    pub fn get_caller_identity(
        &self,
        credentials: &RoleCredentials,
        endpoint: &Endpoint,
        region: &str,
        now: Timestamp,
        limit: Duration,
    ) -> Result<CallResult<CallerIdentity>> {
        let url = match endpoint.safe_url()? {
            Some(url) => url.to_owned(),
            // From that of the portal, because no rules of STS are linked.
            None => {
                let network = Network {
                    region: region.to_owned(),
                    ..self.network.clone()
                };
                let portal = derived_endpoint::portal(&network)?;
                url_beside_portal(&portal).unwrap_or(portal)
            }
        };
        let url = format!("{}/", url.trim_end_matches('/'));
        let route = Route::to(&url, &self.network)?.set_by(endpoint.set_by());
        let mut headers = vec![
            ("host", route.host.clone()),
            ("content-type", FORM.to_owned()),
        ];
        let url = HttpUrl::parse(&route.url);
        let signable = SignableRequest {
            method: "POST",
            path: url.as_ref().map_or("/", HttpUrl::path),
            headers: &headers,
            body: BODY,
            region,
            service: "sts",
            at: now,
        };
        self.hide([&credentials.secret_access_key, &credentials.session_token]);
        let signed = sign(
            &signable,
            &credentials.access_key_id,
            &credentials.secret_access_key,
            &credentials.session_token,
        );
        headers.extend(signed);
        let request = RawRequest {
            method: "POST",
            headers,
            body: BODY,
            read_body: true,
        };
        Ok(self.send(&route, &request, limit).and_then(|response| {
            let text = self.redact(&String::from_utf8_lossy(&response.body));
            match (response.status, parse_caller_identity(&text)) {
                (200, Some(caller)) => Ok(caller),
                (status, _) => {
                    let (kind, message) = parse_error(status, &text);
                    Err(Failure {
                        server_time: response.date,
                        ..route.failure(kind, format!("{}: {message}", route.describe()))
                    })
                }
            }
        }))
    }
}
