//! Federation endpoint of the AWS console: exchanges role credentials for a sign-in token.

use std::time::Duration;

use serde_json::Value;

use crate::domain::json;
use crate::domain::net::failure::{CallResult, Failure, FailureKind};
use crate::domain::role::console::{ConsoleEndpoints, federation_form};
use crate::domain::role::credentials::RoleCredentials;
use crate::domain::secret::Secret;
use crate::error::Result;

use super::client::Aws;
use super::raw_request::RawRequest;
use super::route::Route;

const FORM: &str = "application/x-www-form-urlencoded";

impl Aws {
    /// Calls `getSigninToken`. The credentials are sent in the body, because servers and proxies
    /// log URLs. `minutes` is the duration of the console session. The inner result is that of
    /// the call.
    pub fn get_signin_token(
        &self,
        endpoint: &ConsoleEndpoints,
        credentials: &RoleCredentials,
        minutes: Option<u32>,
        limit: Duration,
    ) -> Result<CallResult<Secret>> {
        let route = Route::to(&endpoint.federation(), &self.network)?;
        let form = federation_form(credentials, minutes);
        let request = RawRequest {
            method: "POST",
            headers: vec![("content-type", FORM.to_owned())],
            body: form.expose(),
            read_body: true,
        };
        Ok(self.send(&route, &request, limit).and_then(|response| {
            let map = json::parse_object(&response.body).unwrap_or_default();
            let token = map.get("SigninToken").and_then(Value::as_str);
            match (response.status, token) {
                (200, Some(token)) if !token.is_empty() => Ok(Secret::new(token)),
                (status, _) => {
                    let kind = match status {
                        400..=403 => FailureKind::Forbidden,
                        _ => FailureKind::of_status(status),
                    };
                    let detail = format!("{} answered {status}, without a token", route.describe());
                    Err(Failure {
                        server_time: response.date,
                        ..route.failure(kind, detail)
                    })
                }
            }
        }))
    }
}
