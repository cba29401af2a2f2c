//! Host names of each AWS partition: service endpoints, console and access portal.
//!
//! Sources: the endpoint rules in the AWS SDKs, the console pages for AWS, China, GovCloud and
//! the European Sovereign Cloud, and the start URL rules of AWS CLI 2.36.

use crate::domain::names::is_region;

/// Hosts of one partition.
#[derive(Debug, PartialEq, Eq)]
pub struct Partition {
    /// Prefix of its regions. The first partition has none and takes all other regions.
    region_prefix: &'static str,
    /// Parent domains of service endpoints, plain and FIPS, then dual stack.
    service_domains: [&'static str; 2],
    /// Parent domain of `REGION.console.` and `REGION.signin.`.
    console_domain: &'static str,
    /// Hosts of the access portal, which a start URL leads to.
    portals: &'static [PortalHosts],
}

/// Access portal hosts with a common domain.
#[derive(Debug, PartialEq, Eq)]
enum PortalHosts {
    /// This host alone.
    Exact(&'static str),
    /// This host and its subdomains, none of which names the region.
    Below(&'static str),
    /// This domain and its subdomains. A host `INSTANCE`, infix, `REGION`, `.`, domain names
    /// the region of the instance.
    WithRegion(&'static str, &'static str),
}

use PortalHosts::{Below, Exact, WithRegion};

/// All partitions. The second and later ones are chosen by the prefix of a region.
static PARTITIONS: [Partition; 8] = [
    // aws
    Partition {
        region_prefix: "",
        service_domains: ["amazonaws.com", "api.aws"],
        console_domain: "aws.amazon.com",
        portals: &[
            Below("awsapps.com"),
            WithRegion(".portal.", "app.aws"),
            WithRegion(".", "portal.amazonaws.com"),
            Exact("identitycenter.amazonaws.com"),
        ],
    },
    // aws-cn
    Partition {
        region_prefix: "cn-",
        service_domains: ["amazonaws.com.cn", "api.amazonwebservices.com.cn"],
        console_domain: "amazonaws.cn",
        portals: &[
            Below("awsapps.cn"),
            WithRegion(".portal.", "app.amazonwebservices.com.cn"),
            WithRegion(".", "portal.amazonaws.com.cn"),
            Exact("identitycenter.amazonaws.com.cn"),
        ],
    },
    // aws-us-gov: its other portals are below awsapps.com.
    Partition {
        region_prefix: "us-gov-",
        service_domains: ["amazonaws.com", "api.aws"],
        console_domain: "amazonaws-us-gov.com",
        portals: &[Exact("identitycenter.us-gov.amazonaws.com")],
    },
    // aws-eusc, the European Sovereign Cloud
    Partition {
        region_prefix: "eusc-",
        service_domains: ["amazonaws.eu", "api.amazonwebservices.eu"],
        console_domain: "amazonaws-eusc.eu",
        portals: &[
            WithRegion(".portal.", "api.amazonwebservices.eu"),
            WithRegion(".", "portal.amazonaws.eu"),
            Exact("identitycenter.amazonaws.eu"),
        ],
    },
    // aws-iso
    Partition {
        region_prefix: "us-iso-",
        service_domains: ["c2s.ic.gov", "api.aws.ic.gov"],
        console_domain: "c2shome.ic.gov",
        portals: &[],
    },
    // aws-iso-b
    Partition {
        region_prefix: "us-isob-",
        service_domains: ["sc2s.sgov.gov", "api.aws.scloud"],
        console_domain: "sc2shome.sgov.gov",
        portals: &[],
    },
    // aws-iso-e
    Partition {
        region_prefix: "eu-isoe-",
        service_domains: ["cloud.adc-e.uk", "api.cloud-aws.adc-e.uk"],
        console_domain: "csphome.adc-e.uk",
        portals: &[],
    },
    // aws-iso-f
    Partition {
        region_prefix: "us-isof-",
        service_domains: ["csp.hci.ic.gov", "api.aws.hci.ic.gov"],
        console_domain: "csphome.hci.ic.gov",
        portals: &[],
    },
];

impl Partition {
    /// Returns the partition of a region.
    pub fn of(region: &str) -> &'static Partition {
        let [aws, others @ ..] = &PARTITIONS;
        others
            .iter()
            .find(|partition| region.starts_with(partition.region_prefix))
            .unwrap_or(aws)
    }

    /// Returns the host of the AWS console in a region.
    pub fn console_host(&self, region: &str) -> String {
        format!("{region}.console.{}", self.console_domain)
    }

    /// Returns the host that signs in to the AWS console of a region, also by federation.
    pub fn signin_host(&self, region: &str) -> String {
        format!("{region}.signin.{}", self.console_domain)
    }
}

/// Returns `true` if a host belongs to a service endpoint of any partition.
pub fn is_service_host(host: &str) -> bool {
    let mut domains = PARTITIONS
        .iter()
        .flat_map(|partition| partition.service_domains);
    domains.any(|domain| is_below(host, domain))
}

/// Returns `true` if a host belongs to the AWS console of any partition.
pub fn is_console_host(host: &str) -> bool {
    PARTITIONS.iter().any(|partition| {
        let console = host.strip_suffix(partition.console_domain);
        let console = console.and_then(|front| front.strip_suffix("console."));
        console.is_some_and(|front| front.is_empty() || front.ends_with('.'))
    })
}

/// Returns `true` if a lowercase host belongs to the access portal of any partition.
pub fn is_portal_host(host: &str) -> bool {
    portals().any(|portal| match portal {
        Exact(domain) => host == *domain,
        Below(domain) | WithRegion(_, domain) => host == *domain || is_below(host, domain),
    })
}

/// Returns the region of the instance whose access portal has this lowercase host, if the
/// host names it.
pub fn portal_region(host: &str) -> Option<&str> {
    let (instance, rest) = host.split_at_checked(host.find('.')?)?;
    if instance.is_empty() {
        return None;
    }
    portals().find_map(|portal| {
        let WithRegion(infix, domain) = portal else {
            return None;
        };
        let region = rest.strip_prefix(infix)?.strip_suffix(domain)?;
        region.strip_suffix('.').filter(|region| is_region(region))
    })
}

fn portals() -> impl Iterator<Item = &'static PortalHosts> {
    PARTITIONS.iter().flat_map(|partition| partition.portals)
}

fn is_below(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain)
        .is_some_and(|front| front.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_matched_by_whole_labels() {
        assert!(is_service_host("portal.sso.cn-north-1.amazonaws.com.cn"));
        assert!(is_service_host("oidc.eu-west-1.api.aws"));
        assert!(is_console_host("console.aws.amazon.com"));
        for host in ["amazonaws.com", "evilamazonaws.com", "api.aws.example"] {
            assert!(!is_service_host(host), "{host}");
        }
        for host in ["aws.amazon.com", "evilconsole.aws.amazon.com"] {
            assert!(!is_console_host(host), "{host}");
        }
    }

    #[test]
    fn portal_hosts_may_name_the_region() {
        let region = portal_region("i.portal.us-east-1.app.aws");
        assert_eq!(region, Some("us-east-1"));
        for host in [
            "portal.us-east-1.app.aws",
            ".portal.us-east-1.app.aws",
            "a.b.portal.us-east-1.app.aws",
            "i.portal.mars-1.app.aws",
        ] {
            assert!(is_portal_host(host), "{host}");
            assert_eq!(portal_region(host), None, "{host}");
        }
        assert!(!is_portal_host("x.identitycenter.amazonaws.com"));
        assert!(!is_portal_host("evilawsapps.com"));
    }
}
