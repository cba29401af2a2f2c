//! Endpoints that the SDK's rules derive from a region.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use aws_sdk_sso as sso;
use aws_sdk_ssooidc as ssooidc;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_types::endpoint::Endpoint;

use crate::domain::net::endpoint::is_aws_endpoint;
use crate::domain::target::network::Network;
use crate::error::{Error, Result};

/// Returns the URL of the portal (SSO).
pub(super) fn portal(network: &Network) -> Result<String> {
    use sso::config::endpoint::{DefaultResolver, Params, ResolveEndpoint};
    let params = Params::builder()
        .region(&network.region)
        .use_fips(network.fips)
        .use_dual_stack(network.dual_stack);
    resolve(&network.region, async {
        let resolver = DefaultResolver::new();
        resolver.resolve_endpoint(&params.build()?).await
    })
}

/// Returns the URL of the token service (SSO OIDC).
pub(super) fn oidc(network: &Network) -> Result<String> {
    use ssooidc::config::endpoint::{DefaultResolver, Params, ResolveEndpoint};
    let params = Params::builder()
        .region(&network.region)
        .use_fips(network.fips)
        .use_dual_stack(network.dual_stack);
    resolve(&network.region, async {
        let resolver = DefaultResolver::new();
        resolver.resolve_endpoint(&params.build()?).await
    })
}

/// Runs the rules, and rejects an endpoint that does not belong to AWS.
fn resolve(
    region: &str,
    rules: impl Future<Output = std::result::Result<Endpoint, BoxError>>,
) -> Result<String> {
    let error = match poll_once(rules) {
        Some(Ok(endpoint)) if is_aws_endpoint(endpoint.url()) => {
            return Ok(endpoint.url().to_owned());
        }
        Some(Ok(endpoint)) => {
            let url = endpoint.url();
            let message =
                format!("the region \"{region}\" leads to {url}, which does not belong to AWS");
            return Err(Error::configuration(message).hint("look at sso_region of the session"));
        }
        Some(Err(error)) => error.to_string(),
        None => "the rules wait for something".to_owned(),
    };
    let message = format!("there is no endpoint for the region \"{region}\": {error}");
    Err(Error::configuration(message)
        .hint("look at sso_region of the session, and at the FIPS and dual-stack settings"))
}

/// Returns the output of a future that waits for nothing.
fn poll_once<T>(future: impl Future<Output = T>) -> Option<T> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => Some(output),
        Poll::Pending => None,
    }
}
