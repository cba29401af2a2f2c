//! Start URLs on a company's own host, which redirect to the portal at AWS ("vanity URLs").
//!
//! The rules are those of AWS CLI 2.36: one request, one redirect, and it must end at AWS.
//! Cache files are named by the URL as it is configured, whatever it leads to.

use crate::error::{Error, Hint, Result};

use super::definition::Session;
use crate::domain::names::is_region;
use crate::domain::net::endpoint::Address;
use crate::domain::target::config_view::ConfigView;
use crate::domain::text::sanitize;

/// Domains in which AWS has its portals, and those below them.
const AWS_DOMAINS: [&str; 12] = [
    "app.aws",
    "portal.amazonaws.com",
    "portal.amazonaws.com.cn",
    "app.amazonwebservices.com.cn",
    "portal.amazonaws.eu",
    "api.amazonwebservices.eu",
    "awsapps.com",
    "awsapps.cn",
    "identitycenter.amazonaws.com",
    "identitycenter.amazonaws.com.cn",
    "identitycenter.amazonaws.eu",
    "identitycenter.us-gov.amazonaws.com",
];

/// How many of them stand for themselves alone: the last ones.
const WITHOUT_SUBDOMAINS: usize = 4;

/// Hosts of portals with the region in them: what stands before and behind it, after the
/// one word that is the instance.
const REGION_BETWEEN: [(&str, &str); 6] = [
    (".portal.", ".app.aws"),
    (".", ".portal.amazonaws.com"),
    (".", ".portal.amazonaws.com.cn"),
    (".portal.", ".app.amazonwebservices.com.cn"),
    (".", ".portal.amazonaws.eu"),
    (".portal.", ".api.amazonwebservices.eu"),
];

/// Whether the URL is one of AWS, which is used as it is.
pub fn is_of_aws(url: &str) -> bool {
    Address::parse(url).is_some_and(|address| is_aws_host(&lower(address.host())))
}

fn lower(host: &str) -> String {
    host.trim_end_matches('.').to_ascii_lowercase()
}

fn is_aws_host(host: &str) -> bool {
    AWS_DOMAINS.iter().enumerate().any(|(number, domain)| {
        let above = host.strip_suffix(domain);
        let exact = number >= AWS_DOMAINS.len() - WITHOUT_SUBDOMAINS;
        above.is_some_and(|front| front.is_empty() || !exact && front.ends_with('.'))
    })
}

/// What to do after an answer of the company's host.
#[derive(Debug, PartialEq, Eq)]
pub enum Step {
    /// It does not answer HEAD: ask with GET.
    Get,
    /// It leads there.
    To(String),
    /// It leads nowhere, for this reason.
    Nowhere(String),
}

/// Judges the answer to HEAD, or to GET.
pub fn after(url: &str, is_get: bool, status: u16, location: Option<&str>) -> Step {
    match (status, location) {
        (405 | 501, _) if !is_get => Step::Get,
        (301 | 302 | 303 | 307 | 308, Some(location)) => Step::To(joined(url, location)),
        (301 | 302 | 303 | 307 | 308, None) => {
            Step::Nowhere("it redirects without saying where to".to_owned())
        }
        (200..=299, _) => Step::Nowhere("it does not redirect".to_owned()),
        _ => Step::Nowhere(format!("it answers {status}")),
    }
}

/// An address of a redirect. What stays on the same host need not be exact: it is refused.
fn joined(url: &str, location: &str) -> String {
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

/// The portal that a company's start URL leads to.
#[derive(Debug, PartialEq, Eq)]
pub struct Portal {
    /// Its start URL, as the token service knows it.
    pub url: String,
    /// Its region, where its host says that.
    pub region: Option<String>,
}

/// The portal at an address; `None` where it is not one of AWS, over https.
pub fn portal(url: &str) -> Option<Portal> {
    let address = Address::parse(url).filter(Address::is_https)?;
    let host = lower(address.host());
    if !is_aws_host(&host) {
        return None;
    }
    let port = match address.port() {
        None | Some(443) => String::new(),
        Some(port) => format!(":{port}"),
    };
    let path = address.path();
    // Parameters of the last segment go with the query and the fragment.
    let last = path.rfind('/').unwrap_or(0);
    let end = path.get(last..).and_then(|segment| segment.find(';'));
    let path = end.and_then(|end| path.get(..last + end)).unwrap_or(path);
    Some(Portal {
        url: format!("https://{host}{port}{}", path.trim_end_matches('/')),
        region: region_in(&host),
    })
}

fn region_in(host: &str) -> Option<String> {
    let (_, rest) = host.split_at_checked(host.find('.').filter(|at| *at > 0)?)?;
    REGION_BETWEEN.iter().find_map(|(before, behind)| {
        let region = rest.strip_prefix(before)?.strip_suffix(behind)?;
        is_region(region).then(|| region.to_owned())
    })
}

/// The error for a start URL that does not lead to AWS.
pub fn leads_nowhere(session: &Session, why: &str) -> Error {
    let url = sanitize(&session.start_url);
    Error::configuration(format!("the start URL {url} does not lead to AWS: {why}")).hint(
        "sso_start_url must be a portal at AWS, such as https://NAME.awsapps.com/start, or redirect to one",
    )
}

/// Refuses a portal in another region than the session's. A token from there would be of no
/// use: whoever reads it calls the services in `sso_region`.
pub fn check_region(session: &Session, portal: &Portal, view: &ConfigView) -> Result<()> {
    let Some(region) = portal.region.as_ref().filter(|r| **r != session.region) else {
        return Ok(());
    };
    let (url, target) = (sanitize(&session.start_url), sanitize(&portal.url));
    let error = Error::configuration(format!(
        "the start URL {url} leads to {target}, in {region}, and sso_region is {}",
        session.region
    ));
    Err(match place_of_region(session, view) {
        Some(place) => error.hint(format!(
            "change {place} to `sso_region = {region}`, then run this again"
        )),
        None => error.hint(Hint::UseSessionRegion {
            region: region.clone(),
        }),
    })
}

/// File and line of the session's `sso_region`.
fn place_of_region(session: &Session, view: &ConfigView) -> Option<String> {
    let (property, path) = match (&session.name, &session.profile) {
        (Some(name), _) => {
            let property = view.config.session(name)?.get("sso_region")?;
            (property, view.config_path)
        }
        (None, profile) => crate::domain::target::profile::Profile::find(profile.as_ref()?, view)?
            .property("sso_region")?,
    };
    Some(format!("{path}:{}", property.line))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_of_aws_need_no_question() {
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
            assert!(is_of_aws(url), "{url}");
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
            assert!(!is_of_aws(url), "{url}");
        }
    }

    #[test]
    fn one_answer_decides() {
        let url = "https://sso.corp.example/a?b";
        let to = |status, location| after(url, false, status, location);
        for status in [301, 302, 303, 307, 308] {
            let step = to(status, Some("https://x.awsapps.com/start"));
            assert_eq!(step, Step::To("https://x.awsapps.com/start".into()));
        }
        assert_eq!(to(302, Some("//h/p")), Step::To("https://h/p".into()));
        let same = Step::To("https://sso.corp.example/p".into());
        assert_eq!(to(302, Some("/p")), same);
        assert_eq!((to(405, None), to(501, None)), (Step::Get, Step::Get));
        for (get, status) in [
            (true, 405),
            (false, 404),
            (false, 200),
            (false, 302),
            (true, 304),
        ] {
            let step = after(url, get, status, None);
            assert!(matches!(step, Step::Nowhere(_)), "{get} {status}: {step:?}");
        }
    }

    #[test]
    fn a_portal_is_known_by_its_host_and_loses_what_the_service_does_not_know() {
        for (url, expected, region) in [
            (
                "https://X.awsapps.com/start/",
                "https://x.awsapps.com/start",
                None,
            ),
            (
                "https://x.awsapps.com:443/start?a=b#/c",
                "https://x.awsapps.com/start",
                None,
            ),
            (
                "https://x.awsapps.com:8443/a;b/c;d",
                "https://x.awsapps.com:8443/a;b/c",
                None,
            ),
            (
                "https://i.portal.us-east-1.app.aws",
                "https://i.portal.us-east-1.app.aws",
                Some("us-east-1"),
            ),
            (
                "https://i.us-east-1.portal.amazonaws.com/",
                "https://i.us-east-1.portal.amazonaws.com",
                Some("us-east-1"),
            ),
            (
                "https://i.cn-north-1.portal.amazonaws.com.cn/",
                "https://i.cn-north-1.portal.amazonaws.com.cn",
                Some("cn-north-1"),
            ),
            (
                "https://i.portal.cn-north-1.app.amazonwebservices.com.cn",
                "https://i.portal.cn-north-1.app.amazonwebservices.com.cn",
                Some("cn-north-1"),
            ),
            (
                "https://i.eusc-de-east-1.portal.amazonaws.eu",
                "https://i.eusc-de-east-1.portal.amazonaws.eu",
                Some("eusc-de-east-1"),
            ),
            (
                "https://i.portal.eusc-de-east-1.api.amazonwebservices.eu",
                "https://i.portal.eusc-de-east-1.api.amazonwebservices.eu",
                Some("eusc-de-east-1"),
            ),
            (
                "https://a.b.portal.us-east-1.app.aws",
                "https://a.b.portal.us-east-1.app.aws",
                None,
            ),
            (
                "https://portal.us-east-1.app.aws",
                "https://portal.us-east-1.app.aws",
                None,
            ),
        ] {
            let portal = portal(url).expect(url);
            assert_eq!(
                (portal.url.as_str(), portal.region.as_deref()),
                (expected, region)
            );
        }
        for url in [
            "http://x.awsapps.com/start",
            "https://corp.example/start",
            "https://a@x.awsapps.com/start",
            "ftp://x.awsapps.com/",
            "",
        ] {
            assert_eq!(portal(url), None, "{url}");
        }
    }
}
