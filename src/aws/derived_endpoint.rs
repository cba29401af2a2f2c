//! Endpoints that the SDK's rules derive from a region.

use aws_sdk_sso as sso;
use aws_sdk_ssooidc as ssooidc;

use crate::domain::net::endpoint::is_aws_endpoint;
use crate::domain::target::network::Network;
use crate::error::{Error, Result};

use super::runtime::BlockingRuntime;

type RuleResult = std::result::Result<String, String>;

/// Returns the URL of the portal (SSO).
pub(super) fn portal(runtime: &BlockingRuntime, network: &Network) -> Result<String> {
    check(network, block_on(runtime, resolve_portal(network)))
}

/// Returns the URL of the token service (SSO OIDC).
pub(super) fn oidc(runtime: &BlockingRuntime, network: &Network) -> Result<String> {
    check(network, block_on(runtime, resolve_oidc(network)))
}

fn block_on(runtime: &BlockingRuntime, rules: impl Future<Output = RuleResult>) -> RuleResult {
    runtime
        .block_on(rules)
        .unwrap_or_else(|failure| Err(failure.detail))
}

async fn resolve_portal(network: &Network) -> RuleResult {
    use sso::config::endpoint::{DefaultResolver, Params, ResolveEndpoint};
    let params = Params::builder()
        .region(&network.region)
        .use_fips(network.fips)
        .use_dual_stack(network.dual_stack)
        .build()
        .map_err(|error| error.to_string())?;
    let endpoint = DefaultResolver::new().resolve_endpoint(&params).await;
    endpoint
        .map(|endpoint| endpoint.url().to_owned())
        .map_err(|error| error.to_string())
}

async fn resolve_oidc(network: &Network) -> RuleResult {
    use ssooidc::config::endpoint::{DefaultResolver, Params, ResolveEndpoint};
    let params = Params::builder()
        .region(&network.region)
        .use_fips(network.fips)
        .use_dual_stack(network.dual_stack)
        .build()
        .map_err(|error| error.to_string())?;
    let endpoint = DefaultResolver::new().resolve_endpoint(&params).await;
    endpoint
        .map(|endpoint| endpoint.url().to_owned())
        .map_err(|error| error.to_string())
}

/// Rejects a derived endpoint that does not belong to AWS.
fn check(network: &Network, resolved: RuleResult) -> Result<String> {
    let region = &network.region;
    match resolved {
        Ok(url) if is_aws_endpoint(&url) => Ok(url),
        Ok(url) => Err(Error::configuration(format!(
            "the region \"{region}\" leads to {url}, which does not belong to AWS"
        ))
        .hint("look at sso_region of the session")),
        Err(error) => Err(Error::configuration(format!(
            "there is no endpoint for the region \"{region}\": {error}"
        ))
        .hint("look at sso_region of the session, and at the FIPS and dual-stack settings")),
    }
}
