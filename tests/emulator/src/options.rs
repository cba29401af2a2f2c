//! Everything that can be chosen: how the server binds, how long things live, how strict
//! it is. The fields below `bind` can also be changed while it runs.

use serde_json::{Value, json};

/// What happens to a refresh token that is used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RefreshMode {
    /// It is spent, and the reply carries a new one.
    #[default]
    Rotate,
    /// It stays valid, and the reply carries a new one as well.
    Reusable,
    /// It stays valid, and the reply carries none.
    Omit,
}

/// How to start and how to behave. All times are in seconds.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// The port of the plain listener; 0 lets the system choose.
    pub port: u16,
    /// The port of the TLS listener; 0 lets the system choose.
    pub tls_port: u16,
    /// Binds `[::1]` instead of `127.0.0.1`.
    pub ipv6: bool,
    /// Starts a second listener that speaks TLS under a throw-away CA.
    pub tls: bool,
    /// More names for the certificate than `localhost`, `127.0.0.1` and `::1`, such as
    /// `oidc.us-east-1.amazonaws.com` or `*.example.com`.
    pub tls_names: Vec<String>,
    /// The certificate of the TLS listener has ended a while ago.
    pub tls_expired: bool,
    /// `USER:PASSWORD` that the proxy, which both listeners of a server with TLS are, wants
    /// to have; empty: it asks nobody.
    pub proxy_login: String,
    /// Signs every user in without asking: the authorize page redirects at once and device
    /// codes are approved when they are made.
    pub auto_approve: bool,
    /// The seconds between two polls that device clients are told.
    pub interval: u64,
    /// Whether polling faster than `interval` gives `SlowDownException`.
    pub strict_interval: bool,
    /// How long an access token lives, if its portal session lives as long.
    pub access_token_seconds: u64,
    /// How long a client registration lives.
    pub registration_seconds: u64,
    /// How long role credentials live.
    pub role_credentials_seconds: u64,
    /// How long a device code waits for its user.
    pub device_code_seconds: u64,
    /// How long an authorization code waits to be exchanged.
    pub auth_code_seconds: u64,
    /// How long a portal session lives. A sign-in while it lives joins it and inherits its end.
    pub portal_session_seconds: u64,
    /// What happens to a used refresh token.
    pub refresh_mode: RefreshMode,
    /// The length of a page of accounts or roles when the client names none.
    pub page_size: usize,
    /// The start URLs this instance knows; empty means every https URL.
    pub start_urls: Vec<String>,
    /// Adds members that are null to replies, such as `"idToken":null`.
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
    /// Changes the option of that name; the error says what is wrong. Options that only
    /// count when the server starts cannot be changed this way.
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
                    _ => return Err("refresh_mode is rotate, reusable or omit".to_owned()),
                };
            }
            "proxy_login" => {
                let login = value.as_str().ok_or("proxy_login is a text")?;
                self.proxy_login = login.to_owned();
            }
            "start_urls" => {
                let list = value.as_array().ok_or("start_urls is a list of texts")?;
                self.start_urls = list
                    .iter()
                    .filter_map(|u| u.as_str().map(str::to_owned))
                    .collect();
            }
            _ => return Err(format!("there is no option {name}")),
        }
        Ok(())
    }

    /// The options that [`Options::set`] knows, with their values.
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
        .ok_or_else(|| format!("{name} is true or false"))
}

fn u64_value(name: &str, value: &Value) -> Result<u64, String> {
    value
        .as_u64()
        .ok_or_else(|| format!("{name} is a whole number, not negative"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_listed_option_can_be_set_to_its_own_value() {
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
