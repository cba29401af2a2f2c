//! Who the credentials belong to: `GetCallerIdentity`, one signed request. A client for all
//! of STS would be too large for it.

use std::time::{Duration, UNIX_EPOCH};

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4::SigningParams;

use crate::domain::credentials::RoleCredentials;
use crate::domain::endpoint::{Endpoint, sts_host};
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::sts::{Caller, caller, refusal};
use crate::domain::time::Timestamp;
use crate::error::Result;

use super::http::Way;
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
    ) -> Result<Outcome<Caller>> {
        let url = match endpoint.checked()? {
            Some(url) => url.to_owned(),
            None => self.sts_url(region)?,
        };
        let url = format!("{}/", url.trim_end_matches('/'));
        let way = Way::to(&url, &self.network)?;
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
        Ok(sts_host(&portal).unwrap_or(portal))
    }

    fn ask_sts(
        &self,
        way: &Way,
        credentials: &RoleCredentials,
        region: &str,
        now: Timestamp,
        limit: Duration,
    ) -> Outcome<Caller> {
        let unsigned = [
            ("host".to_owned(), way.host.clone()),
            ("content-type".to_owned(), FORM.to_owned()),
        ];
        let signed = signature(way, &unsigned, credentials, region, now)
            .map_err(|what| Failure::new(FailureKind::Misconfigured, what))?;
        let mut headers = vec![("content-type", FORM.to_owned())];
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
        match (answer.status, caller(&text)) {
            (200, Some(caller)) => Ok(caller),
            (status, _) => {
                let (kind, said) = refusal(status, &text);
                Err(Failure {
                    kind,
                    detail: format!("{host}: {said}"),
                    server_time: answer.date,
                })
            }
        }
    }
}

/// The headers that sign the request.
fn signature(
    way: &Way,
    headers: &[(String, String)],
    credentials: &RoleCredentials,
    region: &str,
    now: Timestamp,
) -> std::result::Result<Vec<(&'static str, String)>, String> {
    let identity = Credentials::new(
        credentials.access_key_id.clone(),
        credentials.secret_access_key.expose(),
        Some(credentials.session_token.expose().to_owned()),
        None,
        "sso",
    )
    .into();
    let since = Duration::from_secs(u64::try_from(now.0).unwrap_or(0));
    let params = SigningParams::builder()
        .identity(&identity)
        .region(region)
        .name("sts")
        .time(UNIX_EPOCH + since)
        .settings(SigningSettings::default())
        .build()
        .map_err(|error| error.to_string())?
        .into();
    let headers = headers.iter();
    let headers = headers.map(|(name, value)| (name.as_str(), value.as_str()));
    let body = SignableBody::Bytes(BODY.as_bytes());
    let request = SignableRequest::new("POST", way.url.as_str(), headers, body);
    let request = request.map_err(|error| error.to_string())?;
    let signed = sign(request, &params).map_err(|error| error.to_string())?;
    let (instructions, _) = signed.into_parts();
    let (signed, _) = instructions.into_parts();
    let headers = signed.iter();
    Ok(headers
        .map(|header| (header.name(), header.value().to_owned()))
        .collect())
}
