//! Options of the server: binding, lifetimes, strictness.

use serde_json::{Value, json};

/// Effect of using a refresh token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RefreshMode {
    /// The token is spent and the response carries a new one.
    #[default]
    Rotate,
    /// The token stays valid and the response carries another one.
    Reusable,
    /// The token stays valid and the response carries no refresh token.
    Omit,
}

/// Options of a server; those that [`Options::set`] knows can be changed while it runs.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// Port of the plain listener; 0 lets the system choose.
    pub port: u16,
    /// Port of the TLS listener; 0 lets the system choose.
    pub tls_port: u16,
    /// Whether to bind `[::1]` instead of `127.0.0.1`.
    pub ipv6: bool,
    /// Whether to start a second listener that speaks TLS with a certificate of a temporary CA.
    pub tls: bool,
    /// Names in the certificate besides `localhost`, `127.0.0.1` and `::1`, such as
    /// `oidc.us-east-1.amazonaws.com` or `*.example.com`.
    pub tls_names: Vec<String>,
    /// Whether the certificate of the TLS listener has expired.
    pub tls_expired: bool,
    /// The certificate is a CA that signs itself, as `openssl req -x509` makes one.
    pub tls_self_signed: bool,
    /// `USER:PASSWORD` required by the proxy, which both listeners of a server with TLS are; empty
    /// for a proxy without authentication.
    pub proxy_login: String,
    /// Whether every sign-in is approved without a page: the authorize page redirects at once and
    /// device codes are approved when they are issued.
    pub auto_approve: bool,
    /// Polling interval announced to device clients, in seconds.
    pub interval: u64,
    /// Whether polling faster than `interval` gives `SlowDownException`.
    pub strict_interval: bool,
    /// Lifetime of an access token in seconds, cut to that of its portal session.
    pub access_token_seconds: u64,
    /// Lifetime of a client registration in seconds.
    pub registration_seconds: u64,
    /// Lifetime of role credentials in seconds.
    pub role_credentials_seconds: u64,
    /// Lifetime of a device code in seconds.
    pub device_code_seconds: u64,
    /// Lifetime of an authorization code in seconds.
    pub auth_code_seconds: u64,
    /// Lifetime of a portal session in seconds. A sign-in during a session joins it and inherits
    /// its expiry.
    pub portal_session_seconds: u64,
    /// Effect of using a refresh token.
    pub refresh_mode: RefreshMode,
    /// Length of a page of accounts or roles when the client gives none.
    pub page_size: usize,
    /// Start URLs of this instance; empty accepts every https URL.
    pub start_urls: Vec<String>,
    /// Whether responses contain null members, such as `"idToken":null`.
    pub null_members: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 0,
            tls_port: 0,
            ipv6: false,
            tls: false,
            tls_names: Vec::new(),
            tls_expired: false,
            tls_self_signed: false,
            proxy_login: String::new(),
            auto_approve: false,
            interval: 1,
            strict_interval: true,
            access_token_seconds: 28_800,
            registration_seconds: 90 * 86_400,
            role_credentials_seconds: 3600,
            device_code_seconds: 600,
            auth_code_seconds: 300,
            portal_session_seconds: 28_800,
            refresh_mode: RefreshMode::Rotate,
            page_size: 20,
            start_urls: Vec::new(),
            null_members: false,
        }
    }
}

impl Options {
    /// Sets an option by name. Options that only have an effect at start cannot be set this way.
    ///
    /// # Errors
    /// A message, if there is no such option or the value has the wrong type.
    pub fn set(&mut self, name: &str, value: &Value) -> Result<(), String> {
        match name {
            "auto_approve" => self.auto_approve = bool_value(name, value)?,
            "strict_interval" => self.strict_interval = bool_value(name, value)?,
            "null_members" => self.null_members = bool_value(name, value)?,
            "interval" => self.interval = u64_value(name, value)?,
            "access_token_seconds" => self.access_token_seconds = u64_value(name, value)?,
            "registration_seconds" => self.registration_seconds = u64_value(name, value)?,
            "role_credentials_seconds" => self.role_credentials_seconds = u64_value(name, value)?,
            "device_code_seconds" => self.device_code_seconds = u64_value(name, value)?,
            "auth_code_seconds" => self.auth_code_seconds = u64_value(name, value)?,
            "portal_session_seconds" => self.portal_session_seconds = u64_value(name, value)?,
            "page_size" => {
                let size = usize::try_from(u64_value(name, value)?).unwrap_or(0);
                self.page_size = size.clamp(1, 100);
            }
            "refresh_mode" => {
                self.refresh_mode = match value.as_str() {
                    Some("rotate") => RefreshMode::Rotate,
                    Some("reusable") => RefreshMode::Reusable,
                    Some("omit") => RefreshMode::Omit,
                    _ => return Err("refresh_mode must be rotate, reusable or omit".to_owned()),
                };
            }
            "proxy_login" => {
                let login = value.as_str().ok_or("proxy_login must be a string")?;
                self.proxy_login = login.to_owned();
            }
            "start_urls" => {
                let list = value
                    .as_array()
                    .ok_or("start_urls must be a list of strings")?;
                self.start_urls = list
                    .iter()
                    .filter_map(|u| u.as_str().map(str::to_owned))
                    .collect();
            }
            _ => return Err(format!("unknown option {name}")),
        }
        Ok(())
    }

    /// Returns the options that [`Options::set`] knows, with their values.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({
            "auto_approve": self.auto_approve,
            "strict_interval": self.strict_interval,
            "null_members": self.null_members,
            "interval": self.interval,
            "access_token_seconds": self.access_token_seconds,
            "registration_seconds": self.registration_seconds,
            "role_credentials_seconds": self.role_credentials_seconds,
            "device_code_seconds": self.device_code_seconds,
            "auth_code_seconds": self.auth_code_seconds,
            "portal_session_seconds": self.portal_session_seconds,
            "page_size": self.page_size,
            "refresh_mode": match self.refresh_mode {
                RefreshMode::Rotate => "rotate",
                RefreshMode::Reusable => "reusable",
                RefreshMode::Omit => "omit",
            },
            "proxy_login": self.proxy_login,
            "start_urls": self.start_urls,
        })
    }
}

fn bool_value(name: &str, value: &Value) -> Result<bool, String> {
    value
        .as_bool()
        .ok_or_else(|| format!("{name} must be true or false"))
}

fn u64_value(name: &str, value: &Value) -> Result<u64, String> {
    value
        .as_u64()
        .ok_or_else(|| format!("{name} must be a non-negative integer"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_listed_option_accepts_its_own_value() {
        let mut options = Options::default();
        let listed = options.to_json();
        for (name, value) in listed.as_object().unwrap() {
            options.set(name, value).unwrap();
        }
        assert_eq!(options, Options::default());
        assert!(
            options
                .set("colour", &json!(1))
                .unwrap_err()
                .contains("colour")
        );
        assert!(options.set("interval", &json!("1")).is_err());
    }
}
