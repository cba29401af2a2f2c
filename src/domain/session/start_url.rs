//! Start URLs on a company's own host, which redirect to the access portal ("vanity URLs").
//!
//! The rules are those of AWS CLI 2.36: one request, one redirect, which must lead to AWS.
//! Cache file names are still computed from the configured URL.

use crate::error::{Error, Hint, Result};

use super::definition::Session;
use crate::domain::net::partition::{is_portal_host, portal_region};
use crate::domain::net::url::HttpUrl;
use crate::domain::text::sanitize;

/// Returns `true` if a start URL is already an access portal of AWS.
pub fn is_aws_portal(url: &str) -> bool {
    HttpUrl::parse(url).is_some_and(|url| is_portal_host(&normalize_host(url.host())))
}

fn normalize_host(host: &str) -> String {
    host.trim_end_matches('.').to_ascii_lowercase()
}

/// Next step after a response of the company's host.
#[derive(Debug, PartialEq, Eq)]
pub enum RedirectStep {
    /// The host does not support HEAD: send GET.
    SendGet,
    /// The URL that the response redirects to.
    Redirected(String),
    /// The response is not a redirect, for this reason.
    NotRedirected(String),
}

/// Decides after a response to HEAD or, if `is_get`, to GET.
pub fn follow_response(
    url: &str,
    is_get: bool,
    status: u16,
    location: Option<&str>,
) -> RedirectStep {
    let stop = |why: &str| RedirectStep::NotRedirected(why.to_owned());
    match (status, location) {
        (405 | 501, _) if !is_get => RedirectStep::SendGet,
        (301 | 302 | 303 | 307 | 308, Some(location)) => {
            RedirectStep::Redirected(resolve_location(url, location))
        }
        (301 | 302 | 303 | 307 | 308, None) => stop("it redirects without saying where to"),
        (200..=299, _) => stop("it does not redirect"),
        _ => RedirectStep::NotRedirected(format!("it answers {status}")),
    }
}

/// Resolves a `Location` header. A relative path is resolved only roughly: the company's host is
/// not a portal, so the result is refused anyway.
fn resolve_location(url: &str, location: &str) -> String {
    let scheme = url.split("//").next().unwrap_or_default();
    match location {
        absolute if absolute.contains("://") => absolute.to_owned(),
        no_scheme if no_scheme.starts_with("//") => format!("{scheme}{no_scheme}"),
        path => {
            let rest = url.get(scheme.len() + 2..).unwrap_or_default();
            let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
            format!("{scheme}//{host}/{}", path.trim_start_matches('/'))
        }
    }
}

/// Access portal that a start URL leads to.
#[derive(Debug, PartialEq, Eq)]
pub struct AccessPortal {
    /// Start URL as SSO OIDC knows it.
    pub url: String,
    /// Region of the instance, if the host names it.
    pub region: Option<String>,
}

/// Parses the URL of an access portal. Returns `None` unless it is https and a host of AWS.
pub fn parse_portal(url: &str) -> Option<AccessPortal> {
    let url = HttpUrl::parse(url).filter(HttpUrl::is_https)?;
    let host = normalize_host(url.host());
    if !is_portal_host(&host) {
        return None;
    }
    let port = match url.port() {
        None | Some(443) => String::new(),
        Some(port) => format!(":{port}"),
    };
    let path = url.path();
    // Query and fragment are dropped, and so are the parameters of the last path segment.
    let last = path.rfind('/').unwrap_or(0);
    let end = path.get(last..).and_then(|segment| segment.find(';'));
    let path = end.and_then(|end| path.get(..last + end)).unwrap_or(path);
    Some(AccessPortal {
        url: format!("https://{host}{port}{}", path.trim_end_matches('/')),
        region: portal_region(&host).map(str::to_owned),
    })
}

/// Returns the error for a start URL that does not lead to AWS.
pub fn not_at_aws(session: &Session, why: &str) -> Error {
    let url = sanitize(&session.start_url);
    Error::configuration(format!("the start URL {url} does not lead to AWS: {why}")).hint(
        "sso_start_url must be a portal at AWS, such as https://NAME.awsapps.com/start, or redirect to one",
    )
}

/// Checks that the portal is in the region of the session. A token from another region would be
/// useless: its readers call the services in `sso_region`. `setting` is the file and line of
/// `sso_region`, if a file sets it.
pub fn check_region(
    session: &Session,
    portal: &AccessPortal,
    setting: Option<String>,
) -> Result<()> {
    let Some(region) = portal.region.as_ref().filter(|r| **r != session.region) else {
        return Ok(());
    };
    let (url, target) = (sanitize(&session.start_url), sanitize(&portal.url));
    let error = Error::configuration(format!(
        "the start URL {url} leads to {target}, in {region}, and sso_region is {}",
        session.region
    ));
    Err(match setting {
        Some(setting) => error.hint(format!(
            "change {setting} to `sso_region = {region}`, then run this again"
        )),
        None => error.hint(Hint::UseSessionRegion {
            region: region.clone(),
        }),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn portals_are_recognized_by_host() {
        for url in [
            "https://corp.awsapps.com/start",
            "https://CORP.AwsApps.Com./start#/",
            "https://start.us-gov-west-1.us-gov-home.awsapps.com/directory/corp",
            "https://corp.awsapps.cn/start",
            "https://ssoins-1.portal.eu-west-1.app.aws",
            "https://ssoins-1.eu-west-1.portal.amazonaws.com/",
            "https://identitycenter.amazonaws.com/ssoins-1",
            "https://identitycenter.us-gov.amazonaws.com/ssoins-1",
            "https://awsapps.com",
        ] {
            assert!(is_aws_portal(url), "{url}");
        }
        for url in [
            "https://sso.corp.example/",
            "https://awsapps.com.corp.example/start",
            "https://evilawsapps.com/start",
            "https://x.identitycenter.amazonaws.com/",
            "https://s3.amazonaws.com/",
            "https://corp.example/awsapps.com",
            "https://awsapps.com@corp.example/",
            "nothing",
        ] {
            assert!(!is_aws_portal(url), "{url}");
        }
    }

    #[test]
    fn only_a_redirect_is_followed() {
        let url = "https://sso.corp.example/a?b";
        let portal = "https://x.awsapps.com/start";
        let redirected = |url: &str| RedirectStep::Redirected(url.to_owned());
        for (status, location, expected) in [
            (301, Some(portal), redirected(portal)),
            (302, Some(portal), redirected(portal)),
            (303, Some(portal), redirected(portal)),
            (307, Some(portal), redirected(portal)),
            (308, Some(portal), redirected(portal)),
            (302, Some("//h/p"), redirected("https://h/p")),
            (302, Some("/p"), redirected("https://sso.corp.example/p")),
            (405, None, RedirectStep::SendGet),
            (501, None, RedirectStep::SendGet),
        ] {
            let step = follow_response(url, false, status, location);
            assert_eq!(step, expected, "{status} {location:?}");
        }
        for (get, status) in [
            (true, 405),
            (false, 404),
            (false, 200),
            (false, 302),
            (true, 304),
        ] {
            let step = follow_response(url, get, status, None);
            let is_end = matches!(step, RedirectStep::NotRedirected(_));
            assert!(is_end, "{get} {status}: {step:?}");
        }
    }

    #[test]
    fn portal_urls_are_normalized_and_may_name_the_region() {
        let normalized = "https://x.awsapps.com/start";
        let with_port = "https://x.awsapps.com:8443/a;b/c";
        for (url, expected) in [
            ("https://X.awsapps.com/start/", normalized),
            ("https://x.awsapps.com:443/start?a=b#/c", normalized),
            ("https://x.awsapps.com:8443/a;b/c;d", with_port),
        ] {
            let portal = parse_portal(url).expect(url);
            assert_eq!((portal.url.as_str(), portal.region), (expected, None));
        }
        let (us, cn) = (Some("us-east-1"), Some("cn-north-1"));
        let eu = Some("eusc-de-east-1");
        for (host, region) in [
            ("i.portal.us-east-1.app.aws", us),
            ("i.us-east-1.portal.amazonaws.com", us),
            ("i.cn-north-1.portal.amazonaws.com.cn", cn),
            ("i.portal.cn-north-1.app.amazonwebservices.com.cn", cn),
            ("i.eusc-de-east-1.portal.amazonaws.eu", eu),
            ("i.portal.eusc-de-east-1.api.amazonwebservices.eu", eu),
            ("a.b.portal.us-east-1.app.aws", None),
            ("portal.us-east-1.app.aws", None),
        ] {
            for path in ["", "/"] {
                let portal = parse_portal(&format!("https://{host}{path}")).expect(host);
                assert_eq!(portal.url, format!("https://{host}"));
                assert_eq!(portal.region.as_deref(), region, "{host}");
            }
        }
        for url in [
            "http://x.awsapps.com/start",
            "https://corp.example/start",
            "https://a@x.awsapps.com/start",
            "ftp://x.awsapps.com/",
            "",
        ] {
            assert_eq!(parse_portal(url), None, "{url}");
        }
    }
}
