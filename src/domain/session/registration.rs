//! Client registration (RFC 7591 in AWS's dialect): its file format and when it is reused.

use serde_json::{Map, Value};

use super::token::RegisteredClient;
use crate::domain::json;
use crate::domain::secret::Secret;
use crate::domain::time::Timestamp;

/// How a sign-in obtains its token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grant {
    /// Authorization code with PKCE (RFC 7636) over a loopback redirect (RFC 8252).
    AuthorizationCode,
    /// Device authorization (RFC 8628).
    DeviceCode,
}

/// Contents of a registration file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration {
    pub client: RegisteredClient,
    pub scopes: Option<Vec<String>>,
    pub grant_types: Option<Vec<String>>,
}

/// Grant types that the authorization-code flow registers.
pub const CODE_GRANTS: [&str; 2] = ["authorization_code", "refresh_token"];

impl Registration {
    /// Parses a registration file.
    pub fn parse(bytes: &[u8]) -> Option<Registration> {
        let map = json::parse_object(bytes)?;
        let text = |key: &str| map.get(key)?.as_str().map(str::to_owned);
        let list = |key: &str| {
            let items = map.get(key)?.as_array()?.iter();
            items.map(|item| item.as_str().map(str::to_owned)).collect()
        };
        Some(Registration {
            client: RegisteredClient {
                id: text("clientId")?,
                secret: Secret::new(text("clientSecret")?),
                expires_at: Timestamp::parse(&text("expiresAt")?)?,
            },
            scopes: list("scopes"),
            grant_types: list("grantTypes"),
        })
    }

    /// Formats the file as AWS CLI v2 writes it.
    pub fn to_json(&self) -> String {
        let mut map = Map::new();
        let mut put = |key: &str, value: Value| map.insert(key.to_owned(), value);
        put("clientId", self.client.id.as_str().into());
        put("clientSecret", self.client.secret.expose().into());
        put("expiresAt", self.client.expires_at.to_string().into());
        if let Some(scopes) = &self.scopes {
            put("scopes", scopes.as_slice().into());
        }
        if let Some(grants) = &self.grant_types {
            put("grantTypes", grants.as_slice().into());
        }
        json::spaced(&Value::Object(map))
    }

    /// Returns `true` if a sign-in can reuse the registration. The CLI's two flows store
    /// different clients under one file name, and its device flow may register fewer scopes.
    pub fn fits(&self, grant: Grant, scopes: Option<&[String]>, now: Timestamp) -> bool {
        let right_grant = match grant {
            Grant::AuthorizationCode => includes(self.grant_types.as_deref(), &CODE_GRANTS),
            // A client registered without grant types may use the device flow, as in the CLI.
            Grant::DeviceCode => self.grant_types.is_none(),
        };
        let has_scopes = includes(self.scopes.as_deref(), scopes.unwrap_or_default());
        right_grant && has_scopes && !self.client.expires_at.is_stale(now)
    }
}

fn includes(list: Option<&[String]>, needed: &[impl AsRef<str>]) -> bool {
    let list = list.unwrap_or_default();
    needed
        .iter()
        .all(|needed| list.iter().any(|item| item == needed.as_ref()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_registration_is_reused_only_where_it_fits() {
        let scopes = vec!["sso:account:access".to_owned()];
        let device = Registration {
            client: RegisteredClient {
                id: "i".into(),
                secret: Secret::new("s"),
                expires_at: Timestamp(1000),
            },
            scopes: None,
            grant_types: None,
        };
        let code = Registration {
            scopes: Some(scopes.clone()),
            grant_types: Some(CODE_GRANTS.map(str::to_owned).to_vec()),
            ..device.clone()
        };
        let scopes = Some(scopes.as_slice());
        for (registration, grant, scopes, now, expected) in [
            (&device, Grant::DeviceCode, None, 0, true),
            (&device, Grant::DeviceCode, scopes, 0, false),
            (&device, Grant::AuthorizationCode, None, 0, false),
            (&code, Grant::AuthorizationCode, scopes, 0, true),
            (&code, Grant::DeviceCode, scopes, 0, false),
            (&code, Grant::AuthorizationCode, scopes, 101, false),
        ] {
            let fits = registration.fits(grant, scopes, Timestamp(now));
            assert_eq!(
                fits, expected,
                "{registration:?} {grant:?} {scopes:?} {now}"
            );
        }
        assert_eq!(Registration::parse(code.to_json().as_bytes()), Some(code));
    }
}
