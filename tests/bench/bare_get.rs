//! One GET with the SDK and its own HTTP client, over TLS with the system's root certificates.
//!
//! `cargo xtask bench` compares a cold call of `sso` with this program. It prints nothing and
//! accepts any response.
//!
//! Usage: `bare-get URL`.
#![expect(
    clippy::disallowed_methods,
    reason = "a separate program, which reads its arguments and builds a runtime"
)]

use std::process::ExitCode;

use aws_sdk_sso::config::{BehaviorVersion, Region, SharedAsyncSleep};
use aws_smithy_async::rt::sleep::TokioSleep;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext};
use aws_smithy_http_client::{Builder, Connector};
use aws_smithy_types::retry::RetryConfig;

fn main() -> ExitCode {
    let Some(url) = std::env::args().nth(1) else {
        return ExitCode::from(2);
    };
    match get(&url) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn get(url: &str) -> Result<(), Box<dyn std::error::Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let context = TlsContext::builder().build()?;
    let client = Builder::new().build_with_connector_fn(move |settings, _| {
        let mut builder = Connector::builder()
            .tls_provider(Provider::Rustls(CryptoMode::Ring))
            .tls_context(context.clone());
        builder.set_connector_settings(settings.cloned());
        builder.build()
    });
    let config = aws_sdk_sso::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("eu-west-1"))
        .endpoint_url(url)
        .http_client(client)
        .sleep_impl(SharedAsyncSleep::new(TokioSleep::new()))
        .retry_config(RetryConfig::disabled())
        .build();
    let client = aws_sdk_sso::Client::from_conf(config);
    let result = runtime.block_on(client.list_accounts().access_token("none").send());
    // The server rejects the token. Only an error without a response counts as a failure.
    match result {
        Err(error) if error.raw_response().is_none() => Err(error.into()),
        _ => Ok(()),
    }
}
