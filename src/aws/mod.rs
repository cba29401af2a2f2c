//! Network calls: SSO and SSO OIDC through the AWS SDK, everything else as single requests.
//!
//! A call takes data and returns data or a `Failure`. Nothing here reads a file or decides what
//! a failure means for a session.
#![expect(
    clippy::disallowed_methods,
    reason = "starts the network thread and measures the time limits"
)]

mod call;
mod client;
mod console_signin;
mod derived_endpoint;
mod error;
mod http;
mod listing;
mod oidc;
mod portal;
mod raw_request;
mod route;
mod runtime;
mod sts;
mod tls_roots;

#[cfg(test)]
mod tests;

pub use self::client::Aws;
pub use self::oidc::{DeviceAuthorization, GrantRequest};
