//! Endpoints that the SDK's rules derive from a region.

use aws_sdk_sso as sso;
use aws_sdk_ssooidc as ssooidc;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_types::endpoint::Endpoint;

use crate::domain::net::endpoint::is_aws_endpoint;
use crate::domain::target::network::Network;
use crate::error::{Error, Result};

use super::runtime::BlockingRuntime;

/// Returns the URL of the portal (SSO).
pub(super) fn portal(runtime: &BlockingRuntime, network: &Network) -> Result<String> {
    use sso::config::endpoint::{DefaultResolver, Params, ResolveEndpoint};
    let params = Params::builder()
        .region(&network.region)
        .use_fips(network.fips)
        .use_dual_stack(network.dual_stack);
    resolve(runtime, &network.region, async {
        let resolver = DefaultResolver::new();
        resolver.resolve_endpoint(&params.build()?).await
    })
}

/// Returns the URL of the token service (SSO OIDC).
pub(super) fn oidc(runtime: &BlockingRuntime, network: &Network) -> Result<String> {
    use ssooidc::config::endpoint::{DefaultResolver, Params, ResolveEndpoint};
    let params = Params::builder()
        .region(&network.region)
        .use_fips(network.fips)
        .use_dual_stack(network.dual_stack);
    resolve(runtime, &network.region, async {
        let resolver = DefaultResolver::new();
        resolver.resolve_endpoint(&params.build()?).await
    })
}

/// Runs the rules, and rejects an endpoint that does not belong to AWS.
fn resolve(
    runtime: &BlockingRuntime,
    region: &str,
    rules: impl Future<Output = std::result::Result<Endpoint, BoxError>>,
) -> Result<String> {
    let error = match runtime.block_on(rules) {
        Ok(Ok(endpoint)) if is_aws_endpoint(endpoint.url()) => {
            return Ok(endpoint.url().to_owned());
        }
        Ok(Ok(endpoint)) => {
            let url = endpoint.url();
            let message =
                format!("the region \"{region}\" leads to {url}, which does not belong to AWS");
            return Err(Error::configuration(message).hint("look at sso_region of the session"));
        }
        Ok(Err(error)) => error.to_string(),
        Err(failure) => failure.detail,
    };
    let message = format!("there is no endpoint for the region \"{region}\": {error}");
    Err(Error::configuration(message)
        .hint("look at sso_region of the session, and at the FIPS and dual-stack settings"))
}
