//! How to reach the services: endpoints, TLS roots, proxies and time limits, gathered
//! from variables and configuration. Nothing is opened or resolved here.

use std::time::Duration;

use crate::error::{Error, Result};

use super::config_view::ConfigView;
use super::instance::Instance;
use crate::domain::config::{Property, Section};
use crate::domain::hash::sha1_hex;
use crate::domain::net::endpoint::{ConfiguredEndpoint, Endpoint, STS, Service};
use crate::domain::net::proxy::{Proxies, Proxy};
use crate::domain::net::url::HttpUrl;
use crate::domain::session::definition::{Session, trimmed};
use crate::domain::text::sanitize;
use crate::domain::vars::Vars;

/// Everything the network layer needs to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Network {
    /// The region of the Identity Center instance.
    pub region: String,
    /// The portal.
    pub sso: Endpoint,
    /// The token service.
    pub oidc: Endpoint,
    /// Ask for FIPS endpoints.
    pub fips: bool,
    /// Ask for dual-stack endpoints.
    pub dual_stack: bool,
    /// The PEM file that replaces the system's roots, and who set it.
    pub ca_bundle: Option<(String, String)>,
    /// The variable that puts the system's roots elsewhere, and where. What loads them
    /// reads it itself.
    pub store: Option<(&'static str, String)>,
    /// What the proxy variables say.
    pub proxies: Proxies,
    /// Time to connect.
    pub connect: Duration,
    /// Time for one command's credentials, retries included.
    pub total: Duration,
}

/// A `services` key that leads nowhere must not lead to the public endpoints instead.
fn check_services(property: &Property, path: &str, view: &ConfigView) -> Result<()> {
    let name = sanitize(&property.value);
    let Some(section) = view.config.services(&property.value) else {
        return Err(Error::configuration(format!(
            "there is no section [services {name}] ({path}:{} names it)",
            property.line
        ))
        .hint(format!(
            "add it to {}, or remove the services key",
            view.config_path
        )));
    };
    match section.problems.first() {
        None => Ok(()),
        Some(problem) => Err(Error::configuration(format!(
            "[services {name}] cannot be read: {}",
            problem.what
        ))
        .hint(format!("look at {}:{}", view.config_path, problem.line))),
    }
}

/// The profile whose settings count where none was chosen.
pub const UNCHOSEN: &str = "default";

/// Keys whose places are told, which are not known in a part, or that lead to other sections.
const ELSEWHERE: [&str; 3] = ["services", "endpoint_url", "ca_bundle"];

/// The sections whose keys count. The profile's do where a profile was chosen; otherwise the
/// sso-session's and then `[default]`'s.
struct Settings<'a> {
    sections: [(Option<&'a Section>, &'a str); 3],
    view: &'a ConfigView<'a>,
    vars: Vars<'a>,
}

impl<'a> Settings<'a> {
    fn of(instance: &Instance, view: &'a ConfigView<'a>, vars: Vars<'a>) -> Self {
        let profile = instance.settings.as_deref();
        let own = profile.unwrap_or(UNCHOSEN);
        let of_session = || view.config.session(instance.session.name.as_deref()?);
        Settings {
            sections: [
                (profile.map_or_else(of_session, |_| None), view.config_path),
                (view.credentials.profile(own), view.credentials_path),
                (view.config.profile(own), view.config_path),
            ],
            view,
            vars,
        }
    }

    fn find(&self, key: &str) -> Option<(&'a Property, &'a str)> {
        let mut found = self
            .sections
            .iter()
            .filter_map(|(section, path)| Some(((*section)?.get(key)?, *path)));
        found.find(|(property, _)| !property.value.is_empty() || !property.nested.is_empty())
    }

    fn flag(&self, variable: &str, key: &str) -> bool {
        let text = (self.vars)(variable)
            .or_else(|| self.find(key).map(|(property, _)| property.value.clone()));
        text.is_some_and(|text| text.eq_ignore_ascii_case("true"))
    }

    fn ignores_endpoints(&self) -> bool {
        self.flag(
            "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
            "ignore_configured_endpoint_urls",
        )
    }

    fn endpoint(&self, variable: &str, key: &str) -> Endpoint {
        if self.ignores_endpoints() {
            return Endpoint::Derived;
        }
        let by_variable = |name: &str| {
            (self.vars)(name).map(|url| ConfiguredEndpoint {
                url,
                set_by: name.to_owned(),
            })
        };
        let by_services = || {
            let services = self.view.config.services(&self.find("services")?.0.value)?;
            let nested = &services.get(key)?.nested;
            let property = nested
                .iter()
                .find(|property| property.key == "endpoint_url")?;
            Some(configured((property, self.view.config_path)))
        };
        let by_profile = || self.find("endpoint_url").map(configured);
        by_variable(variable)
            .or_else(|| by_variable("AWS_ENDPOINT_URL"))
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

/// Gathers the settings. The part that the profile needs is enough for most.
pub fn gather(instance: &Instance, view: &ConfigView, vars: Vars) -> Result<Network> {
    let settings = Settings::of(instance, view, vars);
    if ELSEWHERE.iter().any(|key| settings.find(key).is_some()) {
        view.demand_whole()?;
    }
    if let Some((property, path)) = settings
        .find("services")
        .filter(|_| !settings.ignores_endpoints())
    {
        check_services(property, path, view)?;
    }
    let endpoint = |service: Service| settings.endpoint(service.variable(), service.config_key());
    let ca_bundle = vars("AWS_CA_BUNDLE")
        .map(|path| (path, "AWS_CA_BUNDLE".to_owned()))
        .or_else(|| {
            let configured = configured(settings.find("ca_bundle")?);
            Some((configured.url, configured.set_by))
        });
    let network = Network {
        region: instance.session.region.clone(),
        sso: endpoint(Service::Sso),
        oidc: endpoint(Service::SsoOidc),
        fips: settings.flag("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint"),
        dual_stack: settings.flag("AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint"),
        ca_bundle,
        store: ["SSL_CERT_FILE", "SSL_CERT_DIR"]
            .iter()
            .find_map(|name| Some((*name, vars(name)?))),
        proxies: Proxies::of(vars),
        connect: seconds("SSO_CONNECT_TIMEOUT", 10, vars)?,
        total: seconds("SSO_TIMEOUT", 30, vars)?,
    };
    network.check_combination()?;
    Ok(network)
}

/// Where the STS is that these settings mean.
pub fn sts(instance: &Instance, view: &ConfigView, vars: Vars) -> Endpoint {
    let (variable, key) = STS;
    Settings::of(instance, view, vars).endpoint(variable, key)
}

impl Network {
    /// AWS has no FIPS or dual-stack form of an address that somebody chose.
    fn check_combination(&self) -> Result<()> {
        let (true, what) = (
            self.fips || self.dual_stack,
            if self.fips { "FIPS" } else { "dual stack" },
        ) else {
            return Ok(());
        };
        for endpoint in [&self.sso, &self.oidc] {
            if let Endpoint::Configured(configured) = endpoint {
                return Err(Error::configuration(format!(
                    "{what} endpoints are asked for, and {} sets an endpoint",
                    configured.set_by
                ))
                .hint("remove one of the two"));
            }
        }
        Ok(())
    }

    /// Names everything that decides whether the network works, without showing it: a
    /// proxy address may hold a password.
    pub fn fingerprint(&self) -> String {
        sha1_hex(&format!("{self:?} {}", self.proxies.text().expose()))
    }

    /// The proxy on the way to an address. None stands between us and this computer, where
    /// over http it would see every token.
    pub fn proxy_to(&self, address: &HttpUrl) -> Result<Option<Proxy>> {
        match address.is_loopback() {
            true => Ok(None),
            false => self.proxies.on_the_way_to(address.host()),
        }
    }
}

/// Names a session's instance, for what its server said.
pub fn server_fingerprint(session: &Session) -> String {
    let url = trimmed(&session.start_url);
    sha1_hex(&format!("{url} {}", session.region))
}

fn seconds(variable: &str, default: u64, vars: Vars) -> Result<Duration> {
    let Some(text) = vars(variable) else {
        return Ok(Duration::from_secs(default));
    };
    match text.parse::<f64>() {
        Ok(seconds) if (0.001..=3600.0).contains(&seconds) => Ok(Duration::from_secs_f64(seconds)),
        _ => Err(Error::usage(format!(
            "{variable} is \"{}\", not a number of seconds",
            sanitize(&text)
        ))
        .hint(format!("unset it, or set it to something like {default}"))),
    }
}
