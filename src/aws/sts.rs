//! Who the credentials belong to: `GetCallerIdentity`, one signed request. A client for all
//! of STS would be too large for it.

use std::time::Duration;

use crate::domain::net::endpoint::Endpoint;
use crate::domain::net::failure::Failure;
use crate::domain::net::sigv4::{SignableRequest, SigningKeys, sign};
use crate::domain::net::sts::{
    CallerIdentity, parse_caller_identity, parse_error, url_beside_portal,
};
use crate::domain::net::url::HttpUrl;
use crate::domain::role::credentials::RoleCredentials;
use crate::domain::time::Timestamp;
use crate::error::Result;

use super::http::Route;
use super::plain::Plain;
use super::{Aws, Network, Outcome, derived, portal_rules};

const BODY: &str = "Action=GetCallerIdentity&Version=2011-06-15";
const FORM: &str = "application/x-www-form-urlencoded; charset=utf-8";

impl Aws {
    /// Asks the STS of a region whose these credentials are.
    pub fn caller_identity(
        &self,
        credentials: &RoleCredentials,
        endpoint: &Endpoint,
        region: &str,
        now: Timestamp,
        limit: Duration,
    ) -> Result<Outcome<CallerIdentity>> {
        let url = match endpoint.safe_url()? {
            Some(url) => url.to_owned(),
            None => self.sts_url(region)?,
        };
        let url = format!("{}/", url.trim_end_matches('/'));
        let way = Route::to(&url, &self.network)?;
        Ok(self.ask_sts(&way, credentials, region, now, limit))
    }

    /// Where the SDK's rules put the portal of a region, the STS stands beside it: partition,
    /// FIPS and dual stack change both names alike.
    fn sts_url(&self, region: &str) -> Result<String> {
        let network = Network {
            region: region.to_owned(),
            ..self.network.clone()
        };
        let ruled = match &self.runtime {
            Some(runtime) => runtime.block_on(portal_rules(&network)),
            None => Err("the network is closed".to_owned()),
        };
        let portal = derived(&network, ruled)?;
        Ok(url_beside_portal(&portal).unwrap_or(portal))
    }

    fn ask_sts(
        &self,
        way: &Route,
        credentials: &RoleCredentials,
        region: &str,
        now: Timestamp,
        limit: Duration,
    ) -> Outcome<CallerIdentity> {
        let mut headers = vec![
            ("host", way.host.clone()),
            ("content-type", FORM.to_owned()),
        ];
        let address = HttpUrl::parse(&way.url);
        let signed = sign(
            &SignableRequest {
                method: "POST",
                path: address.as_ref().map_or("/", HttpUrl::path),
                headers: &headers,
                body: BODY,
                region,
                service: "sts",
                at: now,
            },
            SigningKeys {
                access_key_id: &credentials.access_key_id,
                secret_access_key: &credentials.secret_access_key,
                session_token: &credentials.session_token,
            },
        );
        headers.extend(signed);
        let plain = Plain {
            method: "POST",
            headers,
            body: BODY,
            reads: true,
        };
        let answer = self.exchange(way, &plain, limit)?;
        let text = String::from_utf8_lossy(&answer.body);
        let host = way.described();
        match (answer.status, parse_caller_identity(&text)) {
            (200, Some(caller)) => Ok(caller),
            (status, _) => {
                let (kind, said) = parse_error(status, &text);
                Err(Failure {
                    kind,
                    detail: format!("{host}: {said}"),
                    server_time: answer.date,
                })
            }
        }
    }
}
