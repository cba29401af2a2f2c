//! The network: SSO and SSO OIDC through the AWS SDK, on one runtime built when needed.
//!
//! A call goes in as data and comes back as data or as a `Failure`. Nothing here reads a
//! file, and nothing decides what a failure means for a session.
#![expect(
    clippy::disallowed_methods,
    reason = "the edge where the runtime is built"
)]

mod body;
mod error;
mod http;
mod listing;
mod oidc;
mod plain;
mod portal;
mod probe;
mod roots;
mod signin;
mod sts;

use std::cell::{OnceCell, RefCell};
use std::fmt;
use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use aws_sdk_sso as sso;
use aws_sdk_ssooidc as ssooidc;
use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use aws_smithy_runtime_api::client::behavior_version::BehaviorVersion;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use tokio::runtime::{Builder, Runtime};
use tokio::time::Instant;

use crate::domain::net::endpoint::{Service, is_aws_endpoint};
use crate::domain::net::failure::{Failure, FailureKind};
use crate::domain::net::retry::{RetryPolicy, jitter, retry_delay};
use crate::domain::target::network::Network;
use crate::error::{Error, Result};

use crate::aws::http::Route;
use crate::aws::roots::Roots;

pub use crate::aws::oidc::{DeviceAuthorization, GrantRequest};

/// What a call comes to.
pub type Outcome<T> = std::result::Result<T, Failure>;

/// The services, each client built when it is first called.
pub struct Aws {
    network: Network,
    roots: Roots,
    /// One that the caller brought, instead of ours.
    #[cfg(feature = "internals")]
    http: Option<SharedHttpClient>,
    runtime: Option<Runtime>,
    to_portal: Route,
    to_oidc: Route,
    portal: OnceCell<sso::Client>,
    oidc: OnceCell<ssooidc::Client>,
}

impl fmt::Debug for Aws {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Aws").finish_non_exhaustive()
    }
}

impl Drop for Aws {
    fn drop(&mut self) {
        // The usual end of a runtime waits for its helper threads, and a name look-up in one
        // of them can take longer than any limit of ours.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// How a call may behave.
#[derive(Clone, Copy)]
struct CallOptions<'a> {
    /// All attempts and waits together.
    limit: Duration,
    /// Whether it may be sent again.
    retry: RetryPolicy,
    /// Runs about ten times a second while the call is under way.
    tick: Option<&'a dyn Fn()>,
}

impl Aws {
    /// Prepares the network; opens nothing yet. `bundle` is the content of a CA bundle that
    /// replaces the system's, and who set it. `on_thread` runs first in every helper thread.
    pub fn new(
        network: Network,
        bundle: Option<(Vec<u8>, String)>,
        on_thread: fn(),
    ) -> Result<Aws> {
        let roots = match bundle {
            None => {
                let set_by = network.store.as_ref().map(|(variable, _)| *variable);
                Roots::System(set_by)
            }
            Some((pem, set_by)) => match roots::usable(&pem) {
                Ok(pem) => Roots::Bundle(pem, set_by),
                Err(why) => {
                    return Err(Error::configuration(format!(
                        "the CA bundle that {set_by} sets cannot be used: {why}"
                    ))
                    .hint("it must be a file of PEM certificates"));
                }
            },
        };
        let runtime = Builder::new_current_thread()
            .enable_all()
            .on_thread_start(on_thread)
            .build()
            .map_err(|error| Error::system(format!("cannot start the network: {error}")))?;
        let portal_url = match network.sso.safe_url()? {
            Some(url) => url.to_owned(),
            None => derived(&network, runtime.block_on(portal_rules(&network)))?,
        };
        let oidc_url = match network.oidc.safe_url()? {
            Some(url) => url.to_owned(),
            None => derived(&network, runtime.block_on(oidc_rules(&network)))?,
        };
        Ok(Aws {
            roots,
            #[cfg(feature = "internals")]
            http: None,
            runtime: Some(runtime),
            to_portal: Route::to(&portal_url, &network)?,
            to_oidc: Route::to(&oidc_url, &network)?,
            network,
            portal: OnceCell::new(),
            oidc: OnceCell::new(),
        })
    }

    /// Replaces the HTTP client, for a program that feeds answers to the readers.
    #[cfg(feature = "internals")]
    #[must_use]
    pub fn over(mut self, client: SharedHttpClient) -> Aws {
        self.http = Some(body::limited(client));
        self.portal = OnceCell::new();
        self.oidc = OnceCell::new();
        self
    }

    fn run<T, F>(&self, options: CallOptions, mut call: impl FnMut() -> F) -> Outcome<T>
    where
        F: Future<Output = Outcome<T>>,
    {
        let begin = Instant::now();
        // When the time is up in a later attempt, the earlier one says more.
        let earlier = RefCell::new(None);
        let attempts = async {
            let mut attempt = 0;
            loop {
                attempt += 1;
                let failure = match call().await {
                    Ok(value) => return Ok(value),
                    Err(failure) => failure,
                };
                let Some(delay) = retry_delay(failure.kind, attempt, options.retry) else {
                    return Err(failure);
                };
                let wait = jitter(delay, chance());
                // Where no time is left for another attempt, this one says what is wrong.
                if begin.elapsed() + wait >= options.limit {
                    return Err(failure);
                }
                earlier.replace(Some(failure));
                tokio::time::sleep(wait).await;
            }
        };
        let Some(runtime) = &self.runtime else {
            return Err(Failure::new(FailureKind::Network, "the network is closed"));
        };
        runtime.block_on(async {
            const BEAT: Duration = Duration::from_millis(100);
            let mut attempts = pin!(attempts);
            let mut spent = Duration::ZERO;
            let mut overslept = false;
            loop {
                let left = options.limit.saturating_sub(spent);
                let beat = if overslept { BEAT } else { left.min(BEAT) };
                let before = Instant::now();
                if let Ok(outcome) = tokio::time::timeout(beat, attempts.as_mut()).await {
                    return outcome;
                }
                // Time in which this process was stopped is not the server's, and what came
                // meanwhile is still to be read: a refresh token's successor comes only once.
                let took = before.elapsed();
                overslept = took > beat + BEAT;
                spent += if overslept { beat } else { took };
                if spent >= options.limit && !overslept {
                    let earlier = earlier.take();
                    return Err(earlier.unwrap_or_else(|| no_answer(options.limit)));
                }
                if let Some(tick) = options.tick {
                    tick();
                }
            }
        })
    }

    fn portal(&self) -> Outcome<&sso::Client> {
        if let Some(client) = self.portal.get() {
            return Ok(client);
        }
        let way = &self.to_portal;
        let config = sso::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(sso::config::Region::new(self.network.region.clone()))
            .http_client(self.http(way)?)
            .endpoint_url(&way.url)
            .sleep_impl(SharedAsyncSleep::new(TokioSleep::new()))
            .retry_config(RetryConfig::disabled())
            .timeout_config(self.timeouts())
            .build();
        Ok(self.portal.get_or_init(|| sso::Client::from_conf(config)))
    }

    fn oidc(&self) -> Outcome<&ssooidc::Client> {
        if let Some(client) = self.oidc.get() {
            return Ok(client);
        }
        let way = &self.to_oidc;
        let config = ssooidc::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(ssooidc::config::Region::new(self.network.region.clone()))
            .http_client(self.http(way)?)
            .endpoint_url(&way.url)
            .sleep_impl(SharedAsyncSleep::new(TokioSleep::new()))
            .retry_config(RetryConfig::disabled())
            .timeout_config(self.timeouts())
            .build();
        Ok(self.oidc.get_or_init(|| ssooidc::Client::from_conf(config)))
    }

    fn http(&self, way: &Route) -> Outcome<SharedHttpClient> {
        #[cfg(feature = "internals")]
        if let Some(client) = &self.http {
            return Ok(client.clone());
        }
        way.client(&self.roots)
    }

    /// Only the time to connect: the whole call has its limit in `run`.
    fn timeouts(&self) -> TimeoutConfig {
        TimeoutConfig::builder()
            .connect_timeout(self.network.connect)
            .build()
    }

    /// The address of the token service, on which the authorize page stands too.
    pub fn oidc_url(&self) -> &str {
        &self.to_oidc.url
    }

    /// The way to a service.
    fn way(&self, service: Service) -> &Route {
        match service {
            Service::Sso => &self.to_portal,
            Service::SsoOidc => &self.to_oidc,
        }
    }

    /// What an SDK error means.
    fn failure<E>(&self, service: Service, error: &SdkError<E, HttpResponse>) -> Failure
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        error::failure(service, self.way(service), &self.roots, error)
    }
}

type Ruled = std::result::Result<String, String>;

async fn portal_rules(network: &Network) -> Ruled {
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

async fn oidc_rules(network: &Network) -> Ruled {
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

/// A derived address is used only when it belongs to AWS.
fn derived(network: &Network, ruled: Ruled) -> Result<String> {
    let region = &network.region;
    match ruled {
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

/// The time was up.
fn no_answer(limit: Duration) -> Failure {
    let tenths = limit.as_millis().div_ceil(100);
    let (seconds, tenths) = (tenths / 10, tenths % 10);
    Failure::new(
        FailureKind::Timeout,
        match tenths {
            0 => format!("no answer within {seconds} s"),
            _ => format!("no answer within {seconds}.{tenths} s"),
        },
    )
}

/// Anything from 0 to 1.
fn chance() -> f64 {
    let mut byte = [0];
    let _ = getrandom::fill(&mut byte);
    f64::from(byte[0]) / 255.0
}
