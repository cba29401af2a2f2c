//! The federation endpoint of the console: role credentials for a token that signs in once.

use std::time::Duration;

use crate::domain::json;
use crate::domain::net::failure::{Failure, FailureKind};
use crate::domain::role::console::{Sign, federation_form};
use crate::domain::role::credentials::RoleCredentials;
use crate::domain::secret::Secret;
use crate::error::Result;

use super::http::Route;
use super::plain::Plain;
use super::{Aws, Outcome};

impl Aws {
    /// `getSigninToken`. The credentials go in the body: addresses are logged.
    pub fn signin_token(
        &self,
        place: &Sign,
        credentials: &RoleCredentials,
        minutes: Option<u32>,
        limit: Duration,
    ) -> Result<Outcome<Secret>> {
        let way = Route::to(&place.federation(), &self.network)?;
        let form = federation_form(credentials, minutes);
        let plain = Plain {
            method: "POST",
            headers: vec![(
                "content-type",
                "application/x-www-form-urlencoded".to_owned(),
            )],
            body: form.expose(),
            reads: true,
        };
        Ok(self.exchange(&way, &plain, limit).and_then(|answer| {
            let map = json::parse_object(&answer.body);
            let token = map
                .as_ref()
                .and_then(|map| map.get("SigninToken")?.as_str());
            match (answer.status, token) {
                (200, Some(token)) if !token.is_empty() => Ok(Secret::new(token)),
                (status, _) => Err(Failure {
                    kind: match status {
                        400..=403 => FailureKind::Forbidden,
                        429 => FailureKind::Throttled,
                        500.. => FailureKind::Server,
                        _ => FailureKind::NotTheService,
                    },
                    detail: format!("{} answered {status}, without a token", way.described()),
                    server_time: answer.date,
                }),
            }
        }))
    }
}
