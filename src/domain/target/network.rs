//! Network settings from variables and configuration: endpoints, TLS roots, proxies and time
//! limits.

use std::time::Duration;

use super::Instance;
use super::config_view::{ConfigExtent, ConfigView, malformed_section_error};
use crate::domain::config::{Property, Section};
use crate::domain::hash::sha1_hex;
use crate::domain::net::endpoint::{ConfiguredEndpoint, Endpoint, STS, Service};
use crate::domain::net::proxy::{Proxies, Proxy};
use crate::domain::net::url::HttpUrl;
use crate::domain::session::definition::{Session, trimmed};
use crate::domain::text::sanitize;
use crate::domain::vars::Vars;
use crate::error::{Error, Result};

/// Network settings of an instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Network {
    /// Region of the Identity Center instance.
    pub region: String,
    /// Endpoint of the access portal.
    pub sso: Endpoint,
    /// Endpoint of the token service.
    pub oidc: Endpoint,
    pub fips: bool,
    pub dual_stack: bool,
    /// PEM file that replaces the roots of the system, and the setting that names it.
    pub ca_bundle: Option<(String, String)>,
    /// Variable that moves the roots of the system, and its value, for messages. The loader of
    /// the roots reads the variable itself.
    pub store: Option<(&'static str, String)>,
    pub proxies: Proxies,
    /// Time limit for a connection.
    pub connect: Duration,
    /// Time limit for the credentials of one command, retries included.
    pub total: Duration,
}

/// Fails if a `services` key names no usable section: requests must not go to the public
/// endpoints instead.
fn check_services(property: &Property, path: &str, view: &ConfigView) -> Result<()> {
    let name = sanitize(&property.value);
    let Some(section) = view.config.services(&property.value) else {
        let (line, config) = (property.line, view.config_path);
        let message = format!("there is no section [services {name}] ({path}:{line} names it)");
        let hint = format!("add it to {config}, or remove the services key");
        return Err(Error::configuration(message).hint(hint));
    };
    section.problems.first().map_or(Ok(()), |problem| {
        let what = format!("[services {name}]");
        Err(malformed_section_error(&what, problem, view.config_path))
    })
}

/// Profile whose settings apply if none was chosen.
pub const DEFAULT_PROFILE: &str = "default";

/// Keys that need the whole configuration: messages show their line numbers, which a part does not
/// know, or they name other sections.
const WHOLE_CONFIG_KEYS: [&str; 3] = ["services", "endpoint_url", "ca_bundle"];

/// Sections whose keys apply: those of the chosen profile, or else the sso-session and then
/// `[default]`.
struct Settings<'a> {
    sections: [(Option<&'a Section>, &'a str); 3],
    view: &'a ConfigView<'a>,
    vars: Vars<'a>,
}

impl<'a> Settings<'a> {
    fn of(instance: &Instance, view: &'a ConfigView<'a>, vars: Vars<'a>) -> Self {
        let name = instance.settings.as_deref().unwrap_or(DEFAULT_PROFILE);
        let session = match (&instance.settings, &instance.session.name) {
            (None, Some(session)) => view.config.session(session),
            _ => None,
        };
        Settings {
            sections: [
                (session, view.config_path),
                (view.credentials.profile(name), view.credentials_path),
                (view.config.profile(name), view.config_path),
            ],
            view,
            vars,
        }
    }

    fn find(&self, key: &str) -> Option<(&'a Property, &'a str)> {
        let sections = self.sections.iter();
        let mut found = sections.filter_map(|(section, path)| Some(((*section)?.get(key)?, *path)));
        found.find(|(property, _)| !property.value.is_empty() || !property.nested.is_empty())
    }

    fn flag(&self, variable: &str, key: &str) -> bool {
        let configured = || Some(self.find(key)?.0.value.clone());
        let text = (self.vars)(variable).or_else(configured);
        text.is_some_and(|text| text.eq_ignore_ascii_case("true"))
    }

    fn variable(&self, name: &str) -> Option<ConfiguredEndpoint> {
        Some(ConfiguredEndpoint {
            url: (self.vars)(name)?,
            set_by: name.to_owned(),
        })
    }

    fn ignores_endpoints(&self) -> bool {
        self.flag(
            "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
            "ignore_configured_endpoint_urls",
        )
    }

    fn endpoint(&self, (variable, key): (&str, &str)) -> Endpoint {
        if self.ignores_endpoints() {
            return Endpoint::Derived;
        }
        let by_services = || {
            let services = self.view.config.services(&self.find("services")?.0.value)?;
            let mut nested = services.get(key)?.nested.iter();
            let property = nested.find(|property| property.key == "endpoint_url")?;
            Some(configured((property, self.view.config_path)))
        };
        let by_profile = || self.find("endpoint_url").map(configured);
        self.variable(variable)
            .or_else(|| self.variable("AWS_ENDPOINT_URL"))
            .or_else(by_services)
            .or_else(by_profile)
            .map_or(Endpoint::Derived, Endpoint::Configured)
    }
}

fn configured((property, path): (&Property, &str)) -> ConfiguredEndpoint {
    ConfiguredEndpoint {
        url: property.value.clone(),
        set_by: format!("{} ({path}:{})", property.key, property.line),
    }
}

/// Gathers the settings of an instance. Fails if one is invalid, or too little of the
/// configuration was read.
pub fn gather(instance: &Instance, view: &ConfigView, vars: Vars) -> Result<Network> {
    let settings = Settings::of(instance, view, vars);
    let mut keys = WHOLE_CONFIG_KEYS.iter();
    if keys.any(|key| settings.find(key).is_some()) {
        view.require(ConfigExtent::Whole)?;
    }
    if let Some((property, path)) = settings.find("services")
        && !settings.ignores_endpoints()
    {
        check_services(property, path, view)?;
    }
    let endpoint = |service: Service| settings.endpoint(service.settings());
    let configured_bundle = || settings.find("ca_bundle").map(configured);
    let ca_bundle = settings.variable("AWS_CA_BUNDLE");
    let ca_bundle = ca_bundle.or_else(configured_bundle);
    let network = Network {
        region: instance.session.region.clone(),
        sso: endpoint(Service::Sso),
        oidc: endpoint(Service::SsoOidc),
        fips: settings.flag("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint"),
        dual_stack: settings.flag("AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint"),
        ca_bundle: ca_bundle.map(|setting| (setting.url, setting.set_by)),
        store: ["SSL_CERT_FILE", "SSL_CERT_DIR"]
            .iter()
            .find_map(|name| Some((*name, vars(name)?))),
        proxies: Proxies::from_vars(vars),
        connect: seconds("SSO_CONNECT_TIMEOUT", 10, vars)?,
        total: seconds("SSO_TIMEOUT", 30, vars)?,
    };
    network.check_combination()?;
    Ok(network)
}

/// Returns the STS endpoint of an instance.
pub fn sts(instance: &Instance, view: &ConfigView, vars: Vars) -> Endpoint {
    Settings::of(instance, view, vars).endpoint(STS)
}

impl Network {
    /// Fails for a configured endpoint with FIPS or dual stack: AWS has no such variant of it.
    fn check_combination(&self) -> Result<()> {
        let what = match (self.fips, self.dual_stack) {
            (true, _) => "FIPS",
            (false, true) => "dual stack",
            (false, false) => return Ok(()),
        };
        for endpoint in [&self.sso, &self.oidc] {
            if let Endpoint::Configured(ConfiguredEndpoint { set_by, .. }) = endpoint {
                return Err(Error::configuration(format!(
                    "{what} endpoints are asked for, and {set_by} sets an endpoint"
                ))
                .hint("remove one of the two"));
            }
        }
        Ok(())
    }

    /// Returns a fingerprint of everything that decides whether the network works. The settings
    /// themselves may hold the password of a proxy.
    pub fn fingerprint(&self) -> String {
        sha1_hex(&format!("{self:?} {}", self.proxies.to_secret().expose()))
    }

    /// Returns the proxy for a URL. A loopback address is reached without one: over http the proxy
    /// would see every token.
    pub fn proxy_to(&self, url: &HttpUrl) -> Result<Option<Proxy>> {
        match url.is_loopback() {
            true => Ok(None),
            false => self.proxies.proxy_for(url.host()),
        }
    }
}

/// Returns a fingerprint of the instance, for failures that its server reported.
pub fn server_fingerprint(session: &Session) -> String {
    let url = trimmed(&session.start_url);
    sha1_hex(&format!("{url} {}", session.region))
}

/// Parses a variable with a number of seconds.
fn seconds(variable: &str, default: u64, vars: Vars) -> Result<Duration> {
    let Some(text) = vars(variable) else {
        return Ok(Duration::from_secs(default));
    };
    match text.parse::<f64>() {
        Ok(seconds) if (0.001..=3600.0).contains(&seconds) => Ok(Duration::from_secs_f64(seconds)),
        _ => {
            let text = sanitize(&text);
            let message = format!("{variable} is \"{text}\", not a number of seconds");
            let hint = format!("unset it, or set it to something like {default}");
            Err(Error::usage(message).hint(hint))
        }
    }
}
